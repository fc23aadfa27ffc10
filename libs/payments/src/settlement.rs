//! What arrives at the merchant's bank, line by line.

use chrono::{DateTime, Utc};
use money::{Currency, Fen};

/// Why the merchant's balance at the provider moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SettlementKind {
    /// A payer paid.
    Payment,
    /// Money went back to a payer, or came back because giving it failed.
    Refund,
    /// An objection took or returned money.
    Dispute,
    /// The provider's own charge, apart from those inside a payment's line.
    Fee,
    /// Anything else.
    Other,
}

/// One movement of the merchant's balance: `net = gross − fee`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementLine {
    /// The provider's id of the movement.
    pub id: String,
    /// Why it moved.
    pub kind: SettlementKind,
    /// The provider's id of what moved it: an attempt, refund or dispute.
    pub source: Option<String>,
    /// Before the fee; negative when money leaves.
    pub gross: Fen,
    /// What the provider keeps.
    pub fee: Fen,
    /// What the balance changed by.
    pub net: Fen,
    /// Its currency: the settlement's, which may differ from the payer's.
    pub currency: Currency,
    /// When it was booked.
    pub booked_at: DateTime<Utc>,
}

/// One transfer to the merchant's bank. The `net` of its lines adds up to `amount`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    /// The provider's id.
    pub id: String,
    /// What the bank receives.
    pub amount: Fen,
    /// Its currency.
    pub currency: Currency,
    /// When the bank has it, or is expected to.
    pub arrives_at: DateTime<Utc>,
    /// `true` once the provider says that it has been paid.
    pub is_paid: bool,
    /// What it is made of; the transfer itself is no line.
    pub lines: Vec<SettlementLine>,
}
