//! Formulas of prices in the graph.

use crate::{
    charges::{Formula, Quantity, Step, Tiers},
    say,
};
use async_graphql::{Enum, InputObject, Result, SimpleObject};
use errors::Invalid;
use graphql::{GraphqlResultExt as _, Money, RateScalar};
use rust_decimal::Decimal;

/// How the price of a whole month is found.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "FeeFormula")]
pub enum FormulaWord {
    /// Gross area × rate + surcharge.
    AreaRate,
    /// One price per unit and month.
    FixedPerUnit,
    /// One price per parking space and month.
    PerParkingSpace,
    /// One price per unit of what a meter counts.
    Meter,
    /// Prices per unit of what a meter counts, in steps of the use of a calendar year.
    MeterTiered,
}

/// One step of a price of what a meter counts.
#[derive(SimpleObject)]
pub struct FeeStep {
    /// Up to which use of the calendar year it goes; the last step has no end.
    up_to: Option<Decimal>,
    /// Yuan per unit of use.
    price: RateScalar,
}

/// One step of a price to propose.
#[derive(InputObject)]
pub struct FeeStepInput {
    /// Up to which use of the calendar year it goes, with up to three decimal places; the last step
    /// has no end.
    up_to: Option<Decimal>,
    /// Yuan per unit of use.
    price: RateScalar,
}

/// A formula as the graph writes it.
pub(super) struct Written {
    pub(super) formula: FormulaWord,
    pub(super) rate: Option<RateScalar>,
    pub(super) steps: Vec<FeeStep>,
    pub(super) surcharge: Option<Money>,
    pub(super) price: Option<Money>,
}

impl Written {
    pub(super) fn of(formula: Formula) -> Self {
        let plain =
            |formula| Self { formula, rate: None, steps: Vec::new(), surcharge: None, price: None };
        let priced = |formula, price| Self { price: Some(Money::cny(price)), ..plain(formula) };
        match formula {
            Formula::AreaRate { rate, surcharge } => Self {
                rate: Some(RateScalar(rate)),
                surcharge: Some(Money::cny(surcharge)),
                ..plain(FormulaWord::AreaRate)
            },
            Formula::FixedPerUnit { price } => priced(FormulaWord::FixedPerUnit, price),
            Formula::PerParkingSpace { price } => priced(FormulaWord::PerParkingSpace, price),
            Formula::Metered { steps } => match steps.steps() {
                [one] => Self { rate: Some(RateScalar(one.price)), ..plain(FormulaWord::Meter) },
                steps => {
                    let step = |it: &Step| FeeStep {
                        up_to: it.up_to.map(Quantity::decimal),
                        price: RateScalar(it.price),
                    };
                    let steps = steps.iter().map(step).collect();
                    Self { steps, ..plain(FormulaWord::MeterTiered) }
                }
            },
        }
    }
}

/// The price of what a meter counts: of one rate, or of steps.
pub(super) fn metered(
    rate: Option<&RateScalar>,
    steps: Option<&[FeeStepInput]>,
    tiered: bool,
) -> Result<Formula> {
    let need = |field: &str| Invalid::new(field, say::needed_by_formula());
    let steps = if tiered {
        let given = steps.ok_or_else(|| need("steps")).graphql()?;
        let wrong = || Invalid::new("steps", say::three_places());
        let step = |it: &FeeStepInput| {
            let up_to = it.up_to.map(|up_to| Quantity::of(up_to).ok_or_else(wrong));
            Ok(Step { up_to: up_to.transpose()?, price: it.price.0 })
        };
        given.iter().map(step).collect::<Result<Vec<_>, Invalid>>().graphql()?
    } else {
        let RateScalar(rate) = rate.ok_or_else(|| need("rate")).graphql()?;
        vec![Step { up_to: None, price: *rate }]
    };
    Ok(Formula::Metered { steps: Tiers::new(&steps).graphql()? })
}
