//! Giving a deposit back that was paid online: through the provider, to the card or wallet it came
//! from.

use super::{
    DepositRefunds, Proof,
    domain::{RefundState, RefundedDeposit},
    post::{Posted, post},
};
use crate::{
    accounts::BillingAccount,
    deposits::{Deposit, Deposits, acts::kind_name},
    estates::Estate,
    ids::{DepositId, DepositRefundId, RefundId},
    ledger::Till,
    payments::{PayError, Payments},
    refunds,
};
use authz::{AuditFact, Caller, Denied, UserId, audit};
use db::TenantScope;
use money::Fen;
use texts::Text;

/// Whether the provider could not give it back, so that a transfer, whose number `proof` has, may.
pub(super) async fn is_given_up(
    scope: &TenantScope,
    id: DepositRefundId,
    proof: &Proof,
) -> Result<bool, PayError> {
    Ok(proof.bank_reference.is_some() && refunds::has_failed(scope, id).await?)
}

/// Has the provider give an approved refund back.
pub(super) async fn send(
    scope: &TenantScope,
    caller: &Caller,
    deposit: &Deposit,
    mut refund: RefundedDeposit,
) -> Result<(), PayError> {
    let payment = Payments(scope).held_as(deposit.id).await?;
    let payment = payment.ok_or_else(|| PayError::Defect(format!("who paid {}", deposit.id)))?;
    refund.state = RefundState::Sent;
    DepositRefunds(scope).save(&refund).await?;
    let fact = AuditFact {
        action: "deposit.refund_sent",
        object: deposit.id.to_string(),
        estate: Some(deposit.estate),
        reason: Some(&refund.reason),
        detail: (refund.id, refund.amount),
    };
    audit(scope, caller, fact).await?;
    let of = refunds::OfDeposit {
        id: refund.id,
        amount: refund.amount,
        reason: refund.reason,
        sent_by: caller.user(),
        decided: refund.decided,
    };
    refunds::send(scope, &payment, of).await
}

/// What the provider gave back of a deposit.
pub(crate) struct Returned {
    /// The refund as the provider knows it.
    pub refund: RefundId,
    /// The refund of the deposit; `None` when it was made at the provider, past us.
    pub of: Option<DepositRefundId>,
    /// How much.
    pub amount: Fen,
    /// Why.
    pub reason: String,
    /// Who sent it, or else the payer.
    pub by: UserId,
}

/// Takes in that the provider gave money of a deposit of the locked account back: the refund of the
/// deposit with its amount and name, as far as the money was held. What was made past us may be more
/// than is still here, because a part was kept.
pub(crate) async fn returned(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    deposit: DepositId,
    back: Returned,
) -> Result<Option<(DepositRefundId, Fen, Text)>, PayError> {
    let mut deposit = Deposits(scope).lock(deposit).await?.ok_or(Denied::Hidden)?;
    let found = match back.of {
        Some(of) => Some(DepositRefunds(scope).find(of).await?.ok_or(Denied::Hidden)?),
        None => past_us(scope, &deposit, &back).await?,
    };
    let Some(mut refund) = found else { return Ok(None) };
    let posted = Posted {
        till: Till::Online,
        by: back.by,
        signed_by: None,
        bank_reference: None,
        // The books are compared with the provider by its refund.
        source: back.refund.to_string(),
    };
    post(scope, (estate, account), (&mut deposit, &mut refund), posted).await?;
    Ok(Some((refund.id, refund.amount, kind_name(deposit.kind))))
}

/// A refund that nobody here asked for, of what is held and not on its way already.
async fn past_us(
    scope: &TenantScope,
    deposit: &Deposit,
    back: &Returned,
) -> Result<Option<RefundedDeposit>, PayError> {
    let known = DepositRefunds(scope).of_deposits([deposit.id]).await?;
    let on_its_way = known.iter().filter(|one| one.state == RefundState::Sent);
    let held = deposit.left() - on_its_way.map(|one| one.amount).sum();
    let refund = RefundedDeposit {
        id: DepositRefundId::from_uuid(scope.new_id()),
        deposit: deposit.id,
        amount: back.amount.min(held),
        reason: back.reason.clone(),
        state: RefundState::Sent,
        requested_by: back.by,
        requested_at: scope.now(),
        decided: None,
        decision: None,
        paid: None,
    };
    if !refund.amount.is_positive() {
        return Ok(None);
    }
    DepositRefunds(scope).insert(&refund).await?;
    Ok(Some(refund))
}

/// Takes in that the provider cannot give it back: it waits to be paid out again.
pub(crate) async fn not_returned(scope: &TenantScope, id: DepositRefundId) -> Result<(), PayError> {
    let mut refund = DepositRefunds(scope).find(id).await?.ok_or(Denied::Hidden)?;
    Deposits(scope).lock(refund.deposit).await?.ok_or(Denied::Hidden)?;
    if refund.state == RefundState::Sent {
        refund.state = RefundState::Approved;
        DepositRefunds(scope).save(&refund).await?;
    }
    Ok(())
}
