//! The sentences about notices.

texts::catalogue! {
    in "/notices";
    pub(crate) fn in_the_past();
    pub(crate) fn ends_before_it_begins();
    pub(crate) fn not_in_this_state();
    pub(crate) fn writer_cannot_approve();
    pub(crate) fn time_has_passed();
    pub(crate) fn kind_of_notice();
    pub(crate) fn of_this_estate();
    pub(crate) fn words_or_template();
}
