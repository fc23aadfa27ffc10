//! The world around the books: people, a till with real cash, a provider with announcements, and
//! everything that goes wrong on the way.

use super::{
    broken::Broken,
    estate::{Estate, No},
    people::home,
};
use crate::{
    charges::BillingMonth, dunning::Ladder, ids::BillingAccountId, ledger::Till, model::Dice,
    payments::Fact,
};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use money::Fen;
use std::collections::HashMap;
use uuid::Uuid;

const HOMES: usize = 12;

const ZONES: [Tz; 4] =
    [Tz::Asia__Shanghai, Tz::Europe__Berlin, Tz::America__Sao_Paulo, Tz::Australia__Lord_Howe];

/// When something happens in a day; after the last all is calm.
const TICKS: [(u32, u32); 5] = [(0, 30), (9, 10), (13, 0), (18, 0), (23, 30)];

/// Something that a person wants to have done.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Take(BillingAccountId, Till, Fen, Vec<usize>),
    Online(BillingAccountId, Fen, Vec<usize>),
    Refund(usize, Fen),
    Waive(usize, Fen),
    Reissue(usize),
    TakeDeposit(BillingAccountId, Till, Fen),
    Propose(usize, Fen),
    Keep(usize),
    GiveBack(usize),
    OpenShift,
    LockShift,
    Carry,
    StartRun(BillingMonth),
}

/// What the provider knows of a payment.
pub(super) struct Paid {
    pub on: NaiveDate,
    pub succeeded: bool,
}

/// The provider: what it was paid, and what it has still to announce.
#[derive(Default)]
pub(super) struct Provider {
    pub paid: HashMap<usize, Paid>,
    announcements: Vec<(DateTime<Utc>, u64, usize)>,
    events: u64,
}

/// A card that somebody has saved.
struct Card {
    account: BillingAccountId,
    most: Fen,
    next_look: DateTime<Utc>,
}

/// Everything.
pub(super) struct Outside {
    pub seed: u64,
    pub(super) dice: Dice,
    pub estate: Estate,
    pub ladder: Ladder,
    pub first: BillingMonth,
    /// The cash that is really there, and the money at the bank that came by the counter.
    pub drawer: Fen,
    pub bank: Fen,
    pub provider: Provider,
    cards: Vec<Card>,
    waiting: Vec<(String, Act)>,
    acts: usize,
    /// Until when nobody asks the provider by himself.
    nobody_asks_until: NaiveDate,
    /// How often each fault has come.
    pub faults: HashMap<&'static str, usize>,
}

/// How many accounts there are: two of each home.
pub(super) const ACCOUNTS: usize = 2 * HOMES;

/// The place of an account, from 0.
pub(super) fn place(account: BillingAccountId) -> usize {
    usize::try_from(account.as_uuid().as_u128()).unwrap() - 1
}

/// The account at a place.
pub(super) fn account(n: usize) -> BillingAccountId {
    BillingAccountId::from_uuid(Uuid::from_u128(n as u128 + 1))
}

impl Outside {
    pub fn new(seed: u64, broken: Option<Broken>) -> Self {
        let mut dice = Dice::new(seed);
        let first: BillingMonth = "2027-03".parse().unwrap();
        let homes = (0..HOMES).map(|n| home(n, first, &mut dice)).collect();
        let mut estate = Estate::new(ZONES[dice.below(ZONES.len())], homes);
        estate.broken = broken;
        let card = |n: usize| Card {
            account: account(2 * n + 1),
            most: Fen(60_000),
            next_look: DateTime::UNIX_EPOCH,
        };
        Self {
            seed,
            dice,
            estate,
            ladder: Ladder::product(),
            first,
            drawer: Fen::ZERO,
            bank: Fen::ZERO,
            provider: Provider::default(),
            cards: (0..3).map(card).collect(),
            waiting: Vec::new(),
            acts: 0,
            nobody_asks_until: first.first(),
            faults: HashMap::new(),
        }
    }

    /// A year, day by day; the leap day is in it.
    pub fn live(&mut self) {
        let end = (0..12).fold(self.first, |month, _| month.next()).first();
        for day in self.first.first().iter_days().take_while(|day| *day < end) {
            for (number, (hour, minute)) in TICKS.into_iter().enumerate() {
                let calm = number + 1 == TICKS.len();
                let at = self.at(day, hour, minute, calm);
                self.tick(day, at, calm);
            }
            self.check(day);
            let month = BillingMonth::of(day).unwrap();
            if day == month.day(6) && month.month().is_multiple_of(3) {
                self.periods(month);
            }
        }
        let last = (0..11).fold(self.first, |month, _| month.next());
        self.periods(last);
    }

    /// The instant that the service believes in.
    fn at(&mut self, day: NaiveDate, hour: u32, minute: u32, calm: bool) -> DateTime<Utc> {
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let local = self.estate.zone.from_local_datetime(&day.and_time(time));
        // Where summer time skips it, an hour later.
        let later =
            self.estate.zone.from_local_datetime(&(day.and_time(time) + Duration::hours(1)));
        let at = local.earliest().or_else(|| later.earliest()).unwrap().with_timezone(&Utc);
        if calm {
            return at;
        }
        let jump = match self.dice.below(60) {
            0..4 => Duration::hours(-1),
            4..8 => Duration::hours(1),
            8 => Duration::days(-4),
            _ => return at,
        };
        self.fault("the clock jumps");
        at + jump
    }

    fn fault(&mut self, what: &'static str) {
        *self.faults.entry(what).or_default() += 1;
    }

    /// Whether something goes wrong now.
    fn goes_wrong(&mut self, what: &'static str, once_in: usize, calm: bool) -> bool {
        let wrong = !calm && self.dice.once_in(once_in);
        if wrong {
            self.fault(what);
        }
        wrong
    }

    fn tick(&mut self, day: NaiveDate, at: DateTime<Utc>, calm: bool) {
        if self.estate.shifts.last().is_none_or(|shift| shift.locked) && !calm {
            self.insist(Act::OpenShift, at);
        }
        if self.dice.once_in(4) {
            self.somebody_does_something(at);
        }
        for (key, act) in std::mem::take(&mut self.waiting) {
            self.send(key, act, day, at, calm);
        }
        self.run_bills(at, calm);
        self.announcements(at, calm);
        self.cards(day, at, calm);
        self.ask_about_payments(day, at, calm);
        self.close(at, calm);
        if calm {
            self.end_the_shift(at);
        }
        if !self.goes_wrong("a job is dropped", 4, calm) {
            self.estate.sweep(&self.ladder, at);
        }
    }

    fn key(&mut self) -> String {
        self.acts += 1;
        format!("act-{}", self.acts)
    }

    pub(super) fn want(&mut self, act: Act) {
        let key = self.key();
        self.waiting.push((key, act));
    }

    /// Asks for something; who hears nothing asks again, with the same key.
    fn send(&mut self, key: String, act: Act, day: NaiveDate, at: DateTime<Utc>, calm: bool) {
        if self.goes_wrong("a request is lost", 12, calm) {
            return self.waiting.push((key, act));
        }
        if self.goes_wrong("it crashes in the middle", 40, calm) {
            let before = self.estate.clone();
            let _ = perform(&mut self.estate, &key, &act, at, self.drawer);
            self.estate = before;
            return self.waiting.push((key, act));
        }
        let done = perform(&mut self.estate, &key, &act, at, self.drawer);
        if self.goes_wrong("an answer is lost", 8, calm) {
            return self.waiting.push((key, act));
        }
        match done {
            Ok(answer) => {
                if self.goes_wrong("somebody clicks twice", 12, false) {
                    let again = perform(&mut self.estate, &key, &act, at, self.drawer);
                    if self.estate.broken.is_none() {
                        assert_eq!(again, Ok(answer), "seed {}", self.seed);
                    }
                }
                self.money_moves(&act, answer, day, at);
            }
            Err(No::Closed) => self.waiting.push((key, act)),
            Err(No::Conflict) => {}
        }
    }

    /// Asks again and again at once, whatever is lost.
    fn insist(&mut self, act: Act, at: DateTime<Utc>) {
        let key = self.key();
        let day = self.estate.day(at);
        for attempt in 0.. {
            self.send(key.clone(), act.clone(), day, at, attempt > 3);
            let again = self.waiting.iter().position(|(waiting, _)| *waiting == key);
            let Some(place) = again else { return };
            self.waiting.remove(place);
            if attempt > 4 {
                return;
            }
        }
    }

    /// What was acknowledged has really happened: money changes hands, once.
    fn money_moves(&mut self, act: &Act, answer: usize, day: NaiveDate, at: DateTime<Utc>) {
        let amount_of = |answer: usize| Fen(i64::try_from(answer).unwrap());
        match act {
            Act::Take(_, till, amount, _) | Act::TakeDeposit(_, till, amount) => {
                self.hand(*till, *amount);
            }
            Act::Refund(payment, amount) => {
                self.hand(self.estate.payments[*payment].till, -*amount);
            }
            Act::GiveBack(deposit) => {
                self.hand(self.estate.deposits[*deposit].till, -amount_of(answer));
            }
            Act::Carry => self.drawer -= amount_of(answer),
            // Some never pay; a card may be declined.
            Act::Online(..) if !self.dice.once_in(6) => {
                let succeeded = !self.dice.once_in(8);
                self.charge(answer, succeeded, day, at);
            }
            _ => {}
        }
    }

    fn hand(&mut self, till: Till, amount: Fen) {
        match till {
            Till::Cash => self.drawer += amount,
            _ => self.bank += amount,
        }
    }

    /// The provider is paid, or declines; it will say so twice, more often, late or never.
    fn charge(&mut self, payment: usize, succeeded: bool, on: NaiveDate, at: DateTime<Utc>) {
        if self.provider.paid.contains_key(&payment) {
            return;
        }
        self.provider.paid.insert(payment, Paid { on, succeeded });
        if self.dice.once_in(4) {
            return self.fault("an announcement never comes");
        }
        for _ in 0..self.dice.between(1, 3) {
            self.provider.events += 1;
            for _ in 0..self.dice.between(1, 2) {
                let late = Duration::hours(self.dice.between(0, 60));
                self.provider.announcements.push((at + late, self.provider.events, payment));
            }
        }
        self.fault("announcements come twice and in any order");
    }

    fn announcements(&mut self, at: DateTime<Utc>, calm: bool) {
        let (now, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.provider.announcements)
            .into_iter()
            .partition(|(when, ..)| *when <= at);
        self.provider.announcements = later;
        for (when, event, payment) in now {
            if self.estate.heard.contains(&event) {
                continue;
            }
            let silent = self.goes_wrong("the provider is silent", 6, calm);
            if silent || self.learn(payment, at).is_err() {
                self.provider.announcements.push((when, event, payment));
            } else {
                self.estate.heard.insert(event);
            }
        }
    }

    /// Asks the provider what is true of a payment.
    fn learn(&mut self, payment: usize, at: DateTime<Utc>) -> Result<(), No> {
        let amount = self.estate.payments[payment].state.amount;
        let fact = match self.provider.paid.get(&payment) {
            Some(paid) if paid.succeeded => Fact::Received { amount },
            Some(_) => Fact::Failed,
            None => return Ok(()),
        };
        self.estate.learn(payment, fact, at)
    }

    /// Saved cards are charged for what is due, at nine in the morning.
    fn cards(&mut self, day: NaiveDate, at: DateTime<Utc>, calm: bool) {
        for n in 0..self.cards.len() {
            let Card { account, most, next_look } = self.cards[n];
            if at < next_look || self.goes_wrong("a job is dropped", 6, calm) {
                continue;
            }
            let begun = self.estate.look(account, most, at);
            if self.goes_wrong("it dies between two steps", 8, calm) {
                continue;
            }
            for payment in begun {
                self.submit(payment, day, at, calm);
            }
            let next = crate::auto_pay::next_look(at, &self.estate.zone);
            self.cards[n].next_look = next;
        }
    }

    fn submit(&mut self, payment: usize, day: NaiveDate, at: DateTime<Utc>, calm: bool) {
        if !self.provider.paid.contains_key(&payment) {
            let succeeded = !self.dice.once_in(5);
            self.charge(payment, succeeded, day, at);
        }
        let lost = self.goes_wrong("the provider's answer is lost", 4, calm);
        if lost {
            self.estate.learn(payment, Fact::NoAnswer, at).ok();
        } else {
            // Refused into a closed month, it is asked about again.
            self.learn(payment, at).ok();
        }
    }

    /// The janitor, and the comparison with the provider's list.
    fn ask_about_payments(&mut self, day: NaiveDate, at: DateTime<Utc>, calm: bool) {
        if self.estate.is(Broken::NeverReconciles) || day < self.nobody_asks_until {
            return;
        }
        let long_asked = day >= self.nobody_asks_until + chrono::Days::new(2);
        if long_asked && self.dice.once_in(20) {
            self.nobody_asks_until = day + chrono::Days::new(2);
            return self.fault("nobody asks for two days");
        }
        for payment in 0..self.estate.payments.len() {
            let it = &self.estate.payments[payment];
            if it.till != Till::Online || it.state.received || it.state.failed {
                continue;
            }
            let is_card = it.auto.is_some();
            if is_card && !self.provider.paid.contains_key(&payment) {
                // It died before it was sent: the same again.
                self.submit(payment, day, at, calm);
            } else {
                self.learn(payment, at).ok();
            }
        }
    }

    /// Runs are started again and again in the first days of a month, killed, and go on.
    fn run_bills(&mut self, at: DateTime<Utc>, calm: bool) {
        let today = self.estate.day(at);
        let month = BillingMonth::of(today).unwrap();
        if today <= month.day(5) {
            for who in ["director", "accountant"] {
                let act = Act::StartRun(month);
                let key = format!("run-{month}-{who}");
                if month >= self.first && self.dice.once_in(2) {
                    perform(&mut self.estate, &key, &act, at, self.drawer).ok();
                }
            }
        }
        for run in 0..self.estate.runs.len() {
            while !self.estate.runs[run].done {
                if self.goes_wrong("a bill run is killed", 5, calm) {
                    let before = self.estate.clone();
                    self.estate.chunk(run).ok();
                    self.estate = before;
                    self.estate.runs[run].done = self.estate.is(Broken::LeavesRunsUnfinished);
                    break;
                }
                if self.estate.chunk(run).is_err() {
                    break;
                }
            }
        }
    }

    fn close(&mut self, at: DateTime<Utc>, calm: bool) {
        if self.estate.day(at) < BillingMonth::of(self.estate.day(at)).unwrap().day(3) {
            return;
        }
        if self.goes_wrong("it crashes in the middle", 40, calm) {
            let before = self.estate.clone();
            self.estate.close(self.first, at).ok();
            self.estate = before;
        } else if self.dice.once_in(3) {
            self.estate.close(self.first, at).ok();
        }
    }

    fn end_the_shift(&mut self, at: DateTime<Utc>) {
        if self.drawer > Fen(1_000) && self.dice.once_in(40) {
            self.drawer -= Fen(1_000);
        }
        self.insist(Act::LockShift, at);
        if self.dice.once_in(5) {
            self.insist(Act::Carry, at);
        }
    }
}

/// Does what somebody asked for.
fn perform(
    estate: &mut Estate,
    key: &str,
    act: &Act,
    at: DateTime<Utc>,
    drawer: Fen,
) -> Result<usize, No> {
    estate.keyed(key, |estate| match act {
        Act::Take(account, till, amount, named) => {
            estate.take((*account, *till, *amount), named, at)
        }
        Act::Online(account, amount, named) => {
            estate.today(at)?;
            let payment = estate.begin((*account, Till::Online, *amount), named, None);
            estate.learn(payment, Fact::Submitted, at).map(|()| payment)
        }
        Act::Refund(payment, amount) => estate.refund(*payment, *amount, at),
        Act::Waive(bill, amount) => estate.waive(*bill, *amount, at),
        Act::Reissue(bill) => estate.reissue(*bill, at),
        Act::TakeDeposit(account, till, amount) => {
            estate.take_deposit((*account, *till, *amount), at)
        }
        Act::Propose(deposit, amount) => estate.propose(*deposit, *amount, at),
        Act::Keep(deposit) => estate.keep(*deposit, at),
        Act::GiveBack(deposit) => estate.give_back(*deposit, at),
        Act::OpenShift => estate.open_shift(at),
        Act::LockShift => estate.lock_shift(drawer, at),
        Act::Carry => estate.carry(at),
        Act::StartRun(month) => estate.start_run(*month, at),
    })
}
