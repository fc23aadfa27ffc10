//! Promises of time in the graph.

use super::{
    EscalationId,
    acknowledge::{acknowledge, listed},
    calendars,
    domain::{Calendar, Promise, Span, Step},
    escalations_repo::Escalation,
    nodes_graphql::{
        EstateCalendarNode, OfficeHoursNode, SlaClock, SlaEscalationNode, SlaPolicyNode,
        SlaStepNode, SlaSubjectKind,
    },
    policies::{self, SavePolicy},
    settings_repo::{self, Policy},
};
use crate::{Refused, graphql::Colleague};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use chrono::NaiveDate;
use db::{Db, TenantScope};
use errors::{Invalid, expected};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id, to_graphql};
use ids::EstateId;
use places::staff;

pub use super::nodes_graphql::SlaStateNode;

/// A new version of what is promised; tickets that have begun keep theirs.
#[derive(InputObject)]
pub struct SaveSlaPolicyInput {
    /// The estate, `est_…`; the whole company when left out.
    estate_id: Option<ID>,
    /// Of what.
    kind: SlaSubjectKind,
    /// Of which class, grade or urgency, as a code of 2 to 32 upper-case letters, digits or
    /// underscores; all that have none of their own when left out.
    code: Option<String>,
    /// The first day on which tickets get it.
    effective_from: NaiveDate,
    /// Minutes to the first answer, up to a year.
    response_minutes: i32,
    /// Minutes to the first answer of what comes in at night.
    night_response_minutes: Option<i32>,
    /// Minutes to the end, up to a year.
    resolution_minutes: i32,
    /// What time counts.
    clock: SlaClock,
    /// Who is told when; up to 20, none twice at the same share of a promise. The product's when left
    /// out: assignee at 50 %, supervisor at 100 %, director at 200 %.
    steps: Option<Vec<SlaStepNode>>,
}

/// The version that was added.
#[derive(SimpleObject)]
pub struct SaveSlaPolicyPayload {
    /// The version.
    sla_policy: SlaPolicyNode,
}

/// When an estate's centre works from now on.
#[derive(InputObject)]
pub struct SaveEstateCalendarInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Office hours; a day without any is closed.
    office_hours: Vec<OfficeHoursNode>,
    /// Closed days.
    holidays: Vec<NaiveDate>,
    /// Days worked in exchange, with Monday's hours.
    workdays: Vec<NaiveDate>,
    /// When the night duty begins, e.g. `18:00`.
    night_from: String,
    /// When the night duty ends, e.g. `08:00`.
    night_to: String,
    /// The version that was read; another one since then is a conflict.
    expected_version: i32,
}

/// The calendar after an act.
#[derive(SimpleObject)]
pub struct SaveEstateCalendarPayload {
    /// The calendar.
    estate_calendar: EstateCalendarNode,
}

/// Of what somebody takes note.
#[derive(InputObject)]
pub struct AcknowledgeEscalationInput {
    /// The escalation, `sle_…`.
    escalation_id: ID,
}

/// The escalation after an act.
#[derive(SimpleObject)]
pub struct AcknowledgeEscalationPayload {
    /// The escalation.
    escalation: SlaEscalationNode,
}

/// Queries on promises of time.
#[derive(Default)]
pub struct SlaQuery;

#[Object]
impl SlaQuery {
    /// The versions of what is promised in an estate, its own and the company's, newest first.
    async fn sla_policies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, SlaPolicyNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let nodes = versions(ctx.data()?, caller(ctx)?, estate, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }

    /// When the centre of an estate works.
    async fn estate_calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
    ) -> Result<Option<EstateCalendarNode>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let found = calendars::of_estate(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        Ok(Some(calendar_node(estate, &found)))
    }

    /// Promises in danger or broken, newest first.
    async fn sla_escalations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that told me", default)] mine: bool,
        #[graphql(desc = "Only those of which nobody, or somebody, took note")] unread: Option<
            bool,
        >,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, SlaEscalationNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let found = listed(db, who, (estate, mine, unread), &page).await.graphql()?;
        let nodes = escalation_nodes(db, who, found).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on promises of time.
#[derive(Default)]
pub struct SlaMutation;

#[Object]
impl SlaMutation {
    /// Decide what is promised from a day on, in an estate or in the whole company.
    async fn save_sla_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is promised")] input: SaveSlaPolicyInput,
    ) -> Result<SaveSlaPolicyPayload> {
        let estate = input.estate_id.as_ref().map(|id| parse_id(id, "estateId")).transpose()?;
        let command = SavePolicy {
            estate,
            kind: input.kind.into(),
            code: input.code.clone(),
            effective_from: input.effective_from,
            promise: promise(&input)?,
        };
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let saved = policies::save(db, who, command).await.graphql()?;
        let scope = db.read(who.tenant()).await.graphql()?;
        let mut nodes = policy_nodes(&scope, vec![saved]).await.graphql()?;
        Ok(SaveSlaPolicyPayload { sla_policy: nodes.remove(0) })
    }

    /// Say when the centre of an estate works; open tickets are measured by it from now on.
    async fn save_estate_calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When it works")] input: SaveEstateCalendarInput,
    ) -> Result<SaveEstateCalendarPayload> {
        let estate: EstateId = parse_id(&input.estate_id, "estateId")?;
        let mut week: [Vec<Span>; 7] = Default::default();
        for hours in &input.office_hours {
            let day = usize::try_from(hours.weekday - 1).ok().and_then(|day| week.get_mut(day));
            let day = day.ok_or_else(|| wrong("officeHours", expected::between(1, 7)))?;
            let (from, to) =
                (minute(&hours.from, "officeHours")?, minute(&hours.to, "officeHours")?);
            day.push(Span { from, to });
        }
        for day in &mut week {
            day.sort_unstable();
        }
        let night = Span {
            from: minute(&input.night_from, "nightFrom")?,
            to: minute(&input.night_to, "nightTo")?,
        };
        let with = |calendar: &mut Calendar| {
            calendar.week = week;
            calendar.holidays = input.holidays.into_iter().collect();
            calendar.workdays = input.workdays.into_iter().collect();
            calendar.night = night;
        };
        let which = (estate, input.expected_version);
        let saved = calendars::save(ctx.data()?, caller(ctx)?, which, with).await.graphql()?;
        Ok(SaveEstateCalendarPayload { estate_calendar: calendar_node(estate, &saved) })
    }

    /// Take note of an escalation.
    async fn acknowledge_escalation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of what")] input: AcknowledgeEscalationInput,
    ) -> Result<AcknowledgeEscalationPayload> {
        let id: EscalationId = parse_id(&input.escalation_id, "escalationId")?;
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let noted = acknowledge(db, who, id).await.graphql()?;
        let mut nodes = escalation_nodes(db, who, vec![noted]).await.graphql()?;
        Ok(AcknowledgeEscalationPayload { escalation: nodes.remove(0) })
    }
}

fn wrong(field: &str, reason: texts::Text) -> async_graphql::Error {
    to_graphql(Invalid::new(field, reason))
}

/// The minute of a day that a text like `08:30` says, up to `24:00`.
fn minute(text: &str, field: &str) -> Result<u16> {
    let read = || {
        let (hour, minute) = text.split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        let whole = hour.checked_mul(60)?.checked_add(minute)?;
        (minute < 60 && whole <= 1440).then_some(whole)
    };
    read().ok_or_else(|| wrong(field, expected::readable(text)))
}

fn promise(input: &SaveSlaPolicyInput) -> Result<Promise> {
    let minutes = |field: &str, given: i32| {
        u32::try_from(given).map_err(|_| wrong(field, expected::above_zero()))
    };
    let night = input.night_response_minutes;
    let mut promise = Promise::new(
        minutes("responseMinutes", input.response_minutes)?,
        night.map(|night| minutes("nightResponseMinutes", night)).transpose()?,
        minutes("resolutionMinutes", input.resolution_minutes)?,
        input.clock.into(),
    );
    if let Some(steps) = &input.steps {
        let step = |step: &SlaStepNode| {
            let percent = u16::try_from(step.percent);
            let percent = percent.map_err(|_| wrong("steps", expected::between(1, 1000)))?;
            Ok(Step { measure: step.measure.into(), percent, target: step.target.into() })
        };
        promise.ladder = steps.iter().map(step).collect::<Result<_>>()?;
    }
    Ok(promise)
}

fn clock_text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn calendar_node(estate: EstateId, (calendar, version): &(Calendar, i32)) -> EstateCalendarNode {
    let hours = (1..).zip(&calendar.week).flat_map(|(weekday, spans)| {
        spans.iter().map(move |span| OfficeHoursNode {
            weekday,
            from: clock_text(span.from),
            to: clock_text(span.to),
        })
    });
    EstateCalendarNode {
        estate_id: estate.to_string().into(),
        time_zone: calendar.zone.name().to_owned(),
        office_hours: hours.collect(),
        holidays: calendar.holidays.iter().copied().collect(),
        workdays: calendar.workdays.iter().copied().collect(),
        night_from: clock_text(calendar.night.from),
        night_to: clock_text(calendar.night.to),
        version: *version,
    }
}

async fn versions(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    page: &PageArgs,
) -> Result<Vec<SlaPolicyNode>, Refused> {
    caller.read(super::SLA_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse().ok());
    let found = settings_repo::page(&scope, estate, after, page.limit()).await?;
    policy_nodes(&scope, found).await
}

async fn policy_nodes(
    scope: &TenantScope,
    all: Vec<Policy>,
) -> Result<Vec<SlaPolicyNode>, Refused> {
    let known = staff::by_id(scope, all.iter().map(|policy| policy.saved_by.as_uuid())).await?;
    let node = |policy: Policy| SlaPolicyNode {
        id: policy.id.to_string().into(),
        estate_id: policy.estate.map(|estate| estate.to_string().into()),
        kind: policy.kind.into(),
        code: Some(policy.code).filter(|code| !code.is_empty()),
        effective_from: policy.effective_from,
        response_minutes: policy.promise.response,
        night_response_minutes: policy.promise.night_response,
        resolution_minutes: policy.promise.resolution,
        clock: policy.promise.counting.into(),
        steps: policy.promise.ladder.iter().map(|step| step_node(*step)).collect(),
        saved_by: Colleague::new(policy.saved_by, &known),
        saved_at: policy.saved_at,
    };
    Ok(all.into_iter().map(node).collect())
}

fn step_node(step: Step) -> SlaStepNode {
    SlaStepNode {
        measure: step.measure.into(),
        percent: step.percent.into(),
        target: step.target.into(),
    }
}

async fn escalation_nodes(
    db: &Db,
    caller: &Caller,
    all: Vec<Escalation>,
) -> Result<Vec<SlaEscalationNode>, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let users = all.iter().flat_map(|one| one.told.iter().chain(&one.acknowledged_by));
    let users: Vec<_> = users.map(|user| user.as_uuid()).collect();
    let known = staff::by_id(&scope, users).await?;
    let node = |one: Escalation| SlaEscalationNode {
        id: one.id.to_string().into(),
        kind: one.subject.kind.into(),
        subject_id: one.subject.id.simple().to_string().into(),
        measure: one.measure.into(),
        percent: one.percent,
        warning: one.percent < 100,
        target: one.target.into(),
        told: one.told.iter().map(|user| Colleague::new(*user, &known)).collect(),
        due_at: one.due_at,
        at: one.at,
        acknowledged_by: one.acknowledged_by.map(|user| Colleague::new(user, &known)),
        acknowledged_at: one.acknowledged_at,
    };
    Ok(all.into_iter().map(node).collect())
}
