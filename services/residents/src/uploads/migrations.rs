//! The table of files.

use db::Migration;

/// Files; their contents are in the file store.
pub const fn migration() -> Migration {
    Migration {
        name: "20261123100500_files",
        up: "CREATE TABLE files (
            tenant_id UUID NOT NULL,
            id        UUID NOT NULL,
            name      TEXT NOT NULL,
            size      BIGINT NOT NULL,
            made_by   TEXT NOT NULL,
            made_at   TIMESTAMPTZ NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );",
        down: "DROP TABLE files;",
        tenant_tables: &["files"],
        append_only: &[],
        system_tables: &[],
    }
}
