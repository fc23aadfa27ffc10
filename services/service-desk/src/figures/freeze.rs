//! Freezing a month: what it was stays readable, a correction is a version of its own with a reason
//! (handbook S13).

use super::{
    FIGURES_FREEZE, FIGURES_READ,
    domain::By,
    read::{live, window},
    repo::{self, Frozen},
    say,
};
use crate::{Refused, homes, month::Month};
use authz::{AuditFact, Caller, UserId, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::input;
use ids::EstateId;
use places::estates::Estate;

/// The longest reason, characters.
const LONGEST: usize = 500;

/// Freeze this month, or correct it.
#[derive(Clone, Debug)]
pub(super) struct Freeze {
    pub estate: EstateId,
    pub month: Month,
    /// The newest version the caller knows of; 0 when it is not frozen yet.
    pub version: i32,
    pub reason: Option<String>,
}

/// Keeps every ticket of a month as it is now; the version that it became.
#[tracing::instrument(name = "usecase.figures.freeze", skip_all)]
pub(super) async fn freeze(
    db: &Db,
    caller: &Caller,
    command: Freeze,
    key: &IdempotencyKey,
) -> Result<i32, Refused> {
    caller.act(FIGURES_FREEZE, FIGURES_READ, command.estate)?;
    let actor = caller.clone();
    let month = command.month.to_string();
    let input = (command.estate, month, command.version, command.reason.clone());
    keyed(db, caller, "freeze_desk_figures", key, &input, move |scope| {
        Box::pin(async move { frozen(scope, &actor, command).await })
    })
    .await
}

async fn frozen(scope: &TenantScope, caller: &Caller, command: Freeze) -> Result<i32, Refused> {
    let estate = homes::estate(scope, command.estate).await?;
    if scope.now() < command.month.ends(estate.zone) {
        return Err(Refused::invalid("month", crate::say::month_not_over()));
    }
    let reason = input::optional("reason", command.reason.as_deref(), LONGEST)?;
    let last = repo::last(scope, estate.id, command.month).await?;
    if last != command.version {
        return Err(Refused::Conflict(say::frozen_already(last.into())));
    }
    if reason.is_some() != (last > 0) {
        return Err(Refused::invalid("reason", say::reason_for_version()));
    }
    let version = Version { month: command.month, number: last + 1, reason: reason.clone() };
    let tickets = keep(scope, &estate, version, Some(caller.user())).await?;
    let fact = AuditFact {
        action: "desk_figures.frozen",
        object: command.month.to_string(),
        estate: Some(estate.id),
        reason: reason.as_deref(),
        detail: (last + 1, tickets),
    };
    audit(scope, caller, fact).await?;
    Ok(last + 1)
}

/// One version of a month.
pub(super) struct Version {
    pub month: Month,
    pub number: i32,
    pub reason: Option<String>,
}

/// Keeps every ticket of a month as it is now, for somebody or by the clock; how many they are.
pub(super) async fn keep(
    scope: &TenantScope,
    estate: &Estate,
    version: Version,
    by: Option<UserId>,
) -> Result<usize, Refused> {
    // By months a frozen month shows the year that it ends.
    let window = window(scope, estate, (version.month, By::Month));
    let tickets = live(scope, estate.id, window).await?;
    let new = Frozen {
        month: version.month.first(),
        version: version.number,
        reason: version.reason,
        by_user: by.map(UserId::as_uuid),
        since: scope.now(),
    };
    repo::insert(scope, estate.id, (&new, window.at), &tickets).await?;
    Ok(tickets.len())
}
