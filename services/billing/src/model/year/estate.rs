//! The service without its rows: the rules, kept in the simplest books there can be. Each act is
//! whole or refused, as a transaction is.

use super::broken::Broken;
use crate::{
    accounts::{BillingAccount, Debtor},
    bill_runs::{Planned, Standing, Taken, sift},
    bills::NewLine,
    charges::{
        BillingMonth, ChargeSource, Cycle, DueRule, Formula, PayerSpan, Proration, StandardVersion,
        month_lines,
    },
    closing::domain::BookMonth,
    ids::{BillId, BillingAccountId, FeeItemId, FeeStandardId, UserId},
    late_fees::{Contract, LateFeeTerms},
    ledger::{Account, AllocationOrder, Entry},
    payments::{Part, PaymentState},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use contracts::{PersonId, residents::PartyName};
use ids::EstateId;
use money::{Area, Currency, Fen, Rate};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

pub(super) const CNY: Currency = Currency::CNY;
/// How many homes are billed in one transaction.
const CHUNK: usize = 5;

/// Why an act does not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum No {
    /// Its month is closed.
    Closed,
    /// Things are not so.
    Conflict,
}

#[derive(Clone)]
pub(super) struct Home {
    pub area: Area,
    pub payers: Vec<PayerSpan>,
    pub cycle: Cycle,
}

#[derive(Clone)]
pub(super) struct Bill {
    pub account: BillingAccountId,
    pub home: usize,
    pub first: BillingMonth,
    pub months: Vec<BillingMonth>,
    pub entry: Entry,
    pub due: NaiveDate,
    pub issued_on: NaiveDate,
    pub total: Fen,
    pub settled: Fen,
    pub prepaid: Fen,
    pub waived: Fen,
    /// What settled principal on which day.
    pub history: Vec<(NaiveDate, Fen)>,
    pub late_paid: Fen,
    pub void: bool,
}

#[derive(Clone)]
pub(super) struct Payment {
    pub account: BillingAccountId,
    pub till: crate::ledger::Till,
    pub named: Vec<BillId>,
    pub state: PaymentState,
    pub parts: Vec<Part>,
    pub ahead: Fen,
    pub ahead_refunded: Fen,
    /// How often it came into the books.
    pub booked: u32,
    /// The bill that a saved card is charged for, and when.
    pub auto: Option<(usize, NaiveDate)>,
}

#[derive(Clone)]
pub(super) struct Deposit {
    pub account: BillingAccountId,
    pub till: crate::ledger::Till,
    pub left: Fen,
    /// What is proposed to be kept of it, and the last day to appeal.
    pub proposed: Option<(Fen, NaiveDate)>,
}

/// Somebody's time at the till.
#[derive(Clone, Default)]
pub(super) struct Shift {
    pub opened: DateTime<Utc>,
    pub moved: Fen,
    pub variance: Fen,
    pub locked: bool,
}

#[derive(Clone)]
pub(super) struct Run {
    pub month: BillingMonth,
    issued_on: NaiveDate,
    cursor: usize,
    pub done: bool,
}

#[derive(Clone)]
pub(super) struct Case {
    pub account: BillingAccountId,
    pub anchor: NaiveDate,
    pub fired: Vec<crate::dunning::Fired>,
    pub closed: bool,
}

/// Everything that is kept.
#[derive(Clone)]
pub(super) struct Estate {
    pub broken: Option<Broken>,
    pub zone: Tz,
    pub homes: Vec<Home>,
    pub contract: Contract,
    pub balances: HashMap<Account, Fen>,
    /// What each month changed.
    pub monthly: BTreeMap<BillingMonth, BTreeMap<Account, Fen>>,
    pub bills: Vec<Bill>,
    pub taken: Vec<(usize, Taken)>,
    pub runs: Vec<Run>,
    pub payments: Vec<Payment>,
    pub deposits: Vec<Deposit>,
    pub shifts: Vec<Shift>,
    pub carried: Fen,
    pub months: Vec<BookMonth>,
    /// What each month came to when it was closed.
    pub frozen: Vec<(BillingMonth, BTreeMap<Account, Fen>)>,
    pub cases: Vec<Case>,
    /// The answers to acts under their keys.
    pub answers: HashMap<String, usize>,
    /// Announcements that were acted upon.
    pub heard: HashSet<u64>,
}

pub(super) fn revenue() -> Account {
    Account::Revenue(FeeItemId::from_uuid(Uuid::from_u128(99)))
}

pub(super) fn late_income() -> Account {
    Account::Revenue(FeeItemId::from_uuid(Uuid::from_u128(98)))
}

pub(super) fn user(n: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(n))
}

pub(super) fn bill_id(n: usize) -> BillId {
    BillId::from_uuid(Uuid::from_u128(n as u128 + 1))
}

pub(super) fn number(id: BillId) -> usize {
    usize::try_from(id.as_uuid().as_u128()).unwrap() - 1
}

pub(super) fn estate_id() -> EstateId {
    EstateId::from_uuid(Uuid::from_u128(7))
}

/// The debtor of an account: the same number.
fn debtor(account: BillingAccountId) -> Debtor {
    Debtor { party: PersonId::from_uuid(account.as_uuid()), unit: None }
}

fn name() -> PartyName {
    PartyName { full: "王芳".to_owned(), shown: "王*".to_owned() }
}

impl Estate {
    pub fn new(zone: Tz, homes: Vec<Home>) -> Self {
        let terms = LateFeeTerms {
            from: "2020-01-01".parse().unwrap(),
            account: None,
            daily: LateFeeTerms::USUAL_DAILY,
            cap: LateFeeTerms::USUAL_CAP,
            allocation: AllocationOrder::default(),
        };
        Self {
            broken: None,
            zone,
            homes,
            contract: Contract::new(vec![terms]),
            balances: HashMap::new(),
            monthly: BTreeMap::new(),
            bills: Vec::new(),
            taken: Vec::new(),
            runs: Vec::new(),
            payments: Vec::new(),
            deposits: Vec::new(),
            shifts: Vec::new(),
            carried: Fen::ZERO,
            months: Vec::new(),
            frozen: Vec::new(),
            cases: Vec::new(),
            answers: HashMap::new(),
            heard: HashSet::new(),
        }
    }

    pub fn is(&self, broken: Broken) -> bool {
        self.broken == Some(broken)
    }

    pub fn balance(&self, account: Account) -> Fen {
        self.balances.get(&account).copied().unwrap_or_default()
    }

    /// The date in the estate.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The date in the estate, on which entries may be dated.
    pub fn today(&self, at: DateTime<Utc>) -> Result<NaiveDate, No> {
        let today = self.day(at);
        if self.is_closed(today) && !self.is(Broken::PostsIntoClosedMonths) {
            return Err(No::Closed);
        }
        Ok(today)
    }

    pub fn is_closed(&self, day: NaiveDate) -> bool {
        let month = BillingMonth::of(day).unwrap();
        self.frozen.iter().any(|(closed, _)| *closed == month)
    }

    pub fn post(&mut self, entry: &Entry, day: NaiveDate) {
        let month = self.monthly.entry(BillingMonth::of(day).unwrap()).or_default();
        for line in entry.lines() {
            *self.balances.entry(line.account).or_default() += line.amount;
            *month.entry(line.account).or_default() += line.amount;
        }
    }

    /// The answer to an act under its key: the first one, or that of doing it now.
    pub fn keyed(
        &mut self,
        key: &str,
        act: impl FnOnce(&mut Self) -> Result<usize, No>,
    ) -> Result<usize, No> {
        if let Some(first) = self.answers.get(key)
            && !self.is(Broken::ForgetsKeys)
        {
            return Ok(*first);
        }
        let done = act(self)?;
        self.answers.insert(key.to_owned(), done);
        Ok(done)
    }

    /// Starts the run of a month; while one is open, that one goes on.
    pub fn start_run(&mut self, month: BillingMonth, at: DateTime<Utc>) -> Result<usize, No> {
        if let Some(open) = self.runs.iter().position(|run| run.month == month && !run.done) {
            return Ok(open);
        }
        let issued_on = self.today(at)?;
        self.runs.push(Run { month, issued_on, cursor: 0, done: false });
        Ok(self.runs.len() - 1)
    }

    /// Bills the next homes of a run; `false` when it has ended.
    pub fn chunk(&mut self, run: usize) -> Result<bool, No> {
        let Run { month, issued_on, cursor, done } = self.runs[run].clone();
        if done {
            return Ok(false);
        }
        if self.is_closed(issued_on) {
            return Err(No::Closed);
        }
        let until = (cursor + CHUNK).min(self.homes.len());
        for home in cursor..until {
            let months = self.homes[home].cycle.months_of_bill_starting(month);
            self.bill_home(home, &months, issued_on, false);
        }
        self.runs[run].cursor = until;
        self.runs[run].done = until == self.homes.len();
        Ok(!self.runs[run].done)
    }

    /// A wrong bill that no payment has met is undone and issued again.
    pub fn reissue(&mut self, bill: usize, at: DateTime<Utc>) -> Result<usize, No> {
        let today = self.today(at)?;
        let it = self.bills[bill].clone();
        if it.void || it.settled > it.prepaid || it.late_paid.is_positive() {
            return Err(No::Conflict);
        }
        if it.prepaid.is_positive() {
            let applied = Entry::prepayment_applied(it.account, it.prepaid, CNY).unwrap();
            self.post(&applied.reversal(), today);
        }
        self.post(&it.entry.reversal(), today);
        self.bills[bill].void = true;
        for (of, line) in &mut self.taken {
            line.voided |= *of == bill;
        }
        self.bill_home(it.home, &it.months, today, true);
        Ok(bill)
    }

    /// Bills what is new of some months of a home, each debtor once.
    fn bill_home(&mut self, home: usize, months: &[BillingMonth], on: NaiveDate, reissue: bool) {
        let mut planned: Vec<Planned> =
            months.iter().flat_map(|month| self.planned(home, *month)).collect();
        let accounts: HashMap<Debtor, BillingAccount> =
            planned.iter().map(|plan| (plan.debtor, kept(plan.debtor))).collect();
        let source = format!("property/{home}");
        let mine = self.taken.iter().filter(|(_, line)| line.source == source);
        let taken: Vec<Taken> = mine.map(|(_, line)| line.clone()).collect();
        sift(&mut planned, &taken, &accounts, reissue);
        if !self.is(Broken::BillsTwice) {
            planned.retain(|plan| plan.standing == Standing::New);
        }
        let mut by_debtor: BTreeMap<Debtor, Vec<Planned>> = BTreeMap::new();
        for plan in planned {
            by_debtor.entry(plan.debtor).or_default().push(plan);
        }
        for (debtor, lines) in by_debtor {
            self.issue(home, debtor, &lines, on);
        }
    }

    fn issue(&mut self, home: usize, debtor: Debtor, lines: &[Planned], on: NaiveDate) {
        let total: Fen = lines.iter().map(|plan| plan.line.amount).sum();
        if !total.is_positive() {
            return;
        }
        let account = BillingAccountId::from_uuid(debtor.party.as_uuid());
        let first = lines[0].line.month;
        let entry = Entry::charge(account, revenue(), total, CNY).unwrap();
        self.post(&entry, on);
        let bill = self.bills.len();
        for Planned { line, .. } in lines {
            let taken = Taken {
                account,
                source: line.source.clone(),
                from: line.from,
                to: line.to,
                amount: line.amount,
                voided: false,
            };
            self.taken.push((bill, taken));
        }
        self.bills.push(Bill {
            account,
            home,
            first,
            months: lines.iter().map(|plan| plan.line.month).collect(),
            entry,
            due: DueRule::DayOfFirstMonth(15).due_date(first, on),
            issued_on: on,
            total,
            settled: Fen::ZERO,
            prepaid: Fen::ZERO,
            waived: Fen::ZERO,
            history: Vec::new(),
            late_paid: Fen::ZERO,
            void: false,
        });
        self.apply_prepayments(account, on);
    }

    /// The lines of a home for a month.
    fn planned(&self, place: usize, month: BillingMonth) -> Vec<Planned> {
        let home = &self.homes[place];
        let source = ChargeSource {
            area: home.area,
            standards: vec![StandardVersion {
                id: FeeStandardId::from_uuid(Uuid::nil()),
                formula: Formula::AreaRate { rate: Rate(2_350_000), surcharge: Fen::ZERO },
                proration: Proration::ActualDays,
                from: "2020-01-01".parse().unwrap(),
                to: None,
            }],
            payers: home.payers.clone(),
            discounts: Vec::new(),
            charge_from: None,
            charge_to: None,
        };
        let planned = |charge: crate::charges::Charge| Planned {
            site: place,
            debtor: debtor(charge.payer.account),
            name: name(),
            line: NewLine {
                item: FeeItemId::from_uuid(Uuid::from_u128(99)),
                source: format!("property/{place}"),
                standard: Some(charge.standard),
                payer: charge.payer.kind,
                month,
                from: charge.from,
                to: charge.to,
                amount: charge.amount,
                explanation: None,
                description: None,
            },
            income: revenue(),
            standing: Standing::New,
        };
        month_lines(&source, month).unwrap().into_iter().map(planned).collect()
    }
}

/// The account of a debtor.
fn kept(debtor: Debtor) -> BillingAccount {
    BillingAccount {
        id: BillingAccountId::from_uuid(debtor.party.as_uuid()),
        estate: estate_id(),
        debtor,
        building: None,
        name: name(),
        terms: None,
    }
}
