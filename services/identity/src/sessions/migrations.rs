//! Sessions and counted attempts.

use db::{Migration, SystemTable};

/// Creates `sessions` and `sign_in_throttle`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123100600_sessions",
        up: "-- One row a sign-in. Of the refresh token in force and the one before it only hashes are kept;
-- `pepper` makes a token's successor from it, so that two tabs get the same one.
CREATE TABLE sessions (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    user_id       UUID NOT NULL,
    refresh_hash  TEXT NOT NULL,
    previous_hash TEXT,
    pepper        TEXT NOT NULL,
    rotated_at    TIMESTAMPTZ NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    last_used_at  TIMESTAMPTZ NOT NULL,
    expires_at    TIMESTAMPTZ NOT NULL,
    ended_at      TIMESTAMPTZ,
    end_reason    TEXT,
    origin        TEXT NOT NULL,
    agent         TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX sessions_user ON sessions (tenant_id, user_id, created_at);
-- The policy lists what ended in the last minutes.
CREATE INDEX sessions_ended ON sessions (tenant_id, ended_at) WHERE ended_at IS NOT NULL;

-- Failed attempts per account and per address, by hash: known before the company is.
CREATE TABLE sign_in_throttle (
    key           TEXT PRIMARY KEY,
    failures      INTEGER NOT NULL,
    last_failure  TIMESTAMPTZ NOT NULL,
    blocked_until TIMESTAMPTZ NOT NULL
);",
        down: "DROP TABLE sign_in_throttle; DROP TABLE sessions;",
        tenant_tables: &["sessions"],
        append_only: &[],
        system_tables: &[SystemTable { name: "sign_in_throttle", has_tenant: false }],
    }
}
