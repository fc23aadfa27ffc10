//! Changing a plan of visits in the graph.

use super::{
    VISIT_READ,
    alter::{Alter, alter},
    graphql::{PlannedVisit, planned},
    repo,
};
use crate::month::Month;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use db::Db;
use graphql::{GraphqlResultExt as _, caller, parse_id};

/// A planned visit that another officer makes, or nobody.
#[derive(InputObject)]
pub struct ChangePlannedVisitInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The month, e.g. `2026-08`.
    month: String,
    /// The home, `unt_…`.
    unit_id: ID,
    /// Who is to call from now on, `usr_…`; takes work in the estate. Left out, the visit is dropped.
    officer_id: Option<ID>,
    /// Why, at most 500 characters.
    reason: String,
}

/// A plan of visits after an act.
#[derive(SimpleObject)]
pub struct ChangePlannedVisitPayload {
    /// The planned visit; nothing when it was dropped.
    planned_visit: Option<PlannedVisit>,
}

/// Mutations on plans of visits.
#[derive(Default)]
pub struct VisitPlanMutation;

#[Object]
impl VisitPlanMutation {
    /// Give a planned visit to another officer, or drop it.
    async fn change_planned_visit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, to whom and why")] input: ChangePlannedVisitInput,
    ) -> Result<ChangePlannedVisitPayload> {
        let who = caller(ctx)?;
        let command = Alter {
            estate: parse_id(&input.estate_id, "estateId")?,
            month: Month::read("month", &input.month).graphql()?,
            unit: parse_id(&input.unit_id, "unitId")?,
            officer: input.officer_id.map(|id| parse_id(&id, "officerId")).transpose()?,
        };
        alter(ctx.data()?, who, command, &input.reason).await.graphql()?;
        let right = who.read(VISIT_READ, command.estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(who.tenant()).await.graphql()?;
        let of = (command.estate, command.month.first());
        let place = (command.estate, right.zone());
        let mut all = repo::plans(&scope, place, (of.1, command.officer), None).await.graphql()?;
        all.retain(|it| it.unit == command.unit);
        let mut nodes = planned(&scope, of, all).await.graphql()?;
        Ok(ChangePlannedVisitPayload { planned_visit: nodes.pop().map(|(_, node)| node) })
    }
}
