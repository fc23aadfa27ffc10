//! Figures of the desk (数据统计): how much came in, how much of it was handled and on time, by class,
//! officer, building and month; each number leads to its tickets; a month is frozen in versions
//! (handbook ch. 33).

mod by_clock;
pub mod domain;
mod export;
mod freeze;
pub(crate) mod graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod nodes_graphql;
mod read;
mod repo;
mod say;
mod sources_repo;
#[cfg(test)]
mod tests;
mod turns_repo;

pub(crate) use by_clock::{job, subscription};
pub(crate) use export::routes;
pub(crate) use migrations::migration;

use authz::Permission;

/// See the figures of an estate.
pub const FIGURES_READ: Permission = Permission::new("desk_figures.read");
/// Take them away as a file.
pub const FIGURES_EXPORT: Permission = Permission::new("desk_figures.export");
/// Freeze a month, and correct one with a reason.
pub const FIGURES_FREEZE: Permission = Permission::new("desk_figures.freeze");
