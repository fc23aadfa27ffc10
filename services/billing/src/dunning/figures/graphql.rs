//! Figures in the graph.

use super::{Figures, of_estate, per_cent};
use crate::dunning::graphql::{StepWord, reader};
use ::graphql::{GraphqlResultExt as _, Money, RateScalar, caller};
use async_graphql::{Context, Object, Result, SimpleObject};
use authz::{Denied, Reach};
use chrono::NaiveDate;
use errors::{Invalid, expected};
use ids::EstateId;
use money::{Currency, Fen, Rate};

/// Arrears of an age.
#[derive(SimpleObject)]
pub(crate) struct ArrearsOfAge {
    /// At least so many days late.
    from_days: i32,
    /// At most so many; no end of the oldest.
    to_days: Option<i32>,
    /// What is open.
    amount: Money,
}

/// What came in after a step.
#[derive(SimpleObject)]
pub(crate) struct RecoveredByStep {
    /// The last step before the money; none when it came before any.
    step: Option<StepWord>,
    /// How much.
    amount: Money,
}

/// How well dunning does (催缴成效).
#[derive(SimpleObject)]
pub(crate) struct DunningFigures {
    /// Promises whose day was in the period and that were kept.
    promises_kept: u32,
    /// Those that were broken.
    promises_broken: u32,
    /// Kept of both, in per cent with two decimal places.
    promise_kept_percent: Option<RateScalar>,
    /// Open cases in which somebody was contacted.
    cases_tried: u32,
    /// Those of them in which somebody answered, or a demand is known to have arrived.
    cases_reached: u32,
    /// Reached of tried, in per cent with two decimal places.
    contactable_percent: Option<RateScalar>,
    /// What is overdue today, by age.
    arrears: Vec<ArrearsOfAge>,
    /// What the accounts with cases paid in the period, by the step before it.
    recovered: Vec<RecoveredByStep>,
}

impl DunningFigures {
    fn new(figures: &Figures, currency: Currency) -> Self {
        let money = |amount: Fen| Money::new(amount, currency);
        let per_cent = |part: u32, whole: u32| {
            per_cent(part, whole).map(|points| RateScalar(Rate(points * (Rate::PER_ONE / 100))))
        };
        let ends = [(0, Some(30)), (31, Some(90)), (91, Some(180)), (181, Some(365)), (366, None)];
        let ages = ends.into_iter().zip(figures.ages);
        Self {
            promises_kept: figures.kept,
            promises_broken: figures.broken,
            promise_kept_percent: per_cent(figures.kept, figures.kept + figures.broken),
            cases_tried: figures.tried,
            cases_reached: figures.reached,
            contactable_percent: per_cent(figures.reached, figures.tried),
            arrears: ages
                .map(|((from_days, to_days), amount)| ArrearsOfAge {
                    from_days,
                    to_days,
                    amount: money(amount),
                })
                .collect(),
            recovered: figures
                .recovered
                .iter()
                .map(|(step, amount)| RecoveredByStep {
                    step: step.map(Into::into),
                    amount: money(*amount),
                })
                .collect(),
        }
    }
}

/// The figures of an estate.
pub(crate) struct EstateFigures(pub EstateId);

#[Object]
impl EstateFigures {
    /// How well dunning does, for whoever may read all of the estate.
    async fn dunning_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day of the period")] from: NaiveDate,
        #[graphql(desc = "The last day of the period")] to: NaiveDate,
    ) -> Result<Option<DunningFigures>> {
        let (scope, right, estate) = reader(ctx.data()?, caller(ctx)?, self.0).await.graphql()?;
        if *right.reach() != Reach::All {
            return Err(Denied::Hidden).graphql();
        }
        if to < from {
            return Err(Invalid::new("to", expected::not_before("from"))).graphql();
        }
        let figures = of_estate(&scope, &estate, (from, to)).await.graphql()?;
        Ok(Some(DunningFigures::new(&figures, estate.currency)))
    }
}
