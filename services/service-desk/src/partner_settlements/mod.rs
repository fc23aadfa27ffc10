//! Partners (合作单位) who do special services instead of the company, their damage claims and their
//! monthly settlement: prepared by one person, approved by another, frozen (handbook ch. 37).

mod decide;
mod domain;
pub(crate) mod graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod partners;
mod prepare;
mod refunds;
mod repo;
mod say;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use migrations::{migration, refund_migration};
pub(crate) use refunds::refunded;
pub(crate) use repo::find_partner;

use authz::Permission;

ids::prefixed_id!(
    /// Somebody who does special services instead of the company (合作单位).
    PartnerId, "spt");
ids::prefixed_id!(
    /// What a partner owes for damage (损坏索赔).
    ClaimId, "pdc");
ids::prefixed_id!(
    /// A partner's month (合作单位结算单).
    SettlementId, "pst");

/// See partners and their settlements.
pub const SETTLEMENT_READ: Permission = Permission::new("partner_settlement.read");
/// Note damage claims and prepare settlements.
pub const SETTLEMENT_PREPARE: Permission = Permission::new("partner_settlement.prepare");
/// Approve or reject a settlement that somebody else prepared.
pub const SETTLEMENT_APPROVE: Permission = Permission::new("partner_settlement.approve");
