//! Single charges that somebody enters by hand, with limits by role; a wrong one is undone by
//! voiding its bill.

mod charge;
pub(crate) mod graphql;
mod migrations;
mod repo;
#[cfg(test)]
mod tests;

pub(crate) use migrations::migration;

use authz::Permission;

/// Enter a single charge, up to a limit.
pub const ONE_OFF_CHARGE: Permission = Permission::new("one_off.charge");
