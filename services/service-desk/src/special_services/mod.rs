//! Special services (特约服务) and housekeeping (家政服务): a public price list, and orders that are
//! quoted, confirmed by the resident before work, done, charged by billing and revisited (handbook
//! ch. 29, 37).

mod catalogue;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
pub(crate) mod orders;
#[cfg(test)]
mod phone_tests;
mod say;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use catalogue::graphql::{ServiceMutation, ServiceQuery};
pub(crate) use migrations::migration;
pub(crate) use orders::graphql::{OrderMutation, OrderQuery};
pub(crate) use orders::{job, revisited, seen, subscriptions};

use authz::Permission;

ids::prefixed_id!(
    /// A special service that can be ordered (特约服务项目).
    ServiceId, "ssi");
ids::prefixed_id!(
    /// An order of a special service (特约服务单).
    OrderId, "sso");

/// See the price list.
pub const SERVICE_READ: Permission = Permission::new("special_service.read");
/// Keep the price list.
pub const SERVICE_MANAGE: Permission = Permission::new("special_service.manage");
/// See orders.
pub const ORDER_READ: Permission = Permission::new("special_order.read");
/// Order a service, and cancel it.
pub const ORDER_CREATE: Permission = Permission::new("special_order.create");
/// Quote, schedule and do what was ordered.
pub const ORDER_WORK: Permission = Permission::new("special_order.work");
/// Confirm the quote before work, accept or dispute what was done.
pub const ORDER_CONFIRM: Permission = Permission::new("special_order.confirm");
/// Take down what a household says on the phone or has signed.
pub const ORDER_RECORD: Permission = Permission::new("special_order.record");
/// End work that has begun, and disputes.
pub const ORDER_SETTLE: Permission = Permission::new("special_order.settle");
