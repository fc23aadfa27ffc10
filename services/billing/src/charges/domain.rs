//! The lines of one month: who pays how much for which days, exact to the fen.
//!
//! One line per payer period and standard version. The decisions, in this order:
//! 1. The month's total is the exact product of all charged days, rounded half-up once.
//! 2. Every payer period but the residue bearer's is rounded from its own exact product; the
//!    residue bearer (developer > owner > lessee, then the later period) gets total minus others.
//! 3. Inside one payer period a price change splits the line by date: every version but the last
//!    is rounded from its exact product, the last takes what the payer's amount leaves.
//!
//! 4. An approved discount takes its part off the exact product before anything is rounded; where it
//!    begins or ends inside a period the line is split as for a price change.
//!
//! A part is never more than what is left, so no part is below zero even where a day costs less
//! than a fen. Days without a payer, a price or outside the charging window are not charged.

use super::{
    BillingMonth, Explanation,
    discount::{DiscountSpan, Discounted, Reduction},
    explanation::{Adjustment, Exact},
    standard::{Formula, PARTS_PER_FEN, Proration, StandardVersion},
};
use crate::ids::{BillingAccountId, FeeStandardId};
use crate::say;
use chrono::{Datelike, NaiveDate};
use errors::{Code, Coded};
use money::{Area, Fen, Rate, round_half_up};
use texts::Text;

/// In which capacity somebody pays; a later variant bears the residue before an earlier one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PayerKind {
    /// Pays by agreement with the owner.
    Lessee,
    /// Owns the unit.
    Owner,
    /// Pays until possession is taken.
    Developer,
}

/// Who is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Payer {
    /// The account the line goes to.
    pub account: BillingAccountId,
    /// In which capacity.
    pub kind: PayerKind,
}

/// A payer and the days, both included, for which they pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayerSpan {
    /// Who pays.
    pub payer: Payer,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` is open.
    pub to: Option<NaiveDate>,
}

/// Everything that decides the charges of one fee item for one unit or space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeSource {
    /// The fee base; zero where the formula does not use it.
    pub area: Area,
    /// The price versions, any order; they may not overlap.
    pub standards: Vec<StandardVersion>,
    /// The payers, any order; they may not overlap.
    pub payers: Vec<PayerSpan>,
    /// What is taken off, any order; of several on one day the one that began last holds.
    pub discounts: Vec<DiscountSpan>,
    /// First chargeable day: of the cut-over month or of the assignment.
    pub charge_from: Option<NaiveDate>,
    /// Last chargeable day.
    pub charge_to: Option<NaiveDate>,
}

/// One charge line (应收明细): one fee item, payer, price version and calendar month or part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Who owes it.
    pub payer: Payer,
    /// The price version applied.
    pub standard: FeeStandardId,
    /// The calendar month.
    pub month: BillingMonth,
    /// First day charged.
    pub from: NaiveDate,
    /// Last day charged.
    pub to: NaiveDate,
    /// What is owed, never below zero.
    pub amount: Fen,
    /// The arithmetic, the same on screen, print and API.
    pub explanation: Explanation,
}

/// Why no line can be computed.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChargeError {
    /// Two payers are named for one day.
    #[error("two payers are named for {0}")]
    OverlappingPayers(NaiveDate),
    /// Two prices apply on one day.
    #[error("two fee standards apply on {0}")]
    OverlappingStandards(NaiveDate),
    /// The area, a rate or a price is below zero.
    #[error("an area, rate or price is below zero")]
    Negative,
}

impl Coded for ChargeError {
    fn code(&self) -> Code {
        match self {
            Self::OverlappingPayers(_) | Self::OverlappingStandards(_) => Code::Conflict,
            Self::Negative => Code::Invalid,
        }
    }
    fn text(&self) -> Text {
        match self {
            Self::OverlappingPayers(day) => say::overlapping_payers(*day),
            Self::OverlappingStandards(day) => say::overlapping_standards(*day),
            Self::Negative => say::negative_figure(),
        }
    }
}

/// The days of one payer period under one price version.
struct Part {
    payer: Payer,
    payer_from: NaiveDate,
    standard: FeeStandardId,
    formula: Formula,
    proration: Proration,
    from: u32,
    to: u32,
    shares: u32,
    discount: Option<Discounted>,
    exact: i128,
}

/// The lines of `month`, ordered by date; the sum is the month's total exactly.
pub fn month_lines(source: &ChargeSource, month: BillingMonth) -> Result<Vec<Charge>, ChargeError> {
    if source.area.0 < 0 || !source.standards.iter().all(|s| s.formula.is_not_negative()) {
        return Err(ChargeError::Negative);
    }
    let parts = parts(source, month)?;
    let denominator = denominator(month);
    let periods: Vec<&[Part]> = parts.chunk_by(|a, b| a.payer_from == b.payer_from).collect();
    let exacts: Vec<i128> = periods.iter().map(|p| p.iter().map(|part| part.exact).sum()).collect();
    let total = Fen(round_half_up(exacts.iter().sum(), denominator));
    let bearer = (0..periods.len()).max_by_key(|i| (periods[*i][0].payer.kind, *i));
    let Some(bearer) = bearer else { return Ok(Vec::new()) };

    let amounts = share_out(total, &exacts, denominator, bearer);
    let mut lines = Vec::with_capacity(parts.len());
    for (i, (period, amount)) in periods.iter().zip(amounts).enumerate() {
        let versions: Vec<i128> = period.iter().map(|part| part.exact).collect();
        let last = versions.len() - 1;
        let split = share_out(amount, &versions, denominator, last);
        for (j, (part, line)) in period.iter().zip(split).enumerate() {
            let remainder_of = match (i == bearer, j == last) {
                (true, true) if parts.len() > 1 => Some(total),
                (false, true) if last > 0 => Some(amount),
                _ => None,
            };
            lines.push(charge(source.area, month, part, line, remainder_of));
        }
    }
    Ok(lines)
}

/// The lines of several months, e.g. of one cycle; each month is computed by itself (R1).
pub fn cycle_lines(
    source: &ChargeSource,
    months: &[BillingMonth],
) -> Result<Vec<Charge>, ChargeError> {
    let months: Result<Vec<_>, _> = months.iter().map(|m| month_lines(source, *m)).collect();
    Ok(months?.concat())
}

/// One denominator for every kind of proration and discount: each number of shares divides it.
fn denominator(month: BillingMonth) -> i128 {
    PARTS_PER_FEN * 30 * i128::from(month.days()) * i128::from(Rate::PER_ONE)
}

/// What is left of the price of a month after the discount, in millionths of its parts.
fn reduced(monthly: i128, discount: Option<Discounted>) -> i128 {
    let all = i128::from(Rate::PER_ONE);
    match discount.map(|it| it.reduction) {
        None => monthly * all,
        Some(Reduction::Percent(part)) => monthly * (all - i128::from(part.0)).clamp(0, all),
        Some(Reduction::Fixed(amount)) => {
            (monthly - i128::from(amount.0) * PARTS_PER_FEN).max(0) * all
        }
    }
}

/// The days `from..=to` of the month cut where a discount begins or ends.
fn cut(
    discounts: &[DiscountSpan],
    month: BillingMonth,
    (from, to): (u32, u32),
) -> Vec<(u32, u32, Option<Discounted>)> {
    let on = |day: u32| {
        let date = month.day(day);
        let holds = |it: &&DiscountSpan| it.from <= date && it.to.is_none_or(|to| date <= to);
        let last = discounts.iter().filter(holds).max_by_key(|it| (it.from, it.id));
        last.map(|it| Discounted { by: it.id, reduction: it.reduction })
    };
    let mut cuts: Vec<(u32, u32, Option<Discounted>)> = Vec::new();
    for day in from..=to {
        let holds = if discounts.is_empty() { None } else { on(day) };
        match cuts.last_mut() {
            Some((_, end, same)) if *same == holds => *end = day,
            _ => cuts.push((day, day, holds)),
        }
    }
    cuts
}

/// Rounds every part but the bearer's, which takes what is left; no part exceeds what is left.
fn share_out(total: Fen, exacts: &[i128], denominator: i128, bearer: usize) -> Vec<Fen> {
    let mut left = total;
    let mut amounts = vec![Fen::ZERO; exacts.len()];
    for (i, exact) in exacts.iter().enumerate().filter(|(i, _)| *i != bearer) {
        amounts[i] = Fen(round_half_up(*exact, denominator)).min(left);
        left -= amounts[i];
    }
    amounts[bearer] = left;
    amounts
}

/// Every payer period cut by price versions, in order of date, without the parts of no share.
fn parts(source: &ChargeSource, month: BillingMonth) -> Result<Vec<Part>, ChargeError> {
    let window = |from: Option<NaiveDate>, to: Option<NaiveDate>| {
        let from = from.map_or(month.first(), |d| d.max(month.first()));
        let to = to.map_or(month.last(), |d| d.min(month.last()));
        (from <= to).then(|| (from.day(), to.day()))
    };
    let mut payers: Vec<_> = source
        .payers
        .iter()
        .filter_map(|p| window(Some(p.from), p.to).map(|days| (days, p)))
        .collect();
    let mut standards: Vec<_> = source
        .standards
        .iter()
        .filter_map(|s| window(Some(s.from), s.to).map(|days| (days, s)))
        .collect();
    payers.sort_by_key(|(days, _)| *days);
    standards.sort_by_key(|(days, _)| *days);
    if let Some(pair) = payers.windows(2).find(|pair| pair[1].0.0 <= pair[0].0.1) {
        return Err(ChargeError::OverlappingPayers(month.day(pair[1].0.0)));
    }
    if let Some(pair) = standards.windows(2).find(|pair| pair[1].0.0 <= pair[0].0.1) {
        return Err(ChargeError::OverlappingStandards(month.day(pair[1].0.0)));
    }
    let Some((open, close)) = window(source.charge_from, source.charge_to) else {
        return Ok(Vec::new());
    };

    let mut cells = Vec::new();
    for ((from, to), span) in payers {
        for ((begins, ends), standard) in &standards {
            let (from, to) = (from.max(*begins).max(open), to.min(*ends).min(close));
            if from <= to {
                let cuts = cut(&source.discounts, month, (from, to)).into_iter();
                cells.extend(cuts.map(|(from, to, off)| (from, to, span, *standard, off)));
            }
        }
    }
    let first_charged = cells.first().map_or(1, |(from, ..)| *from);
    Ok(cells
        .into_iter()
        .map(|(from, to, span, standard, discount)| {
            let days = month.days();
            let shares = standard.proration.shares(from, to, days, first_charged);
            let unit = 30 * days / standard.proration.shares_of_month(days);
            let monthly = standard.formula.monthly(source.area);
            Part {
                payer: span.payer,
                payer_from: span.from,
                standard: standard.id,
                formula: standard.formula,
                proration: standard.proration,
                from,
                to,
                shares,
                discount,
                exact: reduced(monthly, discount) * i128::from(shares) * i128::from(unit),
            }
        })
        .filter(|part| part.shares > 0)
        .collect())
}

/// The line of `part`; `remainder_of` is the total it completes, when it bears a residue.
fn charge(
    area: Area,
    month: BillingMonth,
    part: &Part,
    amount: Fen,
    remainder_of: Option<Fen>,
) -> Charge {
    let denominator = denominator(month);
    let rounded = Fen(round_half_up(part.exact, denominator));
    let adjustment = match remainder_of {
        Some(total) => Adjustment::Remainder { total, others: total - amount },
        None if amount == rounded => Adjustment::None,
        None => Adjustment::Capped,
    };
    let days = month.days();
    Charge {
        payer: part.payer,
        standard: part.standard,
        month,
        from: month.day(part.from),
        to: month.day(part.to),
        amount,
        explanation: Explanation {
            formula: part.formula,
            area,
            proration: part.proration,
            days_of_month: days,
            days_charged: part.to - part.from + 1,
            shares: part.shares,
            shares_of_month: part.proration.shares_of_month(days),
            monthly: Exact::of(part.formula.monthly(area), PARTS_PER_FEN),
            unrounded: Exact::of(part.exact, denominator),
            discount: part.discount,
            rounded,
            adjustment,
            amount,
        },
    }
}
