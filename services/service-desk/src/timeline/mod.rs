//! The timeline of a household: everything between it and the estate in one list, newest first.
//! Each feature gives its part; bills and payments are billing's, and a client joins them through
//! `Unit`. Handbook ch. 21.

pub mod graphql;
#[cfg(test)]
mod household_tests;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod parts_repo;
mod say;
mod sources;

pub(crate) use migrations::migration;

use crate::{
    Refused,
    contacts::{self, CONTACT_READ},
    homes,
    messages::Words,
};
use authz::Caller;
use chrono::{DateTime, Utc};
use contracts::UnitId;
use db::{Db, TenantScope};
use places::homes::Unit;
use std::cmp::Reverse;
use texts::Text;
use uuid::Uuid;

/// Whose entries there are; a feature adds itself here and its word to [`Kind`].
static SOURCES: [&dyn Source; 10] = [
    &contacts::Timeline,
    &sources::COMPLAINTS,
    &sources::WORK_ORDERS,
    &sources::CALL_BACKS,
    &sources::REVISITS,
    &sources::VISITS,
    &sources::SPECIAL_ORDERS,
    &sources::SIGN_UPS,
    &sources::NOTICES,
    &sources::LETTERS,
];

/// A feature that gives entries.
#[async_trait::async_trait]
pub(crate) trait Source: Send + Sync {
    /// At most `limit` entries of a unit that the caller may see, newest first by time and key,
    /// those before `after`. Nothing for whoever may not see the feature.
    ///
    /// # Errors
    /// When reading fails.
    async fn page(
        &self,
        scope: &TenantScope,
        caller: &Caller,
        unit: &Unit,
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: u64,
    ) -> Result<Vec<Entry>, Refused>;
}

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A contact.
    Contact,
    /// A complaint.
    Complaint,
    /// A repair.
    WorkOrder,
    /// A call to be returned.
    CallBack,
    /// Somebody was asked whether all is well, or is to be.
    Revisit,
    /// The officer was there.
    Visit,
    /// A special service was ordered.
    SpecialOrder,
    /// Somebody signed up for an event.
    EventSignUp,
    /// A notice reached the home.
    Notice,
    /// A letter.
    Message,
}

/// What an entry is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Title {
    /// As somebody wrote it.
    Written(String),
    /// A sentence, said in the caller's language.
    Said(Text),
    /// As somebody wrote it in both languages.
    Bilingual(Words),
}

impl Title {
    /// A name in both languages.
    fn named(zh: String, en: String) -> Self {
        Self::Bilingual(Words { zh, en })
    }
}

/// Something that happened between a household and the estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// Orders what happened at the same instant.
    pub key: Uuid,
    /// What it is about.
    pub kind: Kind,
    /// The thing's prefixed id.
    pub id: String,
    /// What it is called.
    pub title: Title,
    /// Its state, a word of its kind.
    pub state: String,
}

/// The newest entries of several sources that are each sorted, at most so many.
fn merged(parts: Vec<Vec<Entry>>, limit: u64) -> Vec<Entry> {
    let mut all: Vec<Entry> = parts.into_iter().flatten().collect();
    all.sort_by_key(|entry| Reverse((entry.at, entry.key)));
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    all
}

/// A page of a unit's timeline, as far as the caller may see it, and one more.
///
/// # Errors
/// `NOT_FOUND` when the unit is none that the caller may see contacts of.
#[tracing::instrument(name = "usecase.timeline.page", skip_all, fields(unit.id = %unit))]
async fn page(
    db: &Db,
    caller: &Caller,
    unit: UnitId,
    page: &::graphql::PageArgs,
) -> Result<Vec<Entry>, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let found = places::homes::unit(&scope, unit).await?.ok_or(Refused::not_found())?;
    let right = caller.read(CONTACT_READ, found.estate)?;
    let unit = homes::covered(&scope, &right, unit).await?;
    let after = page.after.as_ref().and_then(|after| place(&after.0));
    let mut parts = Vec::with_capacity(SOURCES.len());
    for source in SOURCES {
        parts.push(source.page(&scope, caller, &unit, after, page.limit()).await?);
    }
    Ok(merged(parts, page.limit()))
}

/// The cursor of what happened at an instant.
pub(crate) fn cursor(at: DateTime<Utc>, id: Uuid) -> String {
    format!("{} {}", at.timestamp_micros(), id.simple())
}

/// The instant and the id of a cursor.
pub(crate) fn place(cursor: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let (at, id) = cursor.split_once(' ')?;
    Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(second: i64, key: u128) -> Entry {
        Entry {
            at: DateTime::from_timestamp(second, 0).unwrap(),
            key: Uuid::from_u128(key),
            kind: Kind::Contact,
            id: key.to_string(),
            title: Title::Written(String::new()),
            state: "OPEN".to_owned(),
        }
    }

    proptest! {
        #[test]
        fn pages_of_several_sources_together_are_the_whole_list_once(
            times in prop::collection::vec((0..3usize, 0..9i64), 0..40),
            limit in 1..7u64,
        ) {
            let mut sources: Vec<Vec<Entry>> = vec![Vec::new(); 3];
            for (key, (source, second)) in (0..).zip(times) {
                sources[source].push(entry(second, key));
            }
            let whole = merged(sources.clone(), 1000);
            let mut read: Vec<Entry> = Vec::new();
            loop {
                let after = read.last().and_then(|last| place(&cursor(last.at, last.key)));
                let part = |source: &Vec<Entry>| {
                    let older =
                        |entry: &&Entry| after.is_none_or(|after| (entry.at, entry.key) < after);
                    let part = source.iter().filter(older).cloned().collect();
                    merged(vec![part], limit)
                };
                let next = merged(sources.iter().map(part).collect(), limit);
                if next.is_empty() {
                    break;
                }
                read.extend(next);
            }
            prop_assert_eq!(read, whole);
        }
    }

    #[test]
    fn a_strange_cursor_is_none() {
        for wrong in ["", "1", "x y", "1 y", "99999999999999999999 0"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
