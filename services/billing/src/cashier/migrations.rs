//! The tables of the till.

use db::Migration;

/// Shifts, what moved cash, and cash on its way to the bank.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127050000_cashier_shifts",
        up: include_str!("cashier.sql"),
        down: "
DROP INDEX receipts_issued;
DROP INDEX refunds_paid_back;
DROP INDEX payments_received;
DROP TABLE cash_deposits;
DROP TABLE cash_movements;
DROP TABLE cashier_shifts;
",
        tenant_tables: &["cashier_shifts", "cash_movements", "cash_deposits"],
        append_only: &[],
        system_tables: &[],
    }
}
