//! The timeline in the graph.

use super::{Entry, Kind, Title, cursor, page};
use ::graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, language, parse_id};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};
use texts::Language;

/// What an entry of a timeline is about.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Kind")]
pub enum TimelineKind {
    /// A call, visit, letter or message to the estate.
    Contact,
    /// A complaint of the home, or about it.
    Complaint,
    /// A repair.
    WorkOrder,
    /// A missed call that was or is to be returned.
    CallBack,
    /// Somebody was asked whether all is well, or is to be.
    Revisit,
    /// The officer called on the home.
    Visit,
    /// A special service was ordered.
    SpecialOrder,
    /// Somebody signed up for a community event.
    EventSignUp,
    /// A notice reached the home.
    Notice,
    /// A letter to somebody of the home.
    Message,
}

/// Something that happened between a household and the estate.
#[derive(SimpleObject)]
pub struct TimelineEntry {
    /// When.
    at: DateTime<Utc>,
    /// What it is about.
    kind: TimelineKind,
    /// The id of the thing itself, e.g. `cnt_…`.
    id: ID,
    /// What it is called.
    title: String,
    /// Its state, a word of its kind, e.g. `OPEN`.
    state: String,
}

impl TimelineEntry {
    fn new(entry: Entry, language: Language) -> Self {
        Self {
            at: entry.at,
            kind: entry.kind.into(),
            id: entry.id.into(),
            title: match entry.title {
                Title::Written(title) => title,
                Title::Said(title) => title.say(language),
                Title::Bilingual(title) => title.in_language(language).to_owned(),
            },
            state: entry.state,
        }
    }
}

/// Queries on timelines.
#[derive(Default)]
pub struct TimelineQuery;

#[Object]
impl TimelineQuery {
    /// Everything between a household and the estate, newest first, as far as the caller may see
    /// each kind of it. Bills and payments are fields of `Unit`. Residents see what is of themselves.
    async fn household_timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit, `unt_…`")] unit_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, TimelineEntry>>> {
        let args = PageArgs::new(first, after)?;
        let unit = parse_id(&unit_id, "unitId")?;
        let entries = page(ctx.data()?, caller(ctx)?, unit, &args).await.graphql()?;
        let language = language(ctx);
        let key = |entry: &Entry| cursor(entry.at, entry.key);
        Ok(Some(connection(&args, entries, key, |entry| TimelineEntry::new(entry, language))))
    }
}
