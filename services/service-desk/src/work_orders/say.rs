//! What work orders say.

texts::catalogue! {
    in "/work_orders";
    pub(crate) fn tree_of_categories(most: usize);
    pub(crate) fn no_place_now();
    pub(crate) fn quote_first();
    pub(crate) fn under_warranty();
    pub(crate) fn reopen_in_time(days: i64);
    pub(crate) fn same_order();
    pub(crate) fn survivor_is_open();
    pub(crate) fn unit_or_place();
    pub(crate) fn no_earlier_than_now();
    pub(crate) fn incident_is_over();
    pub(crate) fn charged(number: String);
    pub(crate) fn incident_is_everywhere();
    pub(crate) fn picture_of_signature();
    pub(crate) fn worker_does_not_answer();
    /// Letters to who is affected or reported something.
    pub(crate) fn letter_out_title();
    pub(crate) fn letter_over_title();
    pub(crate) fn letter_over(message: String);
    pub(crate) fn letter_merged_title();
    pub(crate) fn letter_merged(number: String, survivor: String);
    pub(crate) fn letter_done_title();
    pub(crate) fn letter_done(number: String);
    pub(crate) fn letter_assigned_title();
    pub(crate) fn letter_assigned(number: String, name: String);
    pub(crate) fn letter_waits_title();
    pub(crate) fn letter_waits_parts(number: String);
    pub(crate) fn letter_waits_access(number: String);
    pub(crate) fn letter_waits_resident(number: String);
    pub(crate) fn letter_quoted_title();
    pub(crate) fn letter_quoted(number: String);
    pub(crate) fn letter_cancelled_title();
    pub(crate) fn letter_cancelled(number: String);
    pub(crate) fn letter_answer_title();
    pub(crate) fn letter_agreed(number: String);
    pub(crate) fn letter_not_agreed(number: String);
}
