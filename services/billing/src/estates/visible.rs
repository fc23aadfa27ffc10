//! Which estates and units a caller may look at.

use super::{Estate, Unit, lock_repo, repo};
use crate::{error::Refused, ids::UnitId};
use authz::{Caller, Denied, EstateScope, Permission};
use db::{Db, StorageError, TenantScope};
use ids::EstateId;
use std::collections::HashSet;

/// A resident's rights name no estate: they hold where the resident belongs, or once did.
/// Everybody else's were given for the estate.
///
/// # Errors
/// [`Denied::Hidden`] for an estate in which the resident never was.
pub(crate) async fn visible(scope: &TenantScope, permit: &EstateScope) -> Result<(), Refused> {
    match permit.own_person() {
        Some(person) if !repo::knows(scope, permit.estate(), person).await? => {
            Err(Denied::Hidden.into())
        }
        _ => Ok(()),
    }
}

/// Those of an estate's units that a right reaches: a resident's own, now or once; an officer's in
/// the zone. Every other one is hidden, as one that is not there.
pub(crate) async fn visible_units(
    scope: &TenantScope,
    permit: &EstateScope,
    units: &[Unit],
) -> Result<HashSet<UnitId>, StorageError> {
    if let Some(person) = permit.own_person() {
        let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
        return repo::homes(scope, &ids, person).await;
    }
    let inside =
        |unit: &&Unit| permit.zone().is_none_or(|zone| zone.contains(&unit.building.as_uuid()));
    Ok(units.iter().filter(inside).map(|unit| unit.id).collect())
}

/// Whether somebody may act in an estate, before its books are held. Of one that is not the company's
/// nobody learns which right is missing.
///
/// # Errors
/// [`Denied`], or when the database fails.
pub(crate) async fn permitted(
    db: &Db,
    caller: &Caller,
    (permission, seen_by): (Permission, Permission),
    estate: EstateId,
) -> Result<(), Refused> {
    let scope = db.read(caller.tenant()).await?;
    repo::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    caller.act(permission, seen_by, estate)?;
    Ok(())
}

/// The estate for somebody who may act there, its books held until the transaction ends. Of one that is
/// not the company's nobody learns which right is missing.
///
/// # Errors
/// [`Denied`], or when the database fails.
pub(crate) async fn held(
    scope: &TenantScope,
    caller: &Caller,
    (permission, seen_by): (Permission, Permission),
    estate: EstateId,
) -> Result<Estate, Refused> {
    repo::find(scope, estate).await?.ok_or(Denied::Hidden)?;
    caller.act(permission, seen_by, estate)?;
    Ok(lock_repo::lock_books(scope, estate).await?.ok_or(Denied::Hidden)?)
}
