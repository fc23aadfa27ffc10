//! Posting what has arrived at the bank.

use super::{
    domain, repo,
    take_in::{post, unread},
};
use crate::{
    cause::Cause,
    estates,
    ids::{MerchantId, PaymentId},
    ledger::{self, Entry, Posting},
    payments::{Channel, PayError, Payments},
};
use ::payments::{
    Merchant, Outcome, PaymentObject, Payout, SettlementKind, SettlementLine, Subject,
};
use authz::{AuditFact, Denied};
use chrono::Duration;
use db::TenantScope;
use ids::{EstateId, TenantId};
use money::Fen;

/// So long before the oldest open movement payouts are asked for, at least: what a payout carries
/// may have been moved by something we were not told of.
const MARGIN: Duration = Duration::days(3);

/// Asks the provider for payouts and posts those that are new.
///
/// # Errors
/// [`PayError::Provider`] when the provider does not answer: try again later.
pub(crate) async fn take_in_payouts(
    channel: &Channel,
    tenant: TenantId,
    merchant: MerchantId,
    cause: &Cause,
) -> Result<(), PayError> {
    let merchant = channel.merchant(tenant, merchant).await?;
    let scope = channel.db.read(tenant).await?;
    let oldest = repo::oldest_open(&scope, merchant.account()).await?;
    let since = oldest.unwrap_or_else(|| scope.now()) - MARGIN;
    drop(scope);
    let payouts = channel.provider.payouts(&merchant, since).await.map_err(unread)?;
    for payout in payouts.iter().filter(|payout| payout.is_paid) {
        take_in_payout(channel, tenant, &merchant, payout, cause).await?;
    }
    Ok(())
}

async fn take_in_payout(
    channel: &Channel,
    tenant: TenantId,
    merchant: &Merchant,
    payout: &Payout,
    cause: &Cause,
) -> Result<(), PayError> {
    let owners = owners(channel, tenant, merchant, payout).await?;
    let account = merchant.account();
    let scope = channel.db.write(tenant).await?;
    for (line, payment) in owners {
        take_in_line(&scope, account, line, payment, cause).await?;
    }
    let mut lines = Vec::with_capacity(payout.lines.len());
    for line in &payout.lines {
        let estate = repo::estate_of(&scope, account, line).await?.flatten();
        lines.push((estate, line.net));
        repo::carried(&scope, account, line, payout).await?;
    }
    let (ours, others) = domain::shares(&lines);
    if !others.is_zero() {
        tracing::warn!(payout = payout.id, amount = others.0, "of a payout, not ours to post");
    }
    for (estate, share) in ours {
        post_share(&scope, account, payout, estate, share, cause).await?;
    }
    Ok(scope.commit().await?)
}

/// The movements of a payout that are not known yet, each with its payment, if it has one.
async fn owners<'p>(
    channel: &Channel,
    tenant: TenantId,
    merchant: &Merchant,
    payout: &'p Payout,
) -> Result<Vec<(&'p SettlementLine, Option<PaymentId>)>, PayError> {
    let scope = channel.db.read(tenant).await?;
    let mut new = Vec::new();
    for line in &payout.lines {
        if repo::estate_of(&scope, merchant.account(), line).await?.is_none() {
            new.push(line);
        }
    }
    drop(scope);
    let mut owners = Vec::with_capacity(new.len());
    for line in new {
        owners.push((line, owner(channel, merchant, line).await?));
    }
    Ok(owners)
}

/// The payment that a movement belongs to, as far as the provider has a reference of ours.
async fn owner(
    channel: &Channel,
    merchant: &Merchant,
    line: &SettlementLine,
) -> Result<Option<PaymentId>, PayError> {
    let Some(source) = line.source.clone() else { return Ok(None) };
    let object = match line.kind {
        SettlementKind::Payment => PaymentObject::Attempt(source),
        SettlementKind::Refund => PaymentObject::Refund(source),
        SettlementKind::Dispute => PaymentObject::Dispute(source),
        SettlementKind::Fee | SettlementKind::Other => return Ok(None),
    };
    let status = channel.provider.query(merchant, &Subject::Object(object)).await;
    if let Outcome::Unknown { reason } = status.outcome {
        return Err(PayError::Provider(reason));
    }
    Ok(status.reference.and_then(|text| text.parse().ok()))
}

async fn take_in_line(
    scope: &TenantScope,
    account: &str,
    line: &SettlementLine,
    payment: Option<PaymentId>,
    cause: &Cause,
) -> Result<(), PayError> {
    let payment = match payment {
        Some(id) => Payments(scope).find(id).await?,
        None => None,
    };
    let Some(payment) = payment else {
        repo::keep(scope, account, line, None).await?;
        return Ok(());
    };
    let estate = estates::find(scope, payment.estate).await?.ok_or(Denied::Hidden)?;
    post(scope, account, &estate, &payment, line, cause).await
}

async fn post_share(
    scope: &TenantScope,
    account: &str,
    payout: &Payout,
    estate: EstateId,
    share: Fen,
    cause: &Cause,
) -> Result<(), PayError> {
    if share.is_zero() || !repo::paid_out(scope, account, payout, estate, share).await? {
        return Ok(());
    }
    let books = estates::find(scope, estate).await?.ok_or(Denied::Hidden)?;
    let posting = Posting {
        estate,
        entry: Entry::payout(share, payout.currency)?,
        date: books.today(scope.clock()),
        source: payout.id.clone(),
        memo: String::new(),
    };
    ledger::post(scope, posting).await?;
    let fact = AuditFact {
        action: "settlement.payout_posted",
        object: payout.id.clone(),
        estate: Some(estate),
        reason: None,
        detail: share,
    };
    Ok(cause.audit(scope, fact).await?)
}
