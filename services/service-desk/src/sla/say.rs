//! What promises of time say.

texts::catalogue! {
    in "/sla";
    pub(crate) fn hours_in_order();
    pub(crate) fn steps_differ();
    pub(crate) fn after_now();
}
