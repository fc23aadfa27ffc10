//! What revisits say.

texts::catalogue! {
    in "/revisits";
    pub(crate) fn revisit_over();
    pub(crate) fn app_first();
    pub(crate) fn later_than_now();
    pub(crate) fn worker_does_not_ask();
    pub(crate) fn visitor_does_not_review();
    pub(crate) fn nothing_to_review();
    pub(crate) fn already_answered();
    pub(crate) fn not_before_today();
    pub(crate) fn letter_title();
    pub(crate) fn letter_body(summary: &str);
    pub(crate) fn letter_comment();
}
