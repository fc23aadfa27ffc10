//! What people and jobs do: money in and out, deposits, the till, closing, following up debts.

use super::{
    broken::Broken,
    estate::{CNY, Case, Deposit, Estate, No, Payment, Shift, bill_id, late_income, number, user},
};
use crate::{
    auto_pay::{Try, Verdict, verdict},
    cashier::{carried_entry, variance_entry},
    charges::BillingMonth,
    closing::domain::{BookMonth, MonthState, Neighbours, before},
    deposits::last_day_to_appeal,
    dunning::{Fired, Ladder},
    ids::BillingAccountId,
    late_fees::domain::{Lateness, quote},
    ledger::{Account, Entry, OpenBill, Till, Toward, allocate},
    payments::{Effect, Fact, Part, PaymentState, apply},
    refunds::sources,
};
use chrono::{DateTime, NaiveDate, Utc};
use money::Fen;
use std::collections::BTreeMap;

impl Estate {
    /// What is open of an account on a day, oldest due first.
    pub fn open_of(&self, account: BillingAccountId, today: NaiveDate) -> Vec<OpenBill> {
        let mine = self.bills.iter().enumerate().filter(|(_, bill)| bill.account == account);
        let open = mine.filter(|(_, bill)| !bill.void).map(|(n, bill)| OpenBill {
            id: bill_id(n),
            due: bill.due,
            principal: bill.total - bill.settled,
            late_fee: self.late_fee(n, today),
        });
        let mut open: Vec<OpenBill> =
            open.filter(|bill| (bill.principal + bill.late_fee).is_positive()).collect();
        open.sort_by_key(|bill| (bill.due, bill.id));
        open
    }

    /// The late fee that is due of a bill.
    pub fn late_fee(&self, bill: usize, today: NaiveDate) -> Fen {
        let it = &self.bills[bill];
        let in_time = |(day, _): &(NaiveDate, Fen)| *day <= it.due;
        let never_late = it.settled == it.total && it.history.iter().all(in_time);
        if today <= it.due || never_late {
            return Fen::ZERO;
        }
        let of = Lateness {
            account: it.account,
            due: it.due,
            total: it.total,
            open: it.total,
            settled: it.history.clone(),
            paid: it.late_paid,
            waived: Fen::ZERO,
            pauses: &[],
        };
        quote(&of, &self.contract, today).due
    }

    fn settle(&mut self, bill: usize, amount: Fen, on: NaiveDate) {
        self.bills[bill].settled += amount;
        self.bills[bill].history.push((on, amount));
    }

    pub fn apply_prepayments(&mut self, account: BillingAccountId, on: NaiveDate) {
        for open in self.open_of(account, on) {
            let ahead = -self.balance(Account::PrepaymentLiability(account));
            let part = ahead.min(open.principal);
            if part.is_positive() {
                self.post(&Entry::prepayment_applied(account, part, CNY).unwrap(), on);
                self.settle(number(open.id), part, on);
                self.bills[number(open.id)].prepaid += part;
            }
        }
    }

    /// A payment that nobody has made yet.
    pub fn begin(
        &mut self,
        (account, till, amount): (BillingAccountId, Till, Fen),
        named: &[usize],
        auto: Option<(usize, NaiveDate)>,
    ) -> usize {
        self.payments.push(Payment {
            account,
            till,
            named: named.iter().copied().map(bill_id).collect(),
            state: PaymentState::created(amount),
            parts: Vec::new(),
            ahead: Fen::ZERO,
            ahead_refunded: Fen::ZERO,
            booked: 0,
            auto,
        });
        self.payments.len() - 1
    }

    /// Takes money at the counter.
    pub fn take(
        &mut self,
        money: (BillingAccountId, Till, Fen),
        named: &[usize],
        at: DateTime<Utc>,
    ) -> Result<usize, No> {
        let today = self.today(at)?;
        if named.iter().any(|bill| self.bills[*bill].void) {
            return Err(No::Conflict);
        }
        if money.1 == Till::Cash {
            self.move_cash(money.2)?;
        }
        let payment = self.begin(money, named, None);
        self.know(payment, Fact::Received { amount: money.2 }, today);
        Ok(payment)
    }

    /// Learns something about a payment.
    pub fn learn(&mut self, payment: usize, fact: Fact, at: DateTime<Utc>) -> Result<(), No> {
        let today = self.today(at)?;
        self.know(payment, fact, today);
        Ok(())
    }

    fn know(&mut self, payment: usize, fact: Fact, today: NaiveDate) {
        let (state, mut effects) = apply(self.payments[payment].state, fact).unwrap();
        self.payments[payment].state = state;
        if self.is(Broken::BooksEachAnnouncement) && matches!(fact, Fact::Received { .. }) {
            effects = vec![Effect::PostPayment];
        }
        if effects.contains(&Effect::PostPayment) {
            self.book(payment, today);
        }
    }

    /// Money meets bills, their late fees with them, and the rest is ahead.
    fn book(&mut self, payment: usize, on: NaiveDate) {
        let Payment { account, till, named, state, .. } = self.payments[payment].clone();
        let mut open = self.open_of(account, on);
        if self.is(Broken::SettlesAboveTheBill) {
            for bill in &mut open {
                bill.principal += Fen(1);
            }
        }
        let named: Vec<_> =
            named.into_iter().filter(|id| open.iter().any(|bill| bill.id == *id)).collect();
        let order = self.contract.allocation(account, on);
        let divided = allocate(state.amount, &named, &open, order).unwrap();
        let late: Fen = divided.toward(Toward::LateFee).iter().map(|(_, amount)| *amount).sum();
        if late.is_positive() {
            self.post(&Entry::late_fee(account, late_income(), late, CNY).unwrap(), on);
        }
        let (to_bills, ahead) = (divided.to_bills(), divided.prepayment);
        self.post(&Entry::payment(till, account, to_bills, ahead, CNY).unwrap(), on);
        for (position, part) in (0..).zip(divided.parts) {
            let bill = number(part.bill);
            match part.toward {
                Toward::Principal => self.settle(bill, part.amount, on),
                Toward::LateFee => self.bills[bill].late_paid += part.amount,
            }
            self.payments[payment].parts.push(Part {
                position,
                bill: part.bill,
                toward: part.toward,
                amount: part.amount,
                refunded: Fen::ZERO,
            });
        }
        self.payments[payment].ahead += ahead;
        self.payments[payment].booked += 1;
    }

    /// What of a payment can go back now.
    pub fn refundable(&self, payment: usize) -> Fen {
        let it = &self.payments[payment];
        let ahead = -self.balance(Account::PrepaymentLiability(it.account));
        let standing = it.parts.iter().filter(|part| !self.bills[number(part.bill)].void);
        standing.map(|part| part.amount - part.refunded).sum::<Fen>()
            + (it.ahead - it.ahead_refunded).min(ahead)
    }

    /// Gives back a part of what was paid at the counter.
    pub fn refund(&mut self, payment: usize, amount: Fen, at: DateTime<Utc>) -> Result<usize, No> {
        let today = self.today(at)?;
        let it = self.payments[payment].clone();
        if it.till == Till::Online || amount > self.refundable(payment) {
            return Err(No::Conflict);
        }
        if it.till == Till::Cash {
            self.move_cash(-amount)?;
        }
        let total = it.state.refunded + amount;
        (self.payments[payment].state, _) = apply(it.state, Fact::Refunded { total }).unwrap();
        let parts: Vec<(Part, bool)> =
            it.parts.iter().map(|part| (*part, !self.bills[number(part.bill)].void)).collect();
        let balance = -self.balance(Account::PrepaymentLiability(it.account));
        let found = sources(amount, it.ahead - it.ahead_refunded, balance, &parts);
        for (source, amount) in [
            (Account::PrepaymentLiability(it.account), found.ahead()),
            (Account::Receivable(it.account), found.owed_again()),
        ] {
            if amount.is_positive() {
                self.post(&Entry::refund(it.till, source, amount, CNY).unwrap(), today);
            }
        }
        for (bill, amount) in found.reopened(Toward::Principal) {
            self.settle(number(bill), -amount, today);
        }
        let late = found.reopened(Toward::LateFee);
        let charged: Fen = late.iter().map(|(_, amount)| *amount).sum();
        if charged.is_positive() {
            let entry = Entry::late_fee(it.account, late_income(), -charged, CNY).unwrap();
            self.post(&entry, today);
        }
        for (bill, amount) in late {
            self.bills[number(bill)].late_paid -= amount;
        }
        for (part, amount) in found.parts() {
            let mine = self.payments[payment].parts.iter_mut();
            mine.filter(|it| it.position == part.position).for_each(|it| it.refunded += amount);
        }
        self.payments[payment].ahead_refunded += found.prepaid;
        Ok(payment)
    }

    pub fn waive(&mut self, bill: usize, amount: Fen, at: DateTime<Utc>) -> Result<usize, No> {
        let today = self.today(at)?;
        let it = &self.bills[bill];
        if it.void || amount > it.total - it.settled {
            return Err(No::Conflict);
        }
        self.post(&Entry::waiver(it.account, amount, CNY).unwrap(), today);
        self.settle(bill, amount, today);
        self.bills[bill].waived += amount;
        Ok(bill)
    }

    pub fn take_deposit(
        &mut self,
        (account, till, amount): (BillingAccountId, Till, Fen),
        at: DateTime<Utc>,
    ) -> Result<usize, No> {
        let today = self.today(at)?;
        if till == Till::Cash {
            self.move_cash(amount)?;
        }
        self.post(&Entry::deposit(till, account, amount, CNY).unwrap(), today);
        self.deposits.push(Deposit { account, till, left: amount, proposed: None });
        Ok(self.deposits.len() - 1)
    }

    /// Tells the payer that a part shall be kept.
    pub fn propose(&mut self, deposit: usize, amount: Fen, at: DateTime<Utc>) -> Result<usize, No> {
        let today = self.day(at);
        let it = &mut self.deposits[deposit];
        if it.proposed.is_some() || amount > it.left {
            return Err(No::Conflict);
        }
        it.proposed = Some((amount, last_day_to_appeal(today)));
        Ok(deposit)
    }

    /// Keeps what was proposed, once nobody can appeal any more.
    pub fn keep(&mut self, deposit: usize, at: DateTime<Utc>) -> Result<usize, No> {
        let today = self.today(at)?;
        let it = self.deposits[deposit].clone();
        let Some((amount, _)) = it.proposed.filter(|(_, last)| today > *last) else {
            return Err(No::Conflict);
        };
        let entry = Entry::deposit_deduction(it.account, Account::OtherIncome, amount, CNY);
        self.post(&entry.unwrap(), today);
        self.deposits[deposit].proposed = None;
        self.deposits[deposit].left -= amount;
        Ok(deposit)
    }

    /// Gives back what is left and not spoken for; how much.
    pub fn give_back(&mut self, deposit: usize, at: DateTime<Utc>) -> Result<usize, No> {
        let today = self.today(at)?;
        let it = self.deposits[deposit].clone();
        if it.proposed.is_some() || !it.left.is_positive() {
            return Err(No::Conflict);
        }
        if it.till == Till::Cash {
            self.move_cash(-it.left)?;
        }
        self.post(&Entry::deposit_refund(it.till, it.account, it.left, CNY).unwrap(), today);
        if !self.is(Broken::KeepsReturnedDeposits) {
            self.deposits[deposit].left = Fen::ZERO;
        }
        Ok(usize::try_from(it.left.0).unwrap())
    }

    fn move_cash(&mut self, amount: Fen) -> Result<(), No> {
        let shift = self.shifts.last_mut().filter(|shift| !shift.locked).ok_or(No::Conflict)?;
        if self.broken != Some(Broken::ForgetsTheShift) {
            shift.moved += amount;
        }
        Ok(())
    }

    pub fn open_shift(&mut self, at: DateTime<Utc>) -> Result<usize, No> {
        if self.shifts.last().is_some_and(|shift| !shift.locked) {
            return Err(No::Conflict);
        }
        self.shifts.push(Shift { opened: at, ..Shift::default() });
        Ok(self.shifts.len() - 1)
    }

    /// Counts the till, posts what is wrong, and finance accepts it.
    pub fn lock_shift(&mut self, counted: Fen, at: DateTime<Utc>) -> Result<usize, No> {
        let today = self.today(at)?;
        let cash = self.balance(Account::Cash);
        let shift = self.shifts.last_mut().filter(|shift| !shift.locked).ok_or(No::Conflict)?;
        shift.locked = true;
        shift.variance = counted - cash;
        let variance = shift.variance;
        if !variance.is_zero() {
            self.post(&variance_entry(variance, CNY).unwrap(), today);
        }
        Ok(self.shifts.len() - 1)
    }

    /// Brings the cash of the till to the bank; how much.
    pub fn carry(&mut self, at: DateTime<Utc>) -> Result<usize, No> {
        let today = self.today(at)?;
        let cash = self.balance(Account::Cash);
        if !cash.is_positive() {
            return Err(No::Conflict);
        }
        self.post(&carried_entry(cash, CNY).unwrap(), today);
        self.carried += cash;
        Ok(usize::try_from(cash.0).unwrap())
    }

    /// Closes the first open month, when it is over and nothing is unfinished.
    pub fn close(&mut self, first: BillingMonth, at: DateTime<Utc>) -> Result<usize, No> {
        let month = self.frozen.last().map_or(first, |(month, _)| month.next());
        let today = self.day(at);
        let latest = self.frozen.last().map(|(month, _)| *month);
        let around = Neighbours {
            earlier_closed: month == first || latest == Some(before(month)),
            latest_closed: latest,
        };
        let unfinished = self.runs.iter().filter(|run| !run.done).count()
            + self
                .shifts
                .iter()
                .filter(|shift| !shift.locked && self.day(shift.opened) <= month.last())
                .count()
            + self
                .payments
                .iter()
                .filter(|it| it.state.unanswered && !it.state.received && !it.state.failed)
                .count();
        let mut book = BookMonth::open(super::estate::estate_id(), month);
        book.start(user(1), at, today, around).map_err(|_| No::Conflict)?;
        let unfinished = i64::try_from(unfinished).unwrap();
        book.close(user(1), at, today, around, unfinished).map_err(|_| No::Conflict)?;
        assert_eq!(book.state, MonthState::Closed);
        self.frozen.push((month, self.monthly.get(&month).cloned().unwrap_or_default()));
        self.months.push(book);
        Ok(self.frozen.len())
    }

    /// Which bills a saved card is charged for now; the payments are begun.
    pub fn look(&mut self, account: BillingAccountId, most: Fen, at: DateTime<Utc>) -> Vec<usize> {
        let today = self.day(at);
        let mut begun = Vec::new();
        for open in self.open_of(account, today) {
            let bill = number(open.id);
            let of_bill = self.payments.iter().filter_map(|it| {
                let (_, day) = it.auto.filter(|(of, _)| *of == bill)?;
                Some(Try { day, status: it.state.status() })
            });
            let tries: Vec<Try> = of_bill.collect();
            if let Verdict::Charge(amount) = verdict(open.principal, open.due, today, most, &tries)
            {
                let money = (account, Till::Online, amount);
                begun.push(self.begin(money, &[bill], Some((bill, today))));
            }
        }
        begun
    }

    /// Follows up what is overdue: cases are opened, steps fired, cases settled.
    pub fn sweep(&mut self, ladder: &Ladder, at: DateTime<Utc>) {
        let today = self.day(at);
        let mut anchors: BTreeMap<BillingAccountId, Option<NaiveDate>> = BTreeMap::new();
        for case in self.cases.iter().filter(|case| !case.closed) {
            anchors.insert(case.account, None);
        }
        let open = self.bills.iter().filter(|bill| !bill.void && bill.settled < bill.total);
        for bill in open.filter(|bill| bill.due < today) {
            let from = bill.due.max(bill.issued_on);
            let anchor = anchors.entry(bill.account).or_default();
            *anchor = Some(anchor.map_or(from, |earlier| earlier.min(from)));
        }
        for (account, anchor) in anchors {
            let open = self.cases.iter().position(|it| it.account == account && !it.closed);
            let case = match (open, anchor) {
                (Some(open), None) => {
                    self.cases[open].closed = true;
                    continue;
                }
                (None, None) => continue,
                (Some(open), Some(_)) => open,
                (None, Some(anchor)) => {
                    self.cases.push(Case { account, anchor, fired: Vec::new(), closed: false });
                    self.cases.len() - 1
                }
            };
            let case = &mut self.cases[case];
            while let Some((step, due)) =
                ladder.next(case.anchor, &case.fired, None).filter(|(_, due)| *due <= today)
            {
                case.fired.push(Fired { step, due });
            }
        }
    }
}
