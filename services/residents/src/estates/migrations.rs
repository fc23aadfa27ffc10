//! The table of estates.

use db::Migration;

/// Estates as identity told of them.
pub const fn migration() -> Migration {
    Migration {
        name: "20261123100000_estates",
        up: "CREATE TABLE estates (
            tenant_id UUID NOT NULL,
            id        UUID NOT NULL,
            code      TEXT NOT NULL,
            name      TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );",
        down: "DROP TABLE estates;",
        tenant_tables: &["estates"],
        append_only: &[],
        system_tables: &[],
    }
}
