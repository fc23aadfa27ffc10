//! Cases and tasks in the graph.

use super::{
    assign::assign,
    open::open,
    repo::{self, Case, CasesWanted, Task, TasksWanted},
    skip::skip,
};
use crate::{
    accounts::graphql::AccountNode,
    bills,
    dunning::{
        DUNNING_READ, demand,
        graphql::{ReasonWord, StageWord, StepWord, TaskStateWord, place, reader},
        right::{Reached, read_of},
    },
    error::Refused,
    estates,
    ids::{BillingAccountId, BuildingId, DunningCaseId, DunningTaskId, UserId},
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    ComplexObject, Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Denied, PolicyStore};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use ids::EstateId;
use money::Fen;
use std::collections::HashMap;

/// One account's arrears being followed up (催缴案件).
#[derive(SimpleObject)]
#[graphql(name = "DunningCase", complex)]
pub(crate) struct CaseNode {
    #[graphql(skip)]
    case: DunningCaseId,
    #[graphql(skip)]
    debtor: BillingAccountId,
    /// Its id, `dnc_…`.
    id: ID,
    /// How far it has come.
    stage: StageWord,
    /// Why the debtor does not pay, as far as it is known.
    reason: Option<ReasonWord>,
    /// Who looks after it.
    assigned_to_id: Option<ID>,
    /// Whether nothing may be demanded at present: a complaint is open, or everything is disputed.
    held: bool,
    /// The day it was opened.
    opened_on: NaiveDate,
    /// The day from which the ladder counts: the oldest due date.
    counted_from: NaiveDate,
    /// What was owed then.
    opening_debt: Money,
    /// What of the due bills is open today.
    principal: Money,
    /// What their lateness costs by the contract.
    late_fee: Money,
    /// When the next step falls due; no later than today while it is held.
    next_on: Option<NaiveDate>,
    /// The day it ended.
    closed_on: Option<NaiveDate>,
    /// The version of the ladder it follows; 0 is the product's.
    ladder_version: i32,
    /// The steps that fell due, in order.
    tasks: Vec<TaskNode>,
}

#[ComplexObject]
impl CaseNode {
    /// Whose debt it is.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.debtor).await
    }
}

/// A step that fell due (催缴任务).
#[derive(SimpleObject)]
#[graphql(name = "DunningTask", complex)]
pub(crate) struct TaskNode {
    #[graphql(skip)]
    task: DunningTaskId,
    #[graphql(skip)]
    debtor: BillingAccountId,
    /// Its id, `dnt_…`.
    id: ID,
    /// The case, `dnc_…`.
    case_id: ID,
    /// The step.
    step: StepWord,
    /// The day it fell due.
    due_on: NaiveDate,
    /// How far it has come.
    state: TaskStateWord,
    /// Whether nothing may be demanded in its case at present.
    held: bool,
    /// Who shall do it.
    assigned_to_id: Option<ID>,
    /// The contact that did it, `dna_…`.
    action_id: Option<ID>,
    /// Why it was left out.
    skip_reason: Option<String>,
}

#[ComplexObject]
impl TaskNode {
    /// Whose debt it is.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.debtor).await
    }
}

impl TaskNode {
    fn new(task: Task, held: bool) -> Self {
        Self {
            task: task.id,
            debtor: task.account,
            id: task.id.to_string().into(),
            case_id: task.case.to_string().into(),
            step: task.step.into(),
            due_on: task.due_on,
            state: task.state.into(),
            held,
            assigned_to_id: task.assigned_to.map(|user| user.to_string().into()),
            action_id: task.action.map(|action| action.to_string().into()),
            skip_reason: task.skip_reason,
        }
    }

    async fn load(scope: &TenantScope, tasks: Vec<Task>) -> Result<Vec<Self>, Refused> {
        let cases = repo::cases_by_id(scope, tasks.iter().map(|task| task.case)).await?;
        let held: HashMap<DunningCaseId, bool> =
            cases.into_iter().map(|case| (case.id, case.held)).collect();
        let node = |task: Task| {
            let held = held.get(&task.case).copied().unwrap_or_default();
            Self::new(task, held)
        };
        Ok(tasks.into_iter().map(node).collect())
    }
}

impl CaseNode {
    /// The nodes of cases of one estate, in as many statements however many they are.
    async fn load(
        scope: &TenantScope,
        estate: EstateId,
        cases: Vec<Case>,
    ) -> Result<Vec<Self>, Refused> {
        let known = estates::find(scope, estate).await?.ok_or(Denied::Hidden)?;
        let today = known.today(scope.clock());
        let accounts: Vec<BillingAccountId> = cases.iter().map(|case| case.account).collect();
        let due = bills::owed(scope, &accounts, today).await?;
        let demands = demand::demands(scope, &known, &due, today).await?;
        let mut sums: HashMap<BillingAccountId, (Fen, Fen)> = HashMap::new();
        for (bill, demand) in due.iter().zip(demands) {
            let sum = sums.entry(bill.account).or_default();
            *sum = (sum.0 + demand.principal, sum.1 + demand.late_fee);
        }
        let mut tasks: HashMap<DunningCaseId, Vec<Task>> = HashMap::new();
        for task in repo::tasks_of(scope, cases.iter().map(|case| case.id)).await? {
            tasks.entry(task.case).or_default().push(task);
        }
        let money = |amount| Money::new(amount, known.currency);
        let node = |case: Case| {
            let (principal, late_fee) = sums.get(&case.account).copied().unwrap_or_default();
            let mine = tasks.remove(&case.id).unwrap_or_default().into_iter();
            Self {
                case: case.id,
                debtor: case.account,
                id: case.id.to_string().into(),
                stage: case.stage.into(),
                reason: case.reason_class.map(Into::into),
                assigned_to_id: case.assigned_to.map(|user| user.to_string().into()),
                held: case.held,
                opened_on: case.opened_on,
                counted_from: case.anchor,
                opening_debt: money(case.opening_debt),
                principal: money(principal),
                late_fee: money(late_fee),
                next_on: case.next_on,
                closed_on: case.closed_on,
                ladder_version: case.ladder_version,
                tasks: mine.map(|task| TaskNode::new(task, case.held)).collect(),
            }
        };
        Ok(cases.into_iter().map(node).collect())
    }

    async fn one(scope: &TenantScope, caller: &Caller, id: DunningCaseId) -> Result<Self, Refused> {
        let case = repo::find(scope, id).await?.ok_or(Denied::Hidden)?;
        read_of(scope, caller, case.account, DUNNING_READ).await?;
        let estate = case.estate;
        let node = Self::load(scope, estate, vec![case]).await?.pop();
        node.ok_or_else(|| Denied::Hidden.into())
    }
}

/// Queries on cases.
#[derive(Default)]
pub(crate) struct CaseQuery;

#[Object]
impl CaseQuery {
    /// A case.
    async fn dunning_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The case, `dnc_…`")] id: ID,
    ) -> Result<Option<CaseNode>> {
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        CaseNode::one(&scope, caller, parse_id(&id, "id")?).await.graphql().map(Some)
    }

    /// The cases of an estate, newest first; for staff, officers those of their zone.
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list")]
    async fn dunning_cases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those in this stage")] stage: Option<StageWord>,
        #[graphql(desc = "Only those that are open, or those that ended")] open: Option<bool>,
        #[graphql(desc = "Only those of this member of staff, `usr_…`")] staff_id: Option<ID>,
        #[graphql(desc = "Only those of this building, `bld_…`")] building_id: Option<ID>,
        #[graphql(desc = "Only those of this account, `bac_…`")] account_id: Option<ID>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, CaseNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        let (scope, right, _) = reader(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        let wanted = CasesWanted {
            stage: stage.map(Into::into),
            open,
            assigned_to: optional::<UserId>(staff_id.as_ref(), "staffId")?,
            building: optional::<BuildingId>(building_id.as_ref(), "buildingId")?,
            account: optional::<BillingAccountId>(account_id.as_ref(), "accountId")?,
            reached: Reached::of(&right),
        };
        let cases = repo::page(&scope, estate, wanted, place(&page)?).await.graphql()?;
        let nodes = CaseNode::load(&scope, estate, cases).await.graphql()?;
        let key = |node: &CaseNode| node.case.as_uuid().simple().to_string();
        Ok(Some(connection(&page, nodes, key, |node| node)))
    }

    /// What is to be done in an estate, in the order it fell due; for staff, officers what is in
    /// their zone.
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list")]
    async fn dunning_tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that have come so far")] state: Option<TaskStateWord>,
        #[graphql(desc = "Only this step")] step: Option<StepWord>,
        #[graphql(desc = "Only what fell due by this day")] due_by: Option<NaiveDate>,
        #[graphql(desc = "Only those of this member of staff, `usr_…`")] staff_id: Option<ID>,
        #[graphql(desc = "Only those of this building, `bld_…`")] building_id: Option<ID>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, TaskNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        let (scope, right, _) = reader(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        let wanted = TasksWanted {
            state: state.map(Into::into),
            step: step.map(Into::into),
            due_by,
            assigned_to: optional::<UserId>(staff_id.as_ref(), "staffId")?,
            building: optional::<BuildingId>(building_id.as_ref(), "buildingId")?,
            reached: Reached::of(&right),
        };
        let tasks = repo::tasks_page(&scope, estate, wanted, place(&page)?).await.graphql()?;
        let nodes = TaskNode::load(&scope, tasks).await.graphql()?;
        let key = |node: &TaskNode| node.task.as_uuid().simple().to_string();
        Ok(Some(connection(&page, nodes, key, |node| node)))
    }
}

fn optional<T>(id: Option<&ID>, field: &str) -> Result<Option<T>>
where
    T: std::str::FromStr<Err = ids::IdError>,
{
    id.map(|id| parse_id(id, field)).transpose()
}

/// A case to open.
#[derive(InputObject)]
pub(crate) struct OpenDunningCaseInput {
    /// Whose debt it is, `bac_…`.
    account_id: ID,
    /// Why it is not left to the day after the due date; 1 to 500 characters.
    reason: String,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// A case to give to somebody.
#[derive(InputObject)]
pub(crate) struct AssignDunningCaseInput {
    /// The case, `dnc_…`.
    id: ID,
    /// To whom, `usr_…`; nobody in particular without it.
    staff_id: Option<ID>,
}

/// A task to leave out.
#[derive(InputObject)]
pub(crate) struct SkipDunningTaskInput {
    /// The task, `dnt_…`.
    id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
}

/// The case after an act.
#[derive(SimpleObject)]
pub(crate) struct DunningCasePayload {
    /// The case.
    dunning_case: CaseNode,
}

/// The task after an act.
#[derive(SimpleObject)]
pub(crate) struct DunningTaskPayload {
    /// The task.
    dunning_task: TaskNode,
}

async fn payload(ctx: &Context<'_>, id: DunningCaseId) -> Result<DunningCasePayload> {
    let caller = caller(ctx)?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let cases = repo::find(&scope, id).await.graphql()?.into_iter().collect::<Vec<_>>();
    let estate = cases.first().ok_or(Denied::Hidden).graphql()?.estate;
    let node = CaseNode::load(&scope, estate, cases).await.graphql()?.pop();
    Ok(DunningCasePayload { dunning_case: node.ok_or(Denied::Hidden).graphql()? })
}

/// Changes of cases.
#[derive(Default)]
pub(crate) struct CaseMutation;

#[Object]
impl CaseMutation {
    /// Open the case of an account by hand, from the due date on. Others open by themselves on the
    /// day after.
    async fn open_dunning_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is opened")] input: OpenDunningCaseInput,
    ) -> Result<DunningCasePayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let account = parse_id(&input.account_id, "accountId")?;
        let wanted = (account, input.reason);
        let id = open(ctx.data()?, caller(ctx)?, wanted, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Give a case with its open tasks to a member of staff.
    async fn assign_dunning_case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is given to whom")] input: AssignDunningCaseInput,
    ) -> Result<DunningCasePayload> {
        let id = parse_id(&input.id, "id")?;
        let to = optional::<UserId>(input.staff_id.as_ref(), "staffId")?;
        let who = (caller(ctx)?, ctx.data::<PolicyStore>()?);
        assign(ctx.data()?, who, id, to).await.graphql()?;
        payload(ctx, id).await
    }

    /// Leave a step out, with the reason.
    async fn skip_dunning_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is left out")] input: SkipDunningTaskInput,
    ) -> Result<DunningTaskPayload> {
        let id = parse_id::<DunningTaskId>(&input.id, "id")?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        skip(db, caller, id, &input.reason).await.graphql()?;
        let scope = db.read(caller.tenant()).await.graphql()?;
        let task = repo::find_task(&scope, id).await.graphql()?;
        let node = TaskNode::load(&scope, task.into_iter().collect()).await.graphql()?.pop();
        Ok(DunningTaskPayload { dunning_task: node.ok_or(Denied::Hidden).graphql()? })
    }
}
