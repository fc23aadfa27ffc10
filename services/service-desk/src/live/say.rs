//! What the board says.

texts::catalogue! {
    in "/live";
    pub(super) fn too_long_ago();
}
