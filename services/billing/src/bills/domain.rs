//! What a bill is.

use crate::{
    charges::{Arithmetic, BillingMonth, PayerKind},
    ids::{
        BillId, BillRunId, BillingAccountId, BuildingId, ChargeId, EntryId, FeeItemId,
        FeeStandardId, UnitId,
    },
    ledger::Account,
};
use chrono::NaiveDate;
use ids::EstateId;
use money::{Currency, Fen};

/// How far a bill has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BillStatus {
    /// Nothing of it is paid yet.
    Issued,
    /// Some of it is paid.
    PartlyPaid,
    /// All of it is paid.
    Paid,
    /// The due date has passed and not all of it is paid.
    Overdue,
    /// It was wrong; its entry is reversed.
    Voided,
}

/// A bill as issued. Nothing of it changes but what is settled and whether it is voided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Its id.
    pub id: BillId,
    /// The estate.
    pub estate: EstateId,
    /// Who owes it.
    pub account: BillingAccountId,
    /// The account's unit, if it is for one.
    pub unit: Option<UnitId>,
    /// That unit's building.
    pub building: Option<BuildingId>,
    /// The run that issued it, if one did.
    pub run: Option<BillRunId>,
    /// Its entry in the ledger.
    pub entry: EntryId,
    /// The first month it covers.
    pub first_month: BillingMonth,
    /// The last month it covers.
    pub last_month: BillingMonth,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// The last day to pay without being late.
    pub due: NaiveDate,
    /// The sum of its lines, above zero.
    pub total: Fen,
    /// What payments, prepayment and waivers have settled.
    pub settled: Fen,
    /// What of it was settled out of prepayment.
    pub prepaid: Fen,
    /// What of it was waived.
    pub waived: Fen,
    /// The day it was voided.
    pub voided_on: Option<NaiveDate>,
    /// Why.
    pub void_reason: Option<String>,
    /// The voided bill it was issued for.
    pub replaces: Option<BillId>,
}

impl Bill {
    /// What is still owed; nothing once it is voided.
    pub fn outstanding(&self) -> Fen {
        if self.voided_on.is_some() { Fen::ZERO } else { self.total - self.settled }
    }

    /// What of it was paid, directly or ahead.
    pub fn paid(&self) -> Fen {
        self.settled - self.waived
    }

    /// What it is on `today`.
    pub fn status(&self, today: NaiveDate) -> BillStatus {
        if self.voided_on.is_some() {
            BillStatus::Voided
        } else if self.settled == self.total {
            BillStatus::Paid
        } else if self.due < today {
            BillStatus::Overdue
        } else if self.settled.is_positive() {
            BillStatus::PartlyPaid
        } else {
            BillStatus::Issued
        }
    }
}

/// A line of a bill as issued, never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: ChargeId,
    /// The bill.
    pub bill: BillId,
    /// What was charged.
    pub charge: NewLine,
    /// How often the same days were charged to the account and reversed before.
    pub revision: i32,
}

/// A line of a bill about to be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    /// The fee item.
    pub item: FeeItemId,
    /// What is charged: a fee item for a unit or space, or another service's request. Together
    /// with the account and the first day it is charged only once.
    pub source: String,
    /// The price, when there is one.
    pub standard: Option<FeeStandardId>,
    /// In which capacity the account pays.
    pub payer: PayerKind,
    /// The calendar month.
    pub month: BillingMonth,
    /// First day charged.
    pub from: NaiveDate,
    /// Last day charged.
    pub to: NaiveDate,
    /// What is owed, not below zero.
    pub amount: Fen,
    /// The arithmetic, when there is one.
    pub explanation: Option<Arithmetic>,
    /// What the line is for in words of its own, e.g. the parking space or the requested service.
    pub description: Option<String>,
}

/// A bill about to be issued.
#[derive(Clone, Debug)]
pub struct NewBill {
    /// The estate.
    pub estate: EstateId,
    /// Who owes it.
    pub account: BillingAccountId,
    /// The account's unit.
    pub unit: Option<UnitId>,
    /// That unit's building.
    pub building: Option<BuildingId>,
    /// The run that issues it.
    pub run: Option<BillRunId>,
    /// The voided bill it is issued for.
    pub replaces: Option<BillId>,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// When it falls due.
    pub due: NaiveDate,
    /// Its currency.
    pub currency: Currency,
    /// The lines, each with the account its amount is earned by.
    pub lines: Vec<(NewLine, Account)>,
}

impl NewBill {
    /// The sum of its lines.
    pub fn total(&self) -> Fen {
        self.lines.iter().map(|(line, _)| line.amount).sum()
    }
}
