//! Posting that money of a deposit went back.

use super::{
    DepositRefunds,
    domain::{PaidOut, RefundState, RefundedDeposit},
};
use crate::{
    accounts::BillingAccount,
    deposits::{Deposit, Deposits, tell},
    estates::Estate,
    ledger::{self, Entry, Posting, Till},
    payments::PayError,
};
use authz::UserId;
use db::TenantScope;

/// How the money went back.
pub(super) struct Posted {
    pub till: Till,
    pub by: UserId,
    pub signed_by: Option<String>,
    pub bank_reference: Option<String>,
    /// What the ledger names as its source.
    pub source: String,
}

/// Posts a refund of a locked deposit, saves both and tells of it.
pub(super) async fn post(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    (deposit, refund): (&mut Deposit, &mut RefundedDeposit),
    posted: Posted,
) -> Result<(), PayError> {
    let on = estate.today(scope.clock());
    let posting = Posting {
        estate: estate.id,
        entry: Entry::deposit_refund(posted.till, account.id, refund.amount, deposit.currency)?,
        date: on,
        source: posted.source,
        memo: refund.reason.clone(),
    };
    refund.paid = Some(PaidOut {
        by: posted.by,
        on,
        at: scope.now(),
        signed_by: posted.signed_by,
        bank_reference: posted.bank_reference,
        entry: ledger::post(scope, posting).await?,
    });
    refund.state = RefundState::Paid;
    DepositRefunds(scope).save(refund).await?;
    deposit.refunded += refund.amount;
    Deposits(scope).save(deposit).await?;
    Ok(tell::refunded(scope, deposit, refund.amount).await?)
}
