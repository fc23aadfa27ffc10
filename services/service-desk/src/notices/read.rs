//! Seeing notices: all of an estate for staff, those of one's own home for a resident.

use super::{
    NOTICE_APPROVE, NOTICE_READ, NOTICE_WRITE, NoticeId,
    audience::{self, BuildingReach, Concern},
    domain::{Notice, NoticeState},
    repo::{self, Wanted},
    say, standing,
};
use crate::{
    Refused,
    messages::{inbox, templates::Used},
};
use authz::Caller;
use chrono::{DateTime, Utc};
use contracts::PersonId;
use db::{Db, TenantScope};
use ids::EstateId;
use uuid::Uuid;

/// A notice, and when the resident who asks read it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub notice: Notice,
    pub read_at: Option<DateTime<Utc>>,
}

/// Who only reads notices sees none that is not out yet.
fn sees_drafts(caller: &Caller, estate: EstateId) -> bool {
    caller.read(NOTICE_WRITE, estate).is_ok() || caller.read(NOTICE_APPROVE, estate).is_ok()
}

/// A page of an estate's notices.
pub(super) async fn page(
    scope: &TenantScope,
    caller: &Caller,
    (estate, state, expired): (EstateId, Option<NoticeState>, Option<bool>),
    (before, limit): (Option<Uuid>, u64),
) -> Result<Vec<Seen>, Refused> {
    let right = caller.read(NOTICE_READ, estate)?;
    let states = state.map(|state| vec![state]);
    let mut wanted = Wanted { estate, states, expired, ids: None, before };
    if let Some(person) = right.own_person() {
        let person = PersonId::from_uuid(person);
        let standing = standing::of_person(scope, estate, person).await?;
        let mut ids = audience::of_person(scope, person, estate).await?;
        ids.extend(standing.keys().map(|id| id.as_uuid()));
        wanted.ids = Some(ids);
        wanted.states = Some(vec![NoticeState::Published]);
        wanted.expired = Some(false);
        let found = repo::page(scope, wanted, limit).await?;
        let ids: Vec<_> = found.iter().map(|it| it.id).collect();
        let concerns = audience::concerned(scope, person, ids).await?;
        let seen = |notice: Notice| {
            let read_at = concerns.get(&notice.id).and_then(|it| it.read_at);
            Seen { notice, read_at }
        };
        return Ok(found.into_iter().map(seen).collect());
    }
    if !sees_drafts(caller, estate) {
        let out = [NoticeState::Published, NoticeState::Withdrawn];
        let asked = wanted.states.unwrap_or(out.into());
        wanted.states = Some(asked.into_iter().filter(|state| out.contains(state)).collect());
    }
    let found = repo::page(scope, wanted, limit).await?;
    Ok(found.into_iter().map(|notice| Seen { notice, read_at: None }).collect())
}

/// A notice that the caller may see.
pub(super) async fn one(
    scope: &TenantScope,
    caller: &Caller,
    id: NoticeId,
) -> Result<Seen, Refused> {
    let notice = repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.read(NOTICE_READ, notice.estate)?;
    if let Some(person) = right.own_person() {
        let person = PersonId::from_uuid(person);
        let concern = concern(scope, &notice, person).await?;
        return Ok(Seen { notice, read_at: concern.read_at });
    }
    if notice.published_at.is_none() && !sees_drafts(caller, notice.estate) {
        return Err(Refused::not_found());
    }
    Ok(Seen { notice, read_at: None })
}

/// What a notice that is out is to somebody: one of those whom it concerned, or who came to such a
/// home since.
async fn concern(
    scope: &TenantScope,
    notice: &Notice,
    person: PersonId,
) -> Result<Concern, Refused> {
    if !notice.is_out(scope.now()) {
        return Err(Refused::not_found());
    }
    if let Some(known) = audience::concerned(scope, person, [notice.id]).await?.remove(&notice.id) {
        return Ok(known);
    }
    standing::concerns(scope, notice, person).await?.ok_or_else(Refused::not_found)
}

/// What a letter belongs to, as whoever delivers it has to know.
pub(crate) enum Letters {
    /// Of a notice that does not count any more.
    Over,
    /// Of anything else, with the template that gave the words.
    Count(Option<Used>),
}

/// What the letters by this reference belong to; only a notice comes to an end.
pub(crate) async fn letters(scope: &TenantScope, reference: &str) -> Result<Letters, Refused> {
    let Ok(id) = reference.parse::<NoticeId>() else { return Ok(Letters::Count(None)) };
    match repo::find(scope, id).await? {
        Some(notice) if !notice.is_out(scope.now()) => Ok(Letters::Over),
        found => Ok(Letters::Count(found.and_then(|notice| notice.content.template))),
    }
}

/// The estate of a notice that the caller may see, for what is attached to it.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn seen(
    scope: &TenantScope,
    caller: &Caller,
    id: NoticeId,
) -> Result<EstateId, Refused> {
    Ok(one(scope, caller, id).await?.notice.estate)
}

/// Refuses files for a notice that is not being written any more: what was approved stays so.
///
/// # Errors
/// `CONFLICT`.
pub(crate) async fn takes_files(scope: &TenantScope, id: NoticeId) -> Result<(), Refused> {
    let notice = repo::lock(scope, id).await?.ok_or_else(Refused::not_found)?;
    if notice.state == NoticeState::Draft {
        Ok(())
    } else {
        Err(Refused::Conflict(say::not_in_this_state()))
    }
}

/// Notes that the resident who asks read a notice, and its letter; doing it again changes nothing.
#[tracing::instrument(name = "usecase.notices.mark_read", skip_all)]
pub(super) async fn mark_read(db: &Db, caller: &Caller, id: NoticeId) -> Result<NoticeId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let seen = one(&scope, caller, id).await?;
    let right = caller.read(NOTICE_READ, seen.notice.estate)?;
    let person = right.own_person().map(PersonId::from_uuid).ok_or_else(Refused::not_found)?;
    caller.writable()?;
    let concern = concern(&scope, &seen.notice, person).await?;
    audience::mark_read(&scope, (id, seen.notice.estate), concern.home).await?;
    inbox::mark_all(&scope, concern.letter.into_iter().collect()).await?;
    scope.commit().await?;
    Ok(id)
}

/// How far a notice came; staff who see the whole estate may know.
pub(super) async fn reach(
    scope: &TenantScope,
    caller: &Caller,
    id: NoticeId,
) -> Result<Vec<BuildingReach>, Refused> {
    let notice = repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.read(NOTICE_READ, notice.estate)?;
    if right.own_person().is_some() || notice.published_at.is_none() {
        return Err(Refused::not_found());
    }
    Ok(audience::reach(scope, id).await?)
}
