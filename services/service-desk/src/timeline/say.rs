//! What entries of a timeline are called.

texts::catalogue! {
    in "/timeline";
    pub(super) fn complaint(number: String);
    pub(super) fn call_back();
    pub(super) fn revisit(summary: String);
    pub(super) fn visit(who: String);
}
