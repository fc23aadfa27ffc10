//! The tables of deposits.

use db::Migration;

/// Deposits, deductions from them and refunds of them.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127030000_deposits_deductions_and_refunds",
        up: include_str!("deposits.sql"),
        down: "DROP TABLE deposit_refunds; DROP TABLE deposit_deductions; DROP TABLE deposits;",
        tenant_tables: &["deposits", "deposit_deductions", "deposit_refunds"],
        append_only: &[],
        system_tables: &[],
    }
}
