//! Instalment plans in the graph.

use super::{
    cancel::{CancelPlan, cancel},
    decide::{DecidePlan, decide},
    domain::{Plan, PlanState, PlanStatus, Standing},
    propose::{ProposePlan, propose},
    repo,
    standing::Paid,
};
use crate::{
    accounts::{self, graphql::AccountNode, visible},
    bills::BILL_READ,
    error::Refused,
    estates::{self, Estate},
    ids::{BillingAccountId, PlanId},
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::{Caller, Denied};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, StorageError, TenantScope};
use ids::EstateId;

/// What an instalment plan is today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "PlanStatus", name = "InstalmentPlanStatus")]
pub(crate) enum PlanStatusWord {
    /// Waits for another person's decision.
    Proposed,
    /// Agreed, and nothing is missed so far.
    Agreed,
    /// All of it is paid.
    Kept,
    /// An instalment was not fully paid at the end of its day.
    Broken,
    /// Refused.
    Rejected,
    /// Given up.
    Cancelled,
}

/// What people have decided about an instalment plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "PlanState", name = "InstalmentPlanDecision")]
pub(crate) enum PlanStateWord {
    /// Nothing so far.
    Proposed,
    /// It was agreed; whether it is kept, the payments say.
    Agreed,
    /// It was refused.
    Rejected,
    /// It was given up.
    Cancelled,
}

/// One instalment (一期).
#[derive(Clone, SimpleObject)]
pub(crate) struct Instalment {
    /// The last day to pay it.
    due: NaiveDate,
    /// How much.
    amount: Money,
}

/// What of one bill a plan spreads.
#[derive(Clone, SimpleObject)]
pub(crate) struct InstalmentBill {
    /// The bill.
    bill_id: ID,
    /// Principal that was open.
    principal: Money,
    /// Late fee that was owed; it does not grow while the plan is kept.
    late_fee: Money,
}

/// A plan to pay a debt in instalments (分期付款).
#[derive(Clone, SimpleObject)]
#[graphql(name = "InstalmentPlan", complex)]
pub(crate) struct PlanNode {
    #[graphql(skip)]
    debtor: BillingAccountId,
    /// Its id, `ipl_…`.
    id: ID,
    /// What it is today.
    status: PlanStatusWord,
    /// All of it.
    total: Money,
    /// What was paid of it since it was proposed.
    paid: Money,
    /// Why.
    reason: String,
    /// Who proposed it.
    proposed_by: ID,
    /// When.
    proposed_at: DateTime<Utc>,
    /// Who decided.
    decided_by: Option<ID>,
    /// When.
    decided_at: Option<DateTime<Utc>>,
    /// The day of the instalment that was missed; the late fee grows again from the next day on.
    broken_on: Option<NaiveDate>,
    /// The day on which it was given up.
    cancelled_on: Option<NaiveDate>,
    /// The reason of the decision, or of giving it up.
    decision: Option<String>,
    /// The instalments in order.
    instalments: Vec<Instalment>,
    /// The bills.
    bills: Vec<InstalmentBill>,
}

#[ComplexObject]
impl PlanNode {
    /// Whose debt it spreads.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.debtor).await
    }
}

impl PlanNode {
    fn new(plan: Plan, standing: Standing) -> Self {
        let money = |amount| Money::new(amount, plan.currency);
        let parts = plan.instalments.iter();
        let bills = plan.bills.iter();
        Self {
            debtor: plan.account,
            id: plan.id.to_string().into(),
            status: standing.status.into(),
            total: money(plan.total()),
            paid: money(standing.paid),
            proposed_by: plan.proposed_by.to_string().into(),
            proposed_at: plan.proposed_at,
            decided_by: plan.decided_by.map(|user| user.to_string().into()),
            decided_at: plan.decided_at,
            broken_on: standing.broken_on,
            cancelled_on: plan.cancelled_on,
            instalments: parts
                .map(|it| Instalment { due: it.due, amount: money(it.amount) })
                .collect(),
            bills: bills
                .map(|it| InstalmentBill {
                    bill_id: it.bill.to_string().into(),
                    principal: money(it.principal),
                    late_fee: money(it.late_fee),
                })
                .collect(),
            reason: plan.reason,
            decision: plan.decision,
        }
    }

    /// The nodes of plans of one estate, in one statement more.
    async fn load(
        scope: &TenantScope,
        estate: &Estate,
        plans: Vec<Plan>,
    ) -> Result<Vec<Self>, StorageError> {
        let today = estate.today(scope.clock());
        let paid = Paid::of(scope, &plans).await?;
        let node = |plan: Plan| {
            let standing = paid.standing(&plan, estate, today);
            Self::new(plan, standing)
        };
        Ok(plans.into_iter().map(node).collect())
    }
}

/// Bills to pay in instalments.
#[derive(InputObject)]
pub(crate) struct ProposeInstalmentPlanInput {
    /// The bills, all of one account, `bil_…`.
    bill_ids: Vec<ID>,
    /// The last day of each instalment, in order and after today; all that is owed of the bills is
    /// divided evenly, the last instalment takes the residue.
    due_dates: Vec<NaiveDate>,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What approving an instalment plan needs.
#[derive(InputObject)]
pub(crate) struct ApproveInstalmentPlanInput {
    /// The plan, `ipl_…`.
    plan_id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What rejecting an instalment plan needs.
#[derive(InputObject)]
pub(crate) struct RejectInstalmentPlanInput {
    /// The plan, `ipl_…`.
    plan_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What giving up an instalment plan needs.
#[derive(InputObject)]
pub(crate) struct CancelInstalmentPlanInput {
    /// The plan, `ipl_…`.
    plan_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The plan after an act.
#[derive(SimpleObject)]
pub(crate) struct InstalmentPlanPayload {
    /// The plan.
    instalment_plan: PlanNode,
}

/// Queries on instalment plans.
#[derive(Default)]
pub(crate) struct PlanQuery;

#[Object]
impl PlanQuery {
    /// One instalment plan.
    async fn instalment_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan, `ipl_…`")] id: ID,
    ) -> Result<Option<PlanNode>> {
        let id = parse_id(&id, "id")?;
        node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The instalment plans of an estate, newest first; residents see their own.
    async fn instalment_plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those of this account, `bac_…`")] account_id: Option<ID>,
        #[graphql(desc = "Only those about which people have decided so")] decision: Option<
            PlanStateWord,
        >,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, PlanNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let account = account_id.map(|id| parse_id(&id, "accountId")).transpose()?;
        let state = decision.map(Into::into);
        let nodes = listed(ctx.data()?, caller(ctx)?, (estate, account, state), &page).await;
        let nodes = nodes.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on instalment plans.
#[derive(Default)]
pub(crate) struct PlanMutation;

#[Object]
impl PlanMutation {
    /// Propose to pay bills in instalments; somebody else decides.
    async fn propose_instalment_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is proposed")] input: ProposeInstalmentPlanInput,
    ) -> Result<InstalmentPlanPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let bills = input.bill_ids.iter().map(|id| parse_id(id, "billIds"));
        let command = ProposePlan {
            bills: bills.collect::<Result<_>>()?,
            due_dates: input.due_dates,
            reason: input.reason,
        };
        let id = propose(db, caller, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Approve an instalment plan that somebody else proposed; its late fees rest while it is kept.
    async fn approve_instalment_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is approved")] input: ApproveInstalmentPlanInput,
    ) -> Result<InstalmentPlanPayload> {
        decided(ctx, &input.plan_id, true, None, &input.idempotency_key).await
    }

    /// Reject an instalment plan that somebody else proposed.
    async fn reject_instalment_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is rejected")] input: RejectInstalmentPlanInput,
    ) -> Result<InstalmentPlanPayload> {
        decided(ctx, &input.plan_id, false, Some(input.reason), &input.idempotency_key).await
    }

    /// Give an instalment plan up; its late fees grow again from tomorrow on.
    async fn cancel_instalment_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is given up")] input: CancelInstalmentPlanInput,
    ) -> Result<InstalmentPlanPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let plan = parse_id(&input.plan_id, "planId")?;
        let command = CancelPlan { plan, reason: input.reason };
        let id = cancel(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }
}

async fn decided(
    ctx: &Context<'_>,
    plan: &ID,
    approve: bool,
    reason: Option<String>,
    key: &str,
) -> Result<InstalmentPlanPayload> {
    let key = key.parse().graphql()?;
    let command = DecidePlan { plan: parse_id(plan, "planId")?, approve, reason };
    let id = decide(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
    payload(ctx, id).await
}

async fn payload(ctx: &Context<'_>, id: PlanId) -> Result<InstalmentPlanPayload> {
    let node = node(ctx.data()?, caller(ctx)?, id).await.graphql()?;
    Ok(InstalmentPlanPayload { instalment_plan: node })
}

/// A plan the caller may see.
async fn node(db: &Db, caller: &Caller, id: PlanId) -> Result<PlanNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let plan = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let account = accounts::find(&scope, plan.account).await?.ok_or(Denied::Hidden)?;
    visible(&caller.read(BILL_READ, plan.estate)?, &account)?;
    let estate = estates::find(&scope, plan.estate).await?.ok_or(Denied::Hidden)?;
    let nodes = PlanNode::load(&scope, &estate, vec![plan]).await?;
    nodes.into_iter().next().ok_or_else(|| Denied::Hidden.into())
}

type Which = (EstateId, Option<BillingAccountId>, Option<PlanState>);

async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, account, state): Which,
    page: &PageArgs,
) -> Result<Vec<PlanNode>, Refused> {
    let permit = caller.read(BILL_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let estate = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let accounts = accounts::reached(&scope, &permit, account).await?;
    let wanted = repo::Wanted { accounts, state };
    let plans = repo::page(&scope, estate.id, wanted, page).await?;
    Ok(PlanNode::load(&scope, &estate, plans).await?)
}
