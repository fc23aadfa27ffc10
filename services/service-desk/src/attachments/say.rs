//! What attachments say.

texts::catalogue! {
    in "/attachments";
    pub(super) fn infected();
    pub(super) fn too_many(most: u64);
    pub(super) fn too_many_left(most: u64);
    pub(super) fn staff_only();
    pub(super) fn removed_already();
}
