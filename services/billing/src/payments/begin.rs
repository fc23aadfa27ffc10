//! Beginning to pay online: the intent first, then the payer's page.

use super::{
    Channel, FOLLOW_UP, PayError, Payment, PaymentState, PaymentStatus, Payments,
    follow_up::GRACE,
    open_page::open_page,
    payment::{Online, Page},
};
use crate::{
    estates::Estate,
    ids::{BillId, BillingAccountId, DepositId, PaymentId},
    ledger::Till,
    merchant_accounts, say,
};
use authz::{AuditFact, Caller, Denied, audit};
use chrono::Duration;
use db::{TenantScope, enqueue_job_after};
use errors::{Invalid, expected};
use money::Fen;
use url::Url;

/// How long the payer's page stays open; the provider allows 30 minutes to 24 hours.
const PAGE_OPEN_FOR: Duration = Duration::hours(1);

/// How long the first request with a key may take to open the page; then it has died.
const OPENING: Duration = Duration::seconds(5);

/// How often who repeats a request looks for that page meanwhile.
const LOOKS: u32 = 100;

/// What somebody wishes to pay on a page of the provider.
pub(super) struct Wish {
    pub account: BillingAccountId,
    pub amount: Fen,
    /// The bills it is for, in order;
    pub bills: Vec<BillId>,
    /// or the deposit.
    pub deposit: Option<DepositId>,
    /// What the payer reads after the estate's name.
    pub text: String,
    /// Where the payer's browser goes afterwards.
    pub return_url: String,
    /// The page's language: Chinese, else English.
    pub chinese: bool,
}

/// Records the wish; nothing is asked of the provider yet.
pub(super) async fn begin(
    scope: &TenantScope,
    caller: &Caller,
    estate: &Estate,
    id: PaymentId,
    wish: Wish,
) -> Result<PaymentId, PayError> {
    let payment = intent(scope, caller, estate, id, wish).await?;
    Payments(scope).insert(&payment).await?;
    enqueue_job_after(scope, FOLLOW_UP, id.as_uuid(), GRACE).await?;
    let fact = AuditFact {
        action: "payment.begun",
        object: id.to_string(),
        estate: Some(payment.estate),
        reason: None,
        detail: payment.state.amount,
    };
    audit(scope, caller, fact).await?;
    Ok(id)
}

/// The payment as it is meant.
async fn intent(
    scope: &TenantScope,
    caller: &Caller,
    estate: &Estate,
    id: PaymentId,
    wish: Wish,
) -> Result<Payment, PayError> {
    let merchant = merchant_accounts::active(scope).await?;
    let merchant = merchant.ok_or(PayError::Conflict(say::no_online_payments()))?;
    let mut url = Url::parse(&wish.return_url)
        .map_err(|_| Invalid::new("returnUrl", expected::web_address()))?;
    url.query_pairs_mut().append_pair("payment", &id.to_string());
    let page = Page {
        description: format!("{} {}", estate.name, wish.text),
        success_url: url.to_string(),
        cancel_url: url.to_string(),
        chinese: wish.chinese,
        expires_at: scope.now() + PAGE_OPEN_FOR,
        saved: None,
    };
    Ok(Payment {
        id,
        estate: estate.id,
        account: wish.account,
        till: Till::Online,
        currency: estate.currency,
        state: PaymentState::created(wish.amount),
        designated: wish.bills,
        deposit: wish.deposit,
        prepaid: Fen::ZERO,
        prepaid_refunded: Fen::ZERO,
        entered_by: caller.user(),
        taken_by: None,
        channel_reference: None,
        online: Some(Online::new(merchant.id, page)),
        created_at: scope.now(),
        received_at: None,
    })
}

/// Leads the payer to the page of `id`. Who repeated the request of somebody that has just begun it
/// waits for that page.
pub(super) async fn lead_to_page(
    channel: &Channel,
    caller: &Caller,
    id: PaymentId,
    is_repeat: bool,
) -> Result<(), PayError> {
    if is_repeat {
        return wait_for_page(channel, caller, id).await;
    }
    open_page(channel, caller.tenant(), id).await.map(drop)
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
