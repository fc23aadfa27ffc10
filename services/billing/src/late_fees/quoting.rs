//! The late fees of bills on a day, in a fixed number of statements.

use super::{
    domain::{self, LateFeeQuote, Lateness, Pause},
    repo,
};
use crate::{
    bills::{self, Bill, Means, Settlement},
    estates::Estate,
    ids::BillId,
    instalments,
    ledger::Toward,
    settlements,
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use money::Fen;
use std::collections::{BTreeSet, HashMap};

/// The late fee of each of some bills of one estate on a day: what has grown by then, less what was
/// paid and waived until then. A voided bill has none.
///
/// # Errors
/// When the database fails.
pub async fn quote(
    scope: &TenantScope,
    estate: &Estate,
    bills: &[Bill],
    on: NaiveDate,
) -> Result<HashMap<BillId, LateFeeQuote>, StorageError> {
    let accounts: BTreeSet<_> = bills.iter().map(|bill| bill.account).collect();
    let contract = repo::contract(scope, estate.id, accounts.iter().copied()).await?;
    if contract.is_empty() {
        return Ok(bills.iter().map(|bill| (bill.id, LateFeeQuote::default())).collect());
    }
    let ids: Vec<BillId> = bills.iter().map(|bill| bill.id).collect();
    let history = bills::history(scope, ids.iter().copied()).await?;
    let mut pauses = instalments::pauses(scope, estate, &ids, on).await?;
    for (bill, more) in settlements::pauses(scope, estate, accounts).await? {
        pauses.entry(bill).or_default().extend(more);
    }
    let quoted = bills.iter().map(|bill| {
        let (history, pauses) = (history.get(&bill.id), pauses.get(&bill.id));
        let history = history.map_or(&[][..], Vec::as_slice);
        let pauses = pauses.map_or(&[][..], Vec::as_slice);
        let of = lateness(bill, history, pauses, (estate, on));
        let quote = match bill.voided_on {
            Some(_) => LateFeeQuote::default(),
            None => domain::quote(&of, &contract, on),
        };
        (bill.id, quote)
    });
    Ok(quoted.collect())
}

/// A bill's past as the rule wants it. What was settled before its history began was so from the
/// first day.
fn lateness<'p>(
    bill: &Bill,
    history: &[Settlement],
    pauses: &'p [Pause],
    (estate, on): (&Estate, NaiveDate),
) -> Lateness<'p> {
    let principal = || history.iter().filter(|it| it.toward == Toward::Principal);
    let known: Fen = principal().map(|it| it.amount).sum();
    let of_late_fee = |means: Means| -> Fen {
        let until_then = |it: &&Settlement| {
            it.toward == Toward::LateFee && it.means == means && estate.day_of(it.at) <= on
        };
        history.iter().filter(until_then).map(|it| it.amount).sum()
    };
    Lateness {
        account: bill.account,
        due: bill.due,
        total: bill.total,
        open: bill.total - (bill.settled - known),
        settled: principal().map(|it| (estate.day_of(it.at), it.amount)).collect(),
        paid: of_late_fee(Means::Payment) + of_late_fee(Means::Prepayment),
        waived: of_late_fee(Means::Waiver),
        pauses,
    }
}
