//! The late fee by rule R4: simple, never compounding, rounded once per bill, capped.
//!
//! A day counts from the day after the due date to the day asked for, both included, with the
//! principal that was open at the end of the day before and the rate in force on it. Days on which
//! no contract names a rate, and days on which an instalment plan keeps the fee as it is, do not
//! count.

use crate::{charges::Exact, ids::BillingAccountId, ledger::AllocationOrder, say};
use chrono::{Days, NaiveDate};
use errors::{Invalid, expected};
use money::{Fen, Rate, round_half_up};
use std::collections::BTreeSet;
use texts::Text;

/// The highest daily rate: 1 %.
const MAX_DAILY: i64 = 10_000;

/// What a contract says about paying late, from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LateFeeTerms {
    /// The first day on which they hold.
    pub from: NaiveDate,
    /// Only for this account; else for every account without terms of its own.
    pub account: Option<BillingAccountId>,
    /// The part of the open principal that each day adds.
    pub daily: Rate,
    /// The most that a late fee can come to, as part of the bill's principal.
    pub cap: Rate,
    /// How money meets several debts.
    pub allocation: AllocationOrder,
}

impl LateFeeTerms {
    /// The handbook's daily rate: 0.05 %. Above it a court may reduce the fee.
    pub const USUAL_DAILY: Rate = Rate(500);
    /// The handbook's cap: 30 %. Above it a court may reduce the fee.
    pub const USUAL_CAP: Rate = Rate(300_000);

    /// Checks the figures.
    ///
    /// # Errors
    /// [`Invalid`] that names the field.
    pub fn checked(self) -> Result<Self, Invalid> {
        if !(0..=MAX_DAILY).contains(&self.daily.0) {
            return Err(Invalid::new("dailyRate", say::late_fee_rate_range()));
        }
        if !(0..=Rate::PER_ONE).contains(&self.cap.0) {
            return Err(Invalid::new("cap", expected::between(0, 1)));
        }
        Ok(self)
    }

    /// What a lawyer would say about them (handbook 0.4, damages too high).
    pub fn warnings(&self) -> Vec<Text> {
        let mut warnings = Vec::new();
        if self.daily > Self::USUAL_DAILY {
            warnings.push(say::late_fee_rate_high(percent(self.daily)));
        }
        if self.cap > Self::USUAL_CAP {
            warnings.push(say::late_fee_cap_high(percent(self.cap)));
        }
        warnings
    }
}

/// A rate as per cent, e.g. `0.05`.
pub(crate) fn percent(rate: Rate) -> String {
    Exact::of(i128::from(rate.0) * 10_000, i128::from(Rate::PER_ONE)).to_string()
}

/// Every version of an estate's terms, in the order in which they were set.
#[derive(Clone, Debug, Default)]
pub struct Contract(Vec<LateFeeTerms>);

impl Contract {
    /// Of versions in the order in which they were set.
    pub fn new(versions: Vec<LateFeeTerms>) -> Self {
        Self(versions)
    }

    /// Whether nothing was ever agreed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every version, in the order in which they were set.
    pub fn versions(&self) -> &[LateFeeTerms] {
        &self.0
    }

    /// What holds for an account on a day: its own terms, else those of the estate; of two that
    /// begin on one day the later set.
    pub fn in_force(&self, account: BillingAccountId, day: NaiveDate) -> Option<&LateFeeTerms> {
        let latest = |of: Option<BillingAccountId>| {
            let mine = self.0.iter().filter(|terms| terms.account == of && terms.from <= day);
            mine.max_by_key(|terms| terms.from)
        };
        latest(Some(account)).or_else(|| latest(None))
    }

    /// The order in which money meets the debts of an account on a day.
    pub fn allocation(&self, account: BillingAccountId, day: NaiveDate) -> AllocationOrder {
        self.in_force(account, day).map_or_else(AllocationOrder::default, |terms| terms.allocation)
    }
}

/// Days, both included, on which a late fee stays as it is; `None` while nobody knows the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl Pause {
    /// Whether it covers a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// What one bill's late fee is computed of.
#[derive(Clone, Debug)]
pub struct Lateness<'a> {
    /// Who owes it.
    pub account: BillingAccountId,
    /// The last day to pay without being late.
    pub due: NaiveDate,
    /// The bill's principal.
    pub total: Fen,
    /// Principal that was open at first.
    pub open: Fen,
    /// By how much principal became less on which day; below zero it became more.
    pub settled: Vec<(NaiveDate, Fen)>,
    /// Late fee that was paid.
    pub paid: Fen,
    /// Late fee that was waived.
    pub waived: Fen,
    /// Days on which it stays as it is.
    pub pauses: &'a [Pause],
}

/// Some days with one open principal and one rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The open principal.
    pub outstanding: Fen,
    /// The daily rate.
    pub daily: Rate,
    /// How many days.
    pub days: u32,
}

impl Segment {
    /// Outstanding × rate × days in fen, times [`Rate::PER_ONE`].
    fn product(&self) -> i128 {
        i128::from(self.outstanding.0) * i128::from(self.daily.0) * i128::from(self.days)
    }

    /// The same in yuan, unrounded.
    pub(crate) fn exact(&self) -> Exact {
        Exact::of(self.product(), i128::from(Rate::PER_ONE))
    }
}

/// A late fee on a day, with its arithmetic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LateFeeQuote {
    /// What has grown until the day, rounded once and capped.
    pub quoted: Fen,
    /// What of it does not change any more: it is paid, or an instalment plan keeps it as it is.
    pub frozen: Fen,
    /// What of it is paid.
    pub paid: Fen,
    /// What of it is waived.
    pub waived: Fen,
    /// What is owed of it: quoted less paid and waived.
    pub due: Fen,
    /// The most it can come to, of a bill that the contract has something to say about.
    pub cap: Option<Fen>,
    /// Whether the cap holds it down.
    pub capped: bool,
    /// The days and what they add, in order.
    pub segments: Vec<Segment>,
}

impl LateFeeQuote {
    /// The unrounded sum of the segments in yuan.
    pub(crate) fn exact(&self) -> Exact {
        let sum = self.segments.iter().map(Segment::product).sum();
        Exact::of(sum, i128::from(Rate::PER_ONE))
    }

    /// The arithmetic as a sentence that can be redone by hand.
    pub fn words(&self) -> Option<Text> {
        let part = |segment: &Segment| {
            let (outstanding, days) = (segment.outstanding, segment.days);
            format!("{outstanding} × {}% × {days}", percent(segment.daily))
        };
        let parts: Vec<String> = self.segments.iter().map(part).collect();
        if parts.is_empty() {
            return None;
        }
        let (sum, exact) = (parts.join(" + "), self.exact().to_string());
        Some(match self.cap.filter(|_| self.capped) {
            Some(cap) => say::late_fee_capped(sum, exact, cap),
            None => say::late_fee_rounded(sum, exact, self.quoted),
        })
    }

    /// The arithmetic of what was owed of it, `due`: what had grown, less what had been settled of it
    /// before. `None` when it does not come to that any more.
    pub fn words_of(&self, due: Fen) -> Option<Text> {
        let words = self.words()?;
        let settled = self.quoted - due;
        match settled.0 {
            0 => Some(words),
            1.. => Some(say::late_fee_less_settled(words, settled, due)),
            _ => None,
        }
    }
}

/// The late fee of a bill on a day.
pub fn quote(of: &Lateness<'_>, contract: &Contract, on: NaiveDate) -> LateFeeQuote {
    let segments = segments(of, contract, on);
    let sum: i128 = segments.iter().map(Segment::product).sum();
    let last = segments.last().map_or(on, |segment| segment.to);
    let cap = contract.in_force(of.account, last).map(|terms| terms.cap);
    let most = cap.map(|cap| i128::from(of.total.0) * i128::from(cap.0));
    let per_one = i128::from(Rate::PER_ONE);
    let rounded = |exact: i128| Fen(round_half_up(exact, per_one));
    let capped = most.is_some_and(|most| sum > most);
    let grown = rounded(most.map_or(sum, |most| sum.min(most)));
    // Terms that were changed for the past take nothing back that was paid or waived.
    let quoted = grown.max(of.paid + of.waived);
    let due = quoted - of.paid - of.waived;
    let kept = of.pauses.iter().any(|pause| pause.covers(on));
    LateFeeQuote {
        quoted,
        frozen: if kept { of.paid + due } else { of.paid },
        paid: of.paid,
        waived: of.waived,
        due,
        cap: most.map(rounded),
        capped,
        segments,
    }
}

/// The days that count, cut wherever the open principal or the rate changes.
fn segments(of: &Lateness<'_>, contract: &Contract, on: NaiveDate) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let Some(first) = of.due.checked_add_days(Days::new(1)) else { return segments };
    let starts: Vec<NaiveDate> = cuts(of, contract, first, on).into_iter().collect();
    for (number, from) in starts.iter().copied().enumerate() {
        let to = starts.get(number + 1).map_or(on, |next| *next - Days::new(1));
        let settled: Fen =
            of.settled.iter().filter(|(day, _)| *day < from).map(|(_, amount)| *amount).sum();
        let outstanding = of.open - settled;
        let daily = contract.in_force(of.account, from).map_or(Rate(0), |terms| terms.daily);
        let paused = of.pauses.iter().any(|pause| pause.covers(from));
        if paused || daily.0 == 0 || !outstanding.is_positive() {
            continue;
        }
        let days = u32::try_from((to - from).num_days() + 1).unwrap_or_default();
        match segments.last_mut() {
            Some(last)
                if last.to + Days::new(1) == from
                    && (last.outstanding, last.daily) == (outstanding, daily) =>
            {
                (last.to, last.days) = (to, last.days + days);
            }
            _ => segments.push(Segment { from, to, outstanding, daily, days }),
        }
    }
    segments
}

/// The days from `first` to `on` on which something may change.
fn cuts(
    of: &Lateness<'_>,
    contract: &Contract,
    first: NaiveDate,
    on: NaiveDate,
) -> BTreeSet<NaiveDate> {
    let after = |day: &NaiveDate| *day + Days::new(1);
    let settled = of.settled.iter().map(|(day, _)| after(day));
    let terms = contract.versions().iter().map(|terms| terms.from);
    let paused = of.pauses.iter().map(|pause| pause.from);
    let resumed = of.pauses.iter().filter_map(|pause| pause.to.as_ref().map(after));
    let all = settled.chain(terms).chain(paused).chain(resumed).chain([first]);
    all.filter(|day| (first..=on).contains(day)).collect()
}

#[cfg(test)]
mod tests;
