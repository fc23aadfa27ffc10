//! Billing: what is owed, why, and what was paid (handbook chapters 26 and 28).
//!
//! Everything here is pure: dates, prices and facts come in as values, decisions go out as values.

pub mod charges;
pub mod fees;
pub mod ids;
pub mod ledger;
pub mod payments;
pub mod rates;
