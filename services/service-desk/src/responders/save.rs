//! Saying who takes work, and who is on duty.

use super::{
    RESPONDER_MANAGE, RESPONDER_READ, Responder,
    domain::{Level, MOST, checked_skills},
    repo,
};
use crate::{Refused, homes, work_orders};
use authz::{AuditFact, Caller, UserId, audit};
use contracts::BuildingId;
use db::{Db, TenantScope};
use errors::expected;
use ids::EstateId;
use serde::Serialize;

/// Somebody takes work from now on, or otherwise than so far.
#[derive(Clone, Debug)]
pub(super) struct SaveResponder {
    pub estate: EstateId,
    pub user: UserId,
    pub level: Level,
    pub skills: Vec<String>,
    pub buildings: Vec<BuildingId>,
}

/// Keeps a responder; doing it again changes nothing.
#[tracing::instrument(name = "usecase.responders.save", skip_all)]
pub(super) async fn save(
    db: &Db,
    caller: &Caller,
    command: SaveResponder,
) -> Result<Responder, Refused> {
    let permit = caller.act(RESPONDER_MANAGE, RESPONDER_READ, command.estate)?;
    let scope = db.write(caller.tenant()).await?;
    homes::estate(&scope, permit.estate()).await?;
    let known = places::staff::find(&scope, command.user.as_uuid()).await?;
    if !known.is_some_and(|colleague| colleague.active) {
        return Err(Refused::not_found());
    }
    if command.buildings.len() > MOST {
        return Err(Refused::invalid("buildingIds", expected::items(0, MOST)));
    }
    homes::buildings(&scope, command.estate, &command.buildings).await?;
    let before = repo::find(&scope, command.estate, command.user).await?;
    let responder = Responder {
        estate: command.estate,
        user: command.user,
        level: command.level,
        skills: checked_skills(command.skills)?,
        buildings: command.buildings,
        on_duty_since: before.and_then(|before| before.on_duty_since),
    };
    repo::save(&scope, &responder).await?;
    let detail = (responder.level, &responder.skills, &responder.buildings);
    note(&scope, caller, "responder.saved", (command.estate, command.user), detail).await?;
    scope.commit().await?;
    Ok(responder)
}

/// Takes somebody off the list; work that they have stays theirs until it is assigned anew.
#[tracing::instrument(name = "usecase.responders.remove", skip_all)]
pub(super) async fn remove(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    user: UserId,
) -> Result<(), Refused> {
    caller.act(RESPONDER_MANAGE, RESPONDER_READ, estate)?;
    let scope = db.write(caller.tenant()).await?;
    if !repo::remove(&scope, estate, user).await? {
        return Err(Refused::not_found());
    }
    note(&scope, caller, "responder.removed", (estate, user), ()).await?;
    Ok(scope.commit().await?)
}

/// Goes on or off duty; others than oneself are for who manages. What waits for somebody is given to
/// whoever comes, if it suits.
#[tracing::instrument(name = "usecase.responders.set_duty", skip_all)]
pub(super) async fn set_duty(
    db: &Db,
    caller: &Caller,
    (estate, user): (EstateId, UserId),
    on: bool,
) -> Result<Responder, Refused> {
    if user == caller.user() {
        caller.read(RESPONDER_READ, estate)?;
        caller.writable()?;
    } else {
        caller.act(RESPONDER_MANAGE, RESPONDER_READ, estate)?;
    }
    let scope = db.write(caller.tenant()).await?;
    let mut responder = repo::find(&scope, estate, user).await?.ok_or_else(Refused::not_found)?;
    if on != responder.on_duty_since.is_some() {
        responder.on_duty_since = on.then(|| scope.now());
        repo::set_duty(&scope, estate, user, responder.on_duty_since).await?;
        note(&scope, caller, "responder.duty_set", (estate, user), on).await?;
        if on {
            work_orders::offer(&scope, caller, estate).await?;
        }
        scope.commit().await?;
    }
    Ok(responder)
}

async fn note(
    scope: &TenantScope,
    caller: &Caller,
    action: &'static str,
    (estate, user): (EstateId, UserId),
    detail: impl Serialize,
) -> Result<(), Refused> {
    let object = user.to_string();
    let fact = AuditFact { action, object, estate: Some(estate), reason: None, detail };
    Ok(audit(scope, caller, fact).await?)
}
