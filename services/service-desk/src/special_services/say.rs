//! What special services say.

texts::catalogue! {
    in "/special_services";
    pub(super) fn no_price_list();
    pub(super) fn wrong_state(state: texts::Text);
    pub(super) fn state_requested();
    pub(super) fn state_quoted();
    pub(super) fn state_confirmed();
    pub(super) fn state_scheduled();
    pub(super) fn state_in_progress();
    pub(super) fn state_done();
    pub(super) fn state_disputed();
    pub(super) fn state_accepted();
    pub(super) fn state_paid();
    pub(super) fn state_revisited();
    pub(super) fn state_closed();
    pub(super) fn state_cancelled();
    pub(super) fn rework_term_over();
    pub(super) fn belongs_to_unit();
    pub(super) fn time_of_day();
    pub(super) fn labour_fixed(price: money::Fen, quantity: u32, amount: money::Fen);
    pub(super) fn labour_fixed_surcharged(price: money::Fen, quantity: u32, factor: String, amount: money::Fen);
    pub(super) fn labour_hourly(workers: u32, hours: String, price: money::Fen, amount: money::Fen);
    pub(super) fn labour_hourly_surcharged(workers: u32, hours: String, price: money::Fen, factor: String, amount: money::Fen);
    pub(super) fn package_discount(percent: String, amount: money::Fen);
    pub(super) fn material(name: &str, price: money::Fen, quantity: u32, amount: money::Fen);
    pub(super) fn cancelled_late(name: String);
    pub(super) fn charge_not_rejected();
    pub(super) fn letter_quoted_title();
    pub(super) fn letter_quoted(name: String, total: money::Fen);
    pub(super) fn appointment_passed();
    pub(super) fn charged_already();
    pub(super) fn at_most(price: money::Fen);
    pub(super) fn worker_does_not_answer();
    pub(super) fn pricer_does_not_confirm();
    pub(super) fn picture_of_signature();
    pub(super) fn letter_done_title();
    pub(super) fn letter_done(name: String, days: i64);
    pub(super) fn letter_ended_title();
    pub(super) fn letter_ended(name: String, state: texts::Text, reason: &str);
    pub(super) fn letter_answer_title();
    pub(super) fn letter_confirmed(name: String, total: money::Fen);
    pub(super) fn letter_accepted(name: String, total: money::Fen);
    pub(super) fn letter_silence(name: String, days: i64);
    pub(super) fn letter_disputed(name: String);
}
