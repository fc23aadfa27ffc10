//! Paying bills online: the intent first, then the payer's page.

use super::{
    Channel, FOLLOW_UP, PAYMENT_PAY_ONLINE, PAYMENT_READ, PayError, Payment, PaymentState,
    PaymentStatus, Payments, covers,
    follow_up::GRACE,
    open_page::open_page,
    payment::{Online, Page},
    settle::bill_text,
};
use crate::{
    accounts,
    bills::{self, Bill},
    estates,
    ids::{BillId, PaymentId},
    ledger::Till,
    merchant_accounts, say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use chrono::Duration;
use db::{IdempotencyKey, TenantScope, enqueue_job_after};
use errors::{Invalid, expected};
use money::Fen;
use serde::Serialize;
use url::Url;

/// How long the payer's page stays open; the provider allows 30 minutes to 24 hours.
const PAGE_OPEN_FOR: Duration = Duration::hours(1);

/// The most bills of one payment.
const MAX_BILLS: usize = 100;

/// How long the first request with a key may take to open the page; then it has died.
const OPENING: Duration = Duration::seconds(5);

/// How often who repeats a request looks for that page meanwhile.
const LOOKS: u32 = 100;

/// Pay these bills of one account on a page of the provider.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PayBills {
    pub bills: Vec<BillId>,
    /// `None`: what is open of them.
    pub amount: Option<Fen>,
    /// Where the payer's browser goes afterwards.
    pub return_url: String,
    /// The page's language: Chinese, else English.
    pub chinese: bool,
}

/// Records the wish to pay, then opens the page. The payment is there even when the provider does
/// not answer: its state is then `UNKNOWN`, and the follow-up finds out.
#[tracing::instrument(name = "usecase.payments.pay_bills", skip_all)]
pub(crate) async fn pay_bills(
    channel: &Channel,
    caller: &Caller,
    command: PayBills,
    key: &IdempotencyKey,
) -> Result<PaymentId, PayError> {
    let scope = channel.db.read(caller.tenant()).await?;
    let first = first_bill(&scope, caller, &command).await?;
    drop(scope);
    channel.check_return_url(&command.return_url)?;
    let id = PaymentId::from_uuid(channel.db.clock().uuid());
    let (actor, input) = (caller.clone(), command.clone());
    let done = keyed(&channel.db, caller, "pay_bills", key, &input, move |scope| {
        Box::pin(async move {
            let payment = intent(scope, id, &actor, &first, command).await?;
            Payments(scope).insert(&payment).await?;
            enqueue_job_after(scope, FOLLOW_UP, id.as_uuid(), GRACE).await?;
            let fact = AuditFact {
                action: "payment.begun",
                object: id.to_string(),
                estate: Some(payment.estate),
                reason: None,
                detail: payment.state.amount,
            };
            audit(scope, &actor, fact).await?;
            Ok::<_, PayError>(id)
        })
    })
    .await?;
    if done == id {
        open_page(channel, caller.tenant(), id).await?;
    } else {
        wait_for_page(channel, caller, done).await?;
    }
    Ok(done)
}

/// The bill that decides the account and estate; all others must be of the same account.
async fn first_bill(
    scope: &TenantScope,
    caller: &Caller,
    command: &PayBills,
) -> Result<Bill, PayError> {
    if !(1..=MAX_BILLS).contains(&command.bills.len()) {
        return Err(Invalid::new("billIds", expected::items(1, MAX_BILLS)).into());
    }
    if command.amount.is_some_and(|amount| !amount.is_positive()) {
        return Err(Invalid::new("amount", expected::above_zero()).into());
    }
    let mut first: Option<Bill> = None;
    for id in &command.bills {
        let bill = bills::find(scope, *id).await?.ok_or(Denied::Hidden)?;
        let right = caller.act(PAYMENT_PAY_ONLINE, PAYMENT_READ, bill.estate)?;
        let account = accounts::find(scope, bill.account).await?.ok_or(Denied::Hidden)?;
        if !covers(&right, &account) {
            return Err(Denied::Hidden.into());
        }
        if first.as_ref().is_some_and(|first| first.account != bill.account) {
            return Err(Invalid::new("billIds", say::bills_of_one_account()).into());
        }
        first.get_or_insert(bill);
    }
    first.ok_or_else(|| Denied::Hidden.into())
}

/// The payment as it is meant, nothing asked of the provider yet.
async fn intent(
    scope: &TenantScope,
    id: PaymentId,
    caller: &Caller,
    first: &Bill,
    command: PayBills,
) -> Result<Payment, PayError> {
    let estate = estates::find(scope, first.estate).await?.ok_or(Denied::Hidden)?;
    let merchant = merchant_accounts::active(scope).await?;
    let merchant = merchant.ok_or(PayError::Conflict(say::no_online_payments()))?;
    let open = bills::open_bills(scope, first.account).await?;
    let named = open.iter().filter(|bill| command.bills.contains(&bill.id));
    let owed: Fen = named.map(|bill| bill.principal + bill.late_fee).sum();
    if !owed.is_positive() {
        return Err(PayError::Conflict(say::nothing_open()));
    }
    let mut url = Url::parse(&command.return_url)
        .map_err(|_| Invalid::new("returnUrl", expected::web_address()))?;
    url.query_pairs_mut().append_pair("payment", &id.to_string());
    let page = Page {
        description: format!("{} {}", estate.name, bill_text(first)),
        success_url: url.to_string(),
        cancel_url: url.to_string(),
        chinese: command.chinese,
        expires_at: scope.now() + PAGE_OPEN_FOR,
        saved: None,
    };
    Ok(Payment {
        id,
        estate: estate.id,
        account: first.account,
        till: Till::Online,
        currency: estate.currency,
        state: PaymentState::created(command.amount.unwrap_or(owed)),
        designated: command.bills,
        prepaid: Fen::ZERO,
        prepaid_refunded: Fen::ZERO,
        entered_by: caller.user(),
        taken_by: None,
        channel_reference: None,
        online: Some(Online {
            merchant: merchant.id,
            page,
            checkout_id: None,
            checkout_url: None,
            provider_payment: None,
            method: None,
        }),
        created_at: scope.now(),
        received_at: None,
    })
}

/// Waits until the first request with the same key has opened the page. When it does not, this one
/// does: under the payment's own key it is the same page, whoever opens it.
async fn wait_for_page(channel: &Channel, caller: &Caller, id: PaymentId) -> Result<(), PayError> {
    for _ in 0..LOOKS {
        let scope = channel.db.read(caller.tenant()).await?;
        let payment = Payments(&scope).find(id).await?.ok_or(Denied::Hidden)?;
        if payment.state.status() != PaymentStatus::Created {
            return Ok(());
        }
        if scope.now() - payment.created_at > OPENING {
            break;
        }
        drop(scope);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    open_page(channel, caller.tenant(), id).await.map(drop)
}
