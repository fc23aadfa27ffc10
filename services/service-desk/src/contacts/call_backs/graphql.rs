//! Calls to be returned in the graph.

use super::{
    CallBack, CallBackId, Outcome,
    complete::{Complete, complete, page, with_contact},
};
use crate::{
    Refused,
    contacts::{
        Contact,
        log::{LogMissedCall, log_missed},
        nodes_graphql::ContactNode,
    },
    graphql::{Colleague, State},
    timeline::cursor,
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{Db, IdempotencyKey, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id, to_graphql};

/// How calling back ended.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Outcome")]
pub enum CallBackOutcome {
    /// The caller was reached.
    Reached,
    /// The caller was not reached.
    NotReached,
}

/// A call to be returned (回拨).
#[derive(SimpleObject)]
#[graphql(name = "CallBack")]
pub struct CallBackNode {
    #[graphql(skip)]
    key: CallBackId,
    /// Its id, `cbk_…`.
    id: ID,
    /// The missed call.
    contact: ContactNode,
    /// By when.
    due_at: DateTime<Utc>,
    /// Whether it still waits although it was due.
    overdue: bool,
    /// How it ended, or how the last try did of one that goes on.
    outcome: Option<CallBackOutcome>,
    /// How often the caller was tried and did not pick up; after three times it ends.
    tries: i32,
    /// What was said.
    note: Option<String>,
    /// When it was done.
    done_at: Option<DateTime<Utc>>,
    /// Who called back.
    done_by: Option<Colleague>,
    /// Counts the changes; a change says which it saw.
    version: i32,
}

impl CallBackNode {
    async fn load(
        scope: &TenantScope,
        found: Vec<(CallBack, Contact)>,
        own: bool,
    ) -> Result<Vec<Self>, Refused> {
        let (ones, contacts): (Vec<CallBack>, Vec<Contact>) = found.into_iter().unzip();
        let users = ones.iter().filter_map(|one| one.done_by).map(UserId::as_uuid);
        let staff = places::staff::by_id(scope, users).await?;
        let now = scope.now();
        let contacts = ContactNode::load(scope, contacts, own).await?;
        let node = |(one, contact): (CallBack, ContactNode)| Self {
            key: one.id,
            id: one.id.to_string().into(),
            contact,
            due_at: one.due_at,
            overdue: one.done_at.is_none() && one.due_at < now,
            outcome: one.outcome.map(Into::into),
            tries: one.tries,
            note: one.note,
            done_at: one.done_at,
            done_by: one.done_by.map(|user| Colleague::new(user, &staff)),
            version: one.version,
        };
        Ok(ones.into_iter().zip(contacts).map(node).collect())
    }
}

/// A call that nobody picked up.
#[derive(InputObject)]
pub struct LogMissedCallInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// When it was; now when left out.
    at: Option<DateTime<Utc>>,
    /// The caller's phone, 3 to 20 digits.
    phone: String,
    /// What the caller is called, if known, at most 60 characters.
    caller_name: Option<String>,
    /// The unit, if known, `unt_…`.
    unit_id: Option<ID>,
    /// Who it was, if known, `per_…`.
    person_id: Option<ID>,
    /// Makes a repeat harmless; 8 to 255 printable characters.
    idempotency_key: String,
}

/// How calling back ended.
#[derive(InputObject)]
pub struct CompleteCallBackInput {
    /// The call to be returned, `cbk_…`.
    call_back_id: ID,
    /// How it ended.
    outcome: CallBackOutcome,
    /// What was said, at most 500 characters.
    note: Option<String>,
    /// The version that was seen.
    expected_version: i32,
}

/// The call to be returned after an act.
#[derive(SimpleObject)]
pub struct CallBackPayload {
    /// The call to be returned.
    call_back: CallBackNode,
}

/// Queries on calls to be returned.
#[derive(Default)]
pub struct CallBackQuery;

#[Object]
impl CallBackQuery {
    /// The calls to be returned of an estate, those due first at the front.
    async fn call_backs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those still to be done, or only those done")] open: Option<bool>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, CallBackNode>>> {
        let args = PageArgs::new(first, after)?;
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let of = (parse_id(&estate_id, "estateId")?, open);
        let (right, found) = page(db, who, of, &args).await.graphql()?;
        let scope = db.read(who.tenant()).await.graphql()?;
        let own = right.own_person().is_some();
        let nodes = CallBackNode::load(&scope, found, own).await.graphql()?;
        let key = |node: &CallBackNode| cursor(node.due_at, node.key.as_uuid());
        Ok(Some(connection(&args, nodes, key, |node| node)))
    }
}

/// Mutations on calls to be returned.
#[derive(Default)]
pub struct CallBackMutation;

#[Object]
impl CallBackMutation {
    /// Record a call that nobody picked up; it is to be returned within what the estate promises, 15
    /// minutes by day and 30 at night unless it decided otherwise.
    async fn log_missed_call(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who called")] input: LogMissedCallInput,
    ) -> Result<CallBackPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().map_err(to_graphql)?;
        let command = LogMissedCall {
            estate: parse_id(&input.estate_id, "estateId")?,
            at: input.at,
            phone: input.phone,
            caller_name: input.caller_name,
            unit: input.unit_id.map(|id| parse_id(&id, "unitId")).transpose()?,
            person: input.person_id.map(|id| parse_id(&id, "personId")).transpose()?,
        };
        let keys = &ctx.data::<State>()?.keys;
        let id = log_missed(ctx.data()?, keys, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Say how calling back went. Who does not pick up is tried again within the hour, three times in
    /// all.
    async fn complete_call_back(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How it ended")] input: CompleteCallBackInput,
    ) -> Result<CallBackPayload> {
        let command = Complete {
            id: parse_id(&input.call_back_id, "callBackId")?,
            version: input.expected_version,
            outcome: input.outcome.into(),
            note: input.note,
        };
        let done = complete(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        payload(ctx, done.id).await
    }
}

async fn payload(ctx: &Context<'_>, id: CallBackId) -> Result<CallBackPayload> {
    let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
    let found = with_contact(db, who, id).await.graphql()?;
    let scope = db.read(who.tenant()).await.graphql()?;
    let mut nodes = CallBackNode::load(&scope, vec![found], false).await.graphql()?;
    let call_back = nodes.pop().ok_or(Refused::not_found()).graphql()?;
    Ok(CallBackPayload { call_back })
}
