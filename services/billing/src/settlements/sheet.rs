//! Putting the sheet of a settlement together from what stands in the books.

use super::{
    command::Leave,
    domain::{Sheet, unused},
    repo,
};
use crate::{
    accounts::{self, BillingAccount},
    bills::{self, Bill},
    charges::PayerKind,
    deposits::{Deposits, reserved},
    estates::Estate,
    ids::{BillId, BuildingId, PersonId, UnitId},
    late_fees,
    payments::PayError,
    say,
};
use authz::Denied;
use chrono::NaiveDate;
use contracts::residents::PartyName;
use db::{StorageError, TenantScope};
use errors::{Coded as _, Invalid};
use money::Fen;

/// Who pays for the unit from the day after the leaving on.
pub(super) struct Successor {
    pub person: PersonId,
    pub name: PartyName,
    pub kind: PayerKind,
    pub unit: UnitId,
    pub building: Option<BuildingId>,
}

/// The successor that was named: a member of the account's unit, or hidden.
pub(super) async fn successor(
    scope: &TenantScope,
    command: &Leave,
    account: &BillingAccount,
) -> Result<Option<Successor>, PayError> {
    let Some(person) = command.successor else { return Ok(None) };
    let unit = account.debtor.unit.ok_or(Denied::Hidden)?;
    let member = repo::member(scope, unit, person).await?;
    let (name, kind) = member.filter(|_| person != account.debtor.party).ok_or(Denied::Hidden)?;
    Ok(Some(Successor { person, name, kind, unit, building: account.building }))
}

/// What the settlement comes to now, late fees until `late_until`.
pub(super) async fn sheet(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    command: &Leave,
    late_until: Option<NaiveDate>,
) -> Result<Sheet, PayError> {
    let successor = successor(scope, command, account).await?;
    let lines = repo::lines_after(scope, account.id, command.leaves_on).await?;
    let unused = unused(&lines, command.leaves_on, successor.map(|next| next.kind))
        .map_err(|error| PayError::Conflict(error.text()))?;
    let mut deposits = Vec::with_capacity(command.deposits.len());
    for id in &command.deposits {
        let deposit = Deposits(scope).find(*id).await?.ok_or(Denied::Hidden)?;
        let spoken_for = reserved(scope, *id).await?;
        let free = deposit.free(spoken_for);
        if spoken_for.is_positive() || !free.is_positive() {
            return Err(Invalid::new("depositIds", say::deposit_not_free()).into());
        }
        deposits.push((*id, free));
    }
    let mut bills = bills::open_of(scope, &[account.id]).await?;
    bills.sort_by_key(|bill| (bill.due, bill.first_month, bill.id));
    let open = bills.iter().map(|bill| (bill.id, bill.outstanding()));
    Ok(Sheet {
        unused,
        debits: command.debits.clone(),
        open: open.filter(|(_, amount)| amount.is_positive()).collect(),
        late_until,
        late_fees: match late_until {
            Some(day) => late_fees_of(scope, estate, &bills, day).await?,
            None => Vec::new(),
        },
        prepayment: accounts::prepayment(scope, account).await?,
        deposits,
    })
}

/// What the lateness of bills comes to on a day, of those that are late.
async fn late_fees_of(
    scope: &TenantScope,
    estate: &Estate,
    bills: &[Bill],
    on: NaiveDate,
) -> Result<Vec<(BillId, Fen)>, StorageError> {
    let quotes = late_fees::quote(scope, estate, bills, on).await?;
    let due = bills.iter().filter_map(|bill| quotes.get(&bill.id).map(|it| (bill.id, it.due)));
    Ok(due.filter(|(_, amount)| amount.is_positive()).collect())
}
