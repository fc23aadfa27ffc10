//! The tables of the ledger, and what the database itself refuses.

use db::Migration;

/// Entries, their lines, and the deltas of balances.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123100300_ledger_entries_lines_balances",
        up: include_str!("ledger.sql"),
        down: "DROP TABLE balance_deltas; DROP TABLE ledger_lines; DROP TABLE ledger_entries;",
        tenant_tables: &["ledger_entries", "ledger_lines", "balance_deltas"],
        append_only: &["ledger_entries", "ledger_lines"],
        system_tables: &[],
    }
}
