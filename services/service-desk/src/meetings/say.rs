//! The sentences about meetings.

texts::catalogue! {
    in "/meetings";
    pub(crate) fn not_in_this_state();
    pub(crate) fn in_the_future();
    pub(crate) fn owner_cannot_verify();
    pub(crate) fn present_and_absent();
}
