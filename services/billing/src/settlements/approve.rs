//! The second person approves a settlement, which carries it out: all of it or nothing.

use super::{
    LEAVING_APPROVE,
    domain::{LeavingState, Unused},
    meet::meet,
    prepare::may,
    repo::{self, Leaving, Leavings},
    sheet::{Successor, sheet, successor},
};
use crate::{
    accounts::{self, BillingAccount},
    bills::{self, NewBill, NewLine},
    charges::{BillingMonth, PayerKind},
    deposits,
    error::Refused,
    estates::{self, Estate},
    fees,
    ids::{BillId, BillingAccountId, EntryId, FeeItemId, LeavingId},
    ledger::{self, Account, Entry, Posting},
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, UserId, audit, keyed};
use db::{Db, IdempotencyKey, StorageError, TenantScope};
use errors::Coded as _;
use std::collections::BTreeMap;

/// Approves the settlement and carries it out: the debits are billed, unused days credited and
/// charged to the successor, bills met, and what goes back is spoken for.
#[tracing::instrument(name = "usecase.settlements.approve", skip_all, fields(leaving.id = %id))]
pub(super) async fn approve(
    db: &Db,
    caller: &Caller,
    id: LeavingId,
    key: &IdempotencyKey,
) -> Result<LeavingId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let leaving = Leavings(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    let (_, right) = may(&scope, caller, LEAVING_APPROVE, leaving.account).await?;
    drop(scope);
    let actor = caller.clone();
    keyed(db, caller, "approve_leaving", key, &id, move |scope| {
        Box::pin(async move {
            let estate = estates::lock(scope, leaving.estate).await?.ok_or(Denied::Hidden)?;
            let account = accounts::lock(scope, leaving.account).await?.ok_or(Denied::Hidden)?;
            let mut leaving = Leavings(scope).find(id).await?.ok_or(Denied::Hidden)?;
            if leaving.state != LeavingState::Prepared {
                return Err(PayError::Conflict(say::leaving_decided()));
            }
            second_person(scope, &leaving, actor.user()).await?;
            right.covers(leaving.sheet.paid_out())?;
            let until = leaving.sheet.late_until;
            let now = sheet(scope, (&estate, &account), &leaving.command, until).await?;
            if now != leaving.sheet {
                return Err(PayError::Conflict(say::leaving_outdated()));
            }
            carry_out(scope, (&estate, &account), &mut leaving, actor.user()).await?;
            leaving.decided = Some((actor.user(), scope.now()));
            let is_paid_out = leaving.sheet.paid_out().is_positive();
            leaving.state =
                if is_paid_out { LeavingState::Approved } else { LeavingState::Settled };
            Leavings(scope).save(&leaving).await?;
            let fact = AuditFact {
                action: "leaving.approved",
                object: leaving.id.to_string(),
                estate: Some(leaving.estate),
                reason: None,
                detail: (leaving.sheet.net(), leaving.sheet.paid_out()),
            };
            audit(scope, &actor, fact).await?;
            Ok(id)
        })
    })
    .await
}

/// Neither who prepared it nor who took money of the account that goes back may approve.
async fn second_person(
    scope: &TenantScope,
    leaving: &Leaving,
    approver: UserId,
) -> Result<(), PayError> {
    let paid = repo::payments(scope, leaving.account).await?;
    let took = paid.iter().any(|(_, taken_by)| *taken_by == Some(approver));
    if leaving.prepared_by == approver || (took && leaving.sheet.rest().is_positive()) {
        return Err(Denied::SamePerson(say::second_person_needed()).into());
    }
    Ok(())
}

async fn carry_out(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    leaving: &mut Leaving,
    approver: UserId,
) -> Result<(), PayError> {
    let incomes = incomes(scope, leaving).await?;
    leaving.bill = charge_debits(scope, (estate, account), leaving, &incomes).await?;
    credit(scope, estate, leaving, &incomes).await?;
    meet(scope, (estate, account), leaving).await?;
    if let Some(next) = successor(scope, &leaving.command, account).await? {
        let next = charge_successor(scope, estate, leaving, &next, &incomes).await?;
        leaving.successor_bill = next.map(|(bill, _)| bill);
        let billed: Vec<BillingAccountId> = next.map(|(_, account)| account).into_iter().collect();
        let today = estate.today(scope.clock());
        bills::apply_prepayments(scope, estate, &billed, today).await.map_err(refused)?;
    }
    for deposit in leaving.sheet.deposits.clone() {
        let people = (leaving.prepared_by, approver);
        let reason = say::leaving_refund().bilingual();
        let refund = deposits::approved(scope, estate, deposit, reason, people).await?;
        leaving.refunds.push(refund);
    }
    Ok(())
}

/// What earns each fee item of the sheet.
async fn incomes(
    scope: &TenantScope,
    leaving: &Leaving,
) -> Result<BTreeMap<FeeItemId, Account>, PayError> {
    let of_unused = leaving.sheet.unused.iter().map(|unused| unused.item);
    let items: Vec<FeeItemId> =
        of_unused.chain(leaving.sheet.debits.iter().map(|debit| debit.item)).collect();
    let items = fees::repo::items_by_id(scope, items).await?;
    Ok(items.into_iter().map(|item| (item.id, item.income_account())).collect())
}

fn income(
    incomes: &BTreeMap<FeeItemId, Account>,
    item: FeeItemId,
) -> Result<Account, StorageError> {
    let found = incomes.get(&item).copied();
    found.ok_or_else(|| StorageError::unreadable(format!("the income of {item}")))
}

/// The bill of what is charged with the settlement, due today.
async fn charge_debits(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    leaving: &Leaving,
    incomes: &BTreeMap<FeeItemId, Account>,
) -> Result<Option<BillId>, PayError> {
    let day = leaving.command.leaves_on;
    let mut lines = Vec::with_capacity(leaving.sheet.debits.len());
    for (place, debit) in leaving.sheet.debits.iter().enumerate() {
        let line = NewLine {
            item: debit.item,
            source: format!("{}/{place}", leaving.id),
            standard: None,
            payer: PayerKind::Owner,
            month: BillingMonth::of(day)?,
            from: day,
            to: day,
            amount: debit.amount,
            explanation: None,
            description: Some(debit.description.trim().to_owned()),
        };
        lines.push((line, income(incomes, debit.item)?));
    }
    let issued = bills::issue(scope, vec![new_bill(scope, estate, account, lines)]).await?;
    Ok(issued.first().copied())
}

fn new_bill(
    scope: &TenantScope,
    estate: &Estate,
    account: &BillingAccount,
    lines: Vec<(NewLine, Account)>,
) -> NewBill {
    let today = estate.today(scope.clock());
    NewBill {
        estate: estate.id,
        account: account.id,
        unit: account.debtor.unit,
        building: account.building,
        run: None,
        replaces: None,
        issued_on: today,
        due: today,
        currency: estate.currency,
        lines,
    }
}

/// Credits the unused days: the income earns less, the account has them paid ahead.
async fn credit(
    scope: &TenantScope,
    estate: &Estate,
    leaving: &Leaving,
    incomes: &BTreeMap<FeeItemId, Account>,
) -> Result<(), PayError> {
    let unused = &leaving.sheet.unused;
    if unused.is_empty() {
        return Ok(());
    }
    let mut postings = Vec::with_capacity(unused.len());
    for part in unused {
        let income = income(incomes, part.item)?;
        postings.push(Posting {
            estate: estate.id,
            entry: Entry::credit_note(leaving.account, income, part.amount(), estate.currency)?,
            date: estate.today(scope.clock()),
            source: leaving.id.to_string(),
            memo: format!("{} {} – {}", part.charge, part.from, part.to),
        });
    }
    let entries = ledger::post_all(scope, postings).await?;
    let lines = repo::lines_after(scope, leaving.account, leaving.command.leaves_on).await?;
    let bill_of = |part: &Unused| lines.iter().find(|line| line.id == part.charge);
    let notes = unused
        .iter()
        .zip(entries)
        .filter_map(|(part, entry)| bill_of(part).map(|line| (part, line.bill, entry)));
    let notes: Vec<(&Unused, BillId, EntryId)> = notes.collect();
    Ok(repo::insert_notes(scope, leaving, &notes).await?)
}

/// Charges the same days to the successor, whose account is opened if there is none.
async fn charge_successor(
    scope: &TenantScope,
    estate: &Estate,
    leaving: &Leaving,
    next: &Successor,
    incomes: &BTreeMap<FeeItemId, Account>,
) -> Result<Option<(BillId, BillingAccountId)>, PayError> {
    let debtor = next.debtor;
    let opened = [(debtor, (next.name.clone(), next.building))].into();
    let accounts = accounts::open(scope, estate.id, &opened).await?;
    let account = accounts.get(&debtor);
    let account = account.ok_or_else(|| StorageError::unreadable("an account just opened"))?;
    let mut lines = Vec::with_capacity(leaving.sheet.unused.len());
    for part in leaving.sheet.unused.iter().filter(|part| part.passes) {
        let line = NewLine {
            item: part.item,
            source: part.source.clone(),
            standard: part.standard,
            payer: next.kind,
            month: part.month,
            from: part.from,
            to: part.to,
            amount: part.amount(),
            explanation: None,
            description: part.description.clone(),
        };
        lines.push((line, income(incomes, part.item)?));
    }
    let issued = bills::issue(scope, vec![new_bill(scope, estate, account, lines)]).await?;
    Ok(issued.first().map(|bill| (*bill, account.id)))
}

/// A refusal of the bills, as this feature says it.
fn refused(error: Refused) -> PayError {
    match error {
        Refused::Denied(denied) => denied.into(),
        Refused::Storage(error) => error.into(),
        other => PayError::Conflict(other.text()),
    }
}
