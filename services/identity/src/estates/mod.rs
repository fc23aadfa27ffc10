//! The estates (项目/小区) a company manages.

mod create;
mod domain;
mod events;
pub mod graphql;
mod migrations;
mod repo;
mod update;

pub use create::insert;
pub use domain::EstateData;
pub use migrations::migration;
pub use repo::{Estate, Estates, Visible, count};

use authz::{Caller, Permission, Subject};
use db::{StorageError, TenantScope};

/// Sees an estate's master data.
pub const ESTATE_READ: Permission = Permission::new("estate.read");
/// Creates and changes estates.
pub const ESTATE_MANAGE: Permission = Permission::new("estate.manage");

/// The estates a caller may know of: staff those of their grants, residents those they were
/// invited to.
pub async fn visible(scope: &TenantScope, caller: &Caller) -> Result<Visible, StorageError> {
    if let Subject::Resident { person, .. } = caller.subject() {
        return Ok(Visible::Only(crate::invitations::estates_of(scope, person).await?));
    }
    Ok(caller.estates(ESTATE_READ).ids().map_or(Visible::All, Visible::Only))
}

#[cfg(test)]
mod tests;
