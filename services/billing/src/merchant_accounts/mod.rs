//! Into which account a company is paid: its own, at the provider; the platform never holds
//! residents' money. Keys are sealed, and never readable again through the API.

mod connect;
mod graphql;
mod learn_state;
mod migrations;
mod repo;
mod set_keys;

pub(crate) use graphql::{MerchantMutation, MerchantQuery};
pub(crate) use learn_state::learn_state;
pub(crate) use migrations::{migration, state_migration};
pub(crate) use repo::{Routed, active, find, of_account, of_id};
pub(crate) use set_keys::open;

use authz::Permission;

/// May connect or replace the company's account at the provider.
pub const PAYMENT_ACCOUNT_MANAGE: Permission = Permission::new("payment_account.manage");
