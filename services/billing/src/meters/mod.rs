//! Meters, their readings, and what is charged for what they count (handbook chapter 26, METER).

pub mod charge;
pub mod domain;
pub(crate) mod graphql;
mod migrations;
pub mod pricing;
pub(crate) mod readings;
mod register;
mod repo;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
pub(crate) mod tests;

pub use domain::Metered;
pub(crate) use migrations::migration;
pub(crate) use readings::opening::{LastReading, bring_in, by_number, take_back};
pub(crate) use repo::{charged_at, counted_at};

use authz::Permission;

/// See meters and their readings.
pub const METER_READ: Permission = Permission::new("meter.read");
/// Register, replace and remove meters.
pub const METER_MANAGE: Permission = Permission::new("meter.manage");
/// Enter readings.
pub const METER_ENTER: Permission = Permission::new("meter.enter");
/// Correct and estimate readings.
pub const METER_CORRECT: Permission = Permission::new("meter.correct");
