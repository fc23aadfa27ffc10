//! Inboxes in the graph.

use super::{
    read::mark_read,
    repo::{self, Entry, Wanted},
};
use crate::{
    Refused,
    graphql::{EstateNode, UnitNode},
    messages::{
        INBOX_READ, LetterId,
        graphql::{BilingualText, MessageKindWord},
        preferences::oneself,
    },
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use errors::{Invalid, expected};
use graphql::{
    Cursor, GraphqlResultExt as _, PageArgs, caller, connection, language, parse_id, to_graphql,
};
use ids::EstateId;
use places::homes;
use texts::Language;
use uuid::Uuid;

/// The most letters that are marked at once.
const MOST: usize = 100;

/// Whether a letter was read in the app.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum InboxState {
    /// Not yet.
    Unread,
    /// It was.
    Read,
}

/// A letter in one's inbox.
#[derive(SimpleObject)]
pub struct InboxLetter {
    /// Its id, `ltr_…`.
    id: ID,
    /// The estate in whose name.
    estate: EstateNode,
    /// The unit it is about.
    unit: Option<UnitNode>,
    /// The unit's label.
    unit_label: Option<String>,
    /// What it is about.
    kind: MessageKindWord,
    /// Its title in the caller's language.
    title: String,
    /// What it says in the caller's language.
    body: String,
    /// What it says in both.
    text: BilingualText,
    /// What it belongs to.
    reference: String,
    /// Whether it was read.
    state: InboxState,
    /// When it was posted.
    posted_at: DateTime<Utc>,
    /// When it was read.
    read_at: Option<DateTime<Utc>>,
}

impl InboxLetter {
    async fn load(
        scope: &TenantScope,
        language: Language,
        all: Vec<Entry>,
    ) -> Result<Vec<Self>, Refused> {
        let units = homes::units(scope, all.iter().filter_map(|it| it.unit)).await?;
        let node = |it: Entry| Self {
            id: it.id.to_string().into(),
            estate: EstateNode::new(it.estate),
            unit: it.unit.map(UnitNode::new),
            unit_label: it.unit.and_then(|id| units.get(&id)).map(|unit| unit.label.clone()),
            kind: it.kind.into(),
            title: it.title.in_language(language).to_owned(),
            body: it.body.in_language(language).to_owned(),
            text: it.body.into(),
            reference: it.reference,
            state: if it.read_at.is_some() { InboxState::Read } else { InboxState::Unread },
            posted_at: it.posted_at,
            read_at: it.read_at,
        };
        Ok(all.into_iter().map(node).collect())
    }
}

/// Letters that were read.
#[derive(InputObject)]
pub struct MarkReadInput {
    /// The letters, `ltr_…`; at most 100.
    letter_ids: Vec<ID>,
}

/// What is left to read.
#[derive(SimpleObject)]
pub struct MarkReadPayload {
    /// How many letters are not read yet.
    unread: i32,
}

/// Queries on inboxes.
#[derive(Default)]
pub struct InboxQuery;

#[Object]
impl InboxQuery {
    /// One's own letters, newest first.
    async fn inbox(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this estate, `est_…`")] estate_id: Option<ID>,
        #[graphql(desc = "Only those that are not read yet, or only those that are")]
        unread: Option<bool>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, InboxLetter>>> {
        let page = PageArgs::new(first, after)?;
        let estate = estate_id.map(|id| parse_id(&id, "estateId")).transpose()?;
        let found = listed(ctx, caller(ctx)?, (estate, unread), &page).await.graphql()?;
        let key = |(id, _): &(Uuid, InboxLetter)| id.simple().to_string();
        Ok(Some(connection(&page, found, key, |(_, node)| node)))
    }
}

async fn listed(
    ctx: &Context<'_>,
    caller: &Caller,
    (estate, unread): (Option<EstateId>, Option<bool>),
    page: &PageArgs,
) -> Result<Vec<(Uuid, InboxLetter)>, Refused> {
    let person = oneself(caller)?;
    if let Some(estate) = estate {
        caller.read(INBOX_READ, estate)?;
    }
    let db = ctx.data::<Db>().map_err(|_| Refused::Away("database"))?;
    let scope = db.read(caller.tenant()).await?;
    let before = page.after.as_ref().and_then(|cursor| Uuid::try_parse(&cursor.0).ok());
    let wanted = Wanted { person, estate, unread, before };
    let found = repo::page(&scope, wanted, page.limit()).await?;
    let ids: Vec<Uuid> = found.iter().map(|it| it.id.as_uuid()).collect();
    Ok(ids.into_iter().zip(InboxLetter::load(&scope, language(ctx), found).await?).collect())
}

/// Mutations on inboxes.
#[derive(Default)]
pub struct InboxMutation;

#[Object]
impl InboxMutation {
    /// Mark letters of one's own read; doing it again changes nothing.
    async fn mark_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which")] input: MarkReadInput,
    ) -> Result<MarkReadPayload> {
        if !(1..=MOST).contains(&input.letter_ids.len()) {
            let wrong = Invalid::new("letterIds", expected::items(1, MOST));
            return Err(to_graphql(wrong));
        }
        let ids = input.letter_ids.iter();
        let ids = ids.map(|id| parse_id::<LetterId>(id, "letterIds").map(LetterId::as_uuid));
        let ids = ids.collect::<Result<Vec<Uuid>>>()?;
        let unread = mark_read(ctx.data()?, caller(ctx)?, ids).await.graphql()?;
        Ok(MarkReadPayload { unread: i32::try_from(unread).unwrap_or(i32::MAX) })
    }
}
