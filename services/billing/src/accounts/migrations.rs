//! The table of billing accounts.

use db::Migration;

/// One account per estate, party and (where it is for one) unit.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123100200_billing_accounts",
        up: "
CREATE TABLE billing_accounts (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    party_id    UUID NOT NULL,
    unit_id     UUID,
    building_id UUID,
    name        TEXT NOT NULL,
    cycle       TEXT,
    due         TEXT,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    CHECK ((cycle IS NULL) = (due IS NULL))
);
CREATE UNIQUE INDEX billing_accounts_of_unit
    ON billing_accounts (tenant_id, estate_id, party_id, unit_id) WHERE unit_id IS NOT NULL;
CREATE UNIQUE INDEX billing_accounts_without_unit
    ON billing_accounts (tenant_id, estate_id, party_id) WHERE unit_id IS NULL;
CREATE INDEX billing_accounts_by_unit ON billing_accounts (tenant_id, unit_id);
CREATE INDEX billing_accounts_by_party ON billing_accounts (tenant_id, party_id);
",
        down: "DROP TABLE billing_accounts;",
        tenant_tables: &["billing_accounts"],
        append_only: &[],
        system_tables: &[],
    }
}

/// Names as staff see them; of the accounts there are, a star.
pub(crate) fn shown_names() -> Migration {
    Migration {
        name: "20261127100100_shown_names_of_accounts",
        up: "
ALTER TABLE billing_accounts ADD COLUMN shown_name TEXT NOT NULL DEFAULT '*';
",
        down: "ALTER TABLE billing_accounts DROP COLUMN shown_name;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
