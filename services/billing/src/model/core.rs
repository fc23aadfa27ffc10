//! The pure rules: entries, allocation, the split of a month and the sources of a refund, kept in
//! the simplest books there can be.

use super::{Dice, naive::Naive, operations, seeds, split::Split};
use crate::{
    ids::{BillId, BillingAccountId, FeeItemId},
    ledger::{Account, Allocated, AllocationOrder, Entry, OpenBill, Till, Toward, allocate},
    payments::Part,
    refunds::sources,
};
use chrono::{Days, NaiveDate};
use money::{Currency, Fen};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

const CNY: Currency = Currency::CNY;
const DEBTORS: usize = 5;
/// So many operations between two looks; then the books begin anew, so that looking stays cheap.
const BATCH: usize = 200;
const TILLS: [Till; 4] = [Till::Cash, Till::Card, Till::Transfer, Till::Online];

struct Bill {
    debtor: usize,
    due: NaiveDate,
    entry: Entry,
    total: Fen,
    settled: Fen,
    prepaid: Fen,
    waived: Fen,
    void: bool,
}

struct Payment {
    debtor: usize,
    till: Till,
    parts: Vec<Part>,
    ahead: Fen,
    ahead_refunded: Fen,
}

/// Books whose only memory of money is the sum of entries.
#[derive(Default)]
struct Books {
    balances: HashMap<Account, Fen>,
    entries: usize,
    bills: Vec<Bill>,
    payments: Vec<Payment>,
    /// The balances at the end of each closed month, and how many entries there were.
    closed: Vec<BTreeMap<Account, Fen>>,
}

fn debtor(n: usize) -> BillingAccountId {
    BillingAccountId::from_uuid(Uuid::from_u128(n as u128 + 1))
}

fn revenue() -> Account {
    Account::Revenue(FeeItemId::from_uuid(Uuid::from_u128(99)))
}

fn bill_id(n: usize) -> BillId {
    BillId::from_uuid(Uuid::from_u128(n as u128 + 1))
}

fn number(id: BillId) -> usize {
    usize::try_from(id.as_uuid().as_u128()).unwrap() - 1
}

fn day(due: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(due.unsigned_abs())
}

impl Books {
    fn post(&mut self, entry: &Entry) {
        for line in entry.lines() {
            *self.balances.entry(line.account).or_default() += line.amount;
        }
        self.entries += 1;
    }

    fn balance(&self, account: Account) -> Fen {
        self.balances.get(&account).copied().unwrap_or_default()
    }

    fn open_of(&self, of: usize) -> Vec<OpenBill> {
        let open = self
            .bills
            .iter()
            .enumerate()
            .filter(|(_, bill)| bill.debtor == of && !bill.void && bill.settled < bill.total);
        let mut open: Vec<OpenBill> = open
            .map(|(n, bill)| OpenBill {
                id: bill_id(n),
                due: bill.due,
                principal: bill.total - bill.settled,
                late_fee: Fen::ZERO,
            })
            .collect();
        open.sort_by_key(|bill| (bill.due, bill.id));
        open
    }

    fn charge(&mut self, of: usize, due: i64, total: Fen) {
        let entry = Entry::charge(debtor(of), revenue(), total, CNY).unwrap();
        self.post(&entry);
        self.bills.push(Bill {
            debtor: of,
            due: day(due),
            entry,
            total,
            settled: Fen::ZERO,
            prepaid: Fen::ZERO,
            waived: Fen::ZERO,
            void: false,
        });
    }

    fn pay(&mut self, of: usize, till: Till, amount: Fen, designated: &[usize]) {
        let designated: Vec<BillId> = designated.iter().copied().map(bill_id).collect();
        let divided =
            allocate(amount, &designated, &self.open_of(of), AllocationOrder::BillByBill).unwrap();
        let (to_bills, ahead) = (divided.to_bills(), divided.prepayment);
        self.post(&Entry::payment(till, debtor(of), to_bills, ahead, CNY).unwrap());
        let mut parts = Vec::new();
        for (position, part) in (0..).zip(divided.parts) {
            let Allocated { bill, toward, amount } = part;
            self.bills[number(bill)].settled += amount;
            parts.push(Part { position, bill, toward, amount, refunded: Fen::ZERO });
        }
        self.payments.push(Payment { debtor: of, till, parts, ahead, ahead_refunded: Fen::ZERO });
    }

    fn refund(&mut self, payment: usize, amount: Fen) {
        let it = &self.payments[payment];
        let (of, till) = (it.debtor, it.till);
        let balance = -self.balance(Account::PrepaymentLiability(debtor(of)));
        let parts: Vec<(Part, bool)> =
            it.parts.iter().map(|part| (*part, !self.bills[number(part.bill)].void)).collect();
        let found = sources(amount, it.ahead - it.ahead_refunded, balance, &parts);
        assert_eq!(found.missing, Fen::ZERO);
        for (source, amount) in [
            (Account::PrepaymentLiability(debtor(of)), found.ahead()),
            (Account::Receivable(debtor(of)), found.owed_again()),
        ] {
            if amount.is_positive() {
                self.post(&Entry::refund(till, source, amount, CNY).unwrap());
            }
        }
        for (bill, amount) in found.reopened(Toward::Principal) {
            self.bills[number(bill)].settled -= amount;
        }
        for (part, amount) in found.parts() {
            let mine = self.payments[payment].parts.iter_mut();
            mine.filter(|it| it.position == part.position).for_each(|it| it.refunded += amount);
        }
        self.payments[payment].ahead_refunded += found.prepaid;
    }

    fn apply(&mut self, of: usize) {
        for open in self.open_of(of) {
            let ahead = -self.balance(Account::PrepaymentLiability(debtor(of)));
            let part = ahead.min(open.principal);
            if part.is_positive() {
                self.post(&Entry::prepayment_applied(debtor(of), part, CNY).unwrap());
                let bill = &mut self.bills[number(open.id)];
                bill.settled += part;
                bill.prepaid += part;
            }
        }
    }

    fn waive(&mut self, bill: usize, amount: Fen) {
        let of = self.bills[bill].debtor;
        self.post(&Entry::waiver(debtor(of), amount, CNY).unwrap());
        self.bills[bill].settled += amount;
        self.bills[bill].waived += amount;
    }

    fn void(&mut self, bill: usize) {
        let (of, prepaid) = (self.bills[bill].debtor, self.bills[bill].prepaid);
        if prepaid.is_positive() {
            let applied = Entry::prepayment_applied(debtor(of), prepaid, CNY).unwrap();
            self.post(&applied.reversal());
        }
        let undone = self.bills[bill].entry.reversal();
        self.post(&undone);
        self.bills[bill].void = true;
    }

    fn close(&mut self) {
        self.closed.push(self.balances.iter().map(|(account, sum)| (*account, *sum)).collect());
    }
}

/// Both at once.
struct Run {
    seed: u64,
    dice: Dice,
    books: Books,
    model: Naive,
    /// What the model said at each close.
    frozen: Vec<Naive>,
}

impl Run {
    fn new(seed: u64) -> Self {
        Self {
            seed,
            dice: Dice::new(seed),
            books: Books::default(),
            model: Naive::new(DEBTORS),
            frozen: Vec::new(),
        }
    }

    /// New books, the same dice.
    fn begin_anew(&mut self) {
        self.books = Books::default();
        self.model = Naive::new(DEBTORS);
        self.frozen.clear();
    }

    fn charge(&mut self, of: usize, amount: i64) {
        let due = self.dice.between(0, 40);
        self.books.charge(of, due, Fen(amount));
        self.model.charge(of, due, amount);
    }

    /// A month whose payer changes: each is charged a part.
    fn split(&mut self) {
        let (first, second) = (self.dice.below(DEBTORS), self.dice.below(DEBTORS));
        let split = Split::roll(&mut self.dice);
        for (line, of) in split.lines(debtor(first), debtor(second)).iter().zip([first, second]) {
            if line.amount.is_positive() {
                self.charge(of, line.amount.0);
            }
        }
    }

    fn pay(&mut self) {
        let of = self.dice.below(DEBTORS);
        let till = TILLS[self.dice.below(4)];
        let owed = self.model.owed(of);
        let amount = match self.dice.below(4) {
            0 => self.dice.between(1, 50_000),
            1 => owed.max(1),
            2 => (owed / 2).max(1),
            _ => owed + self.dice.between(1, 5_000),
        };
        let designated = self.dice.some_of(self.model.open_of(of));
        self.books.pay(of, till, Fen(amount), &designated);
        self.model.pay(of, amount, &designated);
    }

    fn refund(&mut self) {
        if self.model.payments.is_empty() {
            return;
        }
        let payment = self.dice.below(self.model.payments.len());
        let most = self.model.refundable(payment);
        if most > 0 {
            let amount = self.dice.between(1, most);
            self.books.refund(payment, Fen(amount));
            self.model.refund(payment, amount);
        }
    }

    fn on_a_bill(&mut self) {
        if self.model.bills.is_empty() {
            return;
        }
        let bill = self.dice.below(self.model.bills.len());
        let it = &self.model.bills[bill];
        let untouched = it.settled() == it.prepaid;
        if it.open() > 0 && self.dice.once_in(2) {
            let amount = self.dice.between(1, self.model.bills[bill].open());
            self.books.waive(bill, Fen(amount));
            self.model.waive(bill, amount);
        } else if !it.void && untouched {
            self.books.void(bill);
            self.model.void(bill);
        }
    }

    fn deposit(&mut self) {
        let of = self.dice.below(DEBTORS);
        let held = self.model.deposits[of];
        let till = TILLS[self.dice.below(3)];
        if held > 0 && self.dice.once_in(2) {
            let amount = self.dice.between(1, held);
            let source = Account::DepositLiability(debtor(of));
            self.books.post(&Entry::refund(till, source, Fen(amount), CNY).unwrap());
            self.model.deposit(of, -amount);
        } else {
            let amount = self.dice.between(1, 300_000);
            self.books.post(&Entry::deposit(till, debtor(of), Fen(amount), CNY).unwrap());
            self.model.deposit(of, amount);
        }
    }

    fn step(&mut self) {
        match self.dice.below(20) {
            0..5 => {
                let (of, amount) = (self.dice.below(DEBTORS), self.dice.between(1, 60_000));
                self.charge(of, amount);
            }
            5 => self.split(),
            6..11 => self.pay(),
            11..13 => self.refund(),
            13..15 => self.on_a_bill(),
            15..17 => self.deposit(),
            17..19 => {
                let of = self.dice.below(DEBTORS);
                self.books.apply(of);
                self.model.apply(of);
            }
            _ => {
                self.books.close();
                self.frozen.push(self.model.clone());
            }
        }
    }

    /// No difference, and a sum of zero; of what was closed too.
    fn compare(&self) {
        let balance = |account| self.books.balance(account);
        compare(self.seed, &self.model, balance);
        for (n, bill) in self.model.bills.iter().enumerate() {
            let mine = &self.books.bills[n];
            let settled = if bill.void { 0 } else { bill.settled() };
            let kept = if mine.void { Fen::ZERO } else { mine.settled };
            assert_eq!(
                (kept, mine.void),
                (Fen(settled), bill.void),
                "bill {n}, seed {}",
                self.seed
            );
            assert_eq!(mine.waived, Fen(bill.waived), "bill {n}, seed {}", self.seed);
        }
        for (closed, model) in self.books.closed.iter().zip(&self.frozen) {
            compare(self.seed, model, |account| closed.get(&account).copied().unwrap_or_default());
        }
        let sum: Fen = self.books.balances.values().copied().sum();
        assert_eq!(sum, Fen::ZERO, "seed {}", self.seed);
    }
}

fn compare(seed: u64, model: &Naive, balance: impl Fn(Account) -> Fen) {
    for of in 0..DEBTORS {
        let kept = [
            balance(Account::Receivable(debtor(of))),
            -balance(Account::PrepaymentLiability(debtor(of))),
            -balance(Account::DepositLiability(debtor(of))),
        ];
        let want = [model.owed(of), model.ahead[of], model.deposits[of]].map(Fen);
        assert_eq!(kept, want, "debtor {of}, seed {seed}");
        assert!(kept.iter().all(|sum| !sum.is_negative()), "debtor {of}, seed {seed}");
    }
    let money: Fen = TILLS
        .map(Till::account)
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .map(&balance)
        .sum();
    let want = [model.money, -model.earned, model.waived].map(Fen);
    assert_eq!([money, balance(revenue()), balance(Account::Waivers)], want, "seed {seed}");
}

#[test]
fn a_million_random_operations_on_the_pure_rules_agree_with_the_model() {
    let seeds = seeds();
    let each = operations(1_000_000) / seeds.len();
    for seed in seeds {
        let mut run = Run::new(seed);
        let mut entries = 0;
        for n in 1..=each {
            run.step();
            if n % BATCH == 0 {
                run.compare();
                entries += run.books.entries;
                run.begin_anew();
            }
        }
        // Not a test of nothing.
        assert!(entries > each / 2, "{entries} entries of {each} operations, seed {seed}");
    }
}

#[test]
fn a_model_that_errs_by_one_fen_is_caught() {
    let mut run = Run::new(3);
    for _ in 0..BATCH {
        run.step();
    }
    run.compare();
    run.model.ahead[0] += 1;
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run.compare()));
    assert!(caught.is_err());
}
