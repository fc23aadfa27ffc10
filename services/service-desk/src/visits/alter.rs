//! Giving a planned visit to another officer, e.g. when one has left, and dropping one.

use super::{VISIT_PLAN, VISIT_READ, repo, say};
use crate::{Refused, homes, month::Month, responders};
use authz::{AuditFact, Caller, UserId, audit};
use contracts::UnitId;
use db::Db;
use errors::input;
use ids::EstateId;

/// Which planned visit, and who is to call from now on; nobody when it is dropped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alter {
    pub estate: EstateId,
    pub month: Month,
    pub unit: UnitId,
    pub officer: Option<UserId>,
}

/// Changes the plan of a home that nobody has called on yet in the month.
#[tracing::instrument(name = "usecase.visits.alter", skip_all)]
pub(super) async fn alter(
    db: &Db,
    caller: &Caller,
    command: Alter,
    reason: &str,
) -> Result<(), Refused> {
    let Alter { estate, month, unit, officer } = command;
    let right = caller.act(VISIT_PLAN, VISIT_READ, estate)?;
    let reason = input::lines("reason", reason, 500)?;
    let scope = db.write(caller.tenant()).await?;
    homes::covered(&scope, &right, unit).await?;
    let of = (estate, month.first(), unit);
    if !repo::is_planned(&scope, of).await? {
        return Err(Refused::not_found());
    }
    let made = repo::made(&scope, estate, (month.first(), month.last())).await?;
    if made.iter().any(|it| it.unit_id == unit.as_uuid()) {
        return Err(Refused::Conflict(say::called_already()));
    }
    if let Some(officer) = officer {
        let responder = responders::repo::find(&scope, estate, officer).await?;
        responder.ok_or_else(|| Refused::invalid("officerId", say::not_a_responder()))?;
        repo::give_plan(&scope, of, officer).await?;
    } else {
        repo::drop_plan(&scope, of).await?;
    }
    let fact = AuditFact {
        action: if officer.is_some() { "visits.moved" } else { "visits.dropped" },
        object: unit.to_string(),
        estate: Some(estate),
        reason: Some(&reason),
        detail: (month.first(), officer.map(|user| user.to_string())),
    };
    audit(&scope, caller, fact).await?;
    Ok(scope.commit().await?)
}
