//! The sentences of `texts/`.

texts::catalogue! {
    pub(crate) fn missing(permission: &str);
    pub(crate) fn over_limit(permission: &str, limit: money::Fen);
    pub(crate) fn same_person(rule: texts::Text);
}
