//! What a refund of a deposit is.

use crate::ids::{DepositId, DepositRefundId, EntryId};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use money::Fen;
use serde::{Deserialize, Serialize};

/// How far a refund of a deposit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefundState {
    /// A second person has to decide.
    Requested,
    /// It waits to be paid out.
    Approved,
    /// The provider of online payments gives it back.
    Sent,
    /// It was refused.
    Rejected,
    /// The money went back.
    Paid,
}

impl RefundState {
    /// Whether its money is spoken for but not back yet.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Approved | Self::Sent)
    }
}

/// That and how the money went back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidOut {
    /// Who paid it out.
    pub by: UserId,
    /// On which day in the estate.
    pub on: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
    /// Who signed for cash.
    pub signed_by: Option<String>,
    /// The number of the transfer or card refund.
    pub bank_reference: Option<String>,
    /// Its entry in the ledger.
    pub entry: EntryId,
}

/// One refund of a deposit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundedDeposit {
    /// Its id.
    pub id: DepositRefundId,
    /// The deposit.
    pub deposit: DepositId,
    /// How much.
    pub amount: Fen,
    /// Why.
    pub reason: String,
    /// How far it has come.
    pub state: RefundState,
    /// Who asked for it.
    pub requested_by: UserId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Who decided it, and when.
    pub decided: Option<(UserId, DateTime<Utc>)>,
    /// The reason of the decision.
    pub decision: Option<String>,
    /// How the money went back.
    pub paid: Option<PaidOut>,
}
