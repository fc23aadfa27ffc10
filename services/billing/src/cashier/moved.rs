//! That cash came into a till or left it.

use super::repo::Shifts;
use authz::UserId;
use db::{StorageError, TenantScope};
use ids::EstateId;
use money::Fen;
use serde::{Deserialize, Serialize};

/// Why cash moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CashMove {
    /// A payment was taken.
    Payment,
    /// A payment was given back.
    Refund,
    /// A deposit was taken.
    Deposit,
    /// A deposit was given back.
    DepositRefund,
    /// Cash was carried to the bank.
    Carried,
}

/// Cash that moved; the entry in the ledger is the business of whoever moved it.
#[derive(Clone, Debug)]
pub(crate) struct CashMoved {
    pub estate: EstateId,
    /// In whose hands.
    pub person: UserId,
    pub kind: CashMove,
    /// Above zero it came in.
    pub amount: Fen,
    /// The text of the id of the payment, refund or deposit: it moves cash once.
    pub source: String,
}

/// Notes in the transaction of the act that cash moved. It belongs to the person's open shift, or
/// without one to the next count of that person.
///
/// Whoever takes or gives cash calls it: payments, refunds, deposits.
pub(crate) async fn cash_moved(scope: &TenantScope, moved: &CashMoved) -> Result<(), StorageError> {
    let shifts = Shifts(scope);
    let shift = shifts.open_of(moved.estate, moved.person).await?;
    shifts.note(moved, shift).await
}
