//! Fee items and their effective-dated, approved prices.

pub mod domain;
pub mod scope;
#[cfg(test)]
mod tests;

pub use domain::{
    Approval, Ending, FeeError, FeeItem, FeeKind, FeeStandard, NewStandard, Phase, StandardStatus,
    Withdrawal,
};
pub use scope::{Scope, Target, UnitUse, select};
