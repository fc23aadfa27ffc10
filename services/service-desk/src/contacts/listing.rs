//! Lists of contacts.

use super::{
    CONTACT_READ, Contact, ContactId,
    domain::State,
    reading::{covers, visible},
    repo::{self, Wanted},
    say,
};
use crate::{
    Refused, homes,
    timeline::{Entry, Kind, Source, Title, place},
};
use authz::{Caller, EstateScope};
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use graphql::PageArgs;
use ids::EstateId;
use places::homes::Unit;
use uuid::Uuid;

/// One contact that the caller may see.
pub(super) async fn one(db: &Db, caller: &Caller, id: ContactId) -> Result<Contact, Refused> {
    let scope = db.read(caller.tenant()).await?;
    visible(&scope, caller, id).await
}

/// A page of an estate's contacts that the caller may see, newest first, and one more.
pub(super) async fn page(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    mut wanted: Wanted,
    page: &PageArgs,
) -> Result<(EstateScope, Vec<Contact>), Refused> {
    let right = caller.read(CONTACT_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    if let Some(unit) = wanted.unit {
        homes::covered(&scope, &right, unit).await?;
    }
    wanted.after = page.after.as_ref().and_then(|cursor| place(&cursor.0));
    let contacts = repo::page(&scope, &right, wanted, page.limit()).await?;
    Ok((right, contacts))
}

/// Contacts in the timeline of a household.
pub(crate) struct Timeline;

#[async_trait::async_trait]
impl Source for Timeline {
    async fn page(
        &self,
        scope: &TenantScope,
        caller: &Caller,
        unit: &Unit,
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: u64,
    ) -> Result<Vec<Entry>, Refused> {
        let Ok(right) = caller.read(CONTACT_READ, unit.estate) else { return Ok(Vec::new()) };
        let wanted = Wanted { unit: Some(unit.id), after, ..Wanted::default() };
        let contacts = repo::page(scope, &right, wanted, limit).await?;
        let entry = |contact: Contact| Entry {
            at: contact.at,
            key: contact.id.as_uuid(),
            kind: Kind::Contact,
            id: contact.id.to_string(),
            title: if contact.missed {
                Title::Said(say::missed_call())
            } else {
                Title::Written(contact.summary)
            },
            state: State::word(contact.state).to_owned(),
        };
        Ok(contacts.into_iter().filter(|contact| covers(&right, contact)).map(entry).collect())
    }
}
