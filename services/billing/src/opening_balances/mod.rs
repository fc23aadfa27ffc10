//! Opening balances: what was owed, paid ahead and deposited when the estate came to us, and what
//! its meters showed last; drafted by one person, confirmed by another against control totals, and
//! posted as a whole.

mod confirm;
#[cfg(test)]
mod deposit_tests;
pub(crate) mod domain;
mod draft;
mod draft_file;
mod file;
mod file_graphql;
#[cfg(test)]
mod file_tests;
pub(crate) mod graphql;
mod known;
mod migrations;
mod post;
mod problem;
#[cfg(test)]
mod reading_tests;
mod repo;
mod reverse;
mod rows_graphql;
mod rows_repo;
#[cfg(test)]
mod tests;
mod withdraw;

pub(crate) use migrations::{files_migration, migration, readings_migration};

use authz::Permission;

/// See opening balances and their rows.
pub const OPENING_READ: Permission = Permission::new("opening_balance.read");
/// Draft opening balances, and give a draft up.
pub const OPENING_PROPOSE: Permission = Permission::new("opening_balance.propose");
/// Post somebody else's draft, or reverse what was posted.
pub const OPENING_CONFIRM: Permission = Permission::new("opening_balance.confirm");
