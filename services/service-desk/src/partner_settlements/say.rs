//! What settlements say.

texts::catalogue! {
    in "/partner_settlements";
    pub(super) fn second_person();
    pub(super) fn already_decided();
    pub(super) fn nothing_to_settle();
    pub(super) fn order_of_partner();
    pub(super) fn day_passed();
    pub(super) fn line_order(base: money::Fen, percent: String, amount: money::Fen);
    pub(super) fn line_claim(amount: money::Fen);
    pub(super) fn line_refund(amount: money::Fen);
    pub(super) fn refunded();
}
