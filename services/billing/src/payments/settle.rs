//! Posting money that has arrived: allocation, ledger, bills, requested charges, receipt.

use super::{PayError, Payment, Payments, ReceiptKind};
use crate::{
    accounts,
    bills::{self, Bill},
    cashier::{CashMove, CashMoved, cash_moved},
    estates::Estate,
    ids::BillId,
    ledger::{self, Allocated, Allocation, Entry, OpenBill, Posting, Till, allocate},
    receipts, requested_charges, say,
    settlement::SETTLEMENT,
};
use authz::{Denied, UserId};
use db::{StorageError, TenantScope, enqueue_job};
use errors::Invalid;
use money::Fen;

/// Posts a payment whose money is there, issues its receipt and saves it. `by` is who took the
/// money at the counter.
///
/// The designated bills that are still open come first, in the payer's order, then the oldest due;
/// the rest is paid ahead.
pub(super) async fn settle(
    scope: &TenantScope,
    estate: &Estate,
    payment: &mut Payment,
    by: Option<UserId>,
) -> Result<(), PayError> {
    let account = accounts::lock(scope, payment.account).await?.ok_or(Denied::Hidden)?;
    let open = bills::open_bills(scope, account.id).await?;
    let allocation = divide(payment, &open)?;
    let parts = parts(&allocation);
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
    bills::settle(scope, &parts).await?;
    payment.prepaid = ahead;
    payment.received_at = Some(scope.now());
    Payments(scope).save(payment).await?;
    if payment.online.is_some() {
        enqueue_job(scope, SETTLEMENT, payment.id.as_uuid()).await?;
    }
    Payments(scope).insert_parts(payment.id, &parts).await?;
    let mut lines = Vec::with_capacity(parts.len() + 1);
    for (id, amount) in &parts {
        let bill = bills::find(scope, *id).await?.ok_or(Denied::Hidden)?;
        requested_charges::confirm(scope, payment.id, &bill, *amount).await?;
        lines.push((bill_text(&bill), *amount));
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
fn divide(payment: &Payment, open: &[OpenBill]) -> Result<Allocation, Invalid> {
    let is_open = |id: &&BillId| open.iter().any(|bill| bill.id == **id);
    let designated: Vec<BillId> = payment.designated.iter().filter(is_open).copied().collect();
    allocate(payment.state.amount, &designated, open)
}

fn parts(allocation: &Allocation) -> Vec<(BillId, Fen)> {
    let part = |part: &Allocated| (part.bill, part.principal + part.late_fee);
    allocation.parts.iter().map(part).collect()
}

/// How a receipt names a bill.
pub(crate) fn bill_text(bill: &Bill) -> String {
    let (first, last) = (bill.first_month, bill.last_month);
    if first == last {
        say::bill_of_month(first.to_string()).bilingual()
    } else {
        say::bill_of_months(first.to_string(), last.to_string()).bilingual()
    }
}
