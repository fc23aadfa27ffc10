//! Tags of units in the graph.

use super::repo;
use crate::{
    Refused,
    graphql::UnitNode,
    homes::covered,
    notices::{NOTICE_READ, NOTICE_WRITE, domain::checked_tags},
};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{AuditFact, Caller, audit};
use contracts::UnitId;
use db::Db;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use places::homes;
use uuid::Uuid;

/// A mark on a unit.
#[derive(SimpleObject)]
pub struct UnitTag {
    /// The unit.
    unit: UnitNode,
    /// Its label.
    unit_label: String,
    /// The mark.
    tag: String,
}

/// What marks a unit.
#[derive(InputObject)]
pub struct SetUnitTagsInput {
    /// The unit, `unt_…`.
    unit_id: ID,
    /// All its tags from now on, each of 1 to 32 characters.
    tags: Vec<String>,
}

/// What marks a unit after an act.
#[derive(SimpleObject)]
pub struct UnitTagsPayload {
    /// The unit, `unt_…`.
    unit_id: ID,
    /// All its tags, sorted.
    tags: Vec<String>,
}

/// Queries on tags.
#[derive(Default)]
pub struct UnitTagQuery;

#[Object]
impl UnitTagQuery {
    /// The tags of an estate's units.
    async fn unit_tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only this one")] tag: Option<String>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, UnitTag>>> {
        let page = PageArgs::new(first, after)?;
        let (caller, estate) = (caller(ctx)?, parse_id(&estate_id, "estateId")?);
        caller.read(NOTICE_WRITE, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let after = page.after.as_ref().and_then(|cursor| {
            let (unit, tag) = cursor.0.split_once('/')?;
            Some((Uuid::try_parse(unit).ok()?, tag.to_owned()))
        });
        let found = repo::page(&scope, (estate, tag), after, page.limit()).await.graphql()?;
        let units = homes::units(&scope, found.iter().map(|it| it.0)).await.graphql()?;
        let key = |(unit, tag): &(UnitId, String)| format!("{}/{tag}", unit.as_uuid());
        let node = |(unit, tag): (UnitId, String)| UnitTag {
            unit: UnitNode::new(unit),
            unit_label: units.get(&unit).map(|it| it.label.clone()).unwrap_or_default(),
            tag,
        };
        Ok(Some(connection(&page, found, key, node)))
    }
}

/// Mutations on tags.
#[derive(Default)]
pub struct UnitTagMutation;

#[Object]
impl UnitTagMutation {
    /// Say what marks a unit, by which notices choose it; saying it again changes nothing.
    async fn set_unit_tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tags")] input: SetUnitTagsInput,
    ) -> Result<UnitTagsPayload> {
        let unit = parse_id(&input.unit_id, "unitId")?;
        let tags = set(ctx.data()?, caller(ctx)?, unit, input.tags).await.graphql()?;
        Ok(UnitTagsPayload { unit_id: input.unit_id, tags })
    }
}

#[tracing::instrument(name = "usecase.notices.set_unit_tags", skip_all)]
async fn set(
    db: &Db,
    caller: &Caller,
    unit: UnitId,
    tags: Vec<String>,
) -> Result<Vec<String>, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = homes::unit(&scope, unit).await?.ok_or_else(Refused::not_found)?;
    let right = caller.act(NOTICE_WRITE, NOTICE_READ, found.estate)?;
    covered(&scope, &right, unit).await?;
    let tags = checked_tags(tags)?;
    repo::set(&scope, (found.estate, unit), &tags).await?;
    let fact = AuditFact {
        action: "unit_tags.set",
        object: unit.to_string(),
        estate: Some(found.estate),
        reason: None,
        detail: &tags,
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(tags)
}
