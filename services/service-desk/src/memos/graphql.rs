//! Contact sheets in the graph.

use super::{
    MEMO_READ, MemoId,
    domain::{Addressees, Memo, MemoState, Step},
    hand_on::hand_on,
    moves::step,
    repo::{self, Wanted},
    seen::supervises,
    send::{SendMemo, send},
    withdraw::withdraw,
};
use crate::{Refused, graphql::Colleague};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{PolicyStore, UserId};
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse, parse_id};
use uuid::Uuid;

/// How far a contact sheet has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MemoState", remote = "MemoState")]
pub enum MemoStateWord {
    /// Nobody has received it yet.
    Sent,
    /// Somebody has, and acts.
    Received,
    /// It was answered.
    Replied,
    /// The sender is satisfied.
    Confirmed,
    /// It was taken back before it was answered.
    Withdrawn,
}

/// A contact sheet between posts (内部信息传递单).
#[derive(SimpleObject)]
#[graphql(name = "Memo")]
pub struct MemoNode {
    /// Its id, `mem_…`.
    id: ID,
    /// Who sent it.
    from: Colleague,
    /// The posts it is to, as the codes of their roles.
    to_roles: Vec<String>,
    /// The colleagues it is to.
    to_staff: Vec<Colleague>,
    /// What it is about.
    matter: String,
    /// What is to be known or done.
    body: String,
    /// When it was sent.
    sent_at: DateTime<Utc>,
    /// Until when somebody receives it.
    receive_by: DateTime<Utc>,
    /// Until when it is answered.
    reply_by: DateTime<Utc>,
    /// How far it has come.
    state: MemoStateWord,
    /// Whether it waits longer than it should.
    overdue: bool,
    /// Who received it.
    received_by: Option<Colleague>,
    /// When.
    received_at: Option<DateTime<Utc>>,
    /// What was answered.
    reply: Option<String>,
    /// Who answered.
    replied_by: Option<Colleague>,
    /// When.
    replied_at: Option<DateTime<Utc>>,
    /// When the sender confirmed it.
    confirmed_at: Option<DateTime<Utc>>,
    /// Why it was taken back.
    reason: Option<String>,
    /// Give it back when changing it.
    version: i32,
}

impl MemoNode {
    async fn load(scope: &TenantScope, all: Vec<Memo>) -> Result<Vec<Self>, Refused> {
        let users = |it: &Memo| {
            let known = [Some(it.from), it.received_by, it.replied_by].into_iter().flatten();
            known.chain(it.to.people.iter().copied()).collect::<Vec<UserId>>()
        };
        let users = all.iter().flat_map(users).map(UserId::as_uuid);
        let known = places::staff::by_id(scope, users).await?;
        let now = scope.now();
        let named = |user: UserId| Colleague::new(user, &known);
        let node = |it: Memo| Self {
            id: it.id.to_string().into(),
            from: named(it.from),
            overdue: it.is_overdue(now),
            to_staff: it.to.people.iter().copied().map(named).collect(),
            to_roles: it.to.roles.into_iter().collect(),
            matter: it.matter,
            body: it.body,
            sent_at: it.sent_at,
            receive_by: it.receive_by,
            reply_by: it.reply_by,
            state: it.state.into(),
            received_by: it.received_by.map(named),
            received_at: it.received_at,
            reply: it.reply,
            replied_by: it.replied_by.map(named),
            replied_at: it.replied_at,
            confirmed_at: it.confirmed_at,
            reason: it.reason,
            version: it.version,
        };
        Ok(all.into_iter().map(node).collect())
    }
}

/// To whom a contact sheet goes: 1 to 20 posts and colleagues.
#[derive(InputObject)]
pub struct MemoAddresseesInput {
    /// Posts, as the codes of their roles, e.g. `ENG`.
    #[graphql(default)]
    roles: Vec<String>,
    /// Colleagues, `usr_…`.
    #[graphql(default)]
    staff_ids: Vec<ID>,
}

impl MemoAddresseesInput {
    fn read(self) -> Result<Addressees> {
        let people = self.staff_ids.iter().map(|id| parse_id(id, "to.staffIds"));
        Ok(Addressees {
            roles: self.roles.into_iter().collect(),
            people: people.collect::<Result<_>>()?,
        })
    }
}

/// A new contact sheet.
#[derive(InputObject)]
pub struct SendMemoInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// To whom.
    to: MemoAddresseesInput,
    /// What it is about, at most 100 characters.
    matter: String,
    /// What is to be known or done, at most 2,000 characters.
    body: String,
    /// Until when it is answered; a day from now when left out.
    reply_by: Option<DateTime<Utc>>,
    /// 8 to 255 characters; the same key sends once.
    idempotency_key: String,
}

/// A contact sheet that was received.
#[derive(InputObject)]
pub struct ReceiveMemoInput {
    /// The sheet, `mem_…`.
    memo_id: ID,
    /// The version that was read.
    expected_version: i32,
}

/// The answer to a contact sheet.
#[derive(InputObject)]
pub struct ReplyMemoInput {
    /// The sheet, `mem_…`.
    memo_id: ID,
    /// What was done.
    reply: String,
    /// The version that was read.
    expected_version: i32,
}

/// What the sender makes of an answer.
#[derive(InputObject)]
pub struct ConfirmMemoInput {
    /// The sheet, `mem_…`.
    memo_id: ID,
    /// Whether it is done; if not, it is to be acted on again within a day.
    done: bool,
    /// The version that was read.
    expected_version: i32,
}

/// A contact sheet that is for others.
#[derive(InputObject)]
pub struct HandOnMemoInput {
    /// The sheet, `mem_…`.
    memo_id: ID,
    /// For whom it is from now on.
    to: MemoAddresseesInput,
    /// The version that was read.
    expected_version: i32,
}

/// A contact sheet to be taken back.
#[derive(InputObject)]
pub struct WithdrawMemoInput {
    /// The sheet, `mem_…`.
    memo_id: ID,
    /// Why, at most 500 characters.
    reason: String,
    /// The version that was read.
    expected_version: i32,
}

/// A contact sheet after an act.
#[derive(SimpleObject)]
pub struct MemoPayload {
    /// The sheet.
    memo: MemoNode,
}

/// Queries on contact sheets.
#[derive(Default)]
pub struct MemoQuery;

#[Object]
impl MemoQuery {
    /// The contact sheets of an estate that one sent or that were for oneself, newest first; all of them
    /// for who supervises.
    #[expect(clippy::too_many_arguments, reason = "the filters of a list")]
    async fn memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that have come so far")] state: Option<MemoStateWord>,
        #[graphql(desc = "Only those that wait longer than they should")] overdue: Option<bool>,
        #[graphql(desc = "Only those that this colleague sent, `usr_…`")] from_id: Option<ID>,
        #[graphql(desc = "Only those that are for oneself to act on")] to_me: Option<bool>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, MemoNode>>> {
        let page = PageArgs::new(first, after)?;
        let (caller, estate) = (caller(ctx)?, parse_id(&estate_id, "estateId")?);
        caller.read(MEMO_READ, estate).graphql()?;
        let wanted = Wanted {
            estate,
            state: state.map(Into::into),
            from: from_id.map(|id| parse_id(&id, "fromId")).transpose()?,
            overdue: overdue.unwrap_or(false),
            of: (!supervises(caller, estate)).then(|| caller.user()),
            to: to_me.unwrap_or(false).then(|| caller.user()),
            before: page.after.as_ref().and_then(|cursor| Uuid::try_parse(&cursor.0).ok()),
        };
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let found = repo::page(&scope, wanted, page.limit()).await.graphql()?;
        let ids: Vec<Uuid> = found.iter().map(|it| it.id.as_uuid()).collect();
        let rows = ids.into_iter().zip(MemoNode::load(&scope, found).await.graphql()?).collect();
        let key = |(id, _): &(Uuid, MemoNode)| id.to_string();
        Ok(Some(connection(&page, rows, key, |(_, node)| node)))
    }
}

/// Mutations on contact sheets.
#[derive(Default)]
pub struct MemoMutation;

#[Object]
impl MemoMutation {
    /// Send a contact sheet to posts or colleagues.
    async fn send_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The sheet")] input: SendMemoInput,
    ) -> Result<MemoPayload> {
        let command = SendMemo {
            estate: parse_id(&input.estate_id, "estateId")?,
            to: input.to.read()?,
            matter: input.matter,
            body: input.body,
            reply_by: input.reply_by,
        };
        let key = parse(&input.idempotency_key, "idempotencyKey")?;
        let who = (caller(ctx)?, ctx.data::<PolicyStore>()?);
        payload(ctx, send(ctx.data()?, who, command, &key).await.graphql()?).await
    }

    /// Say that one has received a sheet and acts.
    async fn receive_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which")] input: ReceiveMemoInput,
    ) -> Result<MemoPayload> {
        let of = (&input.memo_id, input.expected_version);
        moved(ctx, of, (Step::Receive, None)).await
    }

    /// Answer a sheet.
    async fn reply_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer")] input: ReplyMemoInput,
    ) -> Result<MemoPayload> {
        let of = (&input.memo_id, input.expected_version);
        moved(ctx, of, (Step::Reply, Some(&input.reply))).await
    }

    /// Hand a sheet on to whom it should have been for.
    async fn hand_on_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom")] input: HandOnMemoInput,
    ) -> Result<MemoPayload> {
        let who = (caller(ctx)?, ctx.data::<PolicyStore>()?);
        let of = (parse_id(&input.memo_id, "memoId")?, input.expected_version);
        let to = input.to.read()?;
        payload(ctx, hand_on(ctx.data()?, who, of, to).await.graphql()?).await
    }

    /// Take a sheet back that nobody has answered yet.
    async fn withdraw_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Why")] input: WithdrawMemoInput,
    ) -> Result<MemoPayload> {
        let who = (caller(ctx)?, ctx.data::<PolicyStore>()?);
        let of = (parse_id(&input.memo_id, "memoId")?, input.expected_version);
        payload(ctx, withdraw(ctx.data()?, who, of, &input.reason).await.graphql()?).await
    }

    /// Say whether what one asked for is done; for a sender who has left, who supervises says it.
    async fn confirm_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether it is")] input: ConfirmMemoInput,
    ) -> Result<MemoPayload> {
        let of = (&input.memo_id, input.expected_version);
        let step = if input.done { Step::Confirm } else { Step::Return };
        moved(ctx, of, (step, None)).await
    }
}

async fn moved(
    ctx: &Context<'_>,
    (id, version): (&ID, i32),
    what: (Step, Option<&str>),
) -> Result<MemoPayload> {
    let who = (caller(ctx)?, ctx.data::<PolicyStore>()?);
    let of = (parse_id(id, "memoId")?, version);
    payload(ctx, step(ctx.data()?, who, of, what).await.graphql()?).await
}

async fn payload(ctx: &Context<'_>, id: MemoId) -> Result<MemoPayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let found = repo::find(&scope, id).await.graphql()?.into_iter().collect();
    let mut nodes = MemoNode::load(&scope, found).await.graphql()?;
    let memo = nodes.pop().ok_or_else(Refused::not_found).graphql()?;
    Ok(MemoPayload { memo })
}
