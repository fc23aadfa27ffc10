//! Telling the asking service what became of the money.

use super::repo::of_bill;
use crate::{
    bills::Bill,
    ids::{PaymentId, RefundId},
};
use contracts::billing::{PaymentConfirmed, Refunded};
use db::{StorageError, TenantScope};
use money::Fen;

/// Tells, if the bill was asked for, that `amount` of a payment reached it; `bill` as it is then.
pub(crate) async fn confirm(
    scope: &TenantScope,
    payment: PaymentId,
    bill: &Bill,
    amount: Fen,
) -> Result<(), StorageError> {
    let Some(requested) = of_bill(scope, bill.id).await? else { return Ok(()) };
    let event = PaymentConfirmed {
        source: requested.source,
        reference: requested.reference,
        payment: payment.to_string(),
        amount,
        settled: bill.outstanding().is_zero(),
    };
    events::publish(scope, &event).await.map(drop)
}

/// Tells, if the bill was asked for, that money which had reached it went back.
pub(crate) async fn tell_refund(
    scope: &TenantScope,
    refund: RefundId,
    bill: &Bill,
    amount: Fen,
) -> Result<(), StorageError> {
    let Some(requested) = of_bill(scope, bill.id).await? else { return Ok(()) };
    let event = Refunded {
        source: requested.source,
        reference: requested.reference,
        refund: refund.to_string(),
        amount,
    };
    events::publish(scope, &event).await.map(drop)
}
