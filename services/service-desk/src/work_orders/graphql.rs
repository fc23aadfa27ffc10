//! Work orders in the graph.

use super::{
    WORK_ORDER_READ, WorkOrderId, assignment,
    create::{self, Report},
    domain::{Action, Urgency, WorkOrder},
    finish::{self, Signed},
    input_graphql::{
        AdvanceWorkOrderInput, AnswerWorkQuoteInput, AssignWorkOrderInput, CompleteWorkOrderInput,
        CreateWorkOrderInput, EndWorkOrderInput, MergeWorkOrdersInput, QuoteWorkOrderInput,
        RecordWorkQuoteAnswerInput, ReviseWorkOrderInput, UndoWorkOrderInput, WorkOrderMove,
        WorkOrderPayload,
    },
    merge,
    nodes_graphql::{Asked, WorkOrderNode, WorkOrderState},
    progress, quote,
    quote_by_phone::{Heard, answer_by_phone},
    repo::{self, Wanted},
    revise, seen,
};
use crate::Refused;
use ::graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use async_graphql::{Context, ID, Object, Result, connection::Connection};
use authz::{Caller, UserId};
use contracts::UnitId;
use db::Db;

/// Queries on work orders.
#[derive(Default)]
pub(crate) struct WorkOrderQuery;

#[Object]
impl WorkOrderQuery {
    /// One work order.
    async fn work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The work order, `wko_…`")] id: ID,
    ) -> Result<Option<WorkOrderNode>> {
        let id = parse_id(&id, "id")?;
        node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The work orders of an estate, newest first; residents see their own, engineers those they have.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the list in the graph")]
    async fn work_orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those with work to do, or only those without")] open: Option<bool>,
        #[graphql(desc = "Only those that stand so")] state: Option<WorkOrderState>,
        #[graphql(desc = "Only those that somebody has, `usr_…`")] assignee_id: Option<ID>,
        #[graphql(desc = "Only those that nobody has", default)] unassigned: bool,
        #[graphql(desc = "Only those of a unit, `unt_…`")] unit_id: Option<ID>,
        #[graphql(desc = "Only those in a building, `bld_…`")] building_id: Option<ID>,
        #[graphql(desc = "Only those of a category, by its code")] category: Option<String>,
        #[graphql(desc = "Only the one that people call so")] number: Option<String>,
        #[graphql(desc = "Only those that are past their time and not done", default)]
        overdue: bool,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, WorkOrderNode>>> {
        let page = PageArgs::new(first, after)?;
        let db = ctx.data::<Db>()?;
        let wanted = Wanted {
            estate: parse_id(&estate_id, "estateId")?,
            covered: repo::Covered::All,
            open,
            state: state.map(Into::into),
            assignee: assignee_id.map(|id| parse_id::<UserId>(&id, "assigneeId")).transpose()?,
            unassigned,
            unit: unit_id.map(|id| parse_id::<UnitId>(&id, "unitId")).transpose()?,
            building: building_id.map(|id| parse_id(&id, "buildingId")).transpose()?,
            category,
            number,
            overdue_at: overdue.then(|| db.clock().now()),
            after: page.after.as_ref().and_then(|cursor| cursor.0.parse().ok()),
            limit: page.limit(),
        };
        let nodes = listed(db, caller(ctx)?, (wanted, Asked::of_page(ctx))).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on work orders.
#[derive(Default)]
pub(crate) struct WorkOrderMutation;

#[Object]
impl WorkOrderMutation {
    /// Report something to be repaired; it goes to whoever suits, or to the incident that explains it.
    async fn create_work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be repaired")] input: CreateWorkOrderInput,
    ) -> Result<WorkOrderPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let report = Report {
            estate: parse_id(&input.estate_id, "estateId")?,
            unit: input.unit_id.map(|id| parse_id(&id, "unitId")).transpose()?,
            place: input.place,
            building: input.building_id.map(|id| parse_id(&id, "buildingId")).transpose()?,
            category: input.category,
            urgency: input.urgency.map_or(Urgency::Ordinary, Into::into),
            description: input.description,
            appointment: input.appointment_at,
            reporter: input.reporter_id.map(|id| parse_id(&id, "reporterId")).transpose()?,
            contact: input.contact_id.map(|id| parse_id(&id, "contactId")).transpose()?,
            received_at: input.received_at,
        };
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let id = create::create(db, who, report, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Correct what a work order says; its promises are those of what it says then.
    async fn revise_work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is otherwise")] input: ReviseWorkOrderInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let revised = revise::revise(ctx.data()?, caller(ctx)?, which, input.revision()).await;
        payload(ctx, revised.graphql()?.id).await
    }

    /// Give a work order to somebody, perhaps instead of somebody else.
    async fn assign_work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who gets it")] input: AssignWorkOrderInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let user = parse_id(&input.assignee_id, "assigneeId")?;
        let note = input.note.as_deref();
        let moved = assignment::assign(ctx.data()?, caller(ctx)?, which, user, note).await;
        payload(ctx, moved.graphql()?.id).await
    }

    /// Move a work order on, as who has it: accept, set out, begin, wait, take a quote back.
    async fn advance_work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How it moves on")] input: AdvanceWorkOrderInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let action = match input.step {
            WorkOrderMove::Accept => Action::Accept,
            WorkOrderMove::SetOut => Action::SetOut,
            WorkOrderMove::Start => Action::Start,
            WorkOrderMove::WaitForParts => Action::WaitForParts,
            WorkOrderMove::WaitForAccess => Action::WaitForAccess,
            WorkOrderMove::WaitForResident => Action::WaitForResident,
            WorkOrderMove::WithdrawQuote => Action::WithdrawQuote,
        };
        let note = input.note.as_deref();
        let moved = progress::advance(ctx.data()?, caller(ctx)?, which, action, note).await;
        payload(ctx, moved.graphql()?.id).await
    }

    /// Say what work would cost, from the price list; the resident answers before it goes on.
    async fn quote_work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it would cost")] input: QuoteWorkOrderInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let lines = input.lines.into_iter().map(|line| (line.code, line.quantity.into()));
        let lines: Vec<(String, i64)> = lines.collect();
        let note = input.note.as_deref();
        let moved = quote::quote(ctx.data()?, caller(ctx)?, which, &lines, note).await;
        payload(ctx, moved.graphql()?.id).await
    }

    /// Answer a quote, as the resident.
    async fn answer_work_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer")] input: AnswerWorkQuoteInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let note = input.note.as_deref();
        let moved = quote::answer(ctx.data()?, caller(ctx)?, which, input.agrees, note).await;
        payload(ctx, moved.graphql()?.id).await
    }

    /// Take down the resident's answer to a quote, as it was heard on the phone.
    async fn record_work_quote_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was heard, and from whom")] input: RecordWorkQuoteAnswerInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let person = parse_id(&input.person_id, "personId")?;
        let heard = Heard { person, agrees: input.agrees, note: input.note };
        let moved = answer_by_phone(ctx.data()?, caller(ctx)?, which, heard).await;
        payload(ctx, moved.graphql()?.id).await
    }

    /// Say that the work is done, with the resident's signature.
    async fn complete_work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is done")] input: CompleteWorkOrderInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let signed = Signed {
            name: input.signature_name,
            attachment: input
                .signature_attachment_id
                .map(|id| parse_id(&id, "signatureAttachmentId"))
                .transpose()?,
        };
        let note = input.note.as_deref();
        let moved = finish::complete(ctx.data()?, caller(ctx)?, which, signed, note).await;
        payload(ctx, moved.graphql()?.id).await
    }

    /// Say that the work is in order, as the resident.
    async fn confirm_work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is in order")] input: EndWorkOrderInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let note = input.note.as_deref();
        let moved = finish::confirm(ctx.data()?, caller(ctx)?, which, note).await;
        payload(ctx, moved.graphql()?.id).await
    }

    /// Close a work order that is done.
    async fn close_work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is over")] input: EndWorkOrderInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let note = input.note.as_deref();
        let moved = finish::close(ctx.data()?, caller(ctx)?, which, note).await;
        payload(ctx, moved.graphql()?.id).await
    }

    /// Open a work order again that was not in order after all, within seven days.
    async fn reopen_work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was not in order")] input: UndoWorkOrderInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let moved = finish::reopen(ctx.data()?, caller(ctx)?, which, &input.reason).await;
        payload(ctx, moved.graphql()?.id).await
    }

    /// Cancel a work order: there is nothing to do.
    async fn cancel_work_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is void")] input: UndoWorkOrderInput,
    ) -> Result<WorkOrderPayload> {
        let which = (parse_id(&input.work_order_id, "workOrderId")?, input.expected_version);
        let moved = finish::cancel(ctx.data()?, caller(ctx)?, which, &input.reason).await;
        payload(ctx, moved.graphql()?.id).await
    }

    /// Close a duplicate, which leads to the order that goes on.
    async fn merge_work_orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Two that are the same")] input: MergeWorkOrdersInput,
    ) -> Result<WorkOrderPayload> {
        let duplicate = (parse_id(&input.duplicate_id, "duplicateId")?, input.duplicate_version);
        let survivor = (parse_id(&input.survivor_id, "survivorId")?, input.survivor_version);
        let moved = merge::merge(ctx.data()?, caller(ctx)?, duplicate, survivor).await;
        payload(ctx, moved.graphql()?.id).await
    }
}

/// The order after an act, as who acted may see it: also those who report what they do not follow.
async fn payload(ctx: &Context<'_>, id: WorkOrderId) -> Result<WorkOrderPayload> {
    let who = caller(ctx)?;
    let scope = ctx.data::<Db>()?.read(who.tenant()).await.graphql()?;
    let order = repo::find(&scope, id).await.graphql()?;
    let orders: Vec<WorkOrder> = order.into_iter().collect();
    let mut nodes = WorkOrderNode::load(&scope, who, (orders, Asked::ALL)).await.graphql()?;
    Ok(WorkOrderPayload { work_order: nodes.remove(0) })
}

async fn node(db: &Db, caller: &Caller, id: WorkOrderId) -> Result<WorkOrderNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let order = seen::visible(&scope, caller, id).await?;
    let nodes = WorkOrderNode::load(&scope, caller, (vec![order], Asked::ALL)).await?;
    nodes.into_iter().next().ok_or_else(Refused::not_found)
}

async fn listed(
    db: &Db,
    caller: &Caller,
    (wanted, asked): (Wanted, Asked),
) -> Result<Vec<WorkOrderNode>, Refused> {
    let right = caller.read(WORK_ORDER_READ, wanted.estate)?;
    let scope = db.read(caller.tenant()).await?;
    let covered = seen::covered(&scope, &right).await?;
    let orders = repo::page(&scope, Wanted { covered, ..wanted }).await?;
    WorkOrderNode::load(&scope, caller, (orders, asked)).await
}
