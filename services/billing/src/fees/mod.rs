//! Fee items and their effective-dated, approved prices.

pub mod domain;
mod migrations;
pub mod scope;
#[cfg(test)]
mod tests;

pub use domain::{
    Approval, Ending, FeeError, FeeItem, FeeKind, FeeStandard, NewStandard, Phase, StandardStatus,
    Withdrawal,
};
pub(crate) use migrations::migration;
pub use scope::{Scope, Target, UnitUse, select};
