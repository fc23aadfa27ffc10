//! Refunds that carry out the refund of a deposit: asked for and approved there, given back by the
//! provider here.

use super::{
    follow_up::REFUND,
    post::pay_out_of,
    repo::{Refund, RefundState, Refunds},
};
use crate::{
    accounts::BillingAccount,
    deposits::{self, Returned},
    estates::Estate,
    ids::{DepositId, DepositRefundId},
    ledger::Account,
    payments::{PayError, Payment, Payments, ReceiptKind},
    receipts, say,
};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, enqueue_job};
use money::Fen;

/// An approved refund of a deposit that was paid online.
pub(crate) struct OfDeposit {
    pub id: DepositRefundId,
    pub amount: Fen,
    pub reason: String,
    pub sent_by: UserId,
    /// Who approved it, and when.
    pub decided: Option<(UserId, DateTime<Utc>)>,
}

/// Has the provider give it back out of the payment that the deposit came by.
pub(crate) async fn send(
    scope: &TenantScope,
    payment: &Payment,
    of: OfDeposit,
) -> Result<(), PayError> {
    let refund = Refund {
        state: RefundState::Pending,
        requested_by: Some(of.sent_by),
        decided_by: of.decided.map(|(by, _)| by),
        decided_at: of.decided.map(|(_, at)| at),
        of_deposit: Some(of.id),
        ..Refund::new(scope, payment, of.amount, of.reason)
    };
    Refunds(scope).insert(&refund).await?;
    Ok(enqueue_job(scope, REFUND, refund.id.as_uuid()).await?)
}

/// Whether the provider has refused to give it back.
pub(crate) async fn has_failed(
    scope: &TenantScope,
    id: DepositRefundId,
) -> Result<bool, StorageError> {
    let tries = Refunds(scope).of_deposit(id).await?;
    Ok(tries.iter().any(|refund| refund.state == RefundState::Failed))
}

/// Posts that `refund` of a payment that is held as a deposit went back, and receipts it. What was
/// not held any more, because it was kept, is owed by the account.
pub(super) async fn post(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    (payment, refund): (&Payment, &mut Refund),
    deposit: DepositId,
) -> Result<(), PayError> {
    Payments(scope).save(payment).await?;
    let back = Returned {
        refund: refund.id,
        of: refund.of_deposit,
        amount: refund.amount,
        reason: refund.reason.clone(),
        by: refund.requested_by.unwrap_or(payment.entered_by),
    };
    let returned = deposits::returned(scope, (estate, account), deposit, back).await?;
    refund.of_deposit = returned.as_ref().map(|(id, ..)| *id);
    refund.state = RefundState::Succeeded;
    refund.paid_back_at = Some(scope.now());
    Refunds(scope).save(refund).await?;
    let held = returned.as_ref().map_or(Fen::ZERO, |(_, amount, _)| *amount);
    let missing = refund.amount - held;
    let mut lines = Vec::with_capacity(2);
    lines.extend(returned.map(|(_, amount, name)| (name.bilingual(), amount)));
    if missing.is_positive() {
        let owed = Account::Receivable(account.id);
        pay_out_of(scope, estate, (payment, &*refund), (owed, missing)).await?;
        lines.push((say::receivable().bilingual(), missing));
    }
    let of_deposit = refund.of_deposit.map(DepositRefundId::as_uuid);
    let draft = receipts::Draft {
        kind: ReceiptKind::Refund,
        account: account.id,
        source: of_deposit.unwrap_or(refund.id.as_uuid()),
        payer: account.name.full.clone(),
        lines,
        by: None,
        replaces: None,
    };
    receipts::issue(scope, estate, draft).await.map(drop)
}
