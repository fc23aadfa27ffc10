//! The log of deliveries in the graph.

use super::{
    repo::{self, Delivery, Wanted},
    resend::resend,
};
use crate::{
    Refused,
    graphql::PersonNode,
    messages::{
        MESSAGE_READ,
        domain::DeliveryState,
        graphql::{MessageChannel, MessageKindWord},
    },
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use places::homes;
use uuid::Uuid;

/// How far a delivery has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MessageDeliveryState", remote = "DeliveryState")]
pub enum DeliveryStateWord {
    /// It is to be sent.
    Waiting,
    /// The provider took it.
    Sent,
    /// It could not be sent.
    Failed,
    /// It is not to be sent any more.
    Dropped,
}

/// One way of one letter to one address.
#[derive(SimpleObject)]
#[graphql(name = "MessageDelivery")]
pub struct DeliveryNode {
    /// Its id, `dlv_…`.
    id: ID,
    /// The letter, `ltr_…`.
    letter_id: Option<ID>,
    /// To whom.
    person: PersonNode,
    /// What they are called, masked.
    person_name: String,
    /// What the letter is about.
    kind: Option<MessageKindWord>,
    /// The way.
    channel: MessageChannel,
    /// The address, masked.
    address: String,
    /// How far it has come.
    state: DeliveryStateWord,
    /// How often it was tried.
    tries: i32,
    /// What the provider said when it did not take it.
    failure: Option<String>,
    /// When it was asked for.
    queued_at: DateTime<Utc>,
    /// When it was sent or given up.
    ended_at: Option<DateTime<Utc>>,
}

impl DeliveryNode {
    async fn load(scope: &TenantScope, all: Vec<Delivery>) -> Result<Vec<Self>, Refused> {
        let names = homes::names(scope, all.iter().map(|it| it.person)).await?;
        let node = |it: Delivery| Self {
            id: it.id.to_string().into(),
            letter_id: it.letter.map(|letter| letter.to_string().into()),
            person: PersonNode::new(it.person),
            person_name: names.get(&it.person).map(|name| name.shown.clone()).unwrap_or_default(),
            kind: it.kind.map(Into::into),
            channel: it.channel.into(),
            address: it.shown,
            state: it.state.into(),
            tries: it.tries,
            failure: it.failure,
            queued_at: it.queued_at,
            ended_at: it.ended_at,
        };
        Ok(all.into_iter().map(node).collect())
    }
}

/// Queries on deliveries.
#[derive(Default)]
pub struct DeliveryQuery;

#[Object]
impl DeliveryQuery {
    /// The deliveries of an estate's messages, newest first.
    #[expect(clippy::too_many_arguments, reason = "the filters of a list")]
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that have come so far")] state: Option<DeliveryStateWord>,
        #[graphql(desc = "Only those of this way")] channel: Option<MessageChannel>,
        #[graphql(desc = "Only those to this person, `psn_…`")] person_id: Option<ID>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, DeliveryNode>>> {
        let page = PageArgs::new(first, after)?;
        let who = caller(ctx)?;
        let wanted = Wanted {
            asks: who.subject(),
            estate: parse_id(&estate_id, "estateId")?,
            state: state.map(Into::into),
            channel: channel.map(Into::into),
            person: person_id.map(|id| parse_id(&id, "personId")).transpose()?,
            before: page.after.as_ref().and_then(|cursor| Uuid::try_parse(&cursor.0).ok()),
        };
        let found = listed(ctx.data()?, who, wanted, &page).await.graphql()?;
        let key = |(id, _): &(Uuid, DeliveryNode)| id.simple().to_string();
        Ok(Some(connection(&page, found, key, |(_, node)| node)))
    }
}

async fn listed(
    db: &Db,
    caller: &Caller,
    wanted: Wanted,
    page: &PageArgs,
) -> Result<Vec<(Uuid, DeliveryNode)>, Refused> {
    caller.read(MESSAGE_READ, wanted.estate)?;
    let scope = db.read(caller.tenant()).await?;
    let found = repo::page(&scope, wanted, page.limit()).await?;
    let ids: Vec<Uuid> = found.iter().map(|it| it.id.as_uuid()).collect();
    Ok(ids.into_iter().zip(DeliveryNode::load(&scope, found).await?).collect())
}

/// What could not be sent and is to be tried again.
#[derive(InputObject)]
pub struct ResendFailedDeliveriesInput {
    /// The estate, `est_…`.
    estate_id: ID,
}

/// Deliveries that are tried again.
#[derive(SimpleObject)]
pub struct ResendFailedDeliveriesPayload {
    /// How many there are.
    resent: i32,
}

/// Mutations on deliveries.
#[derive(Default)]
pub struct DeliveryMutation;

#[Object]
impl DeliveryMutation {
    /// Try again to send what failed in the last seven days.
    async fn resend_failed_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What")] input: ResendFailedDeliveriesInput,
    ) -> Result<ResendFailedDeliveriesPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let resent = resend(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        Ok(ResendFailedDeliveriesPayload { resent: i32::try_from(resent).unwrap_or(i32::MAX) })
    }
}
