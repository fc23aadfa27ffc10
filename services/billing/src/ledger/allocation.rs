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

/// What of a bill money goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Toward {
    /// What was billed.
    Principal,
    /// The late fee that has grown on it.
    LateFee,
}

/// In which order money without a word of the payer meets several debts, set per contract. The
/// payer's designation always comes first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AllocationOrder {
    /// The oldest due bill first, in it principal before late fee.
    #[default]
    BillByBill,
    /// The principal of every bill, oldest due first, then their late fees.
    PrincipalFirst,
    /// The oldest due bill first, in it late fee before principal.
    LateFeeFirst,
}

/// What one bill gets of a payment towards one thing, never more than it is owed and never nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocated {
    /// Which bill.
    pub bill: BillId,
    /// What of it.
    pub toward: Toward,
    /// How much.
    pub amount: Fen,
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
        self.parts.iter().map(|part| part.amount).sum()
    }

    /// What goes to principal or to late fees, by bill, in the order of settlement.
    pub fn toward(&self, toward: Toward) -> Vec<(BillId, Fen)> {
        let parts = self.parts.iter().filter(|part| part.toward == toward);
        parts.map(|part| (part.bill, part.amount)).collect()
    }
}

/// Divides `amount`: designated bills first in the order named, each with all that is owed of it,
/// then the oldest due (those due on one day in the order given); `order` decides between principal
/// and late fee; the rest is prepayment.
pub fn allocate(
    amount: Fen,
    designated: &[BillId],
    open: &[OpenBill],
    order: AllocationOrder,
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
    let named = bills.iter().take_while(|bill| rank(bill.id) < designated.len()).count();
    let (named, others) = bills.split_at(named);
    let mut debts = debts(named, order.inside_a_named_bill());
    debts.extend(self::debts(others, order));
    let mut left = amount;
    let mut parts = Vec::new();
    for (bill, toward, owed) in debts {
        let amount = owed.min(left);
        if amount.is_positive() {
            left -= amount;
            parts.push(Allocated { bill, toward, amount });
        }
    }
    Ok(Allocation { parts, prepayment: left })
}

impl AllocationOrder {
    /// A bill that the payer named is settled whole before the next.
    const fn inside_a_named_bill(self) -> Self {
        match self {
            Self::LateFeeFirst => Self::LateFeeFirst,
            Self::BillByBill | Self::PrincipalFirst => Self::BillByBill,
        }
    }
}

/// What is owed of bills, in the order in which money meets it.
fn debts(bills: &[&OpenBill], order: AllocationOrder) -> Vec<(BillId, Toward, Fen)> {
    let principal = |bill: &&OpenBill| (bill.id, Toward::Principal, bill.principal);
    let late_fee = |bill: &&OpenBill| (bill.id, Toward::LateFee, bill.late_fee);
    match order {
        AllocationOrder::BillByBill => {
            bills.iter().flat_map(|bill| [principal(bill), late_fee(bill)]).collect()
        }
        AllocationOrder::LateFeeFirst => {
            bills.iter().flat_map(|bill| [late_fee(bill), principal(bill)]).collect()
        }
        AllocationOrder::PrincipalFirst => {
            bills.iter().map(principal).chain(bills.iter().map(late_fee)).collect()
        }
    }
}
