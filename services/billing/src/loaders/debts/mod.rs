//! Debts of lists: late fees, waivers, what accounts owe.

pub(crate) mod graphql;
