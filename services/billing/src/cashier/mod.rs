//! Cashier shifts: a till is opened with a float, counted, signed by two people and locked by
//! finance; cash is carried to the bank (handbook chapters 15, 26 and 28).

mod carry;
mod count;
mod deposits_repo;
mod domain;
mod graphql;
mod inputs_graphql;
mod lock;
mod migrations;
mod moved;
mod open;
mod repo;
mod report;
mod report_graphql;
mod report_repo;
mod sign;
#[cfg(test)]
mod tests;

pub(crate) use deposits_repo::{CashDeposit, Deposits};
pub(crate) use domain::moved_entry;
#[cfg(test)]
pub(crate) use domain::{carried_entry, variance_entry};
pub(crate) use graphql::CashierQuery;
pub(crate) use inputs_graphql::CashierMutation;
pub(crate) use migrations::migration;
pub(crate) use moved::{CashMove, CashMoved, cash_moved};
pub(crate) use repo::Shifts;
pub(crate) use report::day_range;
pub(crate) use report_graphql::CollectionQuery;

use authz::{Caller, Denied, EstateScope, Permission, Reach};
use ids::EstateId;

/// May see shifts, cash on its way to the bank and the daily collection.
pub const CASH_READ: Permission = Permission::new("cash.read");
/// May open a shift and count it.
pub const CASH_SHIFT: Permission = Permission::new("cash.shift");
/// May sign somebody else's count.
pub const CASH_COUNT: Permission = Permission::new("cash.count");
/// May carry cash to the bank.
pub const CASH_CARRY: Permission = Permission::new("cash.carry");
/// May lock a shift and thereby accept its difference.
pub const CASH_CLOSE: Permission = Permission::new("cash.close");

/// Leave to read the till of a whole estate.
pub(crate) fn may_read(caller: &Caller, estate: EstateId) -> Result<EstateScope, Denied> {
    let right = caller.read(CASH_READ, estate)?;
    if *right.reach() == Reach::All { Ok(right) } else { Err(Denied::Hidden) }
}
