//! Fee items and their effective-dated, approved prices.

pub mod domain;
pub mod scope;
#[cfg(test)]
mod tests;

pub use domain::{
    Approval, FeeError, FeeItem, FeeKind, FeeStandard, NewStandard, Phase, StandardStatus,
};
pub use scope::{Scope, Target, UnitUse, select};
