//! Charging a bill to a saved card: the payment and its try first, then the provider.

use super::{
    charge_job::AUTO_PAY,
    domain::{CardState, Try, Verdict, is_decided, verdict},
    repo::{self, Card, Tried},
};
use crate::{
    accounts,
    bills::{self, Bill},
    cause::Cause,
    estates::Estate,
    ids::{BillId, PaymentId, SavedCardId},
    ledger::Till,
    payments::{
        FOLLOW_UP, GRACE, Online, Page, PayError, Payment, PaymentState, Payments, SavedCardPage,
        settle::bill_text,
    },
};
use authz::{AuditFact, Denied};
use chrono::NaiveDate;
use db::{TenantScope, enqueue_job_after};
use graphql::PageArgs;
use money::Fen;

/// How many of an account's latest payments are looked at for one that is under way.
const LATEST: u64 = 50;

/// Writes the payment of a bill that is to be charged now; `None` when it is not. A second one who
/// comes at the same time waits for the account and then finds the try.
pub(super) async fn begin(
    scope: &TenantScope,
    estate: &Estate,
    card: SavedCardId,
    bill: BillId,
    today: NaiveDate,
) -> Result<Option<PaymentId>, PayError> {
    let card = repo::find(scope, card).await?.ok_or(Denied::Hidden)?;
    let account = accounts::lock(scope, card.account).await?.ok_or(Denied::Hidden)?;
    let card = repo::lock(scope, card.id).await?.ok_or(Denied::Hidden)?;
    let bill = bills::find(scope, bill).await?.ok_or(Denied::Hidden)?;
    if card.state != CardState::Active || bill.account != account.id {
        return Ok(None);
    }
    let tried = repo::tries_of_bill(scope, bill.id).await?;
    let mut tries = Vec::with_capacity(tried.len());
    for it in &tried {
        let payment = Payments(scope).find(it.payment).await?.ok_or(Denied::Hidden)?;
        tries.push(Try { day: it.day, status: payment.state.status() });
    }
    let amount = match verdict(bill.outstanding(), bill.due, today, card.most, &tries) {
        Verdict::Charge(amount) => amount,
        Verdict::OverLimit => {
            tracing::info!(bill.id = %bill.id, "a bill is above the payer's limit");
            return Ok(None);
        }
        Verdict::GivenUp | Verdict::Nothing | Verdict::Wait => return Ok(None),
    };
    if is_being_paid(scope, &bill).await? {
        return Ok(None);
    }
    let Some(payment) = payment(scope, estate, &card, &bill, amount) else { return Ok(None) };
    Payments(scope).insert(&payment).await?;
    let number = i32::try_from(tried.len() + 1).unwrap_or(i32::MAX);
    let (card, bill) = (card.id, bill.id);
    repo::insert_try(scope, &Tried { bill, number, card, payment: payment.id, day: today }).await?;
    enqueue_job_after(scope, FOLLOW_UP, payment.id.as_uuid(), GRACE).await?;
    let fact = AuditFact {
        action: "payment.begun",
        object: payment.id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: amount,
    };
    Cause::job(AUTO_PAY, card.as_uuid()).audit(scope, fact).await?;
    Ok(Some(payment.id))
}

/// Whether the payer is paying the bill online just now.
async fn is_being_paid(scope: &TenantScope, bill: &Bill) -> Result<bool, PayError> {
    let page = PageArgs { first: LATEST, after: None };
    let latest = Payments(scope).of_accounts([bill.account], None, &page).await?;
    Ok(latest.iter().any(|payment| {
        payment.online.is_some()
            && !is_decided(payment.state.status())
            && payment.designated.contains(&bill.id)
    }))
}

fn payment(
    scope: &TenantScope,
    estate: &Estate,
    card: &Card,
    bill: &Bill,
    amount: Fen,
) -> Option<Payment> {
    let (payer, saved) = card.saved.clone()?;
    let page = Page {
        description: format!("{} {}", estate.name, bill_text(bill)),
        success_url: String::new(),
        cancel_url: String::new(),
        chinese: card.page.chinese,
        expires_at: scope.now(),
        saved: Some(SavedCardPage { payer, card: saved }),
    };
    Some(Payment {
        id: PaymentId::from_uuid(scope.new_id()),
        estate: estate.id,
        account: bill.account,
        till: Till::Online,
        currency: estate.currency,
        state: PaymentState::created(amount),
        designated: vec![bill.id],
        deposit: None,
        prepaid: Fen::ZERO,
        prepaid_refunded: Fen::ZERO,
        entered_by: card.given_by,
        taken_by: None,
        channel_reference: None,
        online: Some(Online::new(card.merchant, page)),
        created_at: scope.now(),
        received_at: None,
    })
}
