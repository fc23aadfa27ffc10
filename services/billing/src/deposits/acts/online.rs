//! Holding a deposit that was paid online.

use super::keep::{Came, keep};
use crate::{
    accounts::{self, BillingAccount},
    deposits::{Deposit, Deposits},
    estates::Estate,
    ledger::Till,
    payments::{PayError, Payment},
};
use authz::Denied;
use db::TenantScope;

/// The deposit that a payment is for, with its account, both held until the transaction ends;
/// nothing when it does not wait for money any more: it was cancelled, or paid otherwise.
pub(crate) async fn awaited(
    scope: &TenantScope,
    payment: &Payment,
) -> Result<Option<(BillingAccount, Deposit)>, PayError> {
    let Some(id) = payment.deposit else { return Ok(None) };
    let account = accounts::lock(scope, payment.account).await?.ok_or(Denied::Hidden)?;
    let deposit = Deposits(scope).lock(id).await?.ok_or(Denied::Hidden)?;
    Ok(deposit.is_due().then_some((account, deposit)))
}

/// Holds the money of a payment as the deposit that awaited it.
pub(crate) async fn hold(
    scope: &TenantScope,
    estate: &Estate,
    payment: &Payment,
    (account, deposit): (BillingAccount, Deposit),
) -> Result<(), PayError> {
    let came = Came {
        till: Till::Online,
        by: payment.entered_by,
        at_counter: None,
        reference: None,
        // The books are compared with the provider by the payment.
        source: payment.id.to_string(),
    };
    keep(scope, (estate, &account), deposit, came).await
}
