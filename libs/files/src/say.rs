//! The sentences of `texts/`.

texts::catalogue! {
    pub(crate) fn file_too_large(megabytes: usize);
    pub(crate) fn file_kind();
    pub(crate) fn attachment_kind();
    pub(crate) fn form_unreadable();
    pub(crate) fn form_without_file();
}
