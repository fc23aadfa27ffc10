//! Posting money that went back: ledger, bills, requested charges, receipt.

use super::{
    of_deposit,
    repo::{Refund, RefundState, Refunds},
    sources::{Sources, sources},
};
use crate::{
    accounts,
    bills::{self, Means},
    cashier::{CashMove, CashMoved, Shifts, cash_moved},
    cause::Cause,
    estates::Estate,
    ids::RefundId,
    late_fees,
    ledger::{self, Account, Entry, Posting, Till, Toward},
    payments::{Fact, Part, PayError, Payment, Payments, ReceiptKind, apply, settle::part_text},
    receipts, requested_charges, say,
};
use authz::{AuditFact, Denied, UserId};
use db::{StorageError, TenantScope};
use money::Fen;

/// Posts that `refund` of the locked `payment` went back, saves both and issues the receipt.
///
/// What the payment had paid ahead goes first, then its bills, which are owed again; a deposit goes
/// back as such.
///
/// # Errors
/// [`PayError::Conflict`] when the money paid ahead was used up meanwhile; a refund that has
/// happened already (`is_fact`) is posted all the same, what is missing as owed by the account.
pub(super) async fn post(
    scope: &TenantScope,
    estate: &Estate,
    payment: &mut Payment,
    refund: &mut Refund,
    is_fact: bool,
    by: Option<UserId>,
) -> Result<(), PayError> {
    let total = payment.state.refunded + refund.amount;
    (payment.state, _) = apply(payment.state, Fact::Refunded { total })?;
    let account = accounts::lock(scope, payment.account).await?.ok_or(Denied::Hidden)?;
    if let Some(deposit) = payment.held_as() {
        return of_deposit::post(scope, (estate, &account), (payment, refund), deposit).await;
    }
    let balance = accounts::prepayment(scope, &account).await?;
    let parts = with_standing(scope, Payments(scope).parts(payment.id).await?).await?;
    let prepaid = payment.prepaid - payment.prepaid_refunded;
    let found = sources(refund.amount, prepaid, balance, &parts);
    if found.missing.is_positive() && !is_fact {
        return Err(PayError::Conflict(say::prepayment_used()));
    }
    let owed_again = found.owed_again() + found.missing;
    for (source, amount) in [
        (Account::PrepaymentLiability(account.id), found.ahead()),
        (Account::Receivable(account.id), owed_again),
    ] {
        if amount.is_positive() {
            pay_out_of(scope, estate, (&*payment, &*refund), (source, amount)).await?;
        }
    }
    note_cash(scope, payment, refund).await?;
    bills::unsettle(scope, &found.reopened(Toward::Principal)).await?;
    // A late fee whose money went back is no charge any more: it is quoted again.
    let late_fees = found.reopened(Toward::LateFee);
    let charged: Fen = late_fees.iter().map(|(_, amount)| *amount).sum();
    late_fees::book(scope, estate, account.id, -charged, refund.id.to_string()).await?;
    for (bill, amount) in late_fees {
        bills::change_late_fee(scope, bill, Means::Payment, -amount).await?;
    }
    for (part, amount) in found.parts() {
        Payments(scope).give_back(payment.id, part, amount).await?;
    }
    payment.prepaid_refunded += found.prepaid;
    Payments(scope).save(payment).await?;
    refund.state = RefundState::Succeeded;
    refund.paid_back_at = Some(scope.now());
    Refunds(scope).save(refund).await?;
    let lines = lines(scope, refund.id, &found).await?;
    let draft = receipts::Draft {
        kind: ReceiptKind::Refund,
        account: account.id,
        source: refund.id.as_uuid(),
        payer: account.name.full,
        lines,
        by,
        replaces: None,
    };
    receipts::issue(scope, estate, draft).await.map(drop)
}

/// Posts that money of a payment goes back through its till, out of an account.
pub(super) async fn pay_out_of(
    scope: &TenantScope,
    estate: &Estate,
    (payment, refund): (&Payment, &Refund),
    (source, amount): (Account, Fen),
) -> Result<(), PayError> {
    let posting = Posting {
        estate: estate.id,
        entry: Entry::refund(payment.till, source, amount, payment.currency)?,
        date: estate.today(scope.clock()),
        source: refund.id.to_string(),
        memo: refund.reason.clone(),
    };
    ledger::post(scope, posting).await?;
    Ok(())
}

/// Cash goes out of the till of who asked for the refund at the counter, else of who took the
/// money.
async fn note_cash(
    scope: &TenantScope,
    payment: &Payment,
    refund: &Refund,
) -> Result<(), StorageError> {
    let Some(taken_by) = payment.taken_by.filter(|_| payment.till == Till::Cash) else {
        return Ok(());
    };
    let asked = match refund.requested_by {
        Some(user) => Shifts(scope).open_of(payment.estate, user).await?.map(|_| user),
        None => None,
    };
    let moved = CashMoved {
        estate: payment.estate,
        person: asked.unwrap_or(taken_by),
        kind: CashMove::Refund,
        amount: -refund.amount,
        source: refund.id.to_string(),
    };
    cash_moved(scope, &moved).await
}

/// Each part with whether its bill still stands.
async fn with_standing(
    scope: &TenantScope,
    parts: Vec<Part>,
) -> Result<Vec<(Part, bool)>, StorageError> {
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        let bill = bills::find(scope, part.bill).await?;
        all.push((part, bill.is_some_and(|bill| bill.voided_on.is_none())));
    }
    Ok(all)
}

/// The lines of the receipt; whoever asked for a charge on one of the bills is told.
async fn lines(
    scope: &TenantScope,
    refund: RefundId,
    found: &Sources,
) -> Result<Vec<(String, Fen)>, PayError> {
    let mut lines = Vec::new();
    for (part, amount) in &found.bills {
        let bill = bills::find(scope, part.bill).await?.ok_or(Denied::Hidden)?;
        if part.toward == Toward::Principal {
            requested_charges::tell_refund(scope, refund, &bill, *amount).await?;
        }
        lines.push((part_text(&bill, part.toward), *amount));
    }
    let ahead = found.ahead();
    if ahead.is_positive() {
        lines.push((say::prepayment().bilingual(), ahead));
    }
    if found.missing.is_positive() {
        lines.push((say::receivable().bilingual(), found.missing));
    }
    Ok(lines)
}

/// Takes in that the provider has paid back `total` of the locked payment: what no refund of ours
/// accounts for was made at the provider, past us, and is posted as such.
pub(crate) async fn take_in_outside(
    scope: &TenantScope,
    estate: &Estate,
    payment: &mut Payment,
    total: Fen,
    cause: &Cause,
) -> Result<(), PayError> {
    let ours = Refunds(scope).of_payments([payment.id]).await?;
    let outside = (total - accounted(&ours)).min(payment.left());
    if !outside.is_positive() {
        return Ok(());
    }
    let reason = say::refunded_outside().bilingual();
    let mut refund =
        Refund { state: RefundState::Pending, ..Refund::new(scope, payment, outside, reason) };
    Refunds(scope).insert(&refund).await?;
    post(scope, estate, payment, &mut refund, true, None).await?;
    Ok(record(scope, &refund, "refund.found", cause).await?)
}

/// Records that a refund was posted without a person.
pub(super) async fn record(
    scope: &TenantScope,
    refund: &Refund,
    action: &str,
    cause: &Cause,
) -> Result<(), StorageError> {
    let fact = AuditFact {
        action,
        object: refund.id.to_string(),
        estate: Some(refund.estate),
        reason: Some(&refund.reason),
        detail: refund.amount,
    };
    cause.audit(scope, fact).await
}

/// What the provider has paid back, or may have, because we asked for it.
fn accounted(refunds: &[Refund]) -> Fen {
    let asked = |refund: &&Refund| {
        refund.state == RefundState::Succeeded
            || refund.state.is_under_way() && refund.submitted_at.is_some()
    };
    refunds.iter().filter(asked).map(|refund| refund.amount).sum()
}
