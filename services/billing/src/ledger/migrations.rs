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

/// What each day changed per account of the chart, so that a trial balance costs days and not
/// entries. Rows are added by each posting and folded by the job that folds balances.
pub(crate) fn daily_totals() -> Migration {
    Migration {
        name: "20261127060100_daily_totals_of_the_books",
        up: "
CREATE TABLE daily_totals (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID NOT NULL,
    day       DATE NOT NULL,
    code      TEXT NOT NULL,
    subject   UUID,
    amount    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX daily_totals_of_estate ON daily_totals (tenant_id, estate_id, day, code);
-- postgres
ALTER TABLE ledger_entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_lines NO FORCE ROW LEVEL SECURITY;
INSERT INTO daily_totals (tenant_id, id, estate_id, day, code, subject, amount)
SELECT tenant_id, gen_random_uuid(), estate_id, day, code, subject, SUM(amount) FROM (
    SELECT e.tenant_id, e.estate_id, e.day, l.code, l.amount,
           CASE WHEN l.code IN ('2202', '6001') THEN l.subject END AS subject
    FROM ledger_entries e JOIN ledger_lines l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id) x
GROUP BY tenant_id, estate_id, day, code, subject;
ALTER TABLE ledger_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_lines FORCE ROW LEVEL SECURITY;
-- end
-- sqlite
INSERT INTO daily_totals (tenant_id, id, estate_id, day, code, subject, amount)
SELECT tenant_id, randomblob(16), estate_id, day, code, subject, SUM(amount) FROM (
    SELECT e.tenant_id, e.estate_id, e.day, l.code, l.amount,
           CASE WHEN l.code IN ('2202', '6001') THEN l.subject END AS subject
    FROM ledger_entries e JOIN ledger_lines l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id) x
GROUP BY tenant_id, estate_id, day, code, subject;
-- end
",
        down: "DROP TABLE daily_totals;",
        tenant_tables: &["daily_totals"],
        append_only: &[],
        system_tables: &[],
    }
}
