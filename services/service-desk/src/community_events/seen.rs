//! Who sees which event.

use super::{CommunityEventId, EVENT_READ, domain::Event, repo};
use crate::{Refused, homes};
use authz::Caller;
use db::TenantScope;
use ids::EstateId;
use uuid::Uuid;

/// An event that the caller may see, and who they are when they are a resident: those see what is
/// announced.
///
/// # Errors
/// `NOT_FOUND`.
pub(super) async fn visible(
    scope: &TenantScope,
    caller: &Caller,
    id: CommunityEventId,
) -> Result<(Event, Option<Uuid>), Refused> {
    let event = repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.read(EVENT_READ, event.estate)?;
    homes::of_right(scope, &right).await?;
    let own = right.own_person();
    if own.is_some() && !event.is_public() {
        return Err(Refused::not_found());
    }
    Ok((event, own))
}

/// The estate of an event that the caller may see, for what is attached to it.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn seen(
    scope: &TenantScope,
    caller: &Caller,
    id: CommunityEventId,
) -> Result<EstateId, Refused> {
    Ok(visible(scope, caller, id).await?.0.estate)
}
