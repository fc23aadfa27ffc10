//! API clients.

use db::Migration;

/// Creates `api_clients`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123100900_api_clients",
        up: "-- A program that a company lets in; its roles are grants like anybody's.
CREATE TABLE api_clients (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    name         TEXT NOT NULL,
    secret_hash  TEXT NOT NULL,
    per_minute   INTEGER NOT NULL CHECK (per_minute > 0),
    created_at   TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ NOT NULL,
    revoked_at   TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id)
);",
        down: "DROP TABLE api_clients;",
        tenant_tables: &["api_clients"],
        append_only: &[],
        system_tables: &[],
    }
}
