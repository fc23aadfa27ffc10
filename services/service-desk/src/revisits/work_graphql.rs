//! What is still to be asked, by its date, in the graph.

use super::{
    REVISIT_READ, RevisitId,
    node_graphql::{RevisitNode, RevisitVisitor},
    tasks::{self, repo::Work},
};
use crate::Refused;
use async_graphql::{ID, InputObject, Result};
use authz::Caller;
use chrono::{DateTime, Utc};
use contracts::UnitId;
use db::Db;
use graphql::{PageArgs, parse_id};
use ids::EstateId;

/// Which revisits are looked for.
#[derive(Default, InputObject)]
pub struct RevisitWorkFilter {
    /// Only those that such a post is meant to make.
    visitor: Option<RevisitVisitor>,
    /// Only those of this unit, `unt_…`.
    unit_id: Option<ID>,
    /// Only those due before this instant.
    due_before: Option<DateTime<Utc>>,
    /// Only those to be tried before this instant, or not tried yet.
    try_before: Option<DateTime<Utc>>,
}

/// The filter, read.
pub(super) fn wanted(filter: RevisitWorkFilter) -> Result<Work> {
    let unit = filter.unit_id.map(|id| parse_id::<UnitId>(&id, "filter.unitId")).transpose()?;
    Ok(Work {
        visitor: filter.visitor.map(Into::into),
        unit,
        due_before: filter.due_before,
        try_before: filter.try_before,
    })
}

/// A page of them.
pub(super) async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, wanted): (EstateId, Work),
    page: &PageArgs,
) -> Result<Vec<RevisitNode>, Refused> {
    let right = caller.read(REVISIT_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let own = tasks::own(&scope, &right).await?;
    let after = page.after.as_ref().and_then(|cursor| {
        let (due, id) = cursor.0.split_once(' ')?;
        Some((due.parse::<DateTime<Utc>>().ok()?, id.parse::<RevisitId>().ok()?))
    });
    let found = tasks::repo::work(&scope, (&right, &own), wanted, (after, page.limit())).await?;
    RevisitNode::load(&scope, caller, found).await
}
