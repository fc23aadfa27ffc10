//! Writing a notice and changing a draft.

use super::{
    NOTICE_READ, NOTICE_WRITE, NoticeId,
    decide::writes,
    domain::{Content, MOST, Notice, NoticeState, Step, checked_tags, is_of_notices},
    repo, say,
};
use crate::{
    Refused, homes,
    messages::templates::{self, checked_words},
};
use authz::{AuditFact, Caller, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use ids::EstateId;
use places::homes as units;
use std::collections::BTreeSet;

/// Keeps a draft.
#[tracing::instrument(name = "usecase.notices.write", skip_all)]
pub(super) async fn write(
    db: &Db,
    caller: &Caller,
    (estate, content): (EstateId, Content),
    key: &IdempotencyKey,
) -> Result<NoticeId, Refused> {
    caller.act(NOTICE_WRITE, NOTICE_READ, estate)?;
    let (actor, input) = (caller.clone(), (estate, content.clone()));
    keyed(db, caller, "write_notice", key, &input, move |scope| {
        Box::pin(async move {
            homes::estate(scope, estate).await?;
            let notice = Notice {
                id: NoticeId::from_uuid(scope.new_id()),
                estate,
                content: checked(scope, estate, content).await?,
                state: NoticeState::Draft,
                written_by: actor.user(),
                written_at: scope.now(),
                decided_by: None,
                decided_at: None,
                reason: None,
                published_at: None,
                audience: None,
                version: 1,
            };
            repo::insert(scope, &notice).await?;
            note(scope, &actor, "notice.written", &notice).await?;
            Ok(notice.id)
        })
    })
    .await
}

/// Changes a draft; whoever changes it has written it.
#[tracing::instrument(name = "usecase.notices.change", skip_all)]
pub(super) async fn change(
    db: &Db,
    caller: &Caller,
    (id, content): (NoticeId, Content),
    version: i32,
) -> Result<NoticeId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut notice = held(&scope, id, version, |estate| writes(caller, estate)).await?;
    notice.state = notice.after(Step::Change).map_err(Refused::Conflict)?;
    notice.content = checked(&scope, notice.estate, content).await?;
    notice.written_by = caller.user();
    store(&scope, &mut notice).await?;
    note(&scope, caller, "notice.changed", &notice).await?;
    scope.commit().await?;
    Ok(id)
}

/// A notice that the caller may change, held; a stale version is refused.
pub(super) async fn held(
    scope: &TenantScope,
    id: NoticeId,
    version: i32,
    permit: impl FnOnce(EstateId) -> Result<(), Refused>,
) -> Result<Notice, Refused> {
    let notice = repo::lock(scope, id).await?.ok_or_else(Refused::not_found)?;
    permit(notice.estate)?;
    if notice.version != version {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    Ok(notice)
}

/// Writes a notice that is held as its next version.
pub(super) async fn store(scope: &TenantScope, notice: &mut Notice) -> Result<(), Refused> {
    notice.version += 1;
    if repo::save(scope, notice).await? {
        Ok(())
    } else {
        Err(Refused::Conflict(crate::say::changed_meanwhile()))
    }
}

async fn checked(
    scope: &TenantScope,
    estate: EstateId,
    mut content: Content,
) -> Result<Content, Refused> {
    if !is_of_notices(content.kind) {
        return Err(Refused::invalid("kind", say::kind_of_notice()));
    }
    if let Some(used) = &mut content.template {
        let of = (estate, content.kind);
        (content.title, content.body) = templates::fill(scope, of, used).await?;
    }
    (content.title, content.body) = checked_words(&content.title, &content.body)?;
    content.check_times(scope.now())?;
    let audience = &mut content.audience;
    for (field, count) in [
        ("audience.buildingIds", audience.buildings.len()),
        ("audience.entrances", audience.entrances.len()),
        ("audience.unitIds", audience.units.len()),
    ] {
        if count > MOST {
            return Err(Refused::invalid(field, expected::items(0, MOST)));
        }
    }
    audience.tags = checked_tags(std::mem::take(&mut audience.tags))?;
    for it in &mut audience.entrances {
        it.entrance = input::text("audience.entrances", &it.entrance, 10)?;
    }
    belongs(scope, estate, &content).await?;
    Ok(content)
}

/// Places of an audience are of the estate.
async fn belongs(scope: &TenantScope, estate: EstateId, content: &Content) -> Result<(), Refused> {
    let audience = &content.audience;
    let known = units::units(scope, audience.units.iter().copied()).await?;
    let ours = |id| known.get(id).is_some_and(|unit| unit.estate == estate);
    if !audience.units.iter().all(ours) {
        return Err(Refused::invalid("audience.unitIds", say::of_this_estate()));
    }
    let entrances = audience.entrances.iter().map(|it| it.building);
    let named: BTreeSet<_> = audience.buildings.iter().copied().chain(entrances).collect();
    if named.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = named.iter().map(|building| building.as_uuid()).collect();
    let there = units::of_estate(scope, estate, Some(&ids)).await?;
    let there: BTreeSet<_> = there.into_iter().map(|unit| unit.building).collect();
    if there == named {
        Ok(())
    } else {
        Err(Refused::invalid("audience.buildingIds", say::of_this_estate()))
    }
}

/// Notes what was done to a notice.
pub(super) async fn note(
    scope: &TenantScope,
    caller: &Caller,
    action: &'static str,
    notice: &Notice,
) -> Result<(), Refused> {
    let fact = AuditFact {
        action,
        object: notice.id.to_string(),
        estate: Some(notice.estate),
        reason: notice.reason.as_deref(),
        detail: (notice.state, notice.version),
    };
    Ok(audit(scope, caller, fact).await?)
}
