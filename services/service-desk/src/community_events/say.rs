//! What community events say.

texts::catalogue! {
    in "/community_events";
    pub(super) fn wrong_state(state: texts::Text);
    pub(super) fn state_planned();
    pub(super) fn state_proposed();
    pub(super) fn state_approved();
    pub(super) fn state_announced();
    pub(super) fn state_held();
    pub(super) fn state_cancelled();
    pub(super) fn state_summarised();
    pub(super) fn state_archived();
    pub(super) fn second_person();
    pub(super) fn proposed_too_late();
    pub(super) fn announced_too_late();
    pub(super) fn not_over();
    pub(super) fn line_was_spent();
    pub(super) fn belongs_to_unit();
    pub(super) fn not_checked_in();
    pub(super) fn registration_closed();
    pub(super) fn signed_up_already();
    pub(super) fn check_in_closed();
    pub(super) fn waits_in_queue();
    pub(super) fn sign_up_cancelled();
    pub(super) fn sign_up_used();
    pub(super) fn line_below_zero();
    pub(super) fn day_passed();
    pub(super) fn letter_moved_up_title();
    pub(super) fn letter_moved_up(name: String);
    pub(super) fn letter_announced_title();
    pub(super) fn letter_announced(name: String, when: String, place: String);
    pub(super) fn letter_reminder_title();
    pub(super) fn letter_reminder(name: String, when: String, place: String);
    pub(super) fn letter_signed_up_title();
    pub(super) fn letter_signed_up(name: String);
    pub(super) fn letter_queued(name: String);
    pub(super) fn letter_given_back_title();
    pub(super) fn letter_given_back(name: String);
    pub(super) fn not_to_come();
    pub(super) fn nothing_changed();
    pub(super) fn places_stay(capacity: i64);
    pub(super) fn letter_rescheduled_title();
    pub(super) fn letter_rescheduled(name: String, when: String, place: String, reason: &str);
    pub(super) fn letter_cancelled_title();
    pub(super) fn letter_cancelled(name: String, reason: &str);
}
