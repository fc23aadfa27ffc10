//! The table of disclosures.

use db::Migration;

/// Published disclosures; a correction is a new version, the old one stays.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127060700_disclosures",
        up: "
CREATE TABLE disclosures (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    from_month   DATE NOT NULL,
    to_month     DATE NOT NULL CHECK (to_month >= from_month),
    version      INTEGER NOT NULL CHECK (version >= 1),
    note         TEXT NOT NULL,
    body         TEXT NOT NULL,
    published_by UUID NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, estate_id, from_month, to_month, version),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id)
);
CREATE INDEX disclosures_of_estate ON disclosures (tenant_id, estate_id, id);
",
        down: "DROP TABLE disclosures;",
        tenant_tables: &["disclosures"],
        append_only: &["disclosures"],
        system_tables: &[],
    }
}
