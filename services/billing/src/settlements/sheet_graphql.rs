//! The sheet of a settlement in the graph.

use super::domain::Sheet;
use crate::ids::BillId;
use ::graphql::Money;
use async_graphql::{ID, SimpleObject};
use chrono::NaiveDate;
use money::{Currency, Fen};

/// Charged days that the leaver does not use any more.
#[derive(Clone, SimpleObject)]
pub(crate) struct UnusedCharge {
    /// The line, `chg_…`.
    charge_id: ID,
    /// Its fee item, `fit_…`.
    fee_item_id: ID,
    /// Its month, e.g. `2026-10`.
    month: String,
    /// The first day that is not used.
    from: NaiveDate,
    /// The last.
    to: NaiveDate,
    /// What was charged for the line.
    charged: Money,
    /// What the days up to the leaving cost.
    kept: Money,
    /// What is credited.
    amount: Money,
    /// Whether the successor is charged for these days.
    passes: bool,
}

/// A debit of a settlement alone.
#[derive(Clone, SimpleObject)]
pub(crate) struct LeavingDebit {
    /// The fee item that earns it, `fit_…`.
    fee_item_id: ID,
    /// What it is for.
    description: String,
    /// How much.
    amount: Money,
}

/// A bill that something is owed of.
#[derive(Clone, SimpleObject)]
pub(crate) struct LeavingBill {
    /// The bill, `bil_…`.
    bill_id: ID,
    /// What is open of it.
    open: Money,
    /// What its lateness comes to.
    late_fee: Money,
}

/// A deposit that goes back.
#[derive(Clone, SimpleObject)]
pub(crate) struct LeavingDeposit {
    /// The deposit, `dep_…`.
    deposit_id: ID,
    /// How much of it.
    amount: Money,
}

/// What a settlement comes to (结算单).
#[derive(Clone, SimpleObject)]
pub(crate) struct LeavingSheet {
    /// Charged days that are not used.
    unused: Vec<UnusedCharge>,
    /// What is charged with the settlement.
    debits: Vec<LeavingDebit>,
    /// Bills that something is owed of.
    bills: Vec<LeavingBill>,
    /// The last day whose lateness counts: that of the sheet.
    late_until: Option<NaiveDate>,
    /// Deposits that go back; they meet no debt.
    deposits: Vec<LeavingDeposit>,
    /// What is paid ahead.
    prepayment: Money,
    /// What is credited for unused days.
    credited: Money,
    /// What is owed: open bills, their late fees and the debits.
    owed: Money,
    /// What is left of credit and prepayment, and goes back.
    rest: Money,
    /// What stays owed.
    still_owed: Money,
    /// What is paid out altogether: the rest and the deposits.
    paid_out: Money,
    /// Paid out, less what stays owed.
    net: Money,
}

impl LeavingSheet {
    pub(super) fn new(sheet: &Sheet, currency: Currency) -> Self {
        let money = |amount| Money::new(amount, currency);
        let unused = sheet.unused.iter().map(|part| UnusedCharge {
            charge_id: part.charge.to_string().into(),
            fee_item_id: part.item.to_string().into(),
            month: part.month.to_string(),
            from: part.from,
            to: part.to,
            charged: money(part.charged),
            kept: money(part.kept),
            amount: money(part.amount()),
            passes: part.passes,
        });
        let debits = sheet.debits.iter().map(|debit| LeavingDebit {
            fee_item_id: debit.item.to_string().into(),
            description: debit.description.clone(),
            amount: money(debit.amount),
        });
        let of = |all: &[(BillId, Fen)], bill| {
            let found = all.iter().find(|(id, _)| *id == bill);
            money(found.map_or(Fen::ZERO, |(_, amount)| *amount))
        };
        let is_open = |bill: BillId| sheet.open.iter().any(|(id, _)| *id == bill);
        let late_alone = sheet.late_fees.iter().map(|(id, _)| *id).filter(|id| !is_open(*id));
        let owed = sheet.open.iter().map(|(id, _)| *id).chain(late_alone);
        let bills = owed.map(|bill| LeavingBill {
            bill_id: bill.to_string().into(),
            open: of(&sheet.open, bill),
            late_fee: of(&sheet.late_fees, bill),
        });
        let deposits = sheet.deposits.iter().map(|(deposit, amount)| LeavingDeposit {
            deposit_id: deposit.to_string().into(),
            amount: money(*amount),
        });
        Self {
            unused: unused.collect(),
            debits: debits.collect(),
            bills: bills.collect(),
            late_until: sheet.late_until,
            deposits: deposits.collect(),
            prepayment: money(sheet.prepayment),
            credited: money(sheet.credited()),
            owed: money(sheet.owed()),
            rest: money(sheet.rest()),
            still_owed: money(sheet.still_owed()),
            paid_out: money(sheet.paid_out()),
            net: money(sheet.net()),
        }
    }
}
