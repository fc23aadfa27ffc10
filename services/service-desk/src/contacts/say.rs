//! What contacts say.

texts::catalogue! {
    in "/contacts";
    pub(super) fn contact_closed();
    pub(super) fn suggestion_is_decided();
    pub(super) fn no_open_suggestion();
    pub(super) fn owner_already();
    pub(super) fn not_offered();
    pub(super) fn not_in_the_future();
}
