//! Meetings and tasks in the graph.

use super::{
    MEETING_READ, MeetingId, TaskId,
    domain::{Meeting, MeetingKind, Task, TaskState},
    reassign::{Reassign, cancel, reassign},
    record::{Decision, RecordMeeting, record},
    repo::{self, Wanted},
    tasks::{finish, rate, verify},
};
use crate::{Refused, graphql::Colleague};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{PolicyStore, UserId};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse, parse_id};
use places::{estates, staff};
use std::collections::HashMap;
use uuid::Uuid;

/// Which meeting it is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MeetingKind", remote = "MeetingKind")]
pub enum MeetingKindWord {
    /// Of the morning.
    Morning,
    /// Of the week.
    Weekly,
    /// Of the month.
    Monthly,
    /// For one matter.
    Special,
}

/// How far a task has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "TaskState")]
pub enum DeskTaskState {
    /// It is to be done.
    Open,
    /// Its owner says that it is done.
    Done,
    /// Somebody else has seen that it is.
    Verified,
    /// It is not to be done any more.
    Cancelled,
}

/// A task that a meeting decided.
#[derive(SimpleObject)]
pub struct DeskTask {
    /// Its id, `tsk_…`.
    id: ID,
    /// The meeting, `mtg_…`.
    meeting_id: ID,
    /// Who does it.
    owner: Colleague,
    /// What was decided.
    decision: String,
    /// The last day.
    due: NaiveDate,
    /// How far it has come.
    state: DeskTaskState,
    /// Whether its day has passed and it is not done.
    overdue: bool,
    /// The day on which it was done.
    done_on: Option<NaiveDate>,
    /// What came of it.
    result: Option<String>,
    /// Why it was given to somebody else or cancelled.
    reason: Option<String>,
    /// Who verified it.
    verified_by: Option<Colleague>,
    /// When.
    verified_at: Option<DateTime<Utc>>,
    /// Give it back when changing it.
    version: i32,
}

/// A meeting with its minutes.
#[derive(SimpleObject)]
#[graphql(name = "Meeting")]
pub struct MeetingNode {
    /// Its id, `mtg_…`.
    id: ID,
    /// Which it is.
    kind: MeetingKindWord,
    /// The day.
    held_on: NaiveDate,
    /// Its title.
    title: String,
    /// What was said.
    minutes: String,
    /// Who was there.
    present: Vec<Colleague>,
    /// Who was not.
    absent: Vec<Colleague>,
    /// Who recorded it.
    recorded_by: Colleague,
    /// When.
    recorded_at: DateTime<Utc>,
    /// What was decided.
    tasks: Vec<DeskTask>,
}

async fn task_nodes(scope: &TenantScope, all: Vec<Task>) -> Result<Vec<DeskTask>, Refused> {
    let Some(estate) = all.first().map(|it| it.estate) else { return Ok(Vec::new()) };
    let today = estates::today(scope, estate).await?;
    let verifiers = all.iter().filter_map(|it| it.verified_by);
    let users: Vec<UserId> = all.iter().map(|it| it.owner).chain(verifiers).collect();
    let known = staff::by_id(scope, users.into_iter().map(UserId::as_uuid)).await?;
    let node = |it: Task| DeskTask {
        id: it.id.to_string().into(),
        meeting_id: it.meeting.to_string().into(),
        overdue: it.is_overdue(today),
        owner: Colleague::new(it.owner, &known),
        decision: it.decision,
        due: it.due,
        state: it.state.into(),
        done_on: it.done_on,
        result: it.result,
        reason: it.reason,
        verified_by: it.verified_by.map(|user| Colleague::new(user, &known)),
        verified_at: it.verified_at,
        version: it.version,
    };
    Ok(all.into_iter().map(node).collect())
}

async fn meeting_nodes(
    scope: &TenantScope,
    all: Vec<Meeting>,
) -> Result<Vec<MeetingNode>, Refused> {
    let users = |it: &Meeting| {
        let there = it.present.iter().chain(&it.absent).copied();
        there.chain([it.recorded_by]).collect::<Vec<UserId>>()
    };
    let users: Vec<UserId> = all.iter().flat_map(users).collect();
    let known = staff::by_id(scope, users.into_iter().map(UserId::as_uuid)).await?;
    let found = repo::of_meetings(scope, all.iter().map(|it| it.id)).await?;
    let meetings: Vec<MeetingId> = found.iter().map(|it| it.meeting).collect();
    let mut tasks: HashMap<MeetingId, Vec<DeskTask>> = HashMap::new();
    for (meeting, task) in meetings.into_iter().zip(task_nodes(scope, found).await?) {
        tasks.entry(meeting).or_default().push(task);
    }
    let named = |all: Vec<UserId>| {
        all.into_iter().map(|user| Colleague::new(user, &known)).collect::<Vec<_>>()
    };
    let node = |it: Meeting| MeetingNode {
        id: it.id.to_string().into(),
        kind: it.kind.into(),
        held_on: it.held_on,
        title: it.title,
        minutes: it.minutes,
        present: named(it.present),
        absent: named(it.absent),
        recorded_by: Colleague::new(it.recorded_by, &known),
        recorded_at: it.recorded_at,
        tasks: tasks.remove(&it.id).unwrap_or_default(),
    };
    Ok(all.into_iter().map(node).collect())
}

/// How many tasks were done in time; 95 per cent is the mark.
#[derive(SimpleObject)]
pub struct DeskTaskRate {
    /// Those done, and those whose day has passed.
    counted: i32,
    /// Those done on their day or before.
    on_time: i32,
    /// The share in per cent, rounded down; 100 when none counts.
    percent: i32,
}

/// What was decided.
#[derive(InputObject)]
pub struct MeetingDecisionInput {
    /// Who does it, `usr_…`.
    owner_id: ID,
    /// What, at most 500 characters.
    text: String,
    /// The last day.
    due: NaiveDate,
}

/// A meeting that was held.
#[derive(InputObject)]
pub struct RecordMeetingInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Which it was.
    kind: MeetingKindWord,
    /// The day; not in the future.
    held_on: NaiveDate,
    /// Its title, at most 100 characters.
    title: String,
    /// What was said, at most 10,000 characters.
    minutes: String,
    /// Who was there, `usr_…`.
    present_ids: Vec<ID>,
    /// Who was not, `usr_…`.
    absent_ids: Vec<ID>,
    /// What was decided; each becomes a task.
    decisions: Vec<MeetingDecisionInput>,
    /// 8 to 255 characters; the same key records once.
    idempotency_key: String,
}

/// A task of one's own that is done.
#[derive(InputObject)]
pub struct FinishDeskTaskInput {
    /// The task, `tsk_…`.
    task_id: ID,
    /// What came of it.
    result: String,
    /// The version that was read.
    expected_version: i32,
}

/// Whether somebody else's task is done.
#[derive(InputObject)]
pub struct VerifyDeskTaskInput {
    /// The task, `tsk_…`.
    task_id: ID,
    /// Whether it is; if not, it is open again.
    done: bool,
    /// The version that was read.
    expected_version: i32,
}

/// A task that somebody else does.
#[derive(InputObject)]
pub struct ReassignDeskTaskInput {
    /// The task, `tsk_…`.
    task_id: ID,
    /// Who does it from now on, `usr_…`; somebody with a post in the estate.
    owner_id: ID,
    /// The last day, if it changes; not before today.
    due: Option<NaiveDate>,
    /// Why, at most 500 characters.
    reason: String,
    /// The version that was read.
    expected_version: i32,
}

/// A task that is not to be done any more.
#[derive(InputObject)]
pub struct CancelDeskTaskInput {
    /// The task, `tsk_…`.
    task_id: ID,
    /// Why, at most 500 characters.
    reason: String,
    /// The version that was read.
    expected_version: i32,
}

/// A meeting after an act.
#[derive(SimpleObject)]
pub struct MeetingPayload {
    /// The meeting.
    meeting: MeetingNode,
}

/// A task after an act.
#[derive(SimpleObject)]
pub struct DeskTaskPayload {
    /// The task.
    task: DeskTask,
}

/// Queries on meetings and tasks.
#[derive(Default)]
pub struct MeetingQuery;

#[Object]
impl MeetingQuery {
    /// The meetings of an estate, the latest entered first.
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, MeetingNode>>> {
        let page = PageArgs::new(first, after)?;
        let (caller, estate) = (caller(ctx)?, parse_id(&estate_id, "estateId")?);
        caller.read(MEETING_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let before = page.after.as_ref().and_then(|cursor| Uuid::try_parse(&cursor.0).ok());
        let found = repo::meetings(&scope, estate, (before, page.limit())).await.graphql()?;
        let ids: Vec<Uuid> = found.iter().map(|it| it.id.as_uuid()).collect();
        let rows = ids.into_iter().zip(meeting_nodes(&scope, found).await.graphql()?).collect();
        let key = |(id, _): &(Uuid, MeetingNode)| id.to_string();
        Ok(Some(connection(&page, rows, key, |(_, node)| node)))
    }

    /// The tasks of an estate, the earliest due first.
    #[expect(clippy::too_many_arguments, reason = "the filters of a list")]
    async fn desk_tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that have come so far")] state: Option<DeskTaskState>,
        #[graphql(desc = "Only open ones whose day has passed")] overdue: Option<bool>,
        #[graphql(desc = "Only those of this colleague, `usr_…`")] owner_id: Option<ID>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, DeskTask>>> {
        let page = PageArgs::new(first, after)?;
        let (caller, estate) = (caller(ctx)?, parse_id(&estate_id, "estateId")?);
        caller.read(MEETING_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let today = estates::today(&scope, estate).await.graphql()?;
        let overdue = overdue.unwrap_or(false);
        let wanted = Wanted {
            estate,
            state: if overdue { Some(TaskState::Open) } else { state.map(Into::into) },
            owner: owner_id.map(|id| parse_id(&id, "ownerId")).transpose()?,
            due_before: overdue.then_some(today),
            after: page.after.as_ref().and_then(|cursor| {
                let (due, id) = cursor.0.split_once('/')?;
                Some((due.parse().ok()?, Uuid::try_parse(id).ok()?))
            }),
        };
        let found = repo::tasks(&scope, wanted, page.limit()).await.graphql()?;
        let ids: Vec<Uuid> = found.iter().map(|it| it.id.as_uuid()).collect();
        let rows = ids.into_iter().zip(task_nodes(&scope, found).await.graphql()?).collect();
        let key = |(id, node): &(Uuid, DeskTask)| format!("{}/{id}", node.due);
        Ok(Some(connection(&page, rows, key, |(_, node)| node)))
    }

    /// How many of the tasks due from one day to another were done in time.
    async fn desk_task_rate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The first day")] from: NaiveDate,
        #[graphql(desc = "The last day")] to: NaiveDate,
    ) -> Result<Option<DeskTaskRate>> {
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let of = (parse_id(&estate_id, "estateId")?, from, to);
        let found = rate(&scope, caller, of).await.graphql()?;
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        Ok(Some(DeskTaskRate {
            counted: count(found.counted),
            on_time: count(found.on_time),
            percent: count(found.percent),
        }))
    }
}

/// Mutations on meetings and tasks.
#[derive(Default)]
pub struct MeetingMutation;

#[Object]
impl MeetingMutation {
    /// Record a meeting; what it decided becomes tasks.
    async fn record_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The meeting")] input: RecordMeetingInput,
    ) -> Result<MeetingPayload> {
        let people = |ids: Vec<ID>, field: &str| {
            ids.iter().map(|id| parse_id(id, field)).collect::<Result<_>>()
        };
        let decision = |it: MeetingDecisionInput| {
            let owner = parse_id(&it.owner_id, "decisions.ownerId")?;
            Ok(Decision { owner, text: it.text, due: it.due })
        };
        let command = RecordMeeting {
            estate: parse_id(&input.estate_id, "estateId")?,
            kind: input.kind.into(),
            held_on: input.held_on,
            title: input.title,
            minutes: input.minutes,
            present: people(input.present_ids, "presentIds")?,
            absent: people(input.absent_ids, "absentIds")?,
            decisions: input.decisions.into_iter().map(decision).collect::<Result<_>>()?,
        };
        let key = parse(&input.idempotency_key, "idempotencyKey")?;
        let id = record(ctx.data()?, (caller(ctx)?, ctx.data::<PolicyStore>()?), command, &key)
            .await
            .graphql()?;
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        let found = repo::meeting(&scope, id).await.graphql()?.into_iter().collect();
        let mut nodes = meeting_nodes(&scope, found).await.graphql()?;
        let meeting = nodes.pop().ok_or_else(Refused::not_found).graphql()?;
        Ok(MeetingPayload { meeting })
    }

    /// Say that a task of one's own is done.
    async fn finish_desk_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which")] input: FinishDeskTaskInput,
    ) -> Result<DeskTaskPayload> {
        let of = (parse_id(&input.task_id, "taskId")?, input.expected_version);
        let id = finish(ctx.data()?, caller(ctx)?, of, &input.result).await.graphql()?;
        payload(ctx, id).await
    }

    /// Give an open task to somebody else.
    async fn reassign_desk_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom and why")] input: ReassignDeskTaskInput,
    ) -> Result<DeskTaskPayload> {
        let of = (parse_id(&input.task_id, "taskId")?, input.expected_version);
        let who = (caller(ctx)?, ctx.data::<PolicyStore>()?);
        let to = Reassign { owner: parse_id(&input.owner_id, "ownerId")?, due: input.due };
        let id = reassign(ctx.data()?, who, of, (to, &input.reason)).await.graphql()?;
        payload(ctx, id).await
    }

    /// Say that an open task is not to be done any more.
    async fn cancel_desk_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which and why")] input: CancelDeskTaskInput,
    ) -> Result<DeskTaskPayload> {
        let of = (parse_id(&input.task_id, "taskId")?, input.expected_version);
        let id = cancel(ctx.data()?, caller(ctx)?, of, &input.reason).await.graphql()?;
        payload(ctx, id).await
    }

    /// Say whether a task that somebody else calls done is done.
    async fn verify_desk_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether it is")] input: VerifyDeskTaskInput,
    ) -> Result<DeskTaskPayload> {
        let of = (parse_id(&input.task_id, "taskId")?, input.expected_version);
        let id = verify(ctx.data()?, caller(ctx)?, of, input.done).await.graphql()?;
        payload(ctx, id).await
    }
}

async fn payload(ctx: &Context<'_>, id: TaskId) -> Result<DeskTaskPayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let found = repo::task(&scope, id).await.graphql()?.into_iter().collect();
    let mut nodes = task_nodes(&scope, found).await.graphql()?;
    let task = nodes.pop().ok_or_else(Refused::not_found).graphql()?;
    Ok(DeskTaskPayload { task })
}
