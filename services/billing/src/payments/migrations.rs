//! Tables of payments.

use db::Migration;

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
