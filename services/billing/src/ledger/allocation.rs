//! Which bills a payment settles (handbook chapter 26; Civil Code 560, 561).

use crate::{ids::BillId, say};
use chrono::NaiveDate;
use errors::{Invalid, expected};
use money::Fen;

/// What is still owed of one issued bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenBill {
    /// Which bill.
    pub id: BillId,
    /// When it fell or falls due.
    pub due: NaiveDate,
    /// Unpaid principal, not below zero.
    pub principal: Fen,
    /// Unpaid late fee, not below zero.
    pub late_fee: Fen,
}

/// What one bill gets of a payment, never more than it is owed and never nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocated {
    /// Which bill.
    pub bill: BillId,
    /// Towards principal.
    pub principal: Fen,
    /// Towards the late fee.
    pub late_fee: Fen,
}

/// A payment divided over bills; parts and prepayment together are the payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// In the order of settlement.
    pub parts: Vec<Allocated>,
    /// What no open bill could take.
    pub prepayment: Fen,
}

impl Allocation {
    /// What the bills get together.
    pub fn to_bills(&self) -> Fen {
        self.parts.iter().map(|part| part.principal + part.late_fee).sum()
    }
}

/// Divides `amount`: designated bills first in the order named, then the oldest due (those due on
/// one day in the order given); inside a bill principal before late fee; the rest is prepayment.
pub fn allocate(
    amount: Fen,
    designated: &[BillId],
    open: &[OpenBill],
) -> Result<Allocation, Invalid> {
    if !amount.is_positive() {
        return Err(Invalid::new("amount", expected::above_zero()));
    }
    if open.iter().any(|bill| bill.principal.is_negative() || bill.late_fee.is_negative()) {
        return Err(Invalid::new("bills", expected::not_negative()));
    }
    if designated.iter().any(|id| !open.iter().any(|bill| bill.id == *id)) {
        return Err(Invalid::new("billIds", say::designated_not_open()));
    }
    let rank = |id| designated.iter().position(|d| *d == id).unwrap_or(designated.len());
    let mut bills: Vec<_> = open.iter().collect();
    bills.sort_by_key(|bill| (rank(bill.id), bill.due));
    let mut left = amount;
    let mut take = |owed: Fen| {
        let taken = owed.min(left);
        left -= taken;
        taken
    };
    let parts = bills
        .into_iter()
        .map(|bill| Allocated {
            bill: bill.id,
            principal: take(bill.principal),
            late_fee: take(bill.late_fee),
        })
        .filter(|part| part.principal.is_positive() || part.late_fee.is_positive())
        .collect();
    Ok(Allocation { parts, prepayment: left })
}
