//! The tables of the bank.

use db::Migration;

/// Accounts, statements, their lines, what the lines are, and rules.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127051000_bank_statements",
        up: include_str!("bank.sql"),
        down: "
DROP TABLE bank_rules;
DROP TABLE bank_parts;
DROP TABLE bank_lines;
DROP TABLE bank_statements;
DROP TABLE bank_accounts;
",
        tenant_tables: &[
            "bank_accounts",
            "bank_statements",
            "bank_lines",
            "bank_parts",
            "bank_rules",
        ],
        append_only: &["bank_statements"],
        system_tables: &[],
    }
}

/// Rules that match by themselves, and the rule that a part of a line was matched by.
pub(crate) fn automatic_migration() -> Migration {
    Migration {
        name: "20261129040000_automatic_rules_of_banks",
        up: "
ALTER TABLE bank_rules ADD COLUMN automatic BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE bank_parts ADD COLUMN rule_id UUID;
",
        down: "ALTER TABLE bank_parts DROP COLUMN rule_id; \
               ALTER TABLE bank_rules DROP COLUMN automatic;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
