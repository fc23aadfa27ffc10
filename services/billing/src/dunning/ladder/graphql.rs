//! Ladders in the graph.

use super::{Ladder, Rung, Versioned, in_force, set};
use crate::dunning::{
    DUNNING_POLICY_READ,
    graphql::{StepWord, staff},
};
use ::graphql::{GraphqlResultExt as _, caller, parse_id};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveTime, Utc};
use errors::{Invalid, expected};
use ids::EstateId;

/// One step of a ladder.
#[derive(SimpleObject)]
#[graphql(name = "DunningLadderStep")]
pub(crate) struct RungNode {
    /// The step.
    step: StepWord,
    /// How many days after the due date it is done.
    day: u32,
    /// How many days must pass before it may be repeated.
    cool_down_days: u32,
    /// How many days it gives to pay.
    grace_days: u32,
}

/// When which step is done in an estate (催缴阶梯).
#[derive(SimpleObject)]
#[graphql(name = "DunningLadder")]
pub(crate) struct LadderNode {
    /// The version; 0 is the product's.
    version: i32,
    /// The steps, in order.
    steps: Vec<RungNode>,
    /// From when on somebody may be contacted, e.g. `08:30`.
    contact_from: String,
    /// Until when.
    contact_until: String,
    /// How many messages an account gets in a day at most.
    messages_a_day: u32,
    /// Who set it; nobody set the product's.
    set_by_id: Option<ID>,
    /// When.
    set_at: Option<DateTime<Utc>>,
}

impl From<Versioned> for LadderNode {
    fn from(it: Versioned) -> Self {
        let rung = |rung: Rung| RungNode {
            step: rung.step.into(),
            day: rung.day,
            cool_down_days: rung.cool_down,
            grace_days: rung.grace,
        };
        let hour = |time: NaiveTime| time.format("%H:%M").to_string();
        Self {
            version: it.version,
            contact_from: hour(it.ladder.from),
            contact_until: hour(it.ladder.until),
            messages_a_day: it.ladder.messages_a_day,
            steps: it.ladder.rungs.into_iter().map(rung).collect(),
            set_by_id: it.made_by.map(|user| user.to_string().into()),
            set_at: it.made_at,
        }
    }
}

/// The ladder of an estate.
pub(crate) struct EstateLadder(pub EstateId);

#[Object]
impl EstateLadder {
    /// The ladder that new cases of the estate follow.
    async fn dunning_ladder(&self, ctx: &Context<'_>) -> Result<Option<LadderNode>> {
        let of = staff(ctx.data()?, caller(ctx)?, self.0, DUNNING_POLICY_READ).await;
        let (scope, ..) = of.graphql()?;
        Ok(Some(in_force(&scope, self.0).await.graphql()?.into()))
    }
}

/// One step of a ladder to set.
#[derive(InputObject)]
pub(crate) struct DunningLadderStepInput {
    /// The step.
    step: StepWord,
    /// How many days after the due date it is done; 0 to 720.
    day: u32,
    /// How many days must pass before it may be repeated; 1 to 365.
    cool_down_days: u32,
    /// How many days it gives to pay; up to 90.
    grace_days: u32,
}

/// A ladder to set.
#[derive(InputObject)]
pub(crate) struct SetDunningLadderInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The steps in order; those that are not named are not done.
    steps: Vec<DunningLadderStepInput>,
    /// From when on somebody may be contacted, not before `08:30`, which it is without it.
    contact_from: Option<String>,
    /// Until when, not after `20:30`, which it is without it.
    contact_until: Option<String>,
}

/// The ladder after it was set.
#[derive(SimpleObject)]
pub(crate) struct DunningLadderPayload {
    /// The ladder.
    dunning_ladder: LadderNode,
}

fn hour(text: Option<&str>, field: &str, default: NaiveTime) -> Result<NaiveTime> {
    let wrong = |text: &str| Invalid::new(field, expected::readable(text));
    let read = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| wrong(text));
    text.map_or(Ok(default), read).graphql()
}

/// Changes of ladders.
#[derive(Default)]
pub(crate) struct LadderMutation;

#[Object]
impl LadderMutation {
    /// Set a new version of an estate's ladder. Cases that are open go on with theirs.
    async fn set_dunning_ladder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is set")] input: SetDunningLadderInput,
    ) -> Result<DunningLadderPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let product = Ladder::product();
        let rung = |step: DunningLadderStepInput| Rung {
            step: step.step.into(),
            day: step.day,
            cool_down: step.cool_down_days,
            grace: step.grace_days,
        };
        let ladder = Ladder {
            rungs: input.steps.into_iter().map(rung).collect(),
            from: hour(input.contact_from.as_deref(), "contactFrom", product.from)?,
            until: hour(input.contact_until.as_deref(), "contactUntil", product.until)?,
            messages_a_day: product.messages_a_day,
        };
        let set = set(ctx.data()?, caller(ctx)?, estate, ladder).await.graphql()?;
        Ok(DunningLadderPayload { dunning_ladder: set.into() })
    }
}
