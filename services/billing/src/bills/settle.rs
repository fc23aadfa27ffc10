//! What payments do to bills.

use super::repo;
use crate::{
    ids::{BillId, BillingAccountId},
    ledger::OpenBill,
    say,
};
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

/// The bills of an account that something is owed of, oldest due first; held until the
/// transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn open_bills(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Vec<OpenBill>, StorageError> {
    let bills = repo::lock_open(scope, account).await?;
    let open = bills.into_iter().map(|bill| OpenBill {
        id: bill.id,
        due: bill.due,
        principal: bill.outstanding(),
        late_fee: Fen::ZERO,
    });
    Ok(open.collect())
}

/// Notes that a payment has met bills, each with its part.
///
/// # Errors
/// [`SettleError::NotOpen`] when a bill has less open than its part; then keep nothing.
pub async fn settle(scope: &TenantScope, parts: &[(BillId, Fen)]) -> Result<(), SettleError> {
    for (bill, amount) in parts {
        change(scope, *bill, *amount, Fen::ZERO, 1).await?;
    }
    Ok(())
}

/// Notes that a payment's parts are owed again, e.g. after a refund.
///
/// # Errors
/// [`SettleError::NotOpen`] when payments have settled less of a bill; then keep nothing.
pub async fn unsettle(scope: &TenantScope, parts: &[(BillId, Fen)]) -> Result<(), SettleError> {
    for (bill, amount) in parts {
        change(scope, *bill, *amount, Fen::ZERO, -1).await?;
    }
    Ok(())
}

/// Moves `amount` (above zero) in the direction of `sign`, `prepaid` of it from prepayment.
pub(super) async fn change(
    scope: &TenantScope,
    bill: BillId,
    amount: Fen,
    prepaid: Fen,
    sign: i64,
) -> Result<(), SettleError> {
    if !amount.is_positive() {
        return Err(SettleError::NotPositive);
    }
    let (amount, prepaid) = (Fen(amount.0 * sign), Fen(prepaid.0 * sign));
    if repo::add_settled(scope, bill, amount, prepaid).await? {
        Ok(())
    } else {
        Err(SettleError::NotOpen(bill))
    }
}
