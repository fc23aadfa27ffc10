//! The sentences about visits.

texts::catalogue! {
    in "/visits";
    pub(crate) fn in_the_future();
    pub(crate) fn planned_already();
    pub(crate) fn settled_already();
    pub(crate) fn not_a_responder();
    pub(crate) fn called_already();
}
