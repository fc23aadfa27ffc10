//! The bank: statements come in, every line finds its reason in the books, and what is left over
//! explains the difference between both (handbook chapter 28, unreconciled = 0 the day after).

mod add_account;
mod automatic;
#[cfg(test)]
mod automatic_tests;
mod books_repo;
mod camt;
mod domain;
mod graphql;
mod import;
mod inputs_graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod match_line;
mod migrations;
mod move_unallocated;
mod mt940;
mod parts_repo;
mod read;
mod reconcile;
mod repo;
mod rules;
mod rules_graphql;
mod rules_repo;
mod statement;
mod suggest;
mod table;
#[cfg(test)]
mod tests;
mod unmatch;

pub(crate) use graphql::BankQuery;
pub(crate) use inputs_graphql::BankMutation;
pub(crate) use migrations::{automatic_migration, migration};
pub(crate) use rules_graphql::{BankRuleMutation, BankRuleQuery};

use authz::{Caller, Denied, Permission, Reach};
use ids::EstateId;

/// May see bank accounts, statements and how they agree with the books.
pub const BANK_READ: Permission = Permission::new("bank.read");
/// May add bank accounts and rules.
pub const BANK_MANAGE: Permission = Permission::new("bank.manage");
/// May import statements and match their lines.
pub const BANK_MATCH: Permission = Permission::new("bank.match");

/// Refuses who may not read the bank of a whole estate.
pub(crate) fn may_read(caller: &Caller, estate: EstateId) -> Result<(), Denied> {
    let right = caller.read(BANK_READ, estate)?;
    if *right.reach() == Reach::All { Ok(()) } else { Err(Denied::Hidden) }
}
