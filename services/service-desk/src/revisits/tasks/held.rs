//! Finding a revisit that a caller may see or act on.

use super::{Revisit, repo};
use crate::{
    Refused, homes,
    revisits::{REVISIT_READ, RevisitId},
};
use authz::{Caller, EstateScope, Permission};
use contracts::{PersonId, UnitId};
use db::TenantScope;

/// The units of a resident whose right covers only their own; none for staff.
pub(in crate::revisits) async fn own(
    scope: &TenantScope,
    right: &EstateScope,
) -> Result<Vec<UnitId>, Refused> {
    match right.own_person() {
        Some(person) => homes::own_units(scope, right.estate(), PersonId::from_uuid(person)).await,
        None => Ok(Vec::new()),
    }
}

/// A revisit that the caller may see.
///
/// # Errors
/// `NOT_FOUND`, also for who may not know of it.
pub(in crate::revisits) async fn seen(
    scope: &TenantScope,
    caller: &Caller,
    id: RevisitId,
) -> Result<Revisit, Refused> {
    let estate = repo::estate_of(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.read(REVISIT_READ, estate)?;
    let own = own(scope, &right).await?;
    repo::seen(scope, (&right, &own), id).await?.ok_or_else(Refused::not_found)
}

/// A revisit on which the caller may act, as they read it.
///
/// # Errors
/// `NOT_FOUND` for who may not know of it, only then whether the right is missing, `CONFLICT` when
/// it was changed meanwhile.
pub(super) async fn held(
    scope: &TenantScope,
    caller: &Caller,
    permission: Permission,
    (id, version): (RevisitId, i32),
) -> Result<Revisit, Refused> {
    let revisit = seen(scope, caller, id).await?;
    caller.act(permission, REVISIT_READ, revisit.estate)?;
    if revisit.version == version {
        Ok(revisit)
    } else {
        Err(Refused::Conflict(crate::say::changed_meanwhile()))
    }
}

/// Writes a revisit that was read as `held`.
///
/// # Errors
/// `CONFLICT` when it was changed meanwhile.
pub(super) async fn kept(scope: &TenantScope, revisit: &mut Revisit) -> Result<(), Refused> {
    if !repo::save(scope, revisit).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    revisit.version += 1;
    Ok(())
}

/// Where the revisit of a thing is; `None` when it has none.
///
/// # Errors
/// When reading fails.
pub(crate) async fn state_of(
    scope: &TenantScope,
    source: crate::revisits::Source,
    reference: uuid::Uuid,
) -> Result<Option<super::RevisitState>, Refused> {
    Ok(repo::of_thing(scope, source, reference).await?.map(|revisit| revisit.state))
}

/// The estate of a revisit that the caller may see.
///
/// # Errors
/// `NOT_FOUND`, also for who may not know of it.
pub(crate) async fn estate_seen(
    scope: &TenantScope,
    caller: &Caller,
    id: RevisitId,
) -> Result<ids::EstateId, Refused> {
    Ok(seen(scope, caller, id).await?.estate)
}
