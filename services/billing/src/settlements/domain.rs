//! The sheet of a settlement: pure arithmetic over charged lines, bills, prepayment and deposits.

use crate::{
    bills::Line,
    charges::{
        Arithmetic, BillingMonth, ChargeError, ChargeSource, DiscountSpan, Explanation, Payer,
        PayerKind, PayerSpan, StandardVersion, month_lines,
    },
    ids::{BillId, BillingAccountId, ChargeId, DepositId, FeeItemId, FeeStandardId},
};
use chrono::NaiveDate;
use money::Fen;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far a settlement has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeavingState {
    /// A second person has to approve it.
    Prepared,
    /// It is carried out, and what goes back waits to be paid out.
    Approved,
    /// It is carried out and nothing is left to pay out.
    Settled,
    /// It was taken back before it was approved.
    Cancelled,
}

/// The days of a charged line that the leaver does not use any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unused {
    /// The line.
    pub charge: ChargeId,
    /// Its fee item.
    pub item: FeeItemId,
    /// Its source.
    pub source: String,
    /// Its price.
    pub standard: Option<FeeStandardId>,
    /// Its month.
    pub month: BillingMonth,
    /// The first day that is not used.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// What was charged for the line.
    pub charged: Fen,
    /// What the days up to the leaving cost (R3).
    pub kept: Fen,
    /// What the line is for in words of its own.
    pub description: Option<String>,
    /// Whether the successor is charged for these days.
    #[serde(default = "passed_on")]
    pub passes: bool,
}

/// How it was before a settlement could tell what its leaver alone had used.
const fn passed_on() -> bool {
    true
}

impl Unused {
    /// What is credited to the leaver, and charged to the successor if it passes to one.
    pub fn amount(&self) -> Fen {
        self.charged - self.kept
    }
}

/// A debit of this settlement alone, e.g. the last reading of a meter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debit {
    /// What earns it.
    pub item: FeeItemId,
    /// What it is for.
    pub description: String,
    /// How much.
    pub amount: Fen,
}

/// What a settlement comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Charged days that are not used.
    pub unused: Vec<Unused>,
    /// What is charged with the settlement.
    pub debits: Vec<Debit>,
    /// What is open of bills.
    pub open: Vec<(BillId, Fen)>,
    /// The last day whose lateness counts (R4): that of the sheet.
    #[serde(default)]
    pub late_until: Option<NaiveDate>,
    /// What the lateness of bills comes to by then.
    #[serde(default)]
    pub late_fees: Vec<(BillId, Fen)>,
    /// What is paid ahead.
    pub prepayment: Fen,
    /// What goes back of deposits.
    pub deposits: Vec<(DepositId, Fen)>,
}

impl Sheet {
    /// What is credited for days that are not used.
    pub fn credited(&self) -> Fen {
        self.unused.iter().map(Unused::amount).sum()
    }

    /// What is owed: open bills, their late fees and the debits.
    pub fn owed(&self) -> Fen {
        let open: Fen = self.open.iter().chain(&self.late_fees).map(|(_, amount)| *amount).sum();
        open + self.debits.iter().map(|debit| debit.amount).sum::<Fen>()
    }

    /// What goes back of deposits; they meet no debt.
    pub fn deposited(&self) -> Fen {
        self.deposits.iter().map(|(_, amount)| *amount).sum()
    }

    /// What is left of credit and prepayment once the debts are met, and goes back.
    pub fn rest(&self) -> Fen {
        (self.credited() + self.prepayment - self.owed()).max(Fen::ZERO)
    }

    /// What stays owed once credit and prepayment are used.
    pub fn still_owed(&self) -> Fen {
        (self.owed() - self.credited() - self.prepayment).max(Fen::ZERO)
    }

    /// What is paid out altogether.
    pub fn paid_out(&self) -> Fen {
        self.rest() + self.deposited()
    }

    /// The sum of the sheet: paid out, less what stays owed.
    pub fn net(&self) -> Fen {
        self.paid_out() - self.still_owed()
    }
}

/// The days after `leaves_on` of lines that a price was applied to. What the leaver keeps of a month
/// is divided by R3: with a successor of the kind that `passes_to` says of the line, or as a part of
/// its own.
///
/// # Errors
/// When a price of a line is below zero.
pub fn unused(
    lines: &[Line],
    leaves_on: NaiveDate,
    passes_to: impl Fn(&Line) -> Option<PayerKind>,
) -> Result<Vec<Unused>, ChargeError> {
    let mut found = Vec::new();
    for line in lines {
        let charge = &line.charge;
        let Some(Arithmetic::Price(explanation)) = &charge.explanation else { continue };
        if charge.to <= leaves_on || !charge.amount.is_positive() {
            continue;
        }
        let successor = passes_to(line);
        let kept = kept(line, explanation, leaves_on, successor)?;
        let unused = Unused {
            charge: line.id,
            item: charge.item,
            source: charge.source.clone(),
            standard: charge.standard,
            month: charge.month,
            from: leaves_on.succ_opt().unwrap_or(NaiveDate::MAX).max(charge.from),
            to: charge.to,
            charged: charge.amount,
            kept,
            description: charge.description.clone(),
            passes: successor.is_some(),
        };
        if unused.amount().is_positive() {
            found.push(unused);
        }
    }
    Ok(found)
}

/// What the days of a line up to the leaving cost; never more than the line.
fn kept(
    line: &Line,
    explanation: &Explanation,
    leaves_on: NaiveDate,
    successor: Option<PayerKind>,
) -> Result<Fen, ChargeError> {
    let charge = &line.charge;
    if charge.from > leaves_on {
        return Ok(Fen::ZERO);
    }
    let account = |place| BillingAccountId::from_uuid(Uuid::from_u128(place));
    let (leaver, next) = (account(0), account(1));
    let span =
        |account, kind, from, to| PayerSpan { payer: Payer { account, kind }, from, to: Some(to) };
    let mut payers = vec![span(leaver, charge.payer, charge.from, leaves_on)];
    if let (Some(kind), Some(from)) = (successor, leaves_on.succ_opt()) {
        payers.push(span(next, kind, from, charge.to));
    }
    let standard = StandardVersion {
        id: charge.standard.unwrap_or_else(|| FeeStandardId::from_uuid(Uuid::nil())),
        formula: explanation.formula,
        proration: explanation.proration,
        from: charge.from,
        to: Some(charge.to),
    };
    let discounts = explanation.discount.iter().map(|discounted| DiscountSpan {
        id: discounted.by,
        reduction: discounted.reduction,
        from: charge.from,
        to: Some(charge.to),
    });
    let source = ChargeSource {
        area: explanation.area,
        standards: vec![standard],
        payers,
        discounts: discounts.collect(),
        charge_from: None,
        charge_to: None,
    };
    let divided = month_lines(&source, charge.month)?;
    let of_leaver = divided.iter().filter(|part| part.payer.account == leaver);
    Ok(of_leaver.map(|part| part.amount).sum::<Fen>().min(charge.amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bills::NewLine,
        charges::{Formula, Proration},
    };
    use money::Area;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The line of a month as a run charges it.
    fn line(formula: Formula, area: i64, kind: PayerKind, month: &str, from: &str) -> Line {
        let month: BillingMonth = month.parse().unwrap();
        let standard = StandardVersion {
            id: FeeStandardId::from_uuid(Uuid::from_u128(7)),
            formula,
            proration: Proration::ActualDays,
            from: month.first(),
            to: None,
        };
        let payer = Payer { account: BillingAccountId::from_uuid(Uuid::from_u128(9)), kind };
        let source = ChargeSource {
            area: Area(area),
            standards: vec![standard],
            payers: vec![PayerSpan { payer, from: day(from), to: None }],
            discounts: Vec::new(),
            charge_from: None,
            charge_to: None,
        };
        let charge = month_lines(&source, month).unwrap().remove(0);
        Line {
            id: ChargeId::from_uuid(Uuid::from_u128(month.month().into())),
            bill: BillId::from_uuid(Uuid::nil()),
            charge: NewLine {
                item: FeeItemId::from_uuid(Uuid::from_u128(3)),
                source: "item/site".to_owned(),
                standard: Some(charge.standard),
                payer: kind,
                month,
                from: charge.from,
                to: charge.to,
                amount: charge.amount,
                explanation: Some(Arithmetic::Price(Box::new(charge.explanation))),
                description: None,
            },
            revision: 0,
        }
    }

    fn rate(text: &str) -> Formula {
        Formula::AreaRate { rate: text.parse().unwrap(), surcharge: Fen::ZERO }
    }

    #[test]
    fn a_lessee_who_leaves_on_18_october_gets_985_19_back() {
        let months = ["2026-10", "2026-11", "2026-12"];
        let lines = months
            .map(|month| line(rate("2.85"), 1_428_800, PayerKind::Lessee, month, "2026-01-01"));
        let paid: Fen = lines.iter().map(|line| line.charge.amount).sum();
        assert_eq!(paid, Fen(122_163));
        let unused = unused(&lines, day("2026-10-18"), |_| Some(PayerKind::Owner)).unwrap();
        let amounts: Vec<Fen> = unused.iter().map(Unused::amount).collect();
        assert_eq!(amounts, [Fen(17_077), Fen(40_721), Fen(40_721)]);
        assert_eq!((unused[0].kept, unused[0].from), (Fen(23_644), day("2026-10-19")));
        let deposit = DepositId::from_uuid(Uuid::nil());
        let debit = Debit {
            item: unused[0].item,
            description: "水费 23 m³".to_owned(),
            amount: Fen(7_400),
        };
        let sheet = Sheet {
            unused,
            debits: vec![debit],
            deposits: vec![(deposit, Fen(5_000))],
            ..Sheet::default()
        };
        assert_eq!(sheet.credited(), Fen(98_519));
        assert_eq!((sheet.rest(), sheet.net()), (Fen(91_119), Fen(96_119)));
    }

    #[test]
    fn a_space_that_is_given_up_on_20_august_gives_474_19_back() {
        let space = |month| {
            let price = Formula::PerParkingSpace { price: Fen(35_000) };
            line(price, 0, PayerKind::Owner, month, "2026-06-18")
        };
        let lines = ["2026-06", "2026-07", "2026-08", "2026-09"].map(space);
        let paid: Fen = lines.iter().map(|line| line.charge.amount).sum();
        assert_eq!(paid + Fen(5_000), Fen(125_167));
        let unused = unused(&lines, day("2026-08-20"), |_| None).unwrap();
        let amounts: Vec<Fen> = unused.iter().map(Unused::amount).collect();
        assert_eq!(amounts, [Fen(12_419), Fen(35_000)]);
        let kept = paid - amounts.into_iter().sum();
        assert_eq!(kept, Fen(15_167) + Fen(35_000) + Fen(22_581));
    }

    #[test]
    fn a_late_fee_is_owed_like_its_bill() {
        let bill = BillId::from_uuid(Uuid::nil());
        let sheet = Sheet {
            open: vec![(bill, Fen(83_586))],
            late_until: Some(day("2026-08-24")),
            late_fees: vec![(bill, Fen(1_672))],
            prepayment: Fen(100_000),
            ..Sheet::default()
        };
        assert_eq!((sheet.owed(), sheet.rest()), (Fen(85_258), Fen(14_742)));
        let before = r#"{"unused":[],"debits":[],"open":[],"prepayment":5,"deposits":[]}"#;
        let known: Sheet = serde_json::from_str(before).unwrap();
        assert_eq!(known, Sheet { prepayment: Fen(5), ..Sheet::default() });
    }

    #[test]
    fn debts_are_met_first_and_what_is_missing_stays_owed() {
        let sheet = Sheet {
            open: vec![(BillId::from_uuid(Uuid::nil()), Fen(900))],
            prepayment: Fen(200),
            deposits: vec![(DepositId::from_uuid(Uuid::nil()), Fen(500))],
            ..Sheet::default()
        };
        assert_eq!((sheet.rest(), sheet.still_owed()), (Fen::ZERO, Fen(700)));
        assert_eq!((sheet.paid_out(), sheet.net()), (Fen(500), Fen(-200)));
    }

    proptest! {
        #[test]
        fn no_fen_is_lost_between_leaver_and_successor(
            area in 1_i64..5_000_000, price in 1_i64..9_000_000, day_of_month in 1_u32..31,
            kinds in (0_usize..3, 0_usize..3),
        ) {
            let all = [PayerKind::Lessee, PayerKind::Owner, PayerKind::Developer];
            let formula = Formula::AreaRate { rate: money::Rate(price), surcharge: Fen::ZERO };
            let month: BillingMonth = "2026-10".parse().unwrap();
            let line = line(formula, area, all[kinds.0], "2026-10", "2026-10-01");
            let lines = std::slice::from_ref(&line);
            let found = unused(lines, month.day(day_of_month), |_| Some(all[kinds.1])).unwrap();
            for part in found {
                prop_assert_eq!(part.kept + part.amount(), line.charge.amount);
                prop_assert!(!part.kept.is_negative());
            }
        }
    }
}
