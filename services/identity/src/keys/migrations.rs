//! The table of signing keys.

use db::{Migration, SystemTable};

/// Creates `signing_keys`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123100100_signing_keys",
        up: "-- One row a key; `wrapped` opens only with the master key. A new key is published before
-- `active_from`, so that every service knows it when the first token is signed with it.
CREATE TABLE signing_keys (
    kid         TEXT PRIMARY KEY,
    public      TEXT NOT NULL,
    wrapped     TEXT NOT NULL,
    active_from TIMESTAMPTZ NOT NULL
);",
        down: "DROP TABLE signing_keys;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[SystemTable { name: "signing_keys", has_tenant: false }],
    }
}
