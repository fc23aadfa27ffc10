//! Taking money at the counter.

use super::{
    Fact, PAYMENT_READ, PAYMENT_TAKE, PayError, Payment, PaymentState, Payments, covers,
    learn::learn,
};
use crate::{
    accounts, bills, estates,
    ids::{BillId, BillingAccountId, PaymentId},
    ledger::Till,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use money::Fen;
use serde::Serialize;

/// The longest number of a card slip or transfer.
const MAX_REFERENCE: usize = 100;

/// Take this much for an account.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TakePayment {
    pub account: BillingAccountId,
    pub amount: Fen,
    pub till: Till,
    /// Which bills it is for, in order; the rest goes to the oldest due.
    pub bills: Vec<BillId>,
    pub channel_reference: Option<String>,
}

/// Takes the money: allocated, posted and receipted at once.
#[tracing::instrument(name = "usecase.payments.take", skip_all, fields(account.id = %command.account))]
pub(crate) async fn take(
    db: &Db,
    caller: &Caller,
    command: TakePayment,
    key: &IdempotencyKey,
) -> Result<PaymentId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let account = accounts::find(&scope, command.account).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(PAYMENT_TAKE, PAYMENT_READ, account.estate)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    check(&scope, &command).await?;
    right.covers(command.amount)?;
    drop(scope);
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "take_payment", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
            let mut payment = Payment {
                id: PaymentId::from_uuid(scope.new_id()),
                estate: estate.id,
                account: account.id,
                till: command.till,
                currency: estate.currency,
                state: PaymentState::created(command.amount),
                designated: command.bills,
                deposit: None,
                prepaid: Fen::ZERO,
                prepaid_refunded: Fen::ZERO,
                entered_by: actor.user(),
                taken_by: Some(actor.user()),
                channel_reference: command.channel_reference,
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
                detail: (command.till, command.amount),
            };
            audit(scope, &actor, fact).await?;
            let received = Fact::Received { amount: command.amount };
            learn(scope, &estate, &mut payment, received, Some(actor.user())).await?;
            Ok(payment.id)
        })
    })
    .await
}

async fn check(scope: &TenantScope, command: &TakePayment) -> Result<(), PayError> {
    if !command.amount.is_positive() {
        return Err(Invalid::new("amount", expected::above_zero()).into());
    }
    if command.till == Till::Online {
        return Err(Invalid::new("till", say::not_at_the_counter()).into());
    }
    let reference = command.channel_reference.as_deref().unwrap_or_default();
    if reference.chars().count() > MAX_REFERENCE {
        let reason = expected::length(0, MAX_REFERENCE);
        return Err(Invalid::new("channelReference", reason).into());
    }
    for id in &command.bills {
        let bill = bills::find(scope, *id).await?;
        bill.filter(|bill| bill.account == command.account).ok_or(Denied::Hidden)?;
    }
    Ok(())
}
