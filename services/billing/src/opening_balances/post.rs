//! Posting rows: arrears become bills, prepayments balances, deposits are held from then on;
//! everything against the opening balance.

use super::{
    domain::{OpeningKind, RowState},
    repo::Opening,
    rows_repo::{self, OpeningRow},
};
use crate::{
    accounts::{self, BillingAccount, Debtor},
    bills::{self, NewBill, NewLine},
    charges::{BillingMonth, PayerKind},
    deposits::{self, BroughtIn},
    error::Refused,
    estates::{self, Estate, Payer},
    ids::{BuildingId, UnitId},
    ledger::{self, Account, Entry, Posting},
    meters::{self, LastReading},
    say,
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use std::collections::{BTreeMap, HashMap};

/// Everybody the rows are about.
struct Debtors {
    accounts: HashMap<Debtor, BillingAccount>,
    kinds: HashMap<Debtor, PayerKind>,
}

impl Debtors {
    fn account(&self, row: &OpeningRow) -> Result<&BillingAccount, StorageError> {
        let found = row.debtor.and_then(|debtor| self.accounts.get(&debtor));
        found.ok_or_else(|| StorageError::unreadable("an account of opening balances is missing"))
    }
}

/// Posts rows and notes on each what it became.
pub(super) async fn post(
    scope: &TenantScope,
    estate: &Estate,
    opening: &Opening,
    mut rows: Vec<OpeningRow>,
) -> Result<(), Refused> {
    let debtors = debtors(scope, estate, &rows).await?;
    for row in &mut rows {
        row.state = RowState::Posted;
    }
    let (mut read, mut rows): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| row.given.kind == OpeningKind::MeterReading);
    enter(scope, opening, &mut read).await?;
    for row in &mut rows {
        row.given.account = Some(debtors.account(row)?.id);
    }
    let (mut arrears, mut others): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| row.given.kind == OpeningKind::Arrears);
    bill(scope, estate, opening, &debtors, &mut arrears).await?;
    balance(scope, estate, opening, &mut others).await?;
    hold(scope, estate, opening, &debtors, &mut others).await?;
    arrears.append(&mut others);
    arrears.append(&mut read);
    Ok(rows_repo::save(scope, opening, &arrears).await?)
}

/// The accounts of everybody the rows are about; missing ones are opened.
async fn debtors(
    scope: &TenantScope,
    estate: &Estate,
    rows: &[OpeningRow],
) -> Result<Debtors, StorageError> {
    let wanted = || rows.iter().filter_map(|row| row.debtor);
    let mut units: Vec<UnitId> = wanted().filter_map(|debtor| debtor.unit).collect();
    units.sort_unstable();
    units.dedup();
    let mut payers: HashMap<Debtor, Payer> = HashMap::new();
    for payer in estates::payers_of(scope, &units).await? {
        payers.insert(Debtor { party: payer.person, unit: Some(payer.unit) }, payer);
    }
    let mut buildings: HashMap<UnitId, BuildingId> = HashMap::new();
    for part in units.chunks(500) {
        let found = estates::units_by_id(scope, part.iter().copied()).await?;
        buildings.extend(found.into_iter().map(|unit| (unit.id, unit.building)));
    }
    let mut accounts = accounts::of_debtors(scope, estate.id, wanted()).await?;
    let mut missing = HashMap::new();
    for debtor in wanted().filter(|debtor| !accounts.contains_key(debtor)) {
        let Some(payer) = payers.get(&debtor) else { continue };
        let building = debtor.unit.and_then(|unit| buildings.get(&unit)).copied();
        missing.insert(debtor, (payer.name.clone(), building));
    }
    accounts.extend(accounts::open(scope, estate.id, &missing).await?);
    let kinds = payers.into_iter().map(|(debtor, payer)| (debtor, payer.kind)).collect();
    Ok(Debtors { accounts, kinds })
}

/// One bill for the arrears of each account, month and due date.
async fn bill(
    scope: &TenantScope,
    estate: &Estate,
    opening: &Opening,
    debtors: &Debtors,
    rows: &mut [OpeningRow],
) -> Result<(), Refused> {
    let mut groups: BTreeMap<(Debtor, BillingMonth, NaiveDate), Vec<usize>> = BTreeMap::new();
    for (n, row) in rows.iter().enumerate() {
        let key = row.debtor.zip(row.month()).zip(row.given.due);
        let ((debtor, month), due) =
            key.ok_or_else(|| StorageError::unreadable("arrears without a month"))?;
        groups.entry((debtor, month, due)).or_default().push(n);
    }
    let mut new = Vec::with_capacity(groups.len());
    for ((debtor, month, due), members) in &groups {
        let account = debtors.account(&rows[members[0]])?;
        let payer = debtors.kinds.get(debtor).copied().unwrap_or(PayerKind::Owner);
        let lines: Result<Vec<_>, _> =
            members.iter().map(|n| line(&rows[*n], *month, payer)).collect();
        new.push(NewBill {
            estate: estate.id,
            account: account.id,
            unit: debtor.unit,
            building: account.building,
            run: None,
            replaces: None,
            issued_on: opening.booked_on(),
            due: *due,
            currency: estate.currency,
            lines: lines?,
        });
    }
    let issued = bills::issue(scope, new).await?;
    for (members, bill) in groups.into_values().zip(issued) {
        for n in members {
            rows[n].bill = Some(bill);
        }
    }
    Ok(())
}

fn line(
    row: &OpeningRow,
    month: BillingMonth,
    payer: PayerKind,
) -> Result<(NewLine, Account), StorageError> {
    let item = row.item.ok_or_else(|| StorageError::unreadable("arrears without a fee item"))?;
    let line = NewLine {
        item,
        source: format!("opening/{item}"),
        standard: None,
        payer,
        month,
        from: month.first(),
        to: month.last(),
        amount: row.given.amount,
        explanation: None,
        description: Some(say::opening_line().bilingual()),
    };
    Ok((line, Account::OpeningBalance))
}

/// An entry for each prepayment and deposit.
async fn balance(
    scope: &TenantScope,
    estate: &Estate,
    opening: &Opening,
    rows: &mut [OpeningRow],
) -> Result<(), Refused> {
    let mut postings = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let account = row.given.account;
        let account =
            account.ok_or_else(|| StorageError::unreadable("a row without an account"))?;
        let liability = match row.given.kind {
            OpeningKind::Deposit => Account::DepositLiability(account),
            _ => Account::PrepaymentLiability(account),
        };
        let entry = Entry::opening(liability, -row.given.amount, estate.currency)
            .map_err(|error| StorageError::unreadable(error.to_string()))?;
        postings.push(Posting {
            estate: estate.id,
            entry,
            date: opening.booked_on(),
            source: opening.id.to_string(),
            memo: row.given.note.clone().unwrap_or_default(),
        });
    }
    let entries = ledger::post_all(scope, postings).await?;
    for (row, entry) in rows.iter_mut().zip(entries) {
        row.entry = Some(entry);
    }
    Ok(())
}

/// A deposit for each entry of one.
async fn hold(
    scope: &TenantScope,
    estate: &Estate,
    opening: &Opening,
    debtors: &Debtors,
    rows: &mut [OpeningRow],
) -> Result<(), StorageError> {
    let mut rows: Vec<&mut OpeningRow> =
        rows.iter_mut().filter(|row| row.given.kind == OpeningKind::Deposit).collect();
    let brought_in = |row: &&mut OpeningRow| {
        let entry = row.entry;
        Ok(BroughtIn {
            account: debtors.account(row)?.clone(),
            amount: row.given.amount,
            currency: estate.currency,
            agreement: row.given.note.as_deref().unwrap_or_default().trim().to_owned(),
            opening: opening.id,
            by: opening.created_by,
            on: opening.booked_on(),
            entry: entry.ok_or_else(|| StorageError::unreadable("a deposit without an entry"))?,
        })
    };
    let all: Result<Vec<_>, StorageError> = rows.iter().map(brought_in).collect();
    let deposits = deposits::bring_in(scope, all?).await?;
    for (row, deposit) in rows.iter_mut().zip(deposits) {
        row.deposit = Some(deposit);
    }
    Ok(())
}

/// The last readings, from which on we charge.
async fn enter(
    scope: &TenantScope,
    opening: &Opening,
    rows: &mut [OpeningRow],
) -> Result<(), Refused> {
    let last = |row: &OpeningRow| {
        let said = row.meter.zip(row.given.read_on).zip(row.given.reading);
        said.map(|((meter, day), value)| LastReading { meter, day, value })
            .ok_or_else(|| StorageError::unreadable("a reading without a meter"))
    };
    let all: Result<Vec<_>, _> = rows.iter().map(last).collect();
    let entered = meters::bring_in(scope, opening.created_by, &all?).await?;
    let entered = entered.ok_or_else(|| Refused::Conflict(say::opening_meter_moved()))?;
    for (row, reading) in rows.iter_mut().zip(entered) {
        row.reading = Some(reading);
    }
    Ok(())
}
