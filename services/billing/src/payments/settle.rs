//! Posting money that has arrived: allocation, ledger, bills, requested charges, receipt.

use super::{PayError, Payment, Payments, ReceiptKind};
use crate::{
    accounts,
    bills::{self, Bill, Means},
    cashier::{CashMove, CashMoved, cash_moved},
    deposits,
    estates::Estate,
    ids::BillId,
    late_fees,
    ledger::{self, Allocation, AllocationOrder, Entry, OpenBill, Posting, Till, Toward, allocate},
    receipts, requested_charges, say,
    settlement::SETTLEMENT,
};
use authz::{Denied, UserId};
use db::{StorageError, TenantScope, enqueue_job};
use errors::Invalid;
use money::Fen;
use texts::Text;

/// Posts a payment whose money is there, issues its receipt and saves it: as the deposit that it is
/// for, else against debts. `by` is who took the money at the counter.
///
/// The designated bills that are still open come first, in the payer's order, then the oldest due;
/// the rest is paid ahead.
pub(super) async fn settle(
    scope: &TenantScope,
    estate: &Estate,
    payment: &mut Payment,
    by: Option<UserId>,
) -> Result<(), PayError> {
    if payment.deposit.is_some() && hold(scope, estate, payment).await? {
        return Ok(());
    }
    let account = accounts::lock(scope, payment.account).await?.ok_or(Denied::Hidden)?;
    // What was paid for a deposit that cannot take it any more is the payer's, paid ahead.
    let open = match payment.deposit {
        Some(_) => Vec::new(),
        None => bills::open_bills(scope, account.id).await?,
    };
    let contract = late_fees::contract(scope, estate.id, [account.id]).await?;
    let order = contract.allocation(account.id, estate.today(scope.clock()));
    let allocation = divide(payment, &open, order)?;
    // A late fee is charged when money meets it, and from then on does not change any more.
    let late_fees = allocation.toward(Toward::LateFee);
    let charged: Fen = late_fees.iter().map(|(_, amount)| *amount).sum();
    late_fees::book(scope, estate, account.id, charged, payment.id.to_string()).await?;
    let (to_bills, ahead) = (allocation.to_bills(), allocation.prepayment);
    let entry = Entry::payment(payment.till, account.id, to_bills, ahead, payment.currency)?;
    let posting = Posting {
        estate: estate.id,
        entry,
        date: estate.today(scope.clock()),
        source: payment.id.to_string(),
        memo: payment.channel_reference.clone().unwrap_or_default(),
    };
    ledger::post(scope, posting).await?;
    note_cash(scope, payment, by).await?;
    bills::settle(scope, &allocation.toward(Toward::Principal)).await?;
    for (bill, amount) in &late_fees {
        bills::change_late_fee(scope, *bill, Means::Payment, *amount).await?;
    }
    payment.prepaid = ahead;
    payment.received_at = Some(scope.now());
    Payments(scope).save(payment).await?;
    if payment.online.is_some() {
        enqueue_job(scope, SETTLEMENT, payment.id.as_uuid()).await?;
    }
    Payments(scope).insert_parts(payment.id, &allocation.parts).await?;
    let mut lines = Vec::with_capacity(allocation.parts.len() + 1);
    for part in &allocation.parts {
        let bill = bills::find(scope, part.bill).await?.ok_or(Denied::Hidden)?;
        if part.toward == Toward::Principal {
            requested_charges::confirm(scope, payment.id, &bill, part.amount).await?;
        }
        lines.push((part_text(&bill, part.toward), part.amount));
    }
    if ahead.is_positive() {
        lines.push((say::prepayment().bilingual(), ahead));
    }
    let draft = receipts::Draft {
        kind: ReceiptKind::Payment,
        account: account.id,
        source: payment.id.as_uuid(),
        payer: account.name.full,
        lines,
        by,
        replaces: None,
    };
    receipts::issue(scope, estate, draft).await.map(drop)
}

/// Holds the money as the deposit it is for, as far as that still waits for it.
async fn hold(
    scope: &TenantScope,
    estate: &Estate,
    payment: &mut Payment,
) -> Result<bool, PayError> {
    let Some(awaited) = deposits::awaited(scope, payment).await? else { return Ok(false) };
    payment.received_at = Some(scope.now());
    Payments(scope).save(payment).await?;
    enqueue_job(scope, SETTLEMENT, payment.id.as_uuid()).await?;
    deposits::hold(scope, estate, payment, awaited).await?;
    Ok(true)
}

/// Cash belongs to the open shift of who took it.
async fn note_cash(
    scope: &TenantScope,
    payment: &Payment,
    by: Option<UserId>,
) -> Result<(), StorageError> {
    let (Till::Cash, Some(person)) = (payment.till, by) else { return Ok(()) };
    let moved = CashMoved {
        estate: payment.estate,
        person,
        kind: CashMove::Payment,
        amount: payment.state.amount,
        source: payment.id.to_string(),
    };
    cash_moved(scope, &moved).await
}

/// A bill that was paid in another way meanwhile takes nothing more.
fn divide(
    payment: &Payment,
    open: &[OpenBill],
    order: AllocationOrder,
) -> Result<Allocation, Invalid> {
    let is_open = |id: &&BillId| open.iter().any(|bill| bill.id == **id);
    let designated: Vec<BillId> = payment.designated.iter().filter(is_open).copied().collect();
    allocate(payment.state.amount, &designated, open, order)
}

/// What a part of a bill is called.
pub(crate) fn part_name(bill: &Bill, toward: Toward) -> Text {
    let (first, last) = (bill.first_month.to_string(), bill.last_month.to_string());
    match (toward, first == last) {
        (Toward::Principal, true) => say::bill_of_month(first),
        (Toward::Principal, false) => say::bill_of_months(first, last),
        (Toward::LateFee, true) => say::late_fee_of_month(first),
        (Toward::LateFee, false) => say::late_fee_of_months(first, last),
    }
}

/// How a receipt names what of a bill was paid.
pub(crate) fn part_text(bill: &Bill, toward: Toward) -> String {
    part_name(bill, toward).bilingual()
}

/// How a receipt names a bill.
pub(crate) fn bill_text(bill: &Bill) -> String {
    part_text(bill, Toward::Principal)
}
