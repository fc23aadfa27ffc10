//! Notices in the graph.

use super::{
    NoticeId,
    audience_graphql::{NoticeAudience, NoticeAudienceInput, NoticeReach},
    decide::{approve, give_back, propose, withdraw},
    domain::{Content, NoticeState},
    read::{self, Seen},
    say,
    tags::graphql::{UnitTagMutation, UnitTagQuery},
    write::{change, write},
};
use crate::{
    Refused,
    graphql::{Colleague, EstateNode},
    messages::{
        Words,
        graphql::{BilingualText, BilingualTextInput, MessageKindWord},
        templates::graphql::UseTemplateInput,
    },
};
use async_graphql::{
    Context, Enum, ID, InputObject, MergedObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse, parse_id};
use uuid::Uuid;

/// How far a notice has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "NoticeState", remote = "NoticeState")]
pub enum NoticeStateWord {
    /// It is being written.
    Draft,
    /// It waits for somebody else's approval.
    Proposed,
    /// It is approved and waits for its time.
    Scheduled,
    /// It is out.
    Published,
    /// It was taken back.
    Withdrawn,
}

/// A notice of an estate.
#[derive(SimpleObject)]
#[graphql(name = "Notice")]
pub struct NoticeNode {
    /// Its id, `ntc_…`.
    id: ID,
    /// The estate.
    estate: EstateNode,
    /// What it is about.
    kind: MessageKindWord,
    /// Its title.
    title: BilingualText,
    /// What it says.
    body: BilingualText,
    /// The code of the template that gave its words, if one did.
    template_code: Option<String>,
    /// The version of it.
    template_version: Option<i32>,
    /// Whom it concerns.
    audience: NoticeAudience,
    /// When it is to be published; at its approval when there is nothing.
    publish_at: Option<DateTime<Utc>>,
    /// Until when it counts.
    expires_at: Option<DateTime<Utc>>,
    /// How far it has come.
    state: NoticeStateWord,
    /// Whether it no longer counts.
    expired: bool,
    /// Who wrote it.
    written_by: Colleague,
    /// When.
    written_at: DateTime<Utc>,
    /// Who approved it or gave it back.
    decided_by: Option<Colleague>,
    /// When.
    decided_at: Option<DateTime<Utc>>,
    /// Why it was given back or taken back.
    reason: Option<String>,
    /// When it was published.
    published_at: Option<DateTime<Utc>>,
    /// How many people it concerned then.
    audience_count: Option<i32>,
    /// When the resident who asks read it.
    read_at: Option<DateTime<Utc>>,
    /// Give it back when changing it.
    version: i32,
}

impl NoticeNode {
    async fn load(scope: &TenantScope, all: Vec<Seen>) -> Result<Vec<Self>, Refused> {
        let users = |it: &Seen| {
            let decided = it.notice.decided_by.map(UserId::as_uuid);
            std::iter::once(it.notice.written_by.as_uuid()).chain(decided)
        };
        let known = places::staff::by_id(scope, all.iter().flat_map(users)).await?;
        let now = scope.now();
        let node = |Seen { notice, read_at }: Seen| Self {
            id: notice.id.to_string().into(),
            estate: EstateNode::new(notice.estate),
            kind: notice.content.kind.into(),
            expired: notice.content.expires_at.is_some_and(|at| at <= now),
            title: notice.content.title.into(),
            body: notice.content.body.into(),
            template_version: notice.content.template.as_ref().map(|used| used.version),
            template_code: notice.content.template.map(|used| used.code),
            audience: notice.content.audience.into(),
            publish_at: notice.content.publish_at,
            expires_at: notice.content.expires_at,
            state: notice.state.into(),
            written_by: Colleague::new(notice.written_by, &known),
            written_at: notice.written_at,
            decided_by: notice.decided_by.map(|user| Colleague::new(user, &known)),
            decided_at: notice.decided_at,
            reason: notice.reason,
            published_at: notice.published_at,
            audience_count: notice.audience,
            read_at,
            version: notice.version,
        };
        Ok(all.into_iter().map(node).collect())
    }
}

/// What a notice says, to whom and when.
#[derive(InputObject)]
pub struct NoticeContentInput {
    /// `NOTICE`, `SAFETY`, `OUTAGE` or `EVENT`.
    kind: MessageKindWord,
    /// Its title, at most 100 characters; left out when a template gives it.
    title: Option<BilingualTextInput>,
    /// What it says, at most 5,000 characters; left out when a template gives it.
    body: Option<BilingualTextInput>,
    /// The template that gives the title and the body, of the same kind.
    template: Option<UseTemplateInput>,
    /// Whom it concerns.
    audience: NoticeAudienceInput,
    /// When it is to be published, not in the past; at its approval when left out.
    publish_at: Option<DateTime<Utc>>,
    /// Until when it counts; for ever when left out.
    expires_at: Option<DateTime<Utc>>,
}

impl NoticeContentInput {
    fn read(self) -> Result<Content> {
        let template = self.template.map(UseTemplateInput::read).transpose().graphql()?;
        let written = [self.title.is_some(), self.body.is_some()];
        if template.is_some() && written.contains(&true) {
            return Err(Refused::invalid("template", say::words_or_template())).graphql();
        }
        // What is left out is said to be empty, unless the template gives it.
        let none = || Words { zh: String::new(), en: String::new() };
        Ok(Content {
            kind: self.kind.into(),
            title: self.title.map_or_else(none, Into::into),
            body: self.body.map_or_else(none, Into::into),
            template,
            audience: self.audience.read()?,
            publish_at: self.publish_at,
            expires_at: self.expires_at,
        })
    }
}

/// A new notice.
#[derive(InputObject)]
pub struct WriteNoticeInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// What it says.
    content: NoticeContentInput,
    /// 8 to 255 characters; the same key writes the same notice once.
    idempotency_key: String,
}

/// A draft's new words.
#[derive(InputObject)]
pub struct ChangeNoticeInput {
    /// The notice, `ntc_…`.
    notice_id: ID,
    /// What it says from now on.
    content: NoticeContentInput,
    /// The version that was read.
    expected_version: i32,
}

/// A notice to be proposed.
#[derive(InputObject)]
pub struct ProposeNoticeInput {
    /// The notice, `ntc_…`.
    notice_id: ID,
    /// The version that was read.
    expected_version: i32,
}

/// A notice to be approved.
#[derive(InputObject)]
pub struct ApproveNoticeInput {
    /// The notice, `ntc_…`.
    notice_id: ID,
    /// The version that was read.
    expected_version: i32,
}

/// A notice to be changed by who wrote it.
#[derive(InputObject)]
pub struct GiveBackNoticeInput {
    /// The notice, `ntc_…`.
    notice_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// Why.
    reason: String,
}

/// A notice to be taken back.
#[derive(InputObject)]
pub struct WithdrawNoticeInput {
    /// The notice, `ntc_…`.
    notice_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// Why.
    reason: String,
}

/// A notice that was read.
#[derive(InputObject)]
pub struct MarkNoticeReadInput {
    /// The notice, `ntc_…`.
    notice_id: ID,
}

/// A notice after an act.
#[derive(SimpleObject)]
pub struct NoticePayload {
    /// The notice.
    notice: NoticeNode,
}

/// Queries on notices and the tags of units.
#[derive(Default, MergedObject)]
pub struct NoticeQuery(NoticesQuery, UnitTagQuery);

/// Mutations on notices and the tags of units.
#[derive(Default, MergedObject)]
pub struct NoticeMutation(NoticesMutation, UnitTagMutation);

/// Queries on notices.
#[derive(Default)]
pub struct NoticesQuery;

#[Object]
impl NoticesQuery {
    /// The notices of an estate, newest first; a resident sees those of their own home that count.
    async fn notices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that have come so far")] state: Option<NoticeStateWord>,
        #[graphql(desc = "Only those that no longer count, or only those that do")] expired: Option<
            bool,
        >,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, NoticeNode>>> {
        let page = PageArgs::new(first, after)?;
        let before = page.after.as_ref().and_then(|cursor| Uuid::try_parse(&cursor.0).ok());
        let wanted = (parse_id(&estate_id, "estateId")?, state.map(Into::into), expired);
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let found = read::page(&scope, caller, wanted, (before, page.limit())).await.graphql()?;
        let ids: Vec<Uuid> = found.iter().map(|it| it.notice.id.as_uuid()).collect();
        let nodes = NoticeNode::load(&scope, found).await.graphql()?;
        let rows = ids.into_iter().zip(nodes).collect();
        let key = |(id, _): &(Uuid, NoticeNode)| id.simple().to_string();
        Ok(Some(connection(&page, rows, key, |(_, node)| node)))
    }

    /// A notice.
    async fn notice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notice, `ntc_…`")] id: ID,
    ) -> Result<Option<NoticeNode>> {
        node(ctx, parse_id(&id, "id")?).await.map(Some)
    }

    /// How far a published notice came.
    async fn notice_reach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notice, `ntc_…`")] notice_id: ID,
    ) -> Result<Option<NoticeReach>> {
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let id = parse_id(&notice_id, "noticeId")?;
        let found = read::reach(&scope, caller, id).await.graphql()?;
        Ok(Some(NoticeReach::new(found)))
    }
}

async fn node(ctx: &Context<'_>, id: NoticeId) -> Result<NoticeNode> {
    let caller = caller(ctx)?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let seen = read::one(&scope, caller, id).await.graphql()?;
    Ok(NoticeNode::load(&scope, vec![seen]).await.graphql()?.remove(0))
}

async fn payload(ctx: &Context<'_>, id: NoticeId) -> Result<NoticePayload> {
    Ok(NoticePayload { notice: node(ctx, id).await? })
}

/// Mutations on notices.
#[derive(Default)]
pub struct NoticesMutation;

#[Object]
impl NoticesMutation {
    /// Write a notice; it stays a draft until it is proposed.
    async fn write_notice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notice")] input: WriteNoticeInput,
    ) -> Result<NoticePayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let key = parse(&input.idempotency_key, "idempotencyKey")?;
        let content = input.content.read()?;
        let id = write(ctx.data()?, caller(ctx)?, (estate, content), &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Change a draft.
    async fn change_notice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new words")] input: ChangeNoticeInput,
    ) -> Result<NoticePayload> {
        let id = parse_id(&input.notice_id, "noticeId")?;
        let content = input.content.read()?;
        let version = input.expected_version;
        change(ctx.data()?, caller(ctx)?, (id, content), version).await.graphql()?;
        payload(ctx, id).await
    }

    /// Put a draft before who approves.
    async fn propose_notice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which")] input: ProposeNoticeInput,
    ) -> Result<NoticePayload> {
        let of = (parse_id(&input.notice_id, "noticeId")?, input.expected_version);
        payload(ctx, propose(ctx.data()?, caller(ctx)?, of).await.graphql()?).await
    }

    /// Approve a notice that somebody else wrote; it is published at its time.
    async fn approve_notice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which")] input: ApproveNoticeInput,
    ) -> Result<NoticePayload> {
        let of = (parse_id(&input.notice_id, "noticeId")?, input.expected_version);
        payload(ctx, approve(ctx.data()?, caller(ctx)?, of).await.graphql()?).await
    }

    /// Give a proposed notice back to be changed.
    async fn give_back_notice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which and why")] input: GiveBackNoticeInput,
    ) -> Result<NoticePayload> {
        let of = (parse_id(&input.notice_id, "noticeId")?, input.expected_version);
        let id = give_back(ctx.data()?, caller(ctx)?, of, &input.reason).await.graphql()?;
        payload(ctx, id).await
    }

    /// Take a notice back; residents no longer see it.
    async fn withdraw_notice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which and why")] input: WithdrawNoticeInput,
    ) -> Result<NoticePayload> {
        let of = (parse_id(&input.notice_id, "noticeId")?, input.expected_version);
        let id = withdraw(ctx.data()?, caller(ctx)?, of, &input.reason).await.graphql()?;
        payload(ctx, id).await
    }

    /// Mark a notice of one's own home read; doing it again changes nothing.
    async fn mark_notice_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which")] input: MarkNoticeReadInput,
    ) -> Result<NoticePayload> {
        let id = parse_id(&input.notice_id, "noticeId")?;
        payload(ctx, read::mark_read(ctx.data()?, caller(ctx)?, id).await.graphql()?).await
    }
}
