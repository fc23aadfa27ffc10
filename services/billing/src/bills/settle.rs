//! What payments do to bills.

use super::{Means, history_repo, repo};
use crate::{
    arrears, estates,
    ids::{BillId, BillingAccountId},
    late_fees,
    ledger::{OpenBill, Toward},
    say,
};
use chrono::Days;
use db::{StorageError, TenantScope};
use errors::{Code, Coded, expected};
use money::Fen;
use texts::Text;

/// Why a bill cannot be settled or opened again.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// An amount is not above zero.
    #[error("the amount must be above zero")]
    NotPositive,
    /// The bill is missing or voided, or that much is not open or settled.
    #[error("the bill does not have that much open or settled")]
    NotOpen(BillId),
    /// Reading or writing failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Coded for SettleError {
    fn code(&self) -> Code {
        match self {
            Self::NotPositive => Code::Invalid,
            Self::NotOpen(_) => Code::Conflict,
            Self::Storage(error) => error.code(),
        }
    }
    fn text(&self) -> Text {
        match self {
            Self::NotPositive => expected::above_zero(),
            Self::NotOpen(_) => say::not_that_much_open(),
            Self::Storage(error) => error.text(),
        }
    }
    fn field(&self) -> Option<&str> {
        matches!(self, Self::NotPositive).then_some("amount")
    }
}

/// The bills of an account that something is owed of, with the late fee of today, oldest due first;
/// held until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn open_bills(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Vec<OpenBill>, StorageError> {
    let bills = repo::lock_open(scope, account).await?;
    let Some(first) = bills.first() else { return Ok(Vec::new()) };
    let estate = estates::find(scope, first.estate).await?;
    let estate = estate.ok_or_else(|| StorageError::unreadable("a bill without its estate"))?;
    let today = estate.today(scope.clock());
    let quotes = late_fees::quote(scope, &estate, &bills, today).await?;
    let open = bills.iter().map(|bill| OpenBill {
        id: bill.id,
        due: bill.due,
        principal: bill.outstanding(),
        late_fee: quotes.get(&bill.id).map_or(Fen::ZERO, |quote| quote.due),
    });
    let (open, settled): (Vec<_>, Vec<_>) =
        open.partition(|bill| bill.principal.is_positive() || bill.late_fee.is_positive());
    let settled: Vec<BillId> = settled.into_iter().map(|bill| bill.id).collect();
    repo::set_late_fee_open(scope, &settled, false).await?;
    Ok(open)
}

/// Notes that a payment has met the principal of bills, each with its part.
///
/// # Errors
/// [`SettleError::NotOpen`] when a bill has less open than its part; then keep nothing.
pub async fn settle(scope: &TenantScope, parts: &[(BillId, Fen)]) -> Result<(), SettleError> {
    for (bill, amount) in parts {
        change(scope, *bill, Means::Payment, *amount, 1).await?;
    }
    Ok(())
}

/// Notes that a payment's parts are owed again, e.g. after a refund.
///
/// # Errors
/// [`SettleError::NotOpen`] when payments have settled less of a bill; then keep nothing.
pub async fn unsettle(scope: &TenantScope, parts: &[(BillId, Fen)]) -> Result<(), SettleError> {
    for (bill, amount) in parts {
        change(scope, *bill, Means::Payment, *amount, -1).await?;
    }
    Ok(())
}

/// Moves `amount` (above zero) of a bill's principal in the direction of `sign`.
pub(crate) async fn change(
    scope: &TenantScope,
    bill: BillId,
    means: Means,
    amount: Fen,
    sign: i64,
) -> Result<(), SettleError> {
    if !amount.is_positive() {
        return Err(SettleError::NotPositive);
    }
    let amount = Fen(amount.0 * sign);
    let kinds = match means {
        Means::Payment => (Fen::ZERO, Fen::ZERO),
        Means::Prepayment => (amount, Fen::ZERO),
        Means::Waiver => (Fen::ZERO, amount),
    };
    // Wherever the estate is, it is not later there than this day.
    let latest = scope.now().date_naive() + Days::new(1);
    if repo::add_settled(scope, bill, amount, kinds, latest).await? {
        history_repo::add(scope, bill, (Toward::Principal, means), amount).await?;
        if amount.is_negative() {
            arrears::owed_again(scope, bill).await?;
        } else {
            arrears::met(scope, bill).await?;
        }
        Ok(())
    } else {
        Err(SettleError::NotOpen(bill))
    }
}

/// Notes that `amount` of a bill's late fee was settled; below zero it is owed again. The caller
/// has seen in a quote that so much is owed, or was settled, and holds the account.
///
/// # Errors
/// When the database fails.
pub(crate) async fn change_late_fee(
    scope: &TenantScope,
    bill: BillId,
    means: Means,
    amount: Fen,
) -> Result<(), StorageError> {
    history_repo::add(scope, bill, (Toward::LateFee, means), amount).await?;
    if amount.is_negative() {
        repo::set_late_fee_open(scope, &[bill], true).await?;
    }
    Ok(())
}
