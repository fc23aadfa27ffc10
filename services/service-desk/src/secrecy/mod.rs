//! What a member of staff may not know of: the complaints about themself and everything that belongs
//! to one, such as the call by which it came and the revisit that asks about it (handbook ch. 22).
//! This is the one place that decides it; whatever lists, finds, counts or tells of things asks here.

mod migrations;
mod repo;
#[cfg(test)]
mod tests;

pub(crate) use migrations::migration;
pub(crate) use repo::{
    HIDDEN_FROM, HIDDEN_NAMES, belongs, follows, hidden_names, keep_from, kept_from, open_to,
};

use crate::Refused;
use authz::{Caller, Subject};
use db::TenantScope;
use std::collections::HashSet;
use uuid::Uuid;

/// The account from which secrets are kept. Residents have none: what they see is their own, and
/// nobody is complained about as a resident but by unit.
fn account(subject: Subject) -> Option<Uuid> {
    match subject {
        Subject::Resident { .. } => None,
        staff => Some(staff.user().as_uuid()),
    }
}

/// Everything that does not exist for a caller.
///
/// # Errors
/// When reading fails.
pub(crate) async fn hidden(scope: &TenantScope, caller: &Caller) -> Result<HashSet<Uuid>, Refused> {
    match account(caller.subject()) {
        Some(user) => Ok(repo::hidden(scope, user, None).await?),
        None => Ok(HashSet::new()),
    }
}

/// Refuses a thing that does not exist for somebody.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn refuse_hidden(
    scope: &TenantScope,
    subject: Subject,
    thing: Uuid,
) -> Result<(), Refused> {
    let Some(user) = account(subject) else { return Ok(()) };
    if repo::hidden(scope, user, Some(thing)).await?.is_empty() {
        Ok(())
    } else {
        Err(Refused::not_found())
    }
}
