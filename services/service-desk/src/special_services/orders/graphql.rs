//! Orders of special services in the graph.

use super::{
    act::{Act, Asked, act},
    domain::{Order, OrderState},
    node_graphql::{OrderNode, SpecialOrderState},
    quote::{MaterialAsk, Work},
    reach::{Reached, visible},
    repo,
    request::{RequestOrder, request},
};
use crate::{
    Refused,
    charges::graphql::fen,
    special_services::{ORDER_READ, OrderId},
};
use ::graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, language, parse_id};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use chrono::{DateTime, Utc};
use db::Db;
use ids::EstateId;
use rust_decimal::Decimal;
use texts::Language;

/// What a resident wants.
#[derive(InputObject)]
pub(crate) struct RequestSpecialOrderInput {
    /// The service, `ssi_…`.
    service_id: ID,
    /// The unit, `unt_…`.
    unit_id: ID,
    /// For whom, `psn_…`, somebody of the unit; oneself for a resident.
    person_id: Option<ID>,
    /// When they would like it.
    wanted_at: DateTime<Utc>,
    /// What they want to say, up to 500 characters.
    note: Option<String>,
    /// The call or visit that it came from, `cnt_…`; it becomes this order.
    contact_id: Option<ID>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A material of a quote.
#[derive(InputObject)]
pub(crate) struct SpecialOrderMaterialInput {
    /// Its code in the price list, or what it is called.
    name: String,
    /// How many, 1 to 1000.
    quantity: u32,
    /// A piece in yuan, where it is not in the price list.
    price: Option<Decimal>,
}

/// What an order costs.
#[derive(InputObject)]
pub(crate) struct QuoteSpecialOrderInput {
    /// The order, `sso_…`.
    order_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// When it shall be done.
    appointment: DateTime<Utc>,
    /// How many workers, for an hourly price.
    #[graphql(default = 1)]
    workers: u32,
    /// How many minutes, for an hourly price.
    #[graphql(default = 60)]
    minutes: u32,
    /// How many pieces, for a fixed price.
    #[graphql(default = 1)]
    quantity: u32,
    /// Whether the day is a holiday; the night is known by the time.
    #[graphql(default)]
    holiday: bool,
    /// Whether it is sold as a package.
    #[graphql(default)]
    package: bool,
    /// With what materials, at most 100.
    #[graphql(default)]
    materials: Vec<SpecialOrderMaterialInput>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What the resident agrees to.
#[derive(InputObject)]
pub(crate) struct ConfirmSpecialOrderInput {
    /// The order, `sso_…`.
    order_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// Who will come.
#[derive(InputObject)]
pub(crate) struct ScheduleSpecialOrderInput {
    /// The order, `sso_…`.
    order_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// Who will come, `usr_…`; 1 to 20.
    worker_ids: Vec<ID>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// Which work begins.
#[derive(InputObject)]
pub(crate) struct StartSpecialOrderInput {
    /// The order, `sso_…`.
    order_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What was done.
#[derive(InputObject)]
pub(crate) struct FinishSpecialOrderInput {
    /// The order, `sso_…`.
    order_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// What was done, 1 to 1000 characters.
    result: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What the resident accepts.
#[derive(InputObject)]
pub(crate) struct AcceptSpecialOrderInput {
    /// The order, `sso_…`.
    order_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// Why it shall be done again.
#[derive(InputObject)]
pub(crate) struct DisputeSpecialOrderInput {
    /// The order, `sso_…`.
    order_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// Why, 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What is cancelled.
#[derive(InputObject)]
pub(crate) struct CancelSpecialOrderInput {
    /// The order, `sso_…`.
    order_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// Why, 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What is over.
#[derive(InputObject)]
pub(crate) struct CloseSpecialOrderInput {
    /// The order, `sso_…`.
    order_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What shall be charged again.
#[derive(InputObject)]
pub(crate) struct ChargeSpecialOrderAgainInput {
    /// The order, `sso_…`.
    order_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

impl QuoteSpecialOrderInput {
    fn work(&self) -> Result<Work> {
        let materials = self.materials.iter().map(|it| {
            let price = it.price.map(|price| fen(price, "materials")).transpose()?;
            Ok(MaterialAsk { name: it.name.clone(), quantity: it.quantity, price })
        });
        Ok(Work {
            appointment: self.appointment,
            workers: self.workers,
            minutes: self.minutes,
            quantity: self.quantity,
            holiday: self.holiday,
            package: self.package,
            materials: materials.collect::<Result<_>>()?,
        })
    }
}

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
        let asked = Asked::Cancel(input.reason);
        acted(ctx, (&input.order_id, input.expected_version), asked, &input.idempotency_key).await
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
    let reached = Reached::of(&caller.read(ORDER_READ, estate)?);
    let scope = db.read(caller.tenant()).await?;
    let orders: Vec<Order> = repo::page(&scope, estate, (&reached, state), page).await?;
    OrderNode::load(&scope, caller, &orders, language).await
}
