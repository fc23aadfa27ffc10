//! The table of requested charges.

use db::Migration;

/// Requested charges and the bills they became.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123205000_requested_charges",
        up: "
-- One row per reference of an asking service; asked again it is the same charge. Without a bill it
-- was rejected.
CREATE TABLE requested_charges (
    tenant_id UUID NOT NULL,
    source    TEXT NOT NULL,
    reference TEXT NOT NULL,
    request   TEXT NOT NULL,
    bill_id   UUID,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, source, reference)
);
CREATE UNIQUE INDEX requested_charges_bill ON requested_charges (tenant_id, bill_id);
",
        down: "DROP TABLE requested_charges;",
        tenant_tables: &["requested_charges"],
        append_only: &["requested_charges"],
        system_tables: &[],
    }
}
