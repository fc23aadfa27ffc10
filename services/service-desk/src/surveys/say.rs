//! The sentences of surveys.

texts::catalogue! {
    in "/surveys";
    pub(super) fn one_overall();
    pub(super) fn answered_twice(question: String);
    pub(super) fn answer_missing(question: String);
    pub(super) fn answer_unfit(question: String);
    pub(super) fn wrong_state();
    pub(super) fn nobody_home();
    pub(super) fn sampler_is_estate();
    pub(super) fn keyed_by_oneself();
    pub(super) fn not_open();
    pub(super) fn form_twice();
    pub(super) fn keyed_already();
    pub(super) fn audit_incomplete(forms: usize, calls: usize);
    pub(super) fn comment(survey: String);
    pub(super) fn not_done();
    pub(super) fn not_measured();
    pub(super) fn own_effect();
    /// The letter to the homes that are asked.
    pub(super) fn letter_title();
    pub(super) fn letter_body(survey: String);
    pub(super) fn reminder_title();
    pub(super) fn reminder_body(survey: String, until: chrono::NaiveDate);
}
