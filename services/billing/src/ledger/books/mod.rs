//! Reading the books: journal, statement of account, trial balance, and whether all of it agrees.

mod fold;
pub(crate) mod graphql;
mod repo;
#[cfg(test)]
mod tests;

pub(crate) use fold::{FOLD, job};
pub(crate) use repo::{StatementLine, owed_before, statement};

use authz::Permission;

/// See the journal and the trial balance, and have the books verified.
pub const LEDGER_READ: Permission = Permission::new("ledger.read");
