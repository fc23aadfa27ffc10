//! Announcements in the graph.

use super::{
    ANNOUNCEMENT_PUBLISH, ANNOUNCEMENT_READ, AnnouncementId,
    publish::{Publish, acknowledge, publish},
    repo::{self, Announcement},
};
use crate::{Refused, graphql::Colleague};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, PolicyStore};
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse, parse_id};
use uuid::Uuid;

/// An announcement inside the company.
#[derive(SimpleObject)]
#[graphql(name = "Announcement")]
pub struct AnnouncementNode {
    /// Its id, `ann_…`.
    id: ID,
    /// Its title.
    title: String,
    /// What it says.
    body: String,
    /// The posts it is to, as the codes of their roles; none means all staff of the estate.
    roles: Vec<String>,
    /// Who published it.
    published_by: Colleague,
    /// When.
    published_at: DateTime<Utc>,
    /// Whether it is to the caller.
    to_me: bool,
    /// When the caller read it.
    read_at: Option<DateTime<Utc>>,
    /// How many are to read it.
    reader_count: i32,
    /// How many have.
    read_count: i32,
    /// Who has not yet; told to who may publish.
    unread_by: Option<Vec<Colleague>>,
}

impl AnnouncementNode {
    async fn load(
        scope: &TenantScope,
        caller: &Caller,
        all: Vec<Announcement>,
    ) -> Result<Vec<Self>, Refused> {
        let mut readers = repo::readers(scope, all.iter().map(|it| it.id)).await?;
        let users = readers.values().flatten().map(|(user, _)| user.as_uuid());
        let users = users.chain(all.iter().map(|it| it.published_by.as_uuid()));
        let known = places::staff::by_id(scope, users.collect::<Vec<Uuid>>()).await?;
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let node = |it: Announcement| {
            let readers = readers.remove(&it.id).unwrap_or_default();
            let mine = readers.iter().find(|(user, _)| *user == caller.user());
            let unread = readers.iter().filter(|(_, read_at)| read_at.is_none());
            let unread: Vec<_> = unread.map(|(user, _)| Colleague::new(*user, &known)).collect();
            let told = caller.read(ANNOUNCEMENT_PUBLISH, it.estate).is_ok();
            Self {
                id: it.id.to_string().into(),
                title: it.title,
                body: it.body,
                roles: it.roles,
                published_by: Colleague::new(it.published_by, &known),
                published_at: it.published_at,
                to_me: mine.is_some(),
                read_at: mine.and_then(|(_, read_at)| *read_at),
                reader_count: count(readers.len()),
                read_count: count(readers.len() - unread.len()),
                unread_by: told.then_some(unread),
            }
        };
        Ok(all.into_iter().map(node).collect())
    }
}

/// A new announcement.
#[derive(InputObject)]
pub struct PublishAnnouncementInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Its title, at most 100 characters.
    title: String,
    /// What it says, at most 5,000 characters.
    body: String,
    /// The posts it is to, as the codes of their roles; none means all staff of the estate.
    roles: Vec<String>,
    /// 8 to 255 characters; the same key publishes once.
    idempotency_key: String,
}

/// An announcement that one read.
#[derive(InputObject)]
pub struct AcknowledgeAnnouncementInput {
    /// The announcement, `ann_…`.
    announcement_id: ID,
}

/// An announcement after an act.
#[derive(SimpleObject)]
pub struct AnnouncementPayload {
    /// The announcement.
    announcement: AnnouncementNode,
}

/// Queries on announcements.
#[derive(Default)]
pub struct AnnouncementQuery;

#[Object]
impl AnnouncementQuery {
    /// The announcements of an estate, newest first.
    async fn announcements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, AnnouncementNode>>> {
        let page = PageArgs::new(first, after)?;
        let (caller, estate) = (caller(ctx)?, parse_id(&estate_id, "estateId")?);
        caller.read(ANNOUNCEMENT_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let before = page.after.as_ref().and_then(|cursor| Uuid::try_parse(&cursor.0).ok());
        let found = repo::page(&scope, estate, (before, page.limit())).await.graphql()?;
        let ids: Vec<Uuid> = found.iter().map(|it| it.id.as_uuid()).collect();
        let nodes = AnnouncementNode::load(&scope, caller, found).await.graphql()?;
        let rows = ids.into_iter().zip(nodes).collect();
        let key = |(id, _): &(Uuid, AnnouncementNode)| id.to_string();
        Ok(Some(connection(&page, rows, key, |(_, node)| node)))
    }
}

/// Mutations on announcements.
#[derive(Default)]
pub struct AnnouncementMutation;

#[Object]
impl AnnouncementMutation {
    /// Publish an announcement to the staff of an estate or to posts.
    async fn publish_announcement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The announcement")] input: PublishAnnouncementInput,
    ) -> Result<AnnouncementPayload> {
        let command = Publish {
            estate: parse_id(&input.estate_id, "estateId")?,
            title: input.title,
            body: input.body,
            roles: input.roles.into_iter().collect(),
        };
        let key = parse(&input.idempotency_key, "idempotencyKey")?;
        let who = (caller(ctx)?, ctx.data::<PolicyStore>()?);
        payload(ctx, publish(ctx.data()?, who, command, &key).await.graphql()?).await
    }

    /// Say that one read an announcement; saying it again changes nothing.
    async fn acknowledge_announcement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which")] input: AcknowledgeAnnouncementInput,
    ) -> Result<AnnouncementPayload> {
        let id = parse_id(&input.announcement_id, "announcementId")?;
        payload(ctx, acknowledge(ctx.data()?, caller(ctx)?, id).await.graphql()?).await
    }
}

async fn payload(ctx: &Context<'_>, id: AnnouncementId) -> Result<AnnouncementPayload> {
    let caller = caller(ctx)?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let found = repo::find(&scope, id).await.graphql()?.into_iter().collect();
    let mut nodes = AnnouncementNode::load(&scope, caller, found).await.graphql()?;
    let announcement = nodes.pop().ok_or_else(Refused::not_found).graphql()?;
    Ok(AnnouncementPayload { announcement })
}
