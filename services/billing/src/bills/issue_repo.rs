//! Issuing bills: the bill, its lines and its ledger entry, together or not at all.

use super::{
    domain::NewBill,
    repo::{bill, charge},
};
use crate::{
    ids::BillId,
    ledger::{self, Account, Entry, EntryKind, Line, Posting},
};
use db::{StorageError, TenantScope, stored};
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Issues bills in few statements; a bill of nothing is not issued and has no id in the answer.
/// The caller makes sure that nobody else issues for the same accounts meanwhile.
///
/// # Errors
/// [`StorageError::is_unique_violation`] when a line is charged already.
pub async fn issue(scope: &TenantScope, bills: Vec<NewBill>) -> Result<Vec<BillId>, StorageError> {
    let bills: Vec<NewBill> = bills.into_iter().filter(|bill| bill.total().is_positive()).collect();
    let ids: Vec<BillId> = bills.iter().map(|_| BillId::from_uuid(scope.new_id())).collect();
    let postings = bills.iter().zip(&ids).map(|(bill, id)| posting(bill, *id));
    let entries = ledger::post_all(scope, postings.collect::<Result<_, _>>()?).await?;
    let revisions = revisions(scope, &bills).await?;
    let (mut rows, mut charges) = (Vec::new(), Vec::new());
    for ((bill, id), entry) in bills.iter().zip(&ids).zip(entries) {
        let months = || bill.lines.iter().map(|(line, _)| line.month);
        let (Some(first), Some(last)) = (months().min(), months().max()) else { continue };
        rows.push(bill::ActiveModel {
            id: Set(id.as_uuid()),
            estate_id: Set(bill.estate.as_uuid()),
            account_id: Set(bill.account.as_uuid()),
            unit_id: Set(bill.unit.map(Into::into)),
            building_id: Set(bill.building.map(Into::into)),
            run_id: Set(bill.run.map(Into::into)),
            entry_id: Set(entry.as_uuid()),
            first_month: Set(first.first()),
            last_month: Set(last.first()),
            issued_on: Set(bill.issued_on),
            due: Set(bill.due),
            total: Set(bill.total().0),
            settled: Set(0),
            prepaid: Set(0),
            voided_on: Set(None),
            void_reason: Set(None),
            replaces: Set(bill.replaces.map(Into::into)),
            ..Default::default()
        });
        for (line, _) in &bill.lines {
            let key = (bill.account.as_uuid(), line.source.clone(), line.from);
            charges.push(charge::ActiveModel {
                id: Set(scope.new_id()),
                bill_id: Set(id.as_uuid()),
                account_id: Set(bill.account.as_uuid()),
                estate_id: Set(bill.estate.as_uuid()),
                building_id: Set(bill.building.map(Into::into)),
                item_id: Set(line.item.as_uuid()),
                source: Set(line.source.clone()),
                standard_id: Set(line.standard.map(Into::into)),
                payer: Set(stored::word(line.payer)?),
                month: Set(line.month.first()),
                from_day: Set(line.from),
                to_day: Set(line.to),
                amount: Set(line.amount.0),
                explanation: Set(line.explanation.as_ref().map(stored::json).transpose()?),
                description: Set(line.description.clone()),
                revision: Set(revisions.get(&key).map_or(0, |last| last + 1)),
                ..Default::default()
            });
        }
    }
    scope.insert_all(rows).await?;
    scope.insert_all(charges).await?;
    for estate in bills.iter().map(|bill| bill.estate).collect::<BTreeSet<_>>() {
        crate::dunning::enqueue(scope, estate).await?;
    }
    Ok(ids)
}

/// One entry per bill: the account owes the total, each income account earns its lines.
fn posting(bill: &NewBill, id: BillId) -> Result<Posting, StorageError> {
    let mut earned: BTreeMap<(&str, Option<Uuid>), (Account, Fen)> = BTreeMap::new();
    for (line, income) in &bill.lines {
        let of_account = earned.entry((income.code(), income.subject()));
        of_account.or_insert((*income, Fen::ZERO)).1 += line.amount;
    }
    let currency = bill.currency;
    let owed = Line { account: Account::Receivable(bill.account), amount: bill.total(), currency };
    let earned = earned.into_values().filter(|(_, amount)| !amount.is_zero());
    let lines = std::iter::once(owed).chain(earned.map(|(account, amount)| Line {
        account,
        amount: -amount,
        currency,
    }));
    // A debt that was there before us is no charge of ours.
    let opening = bill.lines.iter().all(|(_, income)| *income == Account::OpeningBalance);
    let kind = if opening { EntryKind::Opening } else { EntryKind::Charge };
    let entry = Entry::new(kind, lines.collect())
        .map_err(|error| StorageError::unreadable(error.to_string()))?;
    let (estate, date, source) = (bill.estate, bill.issued_on, id.to_string());
    Ok(Posting { estate, entry, date, source, memo: String::new() })
}

type Key = (Uuid, String, chrono::NaiveDate);

/// The last revision of every line that was reversed before; a standing one breaks the key.
async fn revisions(
    scope: &TenantScope,
    bills: &[NewBill],
) -> Result<HashMap<Key, i32>, StorageError> {
    let accounts: Vec<Uuid> = bills.iter().map(|bill| bill.account.as_uuid()).collect();
    let mut voided = std::collections::HashSet::new();
    let mut found = HashMap::new();
    for part in accounts.chunks(500) {
        let bills = scope
            .find::<bill::Entity>()
            .filter_in(bill::Column::AccountId, part.iter().copied())
            .filter(bill::Column::VoidedOn.is_not_null());
        voided.extend(bills.all().await?.into_iter().map(|bill| bill.id));
        if voided.is_empty() {
            continue;
        }
        let charges = scope.find::<charge::Entity>();
        for row in charges.filter_in(charge::Column::BillId, voided.drain()).all().await? {
            let last: &mut i32 =
                found.entry((row.account_id, row.source, row.from_day)).or_insert(row.revision);
            *last = row.revision.max(*last);
        }
    }
    Ok(found)
}
