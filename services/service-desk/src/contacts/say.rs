//! What contacts say.

texts::catalogue! {
    in "/contacts";
    pub(super) fn contact_closed();
    pub(super) fn suggestion_is_decided();
    pub(super) fn no_open_suggestion();
    pub(super) fn owner_already();
    pub(super) fn not_offered();
    pub(super) fn not_in_the_future();
    pub(super) fn not_before_the_contact();
    pub(super) fn sent_by_a_resident();
    pub(super) fn called_back();
    /// The letter with the answer.
    pub(super) fn letter_answer_title();
    pub(super) fn for_the_desk();
    pub(super) fn for_residents();
    /// What stands for the words of a call that nobody picked up.
    pub(super) fn missed_call();
    /// What the desk says, by the kind of a contact.
    pub(super) fn script_inquiry(estate: &str);
    pub(super) fn script_inquiry_passed_on(estate: &str);
    pub(super) fn script_help_request(estate: &str);
    pub(super) fn script_paid_service(estate: &str);
    pub(super) fn script_suggestion(estate: &str);
    pub(super) fn script_complaint(estate: &str);
    pub(super) fn script_repair(estate: &str);
}
