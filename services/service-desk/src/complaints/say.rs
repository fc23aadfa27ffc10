//! What complaints say.

texts::catalogue! {
    in "/complaints";
    pub(crate) fn already_answered();
    pub(crate) fn answer_first();
    pub(crate) fn grade_first();
    pub(crate) fn assign_first();
    pub(crate) fn nothing_proposed();
    pub(crate) fn over();
    pub(crate) fn not_resolved();
    pub(crate) fn revisit_first();
    pub(crate) fn not_closed();
    pub(crate) fn too_late_to_reopen();
    pub(crate) fn already_escalated();
    pub(crate) fn about_the_handler();
    pub(crate) fn handled_higher();
    pub(crate) fn handles_here();
    pub(crate) fn not_oneself();
    pub(crate) fn later_than_promised();
    pub(crate) fn names_the_complainant();
    pub(crate) fn no_other_party();
    pub(crate) fn somebody();
    pub(crate) fn not_anonymous();
    pub(crate) fn only_complainant_agrees();
    pub(crate) fn letter_time_title();
    pub(crate) fn letter_time_body(number: String);
    pub(crate) fn letter_neighbour_title();
    pub(crate) fn letter_answered_title();
    pub(crate) fn letter_answered(number: String, words: String);
    pub(crate) fn letter_resolved_title();
    pub(crate) fn letter_resolved(number: String, words: String);
    pub(crate) fn letter_closed_title();
    pub(crate) fn letter_closed(number: String, words: String);
}
