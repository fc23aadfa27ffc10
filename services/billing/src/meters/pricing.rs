//! What periods of use cost, and who owes which part of it.
//!
//! The steps of a price go by the use of the calendar year of all supplies of a unit that one fee
//! item charges. A period is cut where the year or the price changes; its use is spread over its
//! days, nothing lost. Each period is rounded once; where the payer changes, R3 shares it out.

use super::domain::Period;
use crate::charges::{Formula, PayerKind, Quantity, Slice, StandardVersion};
use crate::ids::FeeStandardId;
use chrono::{Datelike as _, NaiveDate};
use money::{Fen, round_half_up};
use std::collections::HashMap;

/// A supply: its periods, and what was used of the year before it was counted.
#[derive(Clone, Debug)]
pub struct Supply {
    /// The day its first meter was installed.
    pub since: NaiveDate,
    /// What was used in the year of that day before it.
    pub used_before: Quantity,
    /// Its periods by day.
    pub periods: Vec<Period>,
}

/// A period with its price; without one where some of its days have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// The period.
    pub period: Period,
    /// Its use by price.
    pub slices: Vec<Slice>,
    /// The price of its last day.
    pub standard: Option<FeeStandardId>,
}

impl Priced {
    /// The exact price in parts of a fen.
    pub fn exact(&self) -> i128 {
        self.slices.iter().map(Slice::exact).sum()
    }
}

/// Prices the periods of all supplies of a unit that one fee item charges; the answer has a list
/// for each supply.
pub fn price(supplies: &[Supply], versions: &[StandardVersion]) -> Vec<Vec<Priced>> {
    let mut of_year: HashMap<i32, Quantity> = HashMap::new();
    for supply in supplies {
        *of_year.entry(supply.since.year()).or_default() += supply.used_before;
    }
    let mut order: Vec<(usize, &Period)> = supplies
        .iter()
        .enumerate()
        .flat_map(|(place, supply)| supply.periods.iter().map(move |period| (place, period)))
        .collect();
    order.sort_by_key(|(place, period)| (period.to, period.from, *place));
    let mut priced: Vec<Vec<Priced>> = supplies.iter().map(|_| Vec::new()).collect();
    for (place, period) in order {
        let cuts = cut(period, versions);
        let (mut slices, mut standard) = (Vec::new(), None);
        let mut has_all = true;
        for Cut { year, version, quantity } in cuts {
            let before = of_year.entry(year).or_default();
            match version.map(|version| (version.id, version.formula)) {
                Some((id, Formula::Metered { steps })) => {
                    slices.extend(steps.split(*before, quantity));
                    standard = Some(id);
                }
                _ => has_all = false,
            }
            *before += quantity;
        }
        let standard = standard.filter(|_| has_all);
        priced[place].push(Priced { period: period.clone(), slices, standard });
    }
    priced
}

struct Cut<'v> {
    year: i32,
    version: Option<&'v StandardVersion>,
    quantity: Quantity,
}

/// A period cut where the calendar year or the price changes; the parts add up to its use.
fn cut<'v>(period: &Period, versions: &'v [StandardVersion]) -> Vec<Cut<'v>> {
    let of = |day: NaiveDate| {
        let holds = |it: &&StandardVersion| it.from <= day && it.to.is_none_or(|to| day <= to);
        (day.year(), versions.iter().find(holds))
    };
    let mut runs: Vec<(i32, Option<&StandardVersion>, i64)> = Vec::new();
    for day in period.from.iter_days().take_while(|day| *day <= period.to) {
        let (year, version) = of(day);
        match runs.last_mut() {
            Some((last, same, days))
                if *last == year && same.map(|it| it.id) == version.map(|it| it.id) =>
            {
                *days += 1;
            }
            _ => runs.push((year, version, 1)),
        }
    }
    let all: i64 = runs.iter().map(|(.., days)| days).sum();
    let up_to = |days: i64| {
        let part = i128::from(period.quantity.0) * i128::from(days) / i128::from(all.max(1));
        i64::try_from(part).unwrap_or(period.quantity.0)
    };
    let mut passed = 0;
    let cuts = runs.into_iter().map(|(year, version, days)| {
        let quantity = Quantity(up_to(passed + days) - up_to(passed));
        passed += days;
        Cut { year, version, quantity }
    });
    cuts.collect()
}

/// One payer's part of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which payer, by its place in the list.
    pub payer: usize,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// How many days.
    pub days: u32,
    /// What it comes to.
    pub amount: Fen,
}

/// Somebody who pays on some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// In which capacity.
    pub kind: PayerKind,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` is open.
    pub to: Option<NaiveDate>,
}

/// Shares an amount out over the payers of some days. Whoever bears the residue (R3) takes what is
/// left of the whole; days without a payer are owed by nobody. Where two pay on one day, nobody is
/// charged until that is put right.
pub fn share_out(
    (exact, parts_per_fen): (i128, i128),
    (first, last): (NaiveDate, NaiveDate),
    payers: &[Span],
) -> Vec<Share> {
    let all = (last - first).num_days() + 1;
    let mut shares: Vec<Share> = Vec::new();
    for (payer, span) in payers.iter().enumerate() {
        let (from, to) = (span.from.max(first), span.to.map_or(last, |to| to.min(last)));
        if from <= to {
            let days = (to - from).num_days() + 1;
            let part = exact * i128::from(days);
            let amount = Fen(round_half_up(part, parts_per_fen * i128::from(all)));
            let days = u32::try_from(days).unwrap_or(u32::MAX);
            shares.push(Share { payer, from, to, days, amount });
        }
    }
    shares.sort_by_key(|share| share.from);
    if shares.windows(2).any(|pair| pair[1].from <= pair[0].to) {
        return Vec::new();
    }
    let covered: i64 = shares.iter().map(|share| i64::from(share.days)).sum();
    let bearer = (0..shares.len()).max_by_key(|place| (payers[shares[*place].payer].kind, *place));
    if let Some(bearer) = bearer.filter(|_| covered == all) {
        let mut left = Fen(round_half_up(exact, parts_per_fen));
        for (place, share) in shares.iter_mut().enumerate() {
            if place != bearer {
                share.amount = share.amount.min(left);
                left -= share.amount;
            }
        }
        shares[bearer].amount = left;
    }
    shares
}
