//! What is credited and paid ahead meets what the leaver owes, late fees as the sheet fixed them.

use super::repo::Leaving;
use crate::{
    accounts::BillingAccount,
    bills::{self, Means},
    estates::Estate,
    ids::BillId,
    late_fees,
    ledger::{self, Entry, OpenBill, Posting, Toward, allocate},
    payments::PayError,
};
use db::TenantScope;
use money::Fen;

/// Meets principal and late fees in the order that the contract wants, as a payment does: a late
/// fee that is met is charged now and does not change any more.
pub(super) async fn meet(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    leaving: &Leaving,
) -> Result<(), PayError> {
    let ahead = leaving.sheet.credited() + leaving.sheet.prepayment;
    let fixed = |bill| {
        let mut all = leaving.sheet.late_fees.iter();
        all.find(|(id, _)| *id == bill).map_or(Fen::ZERO, |(_, amount)| *amount)
    };
    let of_sheet = &leaving.sheet;
    let of_sheet: Vec<BillId> =
        of_sheet.open.iter().chain(&of_sheet.late_fees).map(|(bill, _)| *bill).collect();
    // Whoever gives up a space alone has bills that the sheet leaves alone.
    let open = bills::open_bills(scope, account.id).await?.into_iter();
    let open = open.filter(|it| leaving.bill == Some(it.id) || of_sheet.contains(&it.id));
    let open: Vec<OpenBill> =
        open.map(|bill| OpenBill { late_fee: fixed(bill.id), ..bill }).collect();
    if !ahead.is_positive() || open.is_empty() {
        return Ok(());
    }
    let today = estate.today(scope.clock());
    let contract = late_fees::contract(scope, estate.id, [account.id]).await?;
    let met = allocate(ahead, &[], &open, contract.allocation(account.id, today))?;
    let of_late_fees = met.toward(Toward::LateFee);
    let charged: Fen = of_late_fees.iter().map(|(_, amount)| *amount).sum();
    late_fees::book(scope, estate, account.id, charged, leaving.id.to_string()).await?;
    let posting = Posting {
        estate: estate.id,
        entry: Entry::prepayment_applied(account.id, met.to_bills(), estate.currency)?,
        date: today,
        source: leaving.id.to_string(),
        memo: String::new(),
    };
    ledger::post(scope, posting).await?;
    for (bill, amount) in met.toward(Toward::Principal) {
        bills::change(scope, bill, Means::Prepayment, amount, 1).await?;
    }
    for (bill, amount) in of_late_fees {
        bills::change_late_fee(scope, bill, Means::Prepayment, amount).await?;
    }
    Ok(())
}
