//! What a new fact about a payment changes.

use super::{Effect, Fact, PayError, Payment, Payments, apply, settle::settle};
use crate::{
    auto_pay,
    cause::Cause,
    estates::{self, Estate},
    ids::PaymentId,
    refunds,
};
use ::payments::{MethodKind, Outcome, Paid};
use authz::{AuditFact, Denied, UserId};
use db::{Db, TenantScope};
use ids::TenantId;

/// Takes in a fact about a payment that is locked (or new): its state, and whatever the fact
/// proves for the first time.
pub(super) async fn learn(
    scope: &TenantScope,
    estate: &Estate,
    payment: &mut Payment,
    fact: Fact,
    by: Option<UserId>,
) -> Result<(), PayError> {
    let (state, effects) = apply(payment.state, fact)?;
    payment.state = state;
    if effects.contains(&Effect::PostPayment) {
        return settle(scope, estate, payment, by).await;
    }
    if effects.contains(&Effect::TellFailure) {
        tracing::info!(payment.id = %payment.id, "no money came");
        auto_pay::tell_failure(scope, payment).await?;
    }
    Ok(Payments(scope).save(payment).await?)
}

/// Takes in what the provider knows about a payment, in a transaction of its own; answers the
/// payment as it is now. `cause` made us ask.
pub(crate) async fn learn_status(
    db: &Db,
    tenant: TenantId,
    id: PaymentId,
    outcome: &Outcome<Paid>,
    cause: &Cause,
) -> Result<Payment, PayError> {
    let paid = match outcome {
        Outcome::Succeeded(paid) => paid,
        Outcome::Pending => return learn_unpaid(db, tenant, id, Fact::StillOpen).await,
        Outcome::Failed(_) => return learn_unpaid(db, tenant, id, Fact::Failed).await,
        Outcome::Unknown { reason } => {
            tracing::warn!(payment.id = %id, %reason, "the provider gave no answer");
            return learn_unpaid(db, tenant, id, Fact::NoAnswer).await;
        }
    };
    let scope = db.write(tenant).await?;
    let mut payment = Payments(&scope).lock(id).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(&scope, payment.estate).await?.ok_or(Denied::Hidden)?;
    take_in_paid(&scope, &estate, &mut payment, paid, cause).await?;
    scope.commit().await?;
    Ok(payment)
}

/// Takes in a fact that moves no money, in a transaction of its own; answers the payment as it is
/// now.
pub(super) async fn learn_unpaid(
    db: &Db,
    tenant: TenantId,
    id: PaymentId,
    fact: Fact,
) -> Result<Payment, PayError> {
    let scope = db.write(tenant).await?;
    let mut payment = Payments(&scope).lock(id).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(&scope, payment.estate).await?.ok_or(Denied::Hidden)?;
    learn(&scope, &estate, &mut payment, fact, None).await?;
    scope.commit().await?;
    Ok(payment)
}

async fn take_in_paid(
    scope: &TenantScope,
    estate: &Estate,
    payment: &mut Payment,
    paid: &Paid,
    cause: &Cause,
) -> Result<(), PayError> {
    if paid.currency != payment.currency {
        let text =
            format!("{} was paid in {} instead of {}", payment.id, paid.currency, payment.currency);
        return Err(PayError::Defect(text));
    }
    if let Some(online) = &mut payment.online {
        online.provider_payment = Some(paid.payment.clone());
        online.method = paid.method.map(|kind| method(kind).to_owned());
    }
    let known = payment.state.received;
    learn(scope, estate, payment, Fact::Received { amount: paid.amount }, None).await?;
    if !known {
        let fact = AuditFact {
            action: "payment.received",
            object: payment.id.to_string(),
            estate: Some(estate.id),
            reason: None,
            detail: (payment.till, paid.amount),
        };
        cause.audit(scope, fact).await?;
    }
    refunds::take_in_outside(scope, estate, payment, paid.refunded, cause).await
}

const fn method(kind: MethodKind) -> &'static str {
    match kind {
        MethodKind::Card => "card",
        MethodKind::Alipay => "alipay",
        MethodKind::WechatPay => "wechat_pay",
    }
}
