//! The sentences that several features say; each feature has its own beside it.

texts::catalogue! {
    pub(crate) fn changed_meanwhile();
    pub(crate) fn month_not_over();
}
