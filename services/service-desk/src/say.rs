//! The sentences that several features say; each feature has its own beside it.

texts::catalogue! {
    pub(crate) fn changed_meanwhile();
}
