//! The table of estates.

use db::Migration;

/// Creates `estates`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123100400_estates",
        up: "-- The code is printed in receipt numbers, so it never changes.
CREATE TABLE estates (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    code          TEXT NOT NULL,
    name          TEXT NOT NULL,
    address       TEXT NOT NULL,
    time_zone     TEXT NOT NULL,
    currency      TEXT NOT NULL,
    contract_from DATE,
    contract_to   DATE,
    created_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    CHECK (contract_from <= contract_to)
);",
        down: "DROP TABLE estates;",
        tenant_tables: &["estates"],
        append_only: &[],
        system_tables: &[],
    }
}
