//! Money that a bank statement shows, taken for an account.

use super::{Fact, PayError, Payment, PaymentState, Payments, learn::learn};
use crate::{accounts::BillingAccount, estates::Estate, ids::PaymentId, ledger::Till};
use authz::{AuditFact, Caller, audit};
use db::TenantScope;
use money::Fen;

/// Takes a transfer that has arrived: allocated, posted and receipted like one at the counter.
/// Whoever recognised it took it, and cannot approve its refund. The caller was permitted before.
pub(crate) async fn from_bank(
    scope: &TenantScope,
    actor: &Caller,
    (estate, account): (&Estate, &BillingAccount),
    amount: Fen,
    reference: Option<String>,
) -> Result<PaymentId, PayError> {
    let mut payment = Payment {
        id: PaymentId::from_uuid(scope.new_id()),
        estate: estate.id,
        account: account.id,
        till: Till::Transfer,
        currency: estate.currency,
        state: PaymentState::created(amount),
        designated: Vec::new(),
        deposit: None,
        prepaid: Fen::ZERO,
        prepaid_refunded: Fen::ZERO,
        entered_by: actor.user(),
        taken_by: Some(actor.user()),
        channel_reference: reference,
        online: None,
        created_at: scope.now(),
        received_at: None,
    };
    Payments(scope).insert(&payment).await?;
    let fact = AuditFact {
        action: "payment.taken",
        object: payment.id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: (payment.till, amount),
    };
    audit(scope, actor, fact).await?;
    let received = Fact::Received { amount };
    learn(scope, estate, &mut payment, received, Some(actor.user())).await?;
    Ok(payment.id)
}
