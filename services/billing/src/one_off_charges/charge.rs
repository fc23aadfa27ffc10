//! Entering a single charge.

use super::{
    ONE_OFF_CHARGE,
    repo::{self, OneOff},
};
use crate::{
    accounts::{self, BillingAccount, Debtor},
    bill_runs::plan,
    bills::{self, BILL_READ, NewBill, NewLine},
    charges::{BillingMonth, PayerKind},
    error::{Refused, checked_reason},
    estates::{self, Estate},
    fees::{self, FeeItem, FeeKind},
    ids::{BillingAccountId, FeeItemId, OneOffChargeId, UnitId},
    say,
};
use authz::{AuditFact, Caller, Denied, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, StorageError, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use money::Fen;
use std::collections::HashMap;

/// Who owes a single charge.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub(crate) enum OwedBy {
    /// This account.
    Account(BillingAccountId),
    /// Who pays for this unit on the day.
    Unit(UnitId),
}

/// A single charge to enter.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct NewCharge {
    pub(crate) estate: EstateId,
    pub(crate) owed_by: OwedBy,
    pub(crate) item: FeeItemId,
    pub(crate) amount: Fen,
    pub(crate) day: NaiveDate,
    pub(crate) description: String,
    pub(crate) reason: String,
}

/// Charges once: a bill of one line, at once.
#[tracing::instrument(name = "usecase.one_off_charges.charge", skip_all, fields(estate.id = %new.estate))]
pub(crate) async fn charge(
    db: &Db,
    caller: &Caller,
    new: NewCharge,
    key: &IdempotencyKey,
) -> Result<OneOffChargeId, Refused> {
    let permit = caller.act(ONE_OFF_CHARGE, BILL_READ, new.estate)?;
    let (actor, input) = (caller.clone(), new.clone());
    keyed(db, caller, "charge_once", key, &input, move |scope| {
        Box::pin(async move {
            // Held until the charge is kept: two charges, or a charge and a run, take turns.
            let estate = estates::lock(scope, permit.estate()).await?.ok_or(Denied::Hidden)?;
            let item = fees::find_item(scope, new.item).await?.ok_or(Denied::Hidden)?;
            if item.estate != estate.id {
                return Err(Denied::Hidden.into());
            }
            let account = owed_by(scope, &estate, &new).await?;
            let new = checked(new, &item)?;
            permit.covers(new.amount)?;
            let id = OneOffChargeId::from_uuid(scope.new_id());
            let bill = bill(&estate, &item, (&account, id), &new, estate.today(scope.clock()))?;
            let issued = bills::issue(scope, vec![bill]).await?;
            let bill = issued.first().copied();
            let bill = bill.ok_or_else(|| StorageError::unreadable("a bill of nothing"))?;
            let today = estate.today(scope.clock());
            bills::apply_prepayments(scope, &estate, &[account.id], today).await?;
            let one = OneOff {
                id,
                estate: estate.id,
                account: account.id,
                item: item.id,
                amount: new.amount,
                day: new.day,
                description: new.description,
                reason: new.reason,
                bill,
                by: actor.user(),
                at: scope.now(),
            };
            repo::insert(scope, &one).await?;
            let fact = AuditFact {
                action: "charge.entered",
                object: id.to_string(),
                estate: Some(estate.id),
                reason: Some(&one.reason),
                detail: serde_json::json!({ "bill": bill.to_string(), "amount": one.amount }),
            };
            authz::audit(scope, &actor, fact).await?;
            Ok(id)
        })
    })
    .await
}

fn checked(new: NewCharge, item: &FeeItem) -> Result<NewCharge, Invalid> {
    if !new.amount.is_positive() || new.amount.0 > 100_000_000 {
        return Err(Invalid::new("amount", say::at_most(Fen(100_000_000))));
    }
    if item.kind == FeeKind::LateFee {
        return Err(Invalid::new("feeItemId", say::late_fee_not_by_hand()));
    }
    let description = new.description.trim().to_owned();
    if !(1..=200).contains(&description.chars().count()) {
        return Err(Invalid::new("description", expected::length(1, 200)));
    }
    let reason = checked_reason(&new.reason)?.to_owned();
    Ok(NewCharge { description, reason, ..new })
}

/// The account that owes, opened if it was not.
async fn owed_by(
    scope: &TenantScope,
    estate: &Estate,
    new: &NewCharge,
) -> Result<BillingAccount, Refused> {
    let unit = match new.owed_by {
        OwedBy::Account(id) => {
            let account = accounts::find(scope, id).await?;
            let account = account.filter(|account| account.estate == estate.id);
            return Ok(account.ok_or(Denied::Hidden)?);
        }
        OwedBy::Unit(unit) => estates::unit(scope, unit).await?.ok_or(Denied::Hidden)?,
    };
    if unit.estate != estate.id {
        return Err(Denied::Hidden.into());
    }
    let sites = plan::unit_sites(scope, vec![unit]).await?;
    let site = sites.iter().find(|site| !site.is_space).ok_or(Denied::Hidden)?;
    let pays = |from: NaiveDate, to: Option<NaiveDate>| {
        from <= new.day && to.is_none_or(|to| new.day <= to)
    };
    let payer = site.payers.iter().find(|it| pays(it.from, it.to));
    let payer = payer.ok_or_else(|| Invalid::new("unitId", say::nobody_pays_then()))?;
    let debtor: Debtor = payer.debtor;
    let known = accounts::of_debtors(scope, estate.id, std::iter::once(debtor)).await?;
    if let Some(account) = known.get(&debtor) {
        return Ok(account.clone());
    }
    let opened = HashMap::from([(debtor, (payer.name.clone(), site.building))]);
    let opened = accounts::open(scope, estate.id, &opened).await?;
    let account = opened.get(&debtor).cloned();
    Ok(account.ok_or_else(|| StorageError::unreadable("an account that was just opened"))?)
}

fn bill(
    estate: &Estate,
    item: &FeeItem,
    (account, id): (&BillingAccount, OneOffChargeId),
    new: &NewCharge,
    today: NaiveDate,
) -> Result<NewBill, Invalid> {
    let month = BillingMonth::of(new.day)
        .map_err(|_| Invalid::new("day", expected::month(new.day.to_string())))?;
    let line = NewLine {
        item: item.id,
        source: format!("once/{id}"),
        standard: None,
        payer: PayerKind::Owner,
        month,
        from: new.day,
        to: new.day,
        amount: new.amount,
        explanation: None,
        description: Some(new.description.clone()),
    };
    let due = account.terms.unwrap_or(estate.terms).due;
    Ok(NewBill {
        estate: estate.id,
        account: account.id,
        unit: account.debtor.unit,
        building: account.building,
        run: None,
        replaces: None,
        issued_on: today,
        due: due.due_date(BillingMonth::of(today).unwrap_or(month), today),
        currency: estate.currency,
        lines: vec![(line, item.income_account())],
    })
}
