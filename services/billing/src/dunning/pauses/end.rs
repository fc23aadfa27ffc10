//! Ending a pause by hand.

use super::repo;
use crate::{
    accounts,
    dunning::{DUNNING_MANAGE, DUNNING_READ, cases},
    error::{Refused, checked_reason},
    estates,
    ids::DunningPauseId,
    say,
};
use authz::{AuditFact, Caller, Denied, audit};
use db::{Db, TenantScope};

/// End a pause.
#[derive(Clone, Debug)]
pub(crate) struct EndPause {
    pub pause: DunningPauseId,
    pub reason: String,
}

/// Ends a pause: dunning goes on from today with the step that was held.
#[tracing::instrument(name = "usecase.dunning.resume", skip_all, fields(pause.id = %command.pause))]
pub(crate) async fn end(db: &Db, caller: &Caller, command: EndPause) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut pause = repo::find(&scope, command.pause).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(DUNNING_MANAGE, DUNNING_READ, pause.estate)?;
    let zone = right.zone();
    let inside =
        zone.is_none_or(|zone| pause.building.is_some_and(|it| zone.contains(&it.as_uuid())));
    if !inside || right.own_person().is_some() {
        return Err(Denied::Hidden.into());
    }
    let reason = checked_reason(&command.reason)?;
    if pause.ended_on.is_some() {
        return Err(Refused::Conflict(say::dunning_pause_over()));
    }
    let estate = estates::find(&scope, pause.estate).await?.ok_or(Denied::Hidden)?;
    pause.ended_on = Some(estate.today(scope.clock()));
    pause.ended_by = Some(caller.user());
    pause.end_reason = Some(reason.to_owned());
    repo::close(&scope, &pause).await?;
    let fact = AuditFact {
        action: "dunning.resumed",
        object: pause.id.to_string(),
        estate: Some(pause.estate),
        reason: Some(reason),
        detail: serde_json::json!({ "kind": pause.kind }),
    };
    audit(&scope, caller, fact).await?;
    advance_held(&scope, &estate, &pause).await?;
    scope.commit().await?;
    Ok(())
}

/// Goes on with every account that a pause held.
pub(super) async fn advance_held(
    scope: &TenantScope,
    estate: &estates::Estate,
    pause: &repo::Pause,
) -> Result<(), Refused> {
    let held = match (pause.account, pause.unit) {
        (Some(account), _) => accounts::by_id(scope, &[account]).await?,
        (None, Some(unit)) => accounts::of_units(scope, &[unit]).await?,
        (None, None) => Vec::new(),
    };
    for account in held.into_iter().filter(|account| account.estate == estate.id) {
        let Some(account) = accounts::lock(scope, account.id).await? else { continue };
        cases::advance(scope, estate, &account).await?;
    }
    Ok(())
}
