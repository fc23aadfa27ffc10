//! When an estate's centre works.

use super::{SLA_MANAGE, SLA_READ, domain::Calendar, repo, settings_repo, timer};
use crate::{Refused, homes, say};
use authz::{AuditFact, Caller, audit};
use db::{Db, TenantScope};
use ids::EstateId;
use places::estates::Estate;

/// The calendar of an estate and its version, 0 while nobody saved one.
pub(super) async fn of_estate(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
) -> Result<(Calendar, i32), Refused> {
    caller.read(SLA_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let estate = homes::estate(&scope, estate).await?;
    Ok(settings_repo::calendar(&scope, &estate).await?)
}

/// The calendar of an estate, for what is reckoned in its days elsewhere.
///
/// # Errors
/// When reading fails.
pub(crate) async fn calendar(scope: &TenantScope, estate: &Estate) -> Result<Calendar, Refused> {
    Ok(settings_repo::calendar(scope, estate).await?.0)
}

/// Keeps the calendar of an estate. Tickets that are open are measured by it from now on; those that
/// ended stay as they are.
#[tracing::instrument(name = "usecase.sla.save_calendar", skip_all)]
pub(super) async fn save(
    db: &Db,
    caller: &Caller,
    (estate, expected): (EstateId, i32),
    with: impl FnOnce(&mut Calendar),
) -> Result<(Calendar, i32), Refused> {
    caller.act(SLA_MANAGE, SLA_READ, estate)?;
    let scope = db.write(caller.tenant()).await?;
    let known = homes::estate(&scope, estate).await?;
    let mut calendar = Calendar::standard(known.zone);
    with(&mut calendar);
    let calendar = calendar.checked()?;
    if !settings_repo::save_calendar(&scope, estate, &calendar, expected).await? {
        return Err(Refused::Conflict(say::changed_meanwhile()));
    }
    repo::hasten(&scope, timer::SLA.0, estate).await?;
    let fact = AuditFact {
        action: "estate_calendar.saved",
        object: estate.to_string(),
        estate: Some(estate),
        reason: None,
        detail: &calendar,
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok((calendar, expected + 1))
}
