//! Orders of special services in the graph.

use super::{
    act::{Act, Asked, act},
    domain::{Order, OrderState},
    input_graphql::{
        AbortSpecialOrderInput, AcceptSpecialOrderInput, CancelSpecialOrderInput,
        ChargeSpecialOrderAgainInput, CloseSpecialOrderInput, ConfirmSpecialOrderInput,
        DisputeSpecialOrderInput, FinishSpecialOrderInput, QuoteSpecialOrderInput,
        RecordSpecialOrderAnswerInput, RequestSpecialOrderInput, ScheduleSpecialOrderInput,
        SettleSpecialOrderDisputeInput, StartSpecialOrderInput,
    },
    node_graphql::{OrderNode, SpecialOrderState},
    reach::{Reached, visible},
    recorded::{Heard, record},
    repo,
    request::{RequestOrder, request},
};
use crate::{
    Refused,
    charges::graphql::fen,
    special_services::{ORDER_READ, OrderId},
};
use ::graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, language, parse_id};
use async_graphql::{Context, ID, Object, Result, SimpleObject, connection::Connection};
use authz::Caller;
use db::Db;
use ids::EstateId;
use texts::Language;

/// The order after an act.
#[derive(SimpleObject)]
pub(crate) struct SpecialOrderPayload {
    /// The order.
    special_order: OrderNode,
}

/// Queries on orders.
#[derive(Default)]
pub(crate) struct OrderQuery;

#[Object]
impl OrderQuery {
    /// One order of a special service.
    async fn special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order, `sso_…`")] id: ID,
    ) -> Result<Option<OrderNode>> {
        let id = parse_id(&id, "id")?;
        node(ctx.data()?, caller(ctx)?, id, language(ctx)).await.graphql().map(Some)
    }

    /// The orders of special services of an estate, newest first; residents see their own, who
    /// does the work what is assigned to them.
    async fn special_orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that have come so far")] state: Option<SpecialOrderState>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, OrderNode>>> {
        let page = PageArgs::new(first, after)?;
        let wanted = (parse_id(&estate_id, "estateId")?, state.map(Into::into));
        let nodes = listed(ctx.data()?, caller(ctx)?, wanted, (&page, language(ctx))).await;
        Ok(Some(connection(&page, nodes.graphql()?, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on orders.
#[derive(Default)]
pub(crate) struct OrderMutation;

#[Object]
impl OrderMutation {
    /// Order a special service; it is priced before anything is done.
    async fn request_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is wanted")] input: RequestSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = RequestOrder {
            service: parse_id(&input.service_id, "serviceId")?,
            unit: parse_id(&input.unit_id, "unitId")?,
            person: input.person_id.map(|id| parse_id(&id, "personId")).transpose()?,
            wanted_at: input.wanted_at,
            note: input.note,
            contact: input.contact_id.map(|id| parse_id(&id, "contactId")).transpose()?,
        };
        let id = request(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Price an order, or price it anew before the work; the resident confirms it next.
    async fn quote_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the order costs")] input: QuoteSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let asked = Asked::Quote(input.work()?);
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// Agree to the price, before the work.
    async fn confirm_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the resident agrees to")] input: ConfirmSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let asked = Asked::Confirm;
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// Say who will come.
    async fn schedule_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who will come")] input: ScheduleSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let workers = input.worker_ids.iter().map(|id| parse_id(id, "workerIds"));
        let asked = Asked::Schedule(workers.collect::<Result<_>>()?);
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// Begin the work; whether the appointment was kept is noted.
    async fn start_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which work begins")] input: StartSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let asked = Asked::Start;
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// Say that the work is done.
    async fn finish_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was done")] input: FinishSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let asked = Asked::Finish(input.result);
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// Accept the work; it is charged, rework is not.
    async fn accept_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the resident accepts")] input: AcceptSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let asked = Asked::Accept;
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// Have it done again, free within the term.
    async fn dispute_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Why it shall be done again")] input: DisputeSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let asked = Asked::Dispute(input.reason);
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// Cancel an order; free until 2 hours before the appointment.
    async fn cancel_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is cancelled")] input: CancelSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let (reason, at_residents_wish) = (input.reason, input.at_residents_wish);
        let asked = Asked::Cancel { reason, at_residents_wish };
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// End work that has begun and cannot be brought to its end; nothing is charged. Rework that is
    /// ended so is disputed again.
    async fn abort_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which work ends")] input: AbortSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let asked = Asked::Abort(input.reason);
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// End a dispute without doing the work again, for less where that was agreed.
    async fn settle_special_order_dispute(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How the dispute ends")] input: SettleSpecialOrderDisputeInput,
    ) -> Result<SpecialOrderPayload> {
        let total = input.total.map(|total| fen(total, "total")).transpose()?;
        let asked = Asked::Settle { reason: input.reason, total };
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// Take down what a household said on the phone, or has signed.
    async fn record_special_order_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was said")] input: RecordSpecialOrderAnswerInput,
    ) -> Result<SpecialOrderPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let picture = input.attachment_id.map(|id| parse_id(&id, "attachmentId")).transpose()?;
        let heard = Heard {
            order: parse_id(&input.order_id, "orderId")?,
            expected_version: input.expected_version,
            person: parse_id(&input.person_id, "personId")?,
            said: input.answer.into(),
            picture,
            note: input.note,
        };
        let id = record(ctx.data()?, caller(ctx)?, heard, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Close a paid order.
    async fn close_special_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is over")] input: CloseSpecialOrderInput,
    ) -> Result<SpecialOrderPayload> {
        let asked = Asked::Close;
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }

    /// Ask billing again for a charge that it rejected.
    async fn charge_special_order_again(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What shall be charged")] input: ChargeSpecialOrderAgainInput,
    ) -> Result<SpecialOrderPayload> {
        let asked = Asked::ChargeAgain;
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
    }
}

async fn acted(
    ctx: &Context<'_>,
    (order, expected_version): (&ID, i32),
    asked: Asked,
    key: &str,
) -> Result<SpecialOrderPayload> {
    let key = key.parse().graphql()?;
    let command = Act { order: parse_id(order, "orderId")?, expected_version, asked };
    let id = act(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
    payload(ctx, id).await
}

async fn payload(ctx: &Context<'_>, id: OrderId) -> Result<SpecialOrderPayload> {
    let special_order = node(ctx.data()?, caller(ctx)?, id, language(ctx)).await.graphql()?;
    Ok(SpecialOrderPayload { special_order })
}

/// An order the caller may see.
async fn node(
    db: &Db,
    caller: &Caller,
    id: OrderId,
    language: Language,
) -> Result<OrderNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let order = visible(&scope, caller, id).await?;
    let nodes = OrderNode::load(&scope, caller, &[order], language).await?;
    nodes.into_iter().next().ok_or_else(Refused::not_found)
}

async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, state): (EstateId, Option<OrderState>),
    (page, language): (&PageArgs, Language),
) -> Result<Vec<OrderNode>, Refused> {
    let right = caller.read(ORDER_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let reached = Reached::of(&scope, &right).await?;
    let orders: Vec<Order> = repo::page(&scope, estate, (&reached, state), page).await?;
    OrderNode::load(&scope, caller, &orders, language).await
}
