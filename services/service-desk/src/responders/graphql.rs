//! Responders in the graph.

use super::{
    RESPONDER_READ, Responder,
    domain::Level,
    repo,
    save::{SaveResponder, remove, save, set_duty},
};
use crate::{Refused, graphql::Colleague};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, UserId};
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use ids::EstateId;

/// A place in the escalation.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Level")]
pub enum ResponderLevel {
    /// Does the work.
    Staff,
    /// Runs the centre.
    Supervisor,
    /// Answers for the estate.
    Director,
}

/// A member of staff who takes work in an estate.
#[derive(SimpleObject)]
#[graphql(name = "Responder")]
pub struct ResponderNode {
    /// Who.
    staff: Colleague,
    /// Their place in the escalation.
    level: ResponderLevel,
    /// What they can do, as codes.
    skills: Vec<String>,
    /// Their buildings, `bld_…`; none means the whole estate.
    building_ids: Vec<ID>,
    /// Since when they are on duty.
    on_duty_since: Option<DateTime<Utc>>,
}

impl ResponderNode {
    async fn load(scope: &TenantScope, all: Vec<Responder>) -> Result<Vec<Self>, Refused> {
        let users = all.iter().map(|responder| responder.user.as_uuid());
        let known = places::staff::by_id(scope, users).await?;
        let node = |responder: Responder| Self {
            staff: Colleague::new(responder.user, &known),
            level: responder.level.into(),
            skills: responder.skills,
            building_ids: responder.buildings.iter().map(|id| id.to_string().into()).collect(),
            on_duty_since: responder.on_duty_since,
        };
        Ok(all.into_iter().map(node).collect())
    }
}

/// Who takes work, and how.
#[derive(InputObject)]
pub struct SaveResponderInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The member of staff, `usr_…`.
    staff_id: ID,
    /// Their place in the escalation.
    level: ResponderLevel,
    /// What they can do, as codes of 2 to 32 upper-case letters, digits or underscores.
    skills: Vec<String>,
    /// Their buildings, `bld_…`; none means the whole estate.
    building_ids: Vec<ID>,
}

/// Who takes no work any more.
#[derive(InputObject)]
pub struct RemoveResponderInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The member of staff, `usr_…`.
    staff_id: ID,
}

/// Who is on duty.
#[derive(InputObject)]
pub struct SetDutyInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The member of staff, `usr_…`; oneself when left out.
    staff_id: Option<ID>,
    /// Whether they are on duty from now on.
    on_duty: bool,
}

/// The responder after an act.
#[derive(SimpleObject)]
pub struct ResponderPayload {
    /// The responder.
    responder: ResponderNode,
}

/// Who was taken off.
#[derive(SimpleObject)]
pub struct RemoveResponderPayload {
    /// The member of staff, `usr_…`.
    staff_id: ID,
}

/// Queries on responders.
#[derive(Default)]
pub struct ResponderQuery;

#[Object]
impl ResponderQuery {
    /// Who takes work in an estate.
    async fn responders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those who are on duty, or only those who are not")] on_duty: Option<
            bool,
        >,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ResponderNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let nodes = listed(ctx.data()?, caller(ctx)?, (estate, on_duty), &page).await.graphql()?;
        let key = |node: &ResponderNode| node.staff.id.to_string();
        Ok(Some(connection(&page, nodes, key, |node| node)))
    }
}

/// Mutations on responders.
#[derive(Default)]
pub struct ResponderMutation;

#[Object]
impl ResponderMutation {
    /// Say that somebody takes work, and how; saying it again changes nothing.
    async fn save_responder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who takes work")] input: SaveResponderInput,
    ) -> Result<ResponderPayload> {
        let buildings = input.building_ids.iter().map(|id| parse_id(id, "buildingIds"));
        let command = SaveResponder {
            estate: parse_id(&input.estate_id, "estateId")?,
            user: parse_id(&input.staff_id, "staffId")?,
            level: input.level.into(),
            skills: input.skills,
            buildings: buildings.collect::<Result<_>>()?,
        };
        let saved = save(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        payload(ctx, saved).await
    }

    /// Take somebody off the list of those who take work.
    async fn remove_responder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who takes no work any more")] input: RemoveResponderInput,
    ) -> Result<RemoveResponderPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let user = parse_id(&input.staff_id, "staffId")?;
        remove(ctx.data()?, caller(ctx)?, estate, user).await.graphql()?;
        Ok(RemoveResponderPayload { staff_id: input.staff_id })
    }

    /// Go on or off duty, oneself or, for who manages, somebody else.
    async fn set_duty(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is on duty")] input: SetDutyInput,
    ) -> Result<ResponderPayload> {
        let who = caller(ctx)?;
        let estate: EstateId = parse_id(&input.estate_id, "estateId")?;
        let other = input.staff_id.map(|id| parse_id::<UserId>(&id, "staffId")).transpose()?;
        let user = other.unwrap_or_else(|| who.user());
        let set = set_duty(ctx.data()?, who, (estate, user), input.on_duty).await.graphql()?;
        payload(ctx, set).await
    }
}

async fn payload(ctx: &Context<'_>, responder: Responder) -> Result<ResponderPayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let mut nodes = ResponderNode::load(&scope, vec![responder]).await.graphql()?;
    Ok(ResponderPayload { responder: nodes.remove(0) })
}

async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, on_duty): (EstateId, Option<bool>),
    page: &PageArgs,
) -> Result<Vec<ResponderNode>, Refused> {
    caller.read(RESPONDER_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<UserId>().ok());
    let after = after.map(UserId::as_uuid);
    let found = repo::page(&scope, estate, on_duty, after, page.limit()).await?;
    ResponderNode::load(&scope, found).await
}
