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

/// Which payments are for a deposit, and which refunds carry out the refund of one.
pub(crate) fn online_migration() -> Migration {
    Migration {
        name: "20261129060300_deposits_paid_online",
        up: "
ALTER TABLE payments ADD COLUMN deposit_id UUID;
CREATE INDEX payments_of_deposit ON payments (tenant_id, deposit_id)
    WHERE deposit_id IS NOT NULL;
ALTER TABLE refunds ADD COLUMN deposit_refund_id UUID;
",
        down: "ALTER TABLE refunds DROP COLUMN deposit_refund_id; \
               DROP INDEX payments_of_deposit; ALTER TABLE payments DROP COLUMN deposit_id;",
        tenant_tables: &[],
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
