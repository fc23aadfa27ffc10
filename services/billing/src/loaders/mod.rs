//! What lists load at once instead of row by row.

mod debts;
pub(crate) mod graphql;

pub(crate) use debts::graphql::{LateFeeOn, LateFees, OwedOf, Waivers};
pub(crate) use graphql::{
    Accounts, Balances, BillPage, BillPages, Estates, FeeItems, Lines, Source, UnitAccounts, Units,
};
