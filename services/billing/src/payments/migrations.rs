//! Tables of payments.

use db::Migration;

/// What of a payment's parts went to late fees.
pub(crate) fn late_fee_parts() -> Migration {
    Migration {
        name: "20261127010400_late_fee_parts_of_payments",
        up: "ALTER TABLE payment_parts ADD COLUMN late_fee BOOLEAN NOT NULL DEFAULT FALSE;",
        down: "ALTER TABLE payment_parts DROP COLUMN late_fee;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

/// Payments and what each of them settled.
pub fn migration() -> Migration {
    Migration {
        name: "20261123200000_payments",
        up: include_str!("payments.sql"),
        down: "DROP TABLE payment_parts; DROP TABLE payments;",
        tenant_tables: &["payments", "payment_parts"],
        append_only: &[],
        system_tables: &[],
    }
}
