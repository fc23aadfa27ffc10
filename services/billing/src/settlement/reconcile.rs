//! Comparing what the provider moved with the books.

use super::{
    compare::{Item, ItemKind, Key, Side, compare},
    reconcile_repo as repo,
};
use crate::{
    bank::may_read,
    cashier::day_range,
    estates,
    ids::{PaymentId, RefundId},
    ledger::{self, Account},
    payments::PayError,
    say,
};
use authz::{Caller, Denied};
use chrono::NaiveDate;
use db::{Db, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use money::{Currency, Fen};
use std::collections::BTreeSet;

/// The longest time that is compared at once.
const MOST_DAYS: i64 = 92;

/// How the books stand to the provider.
#[derive(Clone, Debug)]
pub(super) struct Reconciliation {
    pub currency: Currency,
    pub items: Vec<Item>,
    /// What the provider holds now by its own movements.
    pub held: Fen,
    /// What it holds now by the books.
    pub held_in_books: Fen,
}

/// Every payment and payout that moved in an estate from one day to another, on either side, with
/// all that ever happened to it.
pub(super) async fn reconcile(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Reconciliation, PayError> {
    may_read(caller, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let books = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    if to < from {
        return Err(Invalid::new("to", expected::not_before("from")).into());
    }
    if (to - from).num_days() >= MOST_DAYS {
        return Err(Invalid::new("to", say::at_most_days(MOST_DAYS)).into());
    }
    let range = (day_range(books.zone, from).0, day_range(books.zone, to).1);
    let (mut payments, mut payouts) = repo::moved(&scope, estate, range).await?;
    let mut others = BTreeSet::new();
    for (kind, source) in repo::booked(&scope, estate, (from, to)).await? {
        match (kind.as_str(), owner(&scope, &source).await?) {
            ("PAYOUT", _) => payouts.insert(source),
            (_, Some(payment)) => payments.insert(payment),
            _ => others.insert(source),
        };
    }
    let mut provider = repo::movements(&scope, estate, &payments).await?;
    provider.extend(repo::carried(&scope, estate, &payouts).await?);
    let sides = in_books(&scope, estate, (&payments, &payouts, &others)).await?;
    Ok(Reconciliation {
        currency: books.currency,
        items: compare(&provider, &sides),
        held: repo::held(&scope, estate).await?,
        held_in_books: ledger::balance(&scope, estate, Account::StripeClearing).await?,
    })
}

/// The payment that an entry belongs to by its source.
async fn owner(scope: &TenantScope, source: &str) -> Result<Option<PaymentId>, PayError> {
    if let Ok(payment) = source.parse::<PaymentId>() {
        return Ok(Some(payment));
    }
    match source.parse::<RefundId>() {
        Ok(refund) => Ok(repo::of_refund(scope, refund).await?),
        Err(_) => Ok(None),
    }
}

async fn in_books(
    scope: &TenantScope,
    estate: EstateId,
    (payments, payouts, others): (&BTreeSet<PaymentId>, &BTreeSet<String>, &BTreeSet<String>),
) -> Result<Side, PayError> {
    let refunds = repo::refunds_of(scope, payments).await?;
    let mut sources: Vec<String> = payments.iter().map(ToString::to_string).collect();
    sources.extend(refunds.keys().cloned());
    sources.extend(payouts.iter().chain(others).cloned());
    let mut side = Side::new();
    for (kind, source, amount) in repo::entries(scope, estate, &sources).await? {
        let payment = refunds.get(&source).map_or_else(|| source.clone(), ToString::to_string);
        let key: Key = match kind.as_str() {
            "PAYMENT" | "DEPOSIT" if !others.contains(&source) => (ItemKind::Payment, source),
            "REFUND" | "DEPOSIT_REFUND" if refunds.contains_key(&source) => {
                (ItemKind::Refund, payment)
            }
            "PROVIDER_FEE" => (ItemKind::Fee, source),
            "DISPUTE" => (ItemKind::Dispute, source),
            "PAYOUT" => (ItemKind::Payout, source),
            _ => (ItemKind::Other, source),
        };
        *side.entry(key).or_insert(Fen::ZERO) += amount;
    }
    Ok(side)
}
