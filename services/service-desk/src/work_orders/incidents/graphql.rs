//! Incidents in the graph.

use super::{
    super::{IncidentId, WORK_ORDER_READ, seen},
    extend::{Extension, extend},
    repo::{self, Incident},
    report::{self, Report},
};
use crate::{Refused, graphql::Colleague, homes};
use ::graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use chrono::{DateTime, Utc};
use contracts::UnitId;
use db::{Db, TenantScope};
use ids::EstateId;

/// One outage, many affected.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Incident")]
pub(crate) struct IncidentNode {
    /// Its id, `inc_…`.
    id: ID,
    /// The code of the category of repairs that it explains, with all that are below it.
    category: String,
    /// What whoever calls is told, in Chinese.
    message_zh: String,
    /// The same in English.
    message_en: String,
    /// When it should be over.
    expected_end: Option<DateTime<Utc>>,
    /// The buildings that are affected, `bld_…`; none and no unit means the whole estate.
    building_ids: Vec<ID>,
    /// The units that are affected, `unt_…`.
    unit_ids: Vec<ID>,
    /// Who reported it.
    reported_by: Colleague,
    /// When.
    reported_at: DateTime<Utc>,
    /// When it was over.
    resolved_at: Option<DateTime<Utc>>,
    /// How often it was changed.
    version: i32,
}

impl IncidentNode {
    /// The nodes of incidents, in one statement more.
    pub(crate) async fn load(
        scope: &TenantScope,
        all: Vec<Incident>,
    ) -> Result<Vec<Self>, Refused> {
        let users: Vec<_> = all.iter().map(|one| one.reported_by.as_uuid()).collect();
        let known = places::staff::by_id(scope, users).await?;
        let node = |one: Incident| Self {
            id: one.id.to_string().into(),
            category: one.category,
            message_zh: one.message_zh,
            message_en: one.message_en,
            expected_end: one.expected_end,
            building_ids: one.buildings.iter().map(|id| id.to_string().into()).collect(),
            unit_ids: one.units.iter().map(|id| id.to_string().into()).collect(),
            reported_by: Colleague::new(one.reported_by, &known),
            reported_at: one.reported_at,
            resolved_at: one.resolved_at,
            version: one.version,
        };
        Ok(all.into_iter().map(node).collect())
    }
}

/// What is out, and for whom.
#[derive(InputObject)]
pub(crate) struct ReportIncidentInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The code of the category of repairs that it explains, with all that are below it.
    category: String,
    /// What whoever calls is told, in Chinese; up to 1000 characters.
    message_zh: String,
    /// The same in English.
    message_en: String,
    /// When it should be over.
    expected_end: Option<DateTime<Utc>>,
    /// The buildings that are affected, `bld_…`; none and no unit means the whole estate.
    building_ids: Vec<ID>,
    /// The units that are affected, `unt_…`.
    unit_ids: Vec<ID>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What is out for more, or longer, than was said; what is left out stays.
#[derive(InputObject)]
pub(crate) struct ExtendIncidentInput {
    /// The incident, `inc_…`.
    incident_id: ID,
    /// The version that was read; another one since then is a conflict.
    expected_version: i32,
    /// The buildings that are affected as well, `bld_…`.
    building_ids: Vec<ID>,
    /// The units that are affected as well, `unt_…`.
    unit_ids: Vec<ID>,
    /// What whoever calls is told now, in Chinese; up to 1000 characters.
    message_zh: Option<String>,
    /// The same in English.
    message_en: Option<String>,
    /// When it should be over.
    expected_end: Option<DateTime<Utc>>,
}

/// What is over.
#[derive(InputObject)]
pub(crate) struct ResolveIncidentInput {
    /// The incident, `inc_…`.
    incident_id: ID,
    /// The version that was read; another one since then is a conflict.
    expected_version: i32,
    /// What is noted on every order that ends with it, up to 500 characters.
    note: Option<String>,
}

/// The incident after an act.
#[derive(SimpleObject)]
pub(crate) struct IncidentPayload {
    /// The incident.
    incident: IncidentNode,
}

/// Queries on incidents.
#[derive(Default)]
pub(crate) struct IncidentQuery;

#[Object]
impl IncidentQuery {
    /// The newest incident under way that affects a unit, to answer whoever calls from there.
    async fn incident_for(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit, `unt_…`")] unit_id: ID,
    ) -> Result<Option<IncidentNode>> {
        let unit = parse_id(&unit_id, "unitId")?;
        affecting(ctx.data()?, caller(ctx)?, unit).await.graphql()
    }

    /// The incidents of an estate, newest first, for who sees all of its work orders.
    async fn incidents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those under way, or only those that are over")] open: Option<bool>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, IncidentNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let nodes = listed(ctx.data()?, caller(ctx)?, (estate, open), &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on incidents.
#[derive(Default)]
pub(crate) struct IncidentMutation;

#[Object]
impl IncidentMutation {
    /// Say that something is out for many; it answers whoever reports the same from now on, takes in
    /// what was reported before and nobody is at, and everybody whom it affects gets a message.
    async fn report_incident(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is out")] input: ReportIncidentInput,
    ) -> Result<IncidentPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let buildings = input.building_ids.iter().map(|id| parse_id(id, "buildingIds"));
        let units = input.unit_ids.iter().map(|id| parse_id(id, "unitIds"));
        let command = Report {
            estate: parse_id(&input.estate_id, "estateId")?,
            buildings: buildings.collect::<Result<_>>()?,
            units: units.collect::<Result<_>>()?,
            category: input.category,
            message_zh: input.message_zh,
            message_en: input.message_en,
            expected_end: input.expected_end,
        };
        let id = report::report(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Say that an incident affects more buildings or units, who get the message too, or that there is
    /// news of it, which everybody gets.
    async fn extend_incident(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is affected as well")] input: ExtendIncidentInput,
    ) -> Result<IncidentPayload> {
        let which = (parse_id(&input.incident_id, "incidentId")?, input.expected_version);
        let buildings = input.building_ids.iter().map(|id| parse_id(id, "buildingIds"));
        let units = input.unit_ids.iter().map(|id| parse_id(id, "unitIds"));
        let more = Extension {
            buildings: buildings.collect::<Result<_>>()?,
            units: units.collect::<Result<_>>()?,
            message_zh: input.message_zh,
            message_en: input.message_en,
            expected_end: input.expected_end,
        };
        let id = extend(ctx.data()?, caller(ctx)?, which, more).await.graphql()?;
        payload(ctx, id).await
    }

    /// Say that an incident is over; the work orders that are part of it end with it.
    async fn resolve_incident(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is over")] input: ResolveIncidentInput,
    ) -> Result<IncidentPayload> {
        let which = (parse_id(&input.incident_id, "incidentId")?, input.expected_version);
        let note = input.note.as_deref();
        let id = report::resolve(ctx.data()?, caller(ctx)?, which, note).await.graphql()?;
        payload(ctx, id).await
    }
}

async fn payload(ctx: &Context<'_>, id: IncidentId) -> Result<IncidentPayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let found = repo::by_id(&scope, [id]).await.graphql()?.into_values().collect();
    let mut nodes = IncidentNode::load(&scope, found).await.graphql()?;
    Ok(IncidentPayload { incident: nodes.remove(0) })
}

async fn affecting(
    db: &Db,
    caller: &Caller,
    unit: UnitId,
) -> Result<Option<IncidentNode>, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let known = places::homes::unit(&scope, unit).await?.ok_or_else(Refused::not_found)?;
    let right = caller.read(WORK_ORDER_READ, known.estate)?;
    let known = homes::covered(&scope, &right, unit).await?;
    let place = (known.estate, Some(known.building), Some(known.id));
    let found = repo::affecting(&scope, place).await?.into_iter().take(1).collect();
    Ok(IncidentNode::load(&scope, found).await?.pop())
}

async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, open): (EstateId, Option<bool>),
    page: &PageArgs,
) -> Result<Vec<IncidentNode>, Refused> {
    let scope = db.read(caller.tenant()).await?;
    seen::sees_incidents(&scope, caller, estate).await?;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse().ok());
    let found = repo::page(&scope, estate, open, after, page.limit()).await?;
    IncidentNode::load(&scope, found).await
}
