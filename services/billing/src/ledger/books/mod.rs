//! Reading the books: journal, statement of account, trial balance, and whether all of it agrees.

mod fold;
pub(crate) mod graphql;
#[cfg(test)]
mod refusal_tests;
pub(crate) mod repo;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use fold::{FOLD, job};
pub(crate) use repo::{StatementLine, owed_before, statement};
pub(crate) use words::{names, subject_text};

use authz::Permission;

/// See the journal and the trial balance, and have the books verified.
pub const LEDGER_READ: Permission = Permission::new("ledger.read");
