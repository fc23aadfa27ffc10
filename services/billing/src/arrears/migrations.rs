//! The table of units in arrears.

use db::Migration;

/// Which units others were told are in arrears.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261201090000_units_in_arrears",
        up: "
CREATE TABLE units_in_arrears (
    tenant_id UUID NOT NULL,
    unit_id   UUID NOT NULL,
    estate_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, unit_id)
);
CREATE INDEX units_in_arrears_of_estate ON units_in_arrears (tenant_id, estate_id);
",
        down: "DROP TABLE units_in_arrears;",
        tenant_tables: &["units_in_arrears"],
        append_only: &[],
        system_tables: &[],
    }
}
