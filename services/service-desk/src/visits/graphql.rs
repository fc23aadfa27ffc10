//! Visits in the graph.

use super::{
    VISIT_READ, VisitPromiseId,
    coverage_graphql::VisitCoverage,
    domain::{Mood, Promise, PromiseState, USUAL, Visit},
    plan::{PlanVisits, plan},
    record::{RecordVisit, record, settle},
    repo::{self, Planned},
    view::coverage,
};
use crate::{
    Refused,
    graphql::{Colleague, UnitNode},
    month::Month,
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::UnitId;
use db::{Db, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse, parse_id};
use ids::EstateId;
use places::{estates, homes, staff};
use std::collections::HashMap;
use uuid::Uuid;

/// How people received the officer.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Mood")]
pub enum VisitMood {
    /// Content.
    Content,
    /// Neither.
    Neutral,
    /// Dissatisfied or upset.
    Upset,
}

/// What became of a promise.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "PromiseState")]
pub enum VisitPromiseState {
    /// Not known yet.
    Open,
    /// It was kept.
    Kept,
    /// It was not.
    Broken,
}

/// A home on which an officer is to call in a month.
#[derive(SimpleObject)]
pub struct PlannedVisit {
    /// The home.
    unit: UnitNode,
    /// Its label.
    unit_label: String,
    /// Who is to call.
    officer: Colleague,
    /// The last visit in the month, once there is one.
    visited_on: Option<NaiveDate>,
}

/// A visit that was made (走访记录).
#[derive(SimpleObject)]
#[graphql(name = "Visit")]
pub struct VisitNode {
    /// Its id, `vst_…`.
    id: ID,
    /// The home.
    unit: UnitNode,
    /// Its label.
    unit_label: String,
    /// Who called.
    officer: Colleague,
    /// The day.
    visited_on: NaiveDate,
    /// Who opened.
    who: String,
    /// What was spoken of.
    topics: Vec<String>,
    /// How the officer was received.
    mood: VisitMood,
    /// What is needed there.
    needs: Option<String>,
}

/// A promise made in a visit.
#[derive(SimpleObject)]
#[graphql(name = "VisitPromise")]
pub struct PromiseNode {
    /// Its id, `vpr_…`.
    id: ID,
    /// The visit, `vst_…`.
    visit_id: ID,
    /// The home.
    unit: UnitNode,
    /// Its label.
    unit_label: String,
    /// Who promised.
    officer: Colleague,
    /// What.
    text: String,
    /// By when.
    due: NaiveDate,
    /// Whether it is open although its day has passed.
    overdue: bool,
    /// What became of it.
    state: VisitPromiseState,
    /// A word on that.
    note: Option<String>,
    /// Who said so.
    settled_by: Option<Colleague>,
    /// When.
    settled_at: Option<DateTime<Utc>>,
    /// Give it back when settling it.
    version: i32,
}

pub(super) type Known = HashMap<Uuid, staff::Colleague>;

async fn labels(
    scope: &TenantScope,
    units: impl IntoIterator<Item = UnitId>,
) -> Result<HashMap<UnitId, String>, Refused> {
    let found = homes::units(scope, units).await?;
    Ok(found.into_iter().map(|(id, unit)| (id, unit.label)).collect())
}

async fn visit_nodes(scope: &TenantScope, all: Vec<Visit>) -> Result<Vec<VisitNode>, Refused> {
    let known: Known = staff::by_id(scope, all.iter().map(|it| it.officer.as_uuid())).await?;
    let labels = labels(scope, all.iter().map(|it| it.unit)).await?;
    let node = |it: Visit| VisitNode {
        id: it.id.to_string().into(),
        unit: UnitNode::new(it.unit),
        unit_label: labels.get(&it.unit).cloned().unwrap_or_default(),
        officer: Colleague::new(it.officer, &known),
        visited_on: it.day,
        who: it.who,
        topics: it.topics,
        mood: it.mood.into(),
        needs: it.needs,
    };
    Ok(all.into_iter().map(node).collect())
}

async fn promise_nodes(
    scope: &TenantScope,
    all: Vec<Promise>,
) -> Result<Vec<PromiseNode>, Refused> {
    let Some(estate) = all.first().map(|it| it.estate) else { return Ok(Vec::new()) };
    let today = estates::today(scope, estate).await?;
    let settlers = all.iter().filter_map(|it| it.settled_by);
    let users: Vec<UserId> = all.iter().map(|it| it.officer).chain(settlers).collect();
    let known: Known = staff::by_id(scope, users.into_iter().map(UserId::as_uuid)).await?;
    let labels = labels(scope, all.iter().map(|it| it.unit)).await?;
    let node = |it: Promise| PromiseNode {
        id: it.id.to_string().into(),
        visit_id: it.visit.to_string().into(),
        unit: UnitNode::new(it.unit),
        unit_label: labels.get(&it.unit).cloned().unwrap_or_default(),
        officer: Colleague::new(it.officer, &known),
        text: it.text,
        due: it.due,
        overdue: it.state == PromiseState::Open && it.due < today,
        state: it.state.into(),
        note: it.note,
        settled_by: it.settled_by.map(|user| Colleague::new(user, &known)),
        settled_at: it.settled_at,
        version: it.version,
    };
    Ok(all.into_iter().map(node).collect())
}

/// A month to be planned.
#[derive(InputObject)]
pub struct PlanVisitsInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Who is to call, `usr_…`; takes work in the estate.
    officer_id: ID,
    /// The month, e.g. `2026-08`.
    month: String,
    /// How many homes; 20 when left out.
    count: Option<i32>,
    /// 8 to 255 characters; the same key plans once.
    idempotency_key: String,
}

/// What was promised in a visit.
#[derive(InputObject)]
pub struct VisitPromiseInput {
    /// What.
    text: String,
    /// By when.
    due: NaiveDate,
}

/// A visit that the caller made.
#[derive(InputObject)]
pub struct RecordVisitInput {
    /// The home, `unt_…`.
    unit_id: ID,
    /// The day; not in the future.
    visited_on: NaiveDate,
    /// Who opened, in a few words.
    who: String,
    /// What was spoken of: 1 to 20 topics.
    topics: Vec<String>,
    /// How the officer was received.
    mood: VisitMood,
    /// What is needed there.
    needs: Option<String>,
    /// What was promised.
    promise: Option<VisitPromiseInput>,
    /// 8 to 255 characters; the same key records once.
    idempotency_key: String,
}

/// What became of a promise.
#[derive(InputObject)]
pub struct SettleVisitPromiseInput {
    /// The promise, `vpr_…`.
    promise_id: ID,
    /// Whether it was kept.
    kept: bool,
    /// A word on that.
    note: Option<String>,
    /// The version that was read.
    expected_version: i32,
}

/// A month after it was planned.
#[derive(SimpleObject)]
pub struct PlanVisitsPayload {
    /// How many homes it has.
    planned: i32,
}

/// A visit after an act.
#[derive(SimpleObject)]
pub struct VisitPayload {
    /// The visit.
    visit: VisitNode,
    /// What was promised there.
    promise: Option<PromiseNode>,
}

/// A promise after an act.
#[derive(SimpleObject)]
pub struct VisitPromisePayload {
    /// The promise.
    promise: PromiseNode,
}

/// Queries on visits.
#[derive(Default)]
pub struct VisitQuery;

#[Object]
impl VisitQuery {
    /// The homes of a month, by label.
    async fn visit_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The month, e.g. `2026-08`")] month: String,
        #[graphql(desc = "Only those of this officer, `usr_…`")] officer_id: Option<ID>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, PlannedVisit>>> {
        let page = PageArgs::new(first, after)?;
        let (caller, estate) = (caller(ctx)?, parse_id(&estate_id, "estateId")?);
        let right = caller.read(VISIT_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let officer = officer_id.map(|id| parse_id(&id, "officerId")).transpose()?;
        let month = Month::read("month", &month).graphql()?.first();
        let after = page.after.as_ref().and_then(|cursor| {
            let (label, unit) = cursor.0.rsplit_once('/')?;
            Some((label.to_owned(), Uuid::try_parse(unit).ok()?))
        });
        let place = (estate, right.zone());
        let wanted = Some((after, page.limit()));
        let found = repo::plans(&scope, place, (month, officer), wanted).await.graphql()?;
        let rows = planned(&scope, (estate, month), found).await.graphql()?;
        let key = |(unit, node): &(UnitId, PlannedVisit)| {
            format!("{}/{}", node.unit_label, unit.as_uuid())
        };
        Ok(Some(connection(&page, rows, key, |(_, node)| node)))
    }

    /// Visits that were made, the latest entered first.
    async fn visits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those to this home, `unt_…`")] unit_id: Option<ID>,
        #[graphql(desc = "Only those of this officer, `usr_…`")] officer_id: Option<ID>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, VisitNode>>> {
        let page = PageArgs::new(first, after)?;
        let (caller, estate) = (caller(ctx)?, parse_id(&estate_id, "estateId")?);
        let right = caller.read(VISIT_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let unit = unit_id.map(|id| parse_id(&id, "unitId")).transpose()?;
        let officer = officer_id.map(|id| parse_id(&id, "officerId")).transpose()?;
        let before = page.after.as_ref().and_then(|cursor| Uuid::try_parse(&cursor.0).ok());
        let (place, wanted) = ((estate, right.zone()), (before, page.limit()));
        let found = repo::visits(&scope, place, (unit, officer), wanted).await.graphql()?;
        let ids: Vec<Uuid> = found.iter().map(|it| it.id.as_uuid()).collect();
        let rows = ids.into_iter().zip(visit_nodes(&scope, found).await.graphql()?).collect();
        let key = |(id, _): &(Uuid, VisitNode)| id.to_string();
        Ok(Some(connection(&page, rows, key, |(_, node)| node)))
    }

    /// Promises made in visits, the earliest due first.
    async fn visit_promises(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those of which this became")] state: Option<VisitPromiseState>,
        #[graphql(desc = "Only open ones whose day has passed")] overdue: Option<bool>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, PromiseNode>>> {
        let page = PageArgs::new(first, after)?;
        let (caller, estate) = (caller(ctx)?, parse_id(&estate_id, "estateId")?);
        let right = caller.read(VISIT_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let overdue = overdue.unwrap_or(false);
        let today = estates::today(&scope, estate).await.graphql()?;
        let state = if overdue { Some(PromiseState::Open) } else { state.map(Into::into) };
        let after = page.after.as_ref().and_then(|cursor| {
            let (due, id) = cursor.0.split_once('/')?;
            Some((due.parse().ok()?, Uuid::try_parse(id).ok()?))
        });
        let (place, which) = ((estate, right.zone()), (state, overdue.then_some(today)));
        let found = repo::promises(&scope, place, which, (after, page.limit())).await.graphql()?;
        let ids: Vec<Uuid> = found.iter().map(|it| it.id.as_uuid()).collect();
        let rows = ids.into_iter().zip(promise_nodes(&scope, found).await.graphql()?).collect();
        let key = |(id, node): &(Uuid, PromiseNode)| format!("{}/{id}", node.due);
        Ok(Some(connection(&page, rows, key, |(_, node)| node)))
    }

    /// How many households were visited in a year.
    async fn visit_coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The year, e.g. 2026")] year: i32,
    ) -> Result<Option<VisitCoverage>> {
        let (caller, estate) = (caller(ctx)?, parse_id(&estate_id, "estateId")?);
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let found = coverage(&scope, caller, (estate, year)).await.graphql()?;
        let users = found.officers.keys().map(|user| user.as_uuid());
        let known = staff::by_id(&scope, users).await.graphql()?;
        Ok(Some(VisitCoverage::new(found, &known)))
    }
}

pub(super) async fn planned(
    scope: &TenantScope,
    (estate, month): (EstateId, NaiveDate),
    found: Vec<Planned>,
) -> Result<Vec<(UnitId, PlannedVisit)>, Refused> {
    let known: Known = staff::by_id(scope, found.iter().map(|it| it.officer.as_uuid())).await?;
    let end = Month::of(month).last();
    let mut last: HashMap<Uuid, NaiveDate> = HashMap::new();
    for it in repo::made(scope, estate, (month, end)).await? {
        let day = last.entry(it.unit_id).or_insert(it.last);
        *day = it.last.max(*day);
    }
    let node = |it: Planned| {
        let node = PlannedVisit {
            unit: UnitNode::new(it.unit),
            visited_on: last.get(&it.unit.as_uuid()).copied(),
            unit_label: it.label,
            officer: Colleague::new(it.officer, &known),
        };
        (it.unit, node)
    };
    Ok(found.into_iter().map(node).collect())
}

/// Mutations on visits.
#[derive(Default)]
pub struct VisitMutation;

#[Object]
impl VisitMutation {
    /// Choose the homes of an officer's month: those not visited longest.
    async fn plan_visits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose month")] input: PlanVisitsInput,
    ) -> Result<PlanVisitsPayload> {
        let count = input.count.map_or(Ok(USUAL), usize::try_from).unwrap_or_default();
        let command = PlanVisits {
            estate: parse_id(&input.estate_id, "estateId")?,
            officer: parse_id(&input.officer_id, "officerId")?,
            month: Month::read("month", &input.month).graphql()?.first(),
            count,
        };
        let key = parse(&input.idempotency_key, "idempotencyKey")?;
        let planned = plan(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        Ok(PlanVisitsPayload { planned: i32::try_from(planned).unwrap_or(i32::MAX) })
    }

    /// Record a visit that one made, with what was promised.
    async fn record_visit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The visit")] input: RecordVisitInput,
    ) -> Result<VisitPayload> {
        let command = RecordVisit {
            unit: parse_id(&input.unit_id, "unitId")?,
            day: input.visited_on,
            who: input.who,
            topics: input.topics,
            mood: input.mood.into(),
            needs: input.needs,
            promise: input.promise.map(|it| (it.text, it.due)),
        };
        let key = parse(&input.idempotency_key, "idempotencyKey")?;
        let (id, promised) = record(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        let visit = repo::find(&scope, id).await.graphql()?;
        let mut nodes = visit_nodes(&scope, visit.into_iter().collect()).await.graphql()?;
        let visit = nodes.pop().ok_or_else(Refused::not_found).graphql()?;
        let promise = match promised {
            Some(id) => repo::promise(&scope, id).await.graphql()?,
            None => None,
        };
        let promise = promise_nodes(&scope, promise.into_iter().collect()).await.graphql()?.pop();
        Ok(VisitPayload { visit, promise })
    }

    /// Say whether a promise was kept.
    async fn settle_visit_promise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What became of it")] input: SettleVisitPromiseInput,
    ) -> Result<VisitPromisePayload> {
        let id: VisitPromiseId = parse_id(&input.promise_id, "promiseId")?;
        let of = (id, input.expected_version);
        let said = (input.kept, input.note.as_deref());
        settle(ctx.data()?, caller(ctx)?, of, said).await.graphql()?;
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        let promise = repo::promise(&scope, id).await.graphql()?;
        let mut nodes = promise_nodes(&scope, promise.into_iter().collect()).await.graphql()?;
        let promise = nodes.pop().ok_or_else(Refused::not_found).graphql()?;
        Ok(VisitPromisePayload { promise })
    }
}
