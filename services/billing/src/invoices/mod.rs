//! Invoices (发票): requested for paid bills, handed to a provider, issued or refused by it, and
//! credited by a red-letter invoice (红字发票) when the money went back (handbook 0.4).
//!
//! A line of a bill is invoiced once. Deposits are never invoiced; a late fee follows the main item;
//! a pass-through has a class of its own or is refused.

mod cancel;
mod credit;
pub(crate) mod domain;
mod export;
pub(crate) mod graphql;
mod migrations;
mod provider;
mod repo;
mod request;
mod results;
mod settings;
mod settings_graphql;
mod settings_repo;
mod tax_number;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use graphql::{InvoiceMutation, InvoiceQuery};
pub(crate) use migrations::{late_fee_lines, migration, settings_migration};
pub(crate) use settings_graphql::{InvoiceSettingsMutation, InvoiceSettingsQuery};

use authz::Permission;

/// See invoices, titles and tax classes.
pub const INVOICE_READ: Permission = Permission::new("invoice.read");
/// Ask for an invoice of a paid bill, and keep titles.
pub const INVOICE_REQUEST: Permission = Permission::new("invoice.request");
/// Export requests, enter what the provider answered, ask for credit invoices.
pub const INVOICE_ISSUE: Permission = Permission::new("invoice.issue");
/// Set tax classes and the seller.
pub const INVOICE_SETTINGS: Permission = Permission::new("invoice.settings");
