//! Which lines a supply adds to the bills of a run.
//!
//! What an account owes for a supply is what its readings, as they stand, come to; what is charged
//! stays as it is. The next line takes up the difference that a correction makes. It is never below
//! zero: what was charged too much is taken off the lines after it.

use super::pricing::{Priced, Share, Span, share_out};
use crate::{
    bill_runs::{Standing, Taken},
    charges::{Exact, MeteredExplanation, USE_PARTS_PER_FEN},
    ids::{BillingAccountId, FeeStandardId},
};
use chrono::NaiveDate;
use money::Fen;

/// One payer of a supply.
#[derive(Clone, Copy, Debug)]
pub struct SupplyPayer {
    /// On which days, in which capacity.
    pub span: Span,
    /// Which debtor, told apart by a number: somebody may pay twice.
    pub debtor: usize,
    /// The account, if it is open.
    pub account: Option<BillingAccountId>,
}

/// A line that a supply comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplyLine {
    /// Which payer, by its place in the list.
    pub payer: usize,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// What is owed.
    pub amount: Fen,
    /// The price of its last day.
    pub standard: Option<FeeStandardId>,
    /// The arithmetic.
    pub explanation: MeteredExplanation,
    /// How it stands to what is charged.
    pub standing: Standing,
}

/// What the supply comes to, and what was charged too much to a payer who used nothing since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplyCharges {
    /// The lines.
    pub lines: Vec<SupplyLine>,
    /// How much too much.
    pub credit: Fen,
}

/// The lines of a supply; `taken` is what was ever charged for it, `reissue` charges voided days
/// again.
pub fn charges(
    priced: &[Priced],
    payers: &[SupplyPayer],
    taken: &[Taken],
    reissue: bool,
) -> SupplyCharges {
    let mut found = SupplyCharges::default();
    let mut debtors: Vec<usize> = payers.iter().map(|payer| payer.debtor).collect();
    debtors.sort_unstable();
    debtors.dedup();
    let spans: Vec<Span> = payers.iter().map(|payer| payer.span).collect();
    let shares: Vec<(&Priced, Share, u32)> = priced
        .iter()
        .filter(|it| it.standard.is_some())
        .flat_map(|it| {
            let days = u32::try_from(super::domain::days_of(&it.period)).unwrap_or(u32::MAX);
            let period = (it.period.from, it.period.to);
            let shares = share_out((it.exact(), USE_PARTS_PER_FEN), period, &spans);
            shares.into_iter().map(move |share| (it, share, days))
        })
        .collect();
    for debtor in debtors {
        let of_debtor = |payer: usize| payers[payer].debtor == debtor;
        let own: Vec<_> = shares.iter().filter(|(_, share, _)| of_debtor(share.payer)).collect();
        let account =
            payers.iter().filter(|it| it.debtor == debtor).find_map(|payer| payer.account);
        of_one(&own, account, taken, reissue, &mut found);
    }
    found.lines.sort_by_key(|line| (line.from, line.payer));
    found
}

fn of_one(
    own: &[&(&Priced, Share, u32)],
    account: Option<BillingAccountId>,
    taken: &[Taken],
    reissue: bool,
    found: &mut SupplyCharges,
) {
    let mine = |line: &&Taken| Some(line.account) == account;
    let charged: Fen =
        taken.iter().filter(mine).filter(|line| !line.voided).map(|line| line.amount).sum();
    let mut standings: Vec<Standing> = Vec::new();
    let mut owed = Fen::ZERO;
    for (_, share, _) in own {
        let overlaps = |line: &&Taken| line.from <= share.to && share.from <= line.to;
        let here: Vec<&Taken> = taken.iter().filter(overlaps).collect();
        let standing = if here.iter().any(|line| !line.voided && mine(line)) {
            Standing::Charged
        } else if here.iter().any(|line| !line.voided) {
            Standing::Blocked
        } else if !reissue && here.iter().any(mine) {
            Standing::Voided
        } else {
            Standing::New
        };
        if standing == Standing::Charged {
            owed += share.amount;
        }
        standings.push(standing);
    }
    // Above zero too little was charged for what is charged, below zero too much.
    let mut carried = owed - charged;
    let mut last_charged = None;
    for ((priced, share, days), standing) in own.iter().copied().zip(standings) {
        let carry = if standing == Standing::New { carried } else { Fen::ZERO };
        let amount = (share.amount + carry).max(Fen::ZERO);
        if standing == Standing::New {
            carried = share.amount + carry - amount;
        } else if standing == Standing::Charged {
            last_charged = Some((*priced, *share, *days));
        }
        found.lines.push(line(priced, share, *days, (carry, amount), standing));
    }
    if carried.is_negative() {
        found.credit += -carried;
    }
    if let Some((priced, share, days)) = last_charged.filter(|_| carried.is_positive()) {
        // A correction that no new period takes up has a day of the corrected one for itself.
        let is_taken = |day: &NaiveDate| taken.iter().filter(mine).any(|line| line.from == *day);
        let days_inside = share.from.iter_days().skip(1).take_while(|day| *day <= share.to);
        if let Some(day) = days_inside.into_iter().find(|day| !is_taken(day)) {
            let mut correction = line(priced, &share, days, (carried, carried), Standing::New);
            correction.explanation.part = Fen::ZERO;
            (correction.from, correction.to) = (day, day);
            found.lines.push(correction);
        }
    }
}

fn line(
    priced: &Priced,
    share: &Share,
    days: u32,
    (carried, amount): (Fen, Fen),
    standing: Standing,
) -> SupplyLine {
    let is_part = share.days != days;
    SupplyLine {
        payer: share.payer,
        from: share.from,
        to: share.to,
        amount,
        standard: priced.standard,
        explanation: MeteredExplanation {
            counted: priced.period.counted.clone(),
            slices: priced.slices.clone(),
            unrounded: Exact::of(priced.exact(), USE_PARTS_PER_FEN),
            share: is_part.then_some((share.days, days)),
            part: share.amount,
            estimated: priced.period.estimated,
            carried,
            amount,
        },
        standing,
    }
}
