//! Work orders (报修/派工单): what is to be repaired, who does it, what it costs, from the first report
//! to the signature; incidents, which are one outage for many. Handbook ch. 21.

mod assignment;
pub(crate) mod catalogue;
#[cfg(test)]
mod cost_tests;
mod create;
pub mod domain;
#[cfg(test)]
mod domain_tests;
mod finish;
pub(crate) mod graphql;
pub(crate) mod incidents;
mod input_graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod merge;
mod migrations;
mod nodes_graphql;
mod offer;
#[cfg(test)]
mod phone_tests;
mod progress;
mod quote;
mod quote_by_phone;
#[cfg(test)]
mod race_tests;
mod repo;
mod revise;
#[cfg(test)]
mod revise_tests;
mod say;
mod seen;
#[cfg(test)]
mod signature_tests;
#[cfg(test)]
pub(crate) mod tests;
mod told;
#[cfg(test)]
mod told_tests;
mod written;

pub(crate) use incidents::job;
pub(crate) use migrations::{migration, news as news_migration, told as told_migration};
pub(crate) use offer::offer;
pub(crate) use seen::{seen, sees_incidents, since};

use authz::Permission;

/// See work orders; residents see those of their units, engineers those assigned to them.
pub const WORK_ORDER_READ: Permission = Permission::new("work_order.read");
/// Report something to be repaired.
pub const WORK_ORDER_CREATE: Permission = Permission::new("work_order.create");
/// Assign, close, cancel and merge work orders, and report incidents.
pub const WORK_ORDER_ASSIGN: Permission = Permission::new("work_order.assign");
/// Do the work, and quote its price.
pub const WORK_ORDER_WORK: Permission = Permission::new("work_order.work");
/// Answer a quote and confirm the work, as the resident.
pub const WORK_ORDER_CONFIRM: Permission = Permission::new("work_order.confirm");
/// See categories and prices.
pub const WORK_CATALOGUE_READ: Permission = Permission::new("work_catalogue.read");
/// Change categories and prices.
pub const WORK_CATALOGUE_MANAGE: Permission = Permission::new("work_catalogue.manage");

ids::prefixed_id!(
    /// A work order (派工单).
    WorkOrderId, "wko");
ids::prefixed_id!(
    /// An incident: one outage, many affected.
    IncidentId, "inc");
