//! Telling other services what became of a deposit.

use super::domain::Deposit;
use contracts::billing::{DepositDeducted, DepositHeld, DepositRefunded};
use db::{StorageError, TenantScope};
use money::Fen;

/// The money is here.
pub(super) async fn held(scope: &TenantScope, deposit: &Deposit) -> Result<(), StorageError> {
    let (source, reference) = origin(deposit);
    let (id, amount) = (deposit.id.to_string(), deposit.amount);
    let event = DepositHeld { source, reference, deposit: id, amount };
    events::publish(scope, &event).await.map(drop)
}

/// A deduction was confirmed; `deposit` as it is then.
pub(super) async fn deducted(
    scope: &TenantScope,
    deposit: &Deposit,
    amount: Fen,
) -> Result<(), StorageError> {
    let (source, reference) = origin(deposit);
    let (id, left) = (deposit.id.to_string(), deposit.left());
    let event = DepositDeducted { source, reference, deposit: id, amount, left };
    events::publish(scope, &event).await.map(drop)
}

/// Money went back; `deposit` as it is then.
pub(super) async fn refunded(
    scope: &TenantScope,
    deposit: &Deposit,
    amount: Fen,
) -> Result<(), StorageError> {
    let (source, reference) = origin(deposit);
    let (id, left) = (deposit.id.to_string(), deposit.left());
    let event = DepositRefunded { source, reference, deposit: id, amount, left };
    events::publish(scope, &event).await.map(drop)
}

fn origin(deposit: &Deposit) -> (Option<String>, Option<String>) {
    deposit.origin.clone().map(|origin| (origin.source, origin.reference)).unzip()
}
