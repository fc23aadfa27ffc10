//! The table of ways to pay.

use db::Migration;

/// What an estate says about paying without the online provider.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127081000_payment_ways",
        up: "
CREATE TABLE payment_ways (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    place     INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    words_zh  TEXT NOT NULL,
    words_en  TEXT NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, place),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id)
);
CREATE INDEX receipts_of_account ON receipts (tenant_id, account_id, id);
",
        down: "DROP INDEX receipts_of_account; DROP TABLE payment_ways;",
        tenant_tables: &["payment_ways"],
        append_only: &[],
        system_tables: &[],
    }
}
