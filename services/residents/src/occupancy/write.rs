//! Starting and ending occupancies by hand.

use super::{OCCUPANCY_MANAGE, OCCUPANCY_READ, Occupancy, OccupancyId, check_payers, repo};
use crate::{ResidentsError, people, say, structure::visible_units};
use authz::{AuditFact, Caller, audit};
use chrono::NaiveDate;
use contracts::{PersonId, UnitId, residents::MemberKind};
use db::{Db, TenantScope};
use uuid::Uuid;

/// A tie to start.
#[derive(Clone, Debug)]
pub struct StartOccupancy {
    /// The unit.
    pub unit: UnitId,
    /// The person.
    pub person: PersonId,
    /// In what capacity.
    pub kind: MemberKind,
    /// For family: the relation.
    pub relation: Option<String>,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Whether this party pays.
    pub pays: bool,
}

/// The unit's estate when the caller may change its people.
async fn permitted(
    scope: &TenantScope,
    caller: &Caller,
    unit: UnitId,
) -> Result<ids::EstateId, ResidentsError> {
    let id = [unit.as_uuid()];
    let seen = visible_units(scope, caller, OCCUPANCY_READ, id).await?;
    let estate = seen.first().ok_or(ResidentsError::not_found())?.estate;
    caller.act(OCCUPANCY_MANAGE, OCCUPANCY_READ, estate)?;
    if visible_units(scope, caller, OCCUPANCY_MANAGE, id).await?.is_empty() {
        return Err(authz::Denied::Missing(OCCUPANCY_MANAGE).into());
    }
    Ok(estate)
}

/// Starts a tie. When an owner starts, the developer's time ends the day before (handbook ch. 16).
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.occupancy.start", skip_all, fields(unit.id = %new.unit))]
pub async fn start_occupancy(
    db: &Db,
    caller: &Caller,
    new: StartOccupancy,
) -> Result<Occupancy, ResidentsError> {
    let scope = db.write(caller.tenant()).await?;
    let estate = permitted(&scope, caller, new.unit).await?;
    // Whoever may manage the unit may tie any person of the estate to it.
    let found = people::repo::by_id(&scope, [new.person.as_uuid()]).await?;
    if found.first().is_none_or(|person| person.estate != estate) {
        return Err(ResidentsError::not_found());
    }
    if new.to.is_some_and(|to| to < new.from) {
        return Err(ResidentsError::invalid("to", say::ends_before_start()));
    }
    if new.pays && new.kind == MemberKind::Family {
        return Err(ResidentsError::invalid("pays", say::family_not_charged()));
    }
    let tie = Occupancy {
        id: OccupancyId::from_uuid(scope.new_id()),
        estate,
        unit: new.unit,
        person: new.person,
        kind: new.kind,
        relation: new.relation,
        from: new.from,
        to: new.to,
        pays: new.pays,
    };
    let mut ties = repo::of_units(&scope, [new.unit.as_uuid()]).await?;
    let same = |old: &Occupancy| {
        old.person == tie.person
            && old.kind == tie.kind
            && old.from <= tie.to.unwrap_or(NaiveDate::MAX)
            && old.lasts_on_or_after(tie.from)
    };
    if ties.iter().any(same) {
        return Err(ResidentsError::invalid("from", say::there_already()));
    }
    if tie.kind == MemberKind::Owner {
        hand_over(&scope, &mut ties, tie.from).await?;
    }
    ties.push(tie.clone());
    check(&ties)?;
    repo::save(&scope, std::slice::from_ref(&tie)).await?;
    finish(&scope, caller, "occupancy.started", &tie).await?;
    scope.commit().await?;
    Ok(tie)
}

/// Ends the developer's time where the owner's begins.
async fn hand_over(
    scope: &TenantScope,
    ties: &mut Vec<Occupancy>,
    from: NaiveDate,
) -> Result<(), ResidentsError> {
    let Some(before) = from.pred_opt() else { return Ok(()) };
    let open = |tie: &Occupancy| tie.kind == MemberKind::Developer && tie.lasts_on_or_after(from);
    let never: Vec<Uuid> = ties
        .iter()
        .filter(|tie| open(tie) && tie.from > before)
        .map(|tie| tie.id.as_uuid())
        .collect();
    ties.retain(|tie| !never.contains(&tie.id.as_uuid()));
    repo::remove(scope, never).await?;
    for tie in ties.iter_mut().filter(|tie| open(tie)) {
        tie.to = Some(before);
        repo::save(scope, std::slice::from_ref(tie)).await?;
    }
    Ok(())
}

/// Ends a tie on its last day.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.occupancy.end", skip_all, fields(occupancy.id = %id))]
pub async fn end_occupancy(
    db: &Db,
    caller: &Caller,
    id: OccupancyId,
    to: NaiveDate,
) -> Result<Occupancy, ResidentsError> {
    let scope = db.write(caller.tenant()).await?;
    let mut tie = repo::one(&scope, id).await?.ok_or(ResidentsError::not_found())?;
    permitted(&scope, caller, tie.unit).await?;
    if to < tie.from {
        return Err(ResidentsError::invalid("to", say::ends_before_start()));
    }
    tie.to = Some(to);
    let mut ties = repo::of_units(&scope, [tie.unit.as_uuid()]).await?;
    ties.retain(|other| other.id != id);
    ties.push(tie.clone());
    check(&ties)?;
    repo::save(&scope, std::slice::from_ref(&tie)).await?;
    finish(&scope, caller, "occupancy.ended", &tie).await?;
    scope.commit().await?;
    Ok(tie)
}

fn check(ties: &[Occupancy]) -> Result<(), ResidentsError> {
    check_payers(ties).map_err(|two| ResidentsError::invalid("pays", say::other_payer(two.day)))
}

async fn finish(
    scope: &TenantScope,
    caller: &Caller,
    action: &str,
    tie: &Occupancy,
) -> Result<(), ResidentsError> {
    repo::tell(scope, tie.estate, [tie.unit.as_uuid()]).await?;
    let detail = serde_json::json!({
        "unit": tie.unit, "person": tie.person, "kind": tie.kind,
        "from": tie.from, "to": tie.to, "pays": tie.pays,
    });
    let (object, estate) = (tie.id.to_string(), Some(tie.estate));
    Ok(audit(scope, caller, AuditFact { action, object, estate, reason: None, detail }).await?)
}
