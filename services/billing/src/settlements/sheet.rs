//! Putting the sheet of a settlement together from what stands in the books.

use super::{
    command::Leave,
    domain::{Sheet, unused},
    repo,
};
use crate::{
    accounts::{self, BillingAccount, Debtor},
    bills::{self, Bill, Line},
    charges::PayerKind,
    deposits::{Deposits, reserved},
    estates::{self, Estate},
    ids::{BillId, BuildingId, ChargeId, ParkingSpaceId},
    late_fees,
    payments::PayError,
    requested_charges, say,
};
use authz::Denied;
use chrono::NaiveDate;
use contracts::residents::PartyName;
use db::{StorageError, TenantScope};
use errors::{Coded as _, Invalid};
use money::Fen;
use std::collections::{HashMap, HashSet};

/// Who pays from the day after the leaving on.
pub(super) struct Successor {
    pub debtor: Debtor,
    pub name: PartyName,
    pub kind: PayerKind,
    pub building: Option<BuildingId>,
}

/// The successor that was named, or hidden: a member of the account's unit; whoever takes spaces
/// over may be anybody whom the estate knows.
pub(super) async fn successor(
    scope: &TenantScope,
    command: &Leave,
    account: &BillingAccount,
) -> Result<Option<Successor>, PayError> {
    let Some(person) = command.successor.filter(|person| *person != account.debtor.party) else {
        return if command.successor.is_none() { Ok(None) } else { Err(Denied::Hidden.into()) };
    };
    let member = match account.debtor.unit {
        Some(unit) => repo::member(scope, unit, person).await?,
        None => None,
    };
    let takes_spaces = account.debtor.unit.is_none() || !command.spaces.is_empty();
    let known = match member {
        None if takes_spaces => {
            let name = requested_charges::person_name(scope, account.estate, person).await?;
            name.map(|name| (name, PayerKind::Owner))
        }
        member => member,
    };
    let (name, kind) = known.ok_or(Denied::Hidden)?;
    let debtor = Debtor { party: person, unit: account.debtor.unit };
    Ok(Some(Successor { debtor, name, kind, building: account.building }))
}

/// To whom the days of a line pass. What is settled besides the unit, a space that the leaver alone
/// has, is given up: whoever comes into the unit has not taken it.
async fn passes_to(
    scope: &TenantScope,
    (account, command): (&BillingAccount, &Leave),
    lines: &[Line],
    successor: Option<PayerKind>,
) -> Result<HashMap<ChargeId, PayerKind>, StorageError> {
    let Some(kind) = successor else { return Ok(HashMap::new()) };
    let spaces: Vec<ParkingSpaceId> = lines.iter().filter_map(space_of).collect();
    let spaces = estates::spaces_by_id(scope, account.estate, &spaces).await?;
    let is_given_up = |line: &&Line| {
        account.debtor.unit.is_some()
            && command.spaces.is_empty()
            && space_of(line).is_some_and(|id| {
                spaces.iter().any(|space| space.id == id && space.holder.is_some())
            })
    };
    let passing = lines.iter().filter(|line| !is_given_up(line));
    Ok(passing.map(|line| (line.id, kind)).collect())
}

/// The parking space that a line is for.
fn space_of(line: &Line) -> Option<ParkingSpaceId> {
    line.charge.source.rsplit('/').next().and_then(|site| site.parse().ok())
}

/// What the settlement comes to now, late fees until `late_until`.
pub(super) async fn sheet(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    command: &Leave,
    late_until: Option<NaiveDate>,
) -> Result<Sheet, PayError> {
    let successor = successor(scope, command, account).await?;
    let mut lines = repo::lines_after(scope, account.id, command.leaves_on).await?;
    if !command.spaces.is_empty() {
        lines.retain(|line| space_of(line).is_some_and(|space| command.spaces.contains(&space)));
    }
    let successor = successor.map(|next| next.kind);
    let passes = passes_to(scope, (account, command), &lines, successor).await?;
    let unused = unused(&lines, command.leaves_on, |line| passes.get(&line.id).copied())
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
    if !command.spaces.is_empty() {
        // Who goes on pays the rest when it is due; a bill that is credited is met all the same.
        let credited: HashSet<ChargeId> = unused.iter().map(|part| part.charge).collect();
        let of_line = |bill: &Bill| {
            lines.iter().any(|line| line.bill == bill.id && credited.contains(&line.id))
        };
        bills.retain(|bill| late_until.is_none_or(|day| bill.due <= day) || of_line(bill));
    }
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
        // Who goes on keeps what is paid ahead.
        prepayment: if command.spaces.is_empty() {
            accounts::prepayment(scope, account).await?
        } else {
            Fen::ZERO
        },
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
