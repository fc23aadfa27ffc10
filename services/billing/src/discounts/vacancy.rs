//! Registering that a unit stands empty.

use super::{DISCOUNT_READ, VACANCY_MANAGE, domain::Vacancy, repo};
use crate::{
    error::Refused,
    estates,
    ids::{UnitId, VacancyId},
    say,
};
use authz::{AuditFact, Caller, Denied, EstateScope, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey};
use errors::{Invalid, expected};
use uuid::Uuid;

/// A vacancy to register.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct NewVacancy {
    pub(crate) unit: UnitId,
    pub(crate) from: NaiveDate,
    pub(crate) to: Option<NaiveDate>,
    pub(crate) note: String,
}

fn in_zone(permit: &EstateScope, building: Uuid) -> Result<(), Denied> {
    let inside = permit.zone().is_none_or(|zone| zone.contains(&building));
    if inside { Ok(()) } else { Err(Denied::Hidden) }
}

/// Registers a period in which a unit stands empty; no two of a unit overlap.
#[tracing::instrument(name = "usecase.discounts.register_vacancy", skip_all, fields(unit.id = %new.unit))]
pub(crate) async fn register(
    db: &Db,
    caller: &Caller,
    new: NewVacancy,
    key: &IdempotencyKey,
) -> Result<VacancyId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let unit = estates::unit(&scope, new.unit).await?.ok_or(Denied::Hidden)?;
    let permit = caller.act(VACANCY_MANAGE, DISCOUNT_READ, unit.estate)?;
    in_zone(&permit, unit.building.as_uuid())?;
    drop(scope);
    let (actor, input) = (caller.clone(), new.clone());
    keyed(db, caller, "register_vacancy", key, &input, move |scope| {
        Box::pin(async move {
            estates::lock(scope, permit.estate()).await?.ok_or(Denied::Hidden)?;
            if new.to.is_some_and(|to| to < new.from) {
                return Err(Invalid::new("to", expected::not_before("from")).into());
            }
            let note = new.note.trim().to_owned();
            if !(1..=200).contains(&note.chars().count()) {
                return Err(Invalid::new("note", expected::length(1, 200)).into());
            }
            let known = repo::vacancies_of(scope, &[new.unit.as_uuid()]).await?;
            let overlaps = |it: &&Vacancy| {
                new.to.is_none_or(|to| it.from <= to) && it.to.is_none_or(|to| new.from <= to)
            };
            if let Some(other) = known.iter().find(overlaps) {
                return Err(Invalid::new("from", say::vacant_already(other.from)).into());
            }
            let made = Vacancy {
                id: VacancyId::from_uuid(scope.new_id()),
                estate: permit.estate(),
                unit: new.unit,
                from: new.from,
                to: new.to,
                note,
                by: actor.user(),
            };
            repo::insert_vacancy(scope, &made).await?;
            let fact = AuditFact {
                action: "vacancy.registered",
                object: made.id.to_string(),
                estate: Some(made.estate),
                reason: Some(&made.note),
                detail: serde_json::json!({ "unit": made.unit.to_string(), "from": made.from,
                    "to": made.to }),
            };
            authz::audit(scope, &actor, fact).await?;
            Ok(made.id)
        })
    })
    .await
}

/// Ends a vacancy with a day.
#[tracing::instrument(name = "usecase.discounts.end_vacancy", skip_all, fields(vacancy.id = %id))]
pub(crate) async fn end(
    db: &Db,
    caller: &Caller,
    id: VacancyId,
    last_day: NaiveDate,
) -> Result<Vacancy, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find_vacancy(&scope, id).await?.ok_or(Denied::Hidden)?;
    let permit = caller.act(VACANCY_MANAGE, DISCOUNT_READ, found.estate)?;
    let unit = estates::unit(&scope, found.unit).await?.ok_or(Denied::Hidden)?;
    in_zone(&permit, unit.building.as_uuid())?;
    if last_day < found.from {
        return Err(Invalid::new("to", expected::not_before("from")).into());
    }
    if found.to.is_some_and(|to| to < last_day) {
        return Err(Refused::Conflict(say::vacancy_over()));
    }
    repo::end_vacancy(&scope, id, last_day).await?;
    let fact = AuditFact {
        action: "vacancy.ended",
        object: id.to_string(),
        estate: Some(found.estate),
        reason: None,
        detail: serde_json::json!({ "to": last_day }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(Vacancy { to: Some(last_day), ..found })
}
