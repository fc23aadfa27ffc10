//! Which estates and units a caller may look at.

use super::{Unit, repo};
use crate::error::Refused;
use authz::{Denied, EstateScope};
use db::TenantScope;

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

/// A unit as far as a right reaches: a resident's own, now or once; an officer's in the zone.
///
/// # Errors
/// [`Denied::Hidden`] for every other one, as for one that is not there.
pub(crate) async fn visible_unit(
    scope: &TenantScope,
    permit: &EstateScope,
    unit: &Unit,
) -> Result<(), Refused> {
    let inside = match permit.own_person() {
        Some(person) => repo::has_home(scope, unit.id, person).await?,
        None => permit.zone().is_none_or(|zone| zone.contains(&unit.building.as_uuid())),
    };
    if inside { Ok(()) } else { Err(Denied::Hidden.into()) }
}
