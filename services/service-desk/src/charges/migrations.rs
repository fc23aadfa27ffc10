//! The table of charges that were asked for.

use db::Migration;

/// Charges and what billing answered.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201060000_charge_requests",
        up: "CREATE TABLE charge_requests (
            tenant_id       UUID NOT NULL,
            reference       TEXT NOT NULL,
            estate_id       UUID NOT NULL,
            unit_id         UUID,
            payer_id        UUID NOT NULL,
            fee_item        TEXT NOT NULL,
            amount          BIGINT NOT NULL,
            on_day          DATE NOT NULL,
            description     TEXT NOT NULL,
            bill            TEXT,
            rejected_field  TEXT,
            rejected_reason TEXT,
            paid            BIGINT NOT NULL,
            settled         BOOLEAN NOT NULL,
            requested_at    TIMESTAMPTZ NOT NULL,
            PRIMARY KEY (tenant_id, reference)
        );",
        down: "DROP TABLE charge_requests;",
        tenant_tables: &["charge_requests"],
        append_only: &[],
        system_tables: &[],
    }
}
