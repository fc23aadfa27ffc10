//! The sentences about contact sheets.

texts::catalogue! {
    in "/memos";
    pub(crate) fn not_in_this_state();
    pub(crate) fn nobody_there(role: String);
    pub(crate) fn due_before_now();
    pub(crate) fn answered_oneself();
}
