//! A month whose payer changes: its parts are the month.

use super::Dice;
use crate::{
    charges::{
        BillingMonth, Charge, ChargeSource, Formula, Payer, PayerKind, PayerSpan, Proration,
        StandardVersion, month_lines,
    },
    ids::{BillingAccountId, FeeStandardId},
};
use money::{Area, Fen, Rate};
use uuid::Uuid;

/// June of a unit that is handed over after day `cut`.
pub(super) struct Split {
    cut: u32,
    area: i64,
    rate: i64,
}

impl Split {
    /// Up to 500 m² at up to 9 yuan.
    pub fn roll(dice: &mut Dice) -> Self {
        Self {
            cut: u32::try_from(dice.between(1, 29)).unwrap(),
            area: dice.between(1, 5_000_000),
            rate: dice.between(1, 9_000_000),
        }
    }

    /// What the developer and the owner owe, in this order. Together it is the whole month, rounded
    /// half-up once: 0.0001 m² times a millionth of a yuan, in fen.
    pub fn lines(&self, developer: BillingAccountId, owner: BillingAccountId) -> Vec<Charge> {
        let month: BillingMonth = "2026-06".parse().unwrap();
        let formula = Formula::AreaRate { rate: Rate(self.rate), surcharge: Fen::ZERO };
        let span = |account, kind, from, to| PayerSpan { payer: Payer { account, kind }, from, to };
        let source = ChargeSource {
            area: Area(self.area),
            standards: vec![StandardVersion {
                id: FeeStandardId::from_uuid(Uuid::nil()),
                formula,
                proration: Proration::ActualDays,
                from: month.first(),
                to: None,
            }],
            payers: vec![
                span(developer, PayerKind::Developer, month.first(), Some(month.day(self.cut))),
                span(owner, PayerKind::Owner, month.day(self.cut + 1), None),
            ],
            discounts: Vec::new(),
            charge_from: None,
            charge_to: None,
        };
        let lines = month_lines(&source, month).unwrap();
        let whole = (i128::from(self.area) * i128::from(self.rate) + 50_000_000) / 100_000_000;
        let sum: i64 = lines.iter().map(|line| line.amount.0).sum();
        assert_eq!(i128::from(sum), whole);
        lines
    }
}
