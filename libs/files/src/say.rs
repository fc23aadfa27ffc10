//! The sentences of `texts/`.

texts::catalogue! {
    pub(crate) fn file_too_large(megabytes: usize);
    pub(crate) fn file_kind();
}
