//! What lists load at once instead of row by row.

pub(crate) mod graphql;

pub(crate) use graphql::{
    Accounts, Balances, BillPage, BillPages, Estates, FeeItems, Lines, Source, UnitAccounts, Units,
};
