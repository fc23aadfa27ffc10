//! What holds at the end of every day.

use super::outside::{ACCOUNTS, Outside, account, place};
use crate::{
    charges::BillingMonth,
    dunning::Ladder,
    ledger::{Account, Till},
    model::year::estate::{Case, Estate, number},
};
use chrono::{Days, NaiveDate};
use money::Fen;
use std::collections::BTreeMap;

/// How many days a payment may be unknown to the books.
const FOUND_WITHIN: i64 = 3;

impl Outside {
    /// Everything that must hold at the end of a day.
    pub(super) fn check(&self, today: NaiveDate) {
        let estate = &self.estate;
        let at = format!("{today}, seed {}", self.seed);
        let sum: Fen = estate.balances.values().copied().sum();
        assert_eq!(sum, Fen::ZERO, "the ledger does not sum to zero: {at}");
        bills(estate, &at);
        debts(estate, &at);
        deposits(estate, &at);
        self.cash(&at);
        self.online(today, &at);
        closed(estate, &at);
        dunned(estate, &self.ladder, today, &at);
    }

    /// The cash that is there is what the books and the shifts say.
    fn cash(&self, at: &str) {
        let estate = &self.estate;
        let booked = estate.balance(Account::Cash);
        assert_eq!(booked, self.drawer, "cash differs from the books: {at}");
        let shifts: Fen = estate.shifts.iter().map(|shift| shift.moved + shift.variance).sum();
        assert_eq!(booked, shifts - estate.carried, "cash differs from the shifts: {at}");
        let bank = estate.balance(Account::Bank);
        assert_eq!(bank, self.bank, "the bank differs from the books: {at}");
    }

    /// Every payment that the provider has is booked once; who was not charged is not booked.
    fn online(&self, today: NaiveDate, at: &str) {
        let mut held = Fen::ZERO;
        for (n, payment) in self.estate.payments.iter().enumerate() {
            assert!(payment.booked <= 1, "payment {n} is booked {} times: {at}", payment.booked);
            if payment.till != Till::Online {
                continue;
            }
            let paid = self.provider.paid.get(&n).filter(|paid| paid.succeeded);
            match paid {
                Some(paid) if (today - paid.on).num_days() >= FOUND_WITHIN => {
                    assert_eq!(payment.booked, 1, "payment {n} was never booked: {at}");
                }
                Some(_) => {}
                None => assert_eq!(payment.booked, 0, "payment {n} is booked unpaid: {at}"),
            }
            if payment.booked > 0 {
                held += payment.state.amount;
            }
        }
        let booked = self.estate.balance(Account::StripeClearing);
        assert_eq!(booked, held, "the provider's money is booked otherwise: {at}");
    }

    /// Every day of every home is billed once, for the months that were run.
    pub(super) fn periods(&self, until: BillingMonth) {
        for (home, it) in self.estate.homes.iter().enumerate() {
            let first = self.first.first();
            let mut days: BTreeMap<NaiveDate, u32> = BTreeMap::new();
            let source = format!("property/{home}");
            let lines = self.estate.taken.iter().map(|(_, line)| line);
            for line in lines.filter(|line| !line.voided && line.source == source) {
                for day in line.from.iter_days().take_while(|day| *day <= line.to) {
                    *days.entry(day).or_default() += 1;
                }
            }
            let at = format!("home {home} of {}, seed {}", it.area, self.seed);
            for day in first.iter_days().take_while(|day| *day <= until.last()) {
                let times = days.get(&day).copied().unwrap_or_default();
                assert_eq!(times, 1, "{day} is billed {times} times: {at}");
            }
            assert!(days.values().all(|times| *times == 1), "a day is billed twice: {at}");
        }
    }
}

fn bills(estate: &Estate, at: &str) {
    for (n, bill) in estate.bills.iter().enumerate() {
        assert!(!bill.settled.is_negative(), "bill {n} is settled below zero: {at}");
        assert!(bill.settled <= bill.total, "bill {n} is settled above its amount: {at}");
        assert!(bill.prepaid <= bill.settled || bill.void, "bill {n}, prepaid: {at}");
        let settled: Fen = bill.history.iter().map(|(_, amount)| *amount).sum();
        assert_eq!(settled, bill.settled, "bill {n} is settled otherwise than told: {at}");
        let cap = Fen(bill.total.0 * 3 / 10 + 1);
        assert!(bill.late_paid <= cap && !bill.late_paid.is_negative(), "bill {n}, late fee: {at}");
    }
    // What payments brought is what bills have.
    let mut brought = vec![Fen::ZERO; estate.bills.len()];
    for part in estate.payments.iter().flat_map(|payment| &payment.parts) {
        if part.toward == crate::ledger::Toward::Principal {
            brought[number(part.bill)] += part.amount - part.refunded;
        }
    }
    for (n, (bill, paid)) in estate.bills.iter().zip(brought).enumerate() {
        assert_eq!(bill.settled, paid + bill.prepaid + bill.waived, "bill {n}, parts: {at}");
    }
}

fn debts(estate: &Estate, at: &str) {
    let mut owed = [Fen::ZERO; ACCOUNTS];
    for bill in estate.bills.iter().filter(|bill| !bill.void) {
        owed[place(bill.account)] += bill.total - bill.settled;
    }
    for (n, open) in owed.into_iter().enumerate() {
        let account = account(n);
        let receivable = estate.balance(Account::Receivable(account));
        assert_eq!(receivable, open, "what is owed differs from the bills: {at}");
        let ahead = -estate.balance(Account::PrepaymentLiability(account));
        assert!(!ahead.is_negative(), "less than nothing is paid ahead: {at}");
    }
}

fn deposits(estate: &Estate, at: &str) {
    let mut held = [Fen::ZERO; ACCOUNTS];
    for deposit in &estate.deposits {
        assert!(!deposit.left.is_negative(), "deposits below zero: {at}");
        held[place(deposit.account)] += deposit.left;
    }
    for (n, left) in held.into_iter().enumerate() {
        let liability = -estate.balance(Account::DepositLiability(account(n)));
        assert_eq!(liability, left, "the deposits differ from the books: {at}");
    }
}

fn closed(estate: &Estate, at: &str) {
    let nothing = BTreeMap::new();
    for (month, then) in &estate.frozen {
        let now = estate.monthly.get(month).unwrap_or(&nothing);
        assert_eq!(now, then, "the closed month {month} has changed: {at}");
    }
    let months: Vec<BillingMonth> = estate.frozen.iter().map(|(month, _)| *month).collect();
    assert!(months.windows(2).all(|pair| pair[0].next() == pair[1]), "months are skipped: {at}");
}

/// Whoever was late yesterday already has one case, its steps once, in order and not early.
fn dunned(estate: &Estate, ladder: &Ladder, today: NaiveDate, at: &str) {
    for case in &estate.cases {
        let steps = case.fired.windows(2);
        assert!(steps.clone().all(|pair| pair[0].step < pair[1].step), "a step twice: {at}");
        // The clock may have been an hour ahead.
        let latest = today + Days::new(1);
        assert!(case.fired.iter().all(|it| it.due <= latest), "a step is early: {at}");
        let next = || ladder.next(case.anchor, &case.fired, None);
        let missed = !case.closed && next().is_some_and(|(_, due)| due <= today);
        assert!(!missed, "a step is missed: {at}");
    }
    let open = estate.bills.iter().filter(|bill| !bill.void && bill.settled < bill.total);
    for bill in open.filter(|bill| bill.due < today) {
        let mine = |case: &&Case| case.account == bill.account && !case.closed;
        let cases = estate.cases.iter().filter(mine).count();
        assert_eq!(cases, 1, "{cases} cases of one debtor: {at}");
    }
}
