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

/// Deposits that opening balances brought in. Those that were posted before had no deposit; each
/// gets one, under the id of its entry.
pub(crate) fn openings_migration() -> Migration {
    Migration {
        name: "20261129010000_deposits_of_opening_balances",
        up: include_str!("openings.sql"),
        down: "DELETE FROM deposits WHERE opening_id IS NOT NULL; \
               ALTER TABLE opening_rows DROP COLUMN deposit_id; \
               ALTER TABLE deposits DROP COLUMN opening_id;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
