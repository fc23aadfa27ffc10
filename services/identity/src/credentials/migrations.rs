//! Accounts and reset links.

use db::Migration;

/// Creates `accounts` and `password_resets`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123100500_accounts",
        up: "-- Whoever signs in with a password. The sign-in name is unique within the company only.
CREATE TABLE accounts (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('staff', 'resident')),
    login         TEXT NOT NULL,
    password_hash TEXT,
    person_id     UUID,
    disabled      BOOLEAN NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, login),
    UNIQUE (tenant_id, person_id),
    CHECK ((kind = 'resident') = (person_id IS NOT NULL))
);

-- One-time links with which a password is set; only the hash of the secret is kept.
CREATE TABLE password_resets (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    user_id     UUID NOT NULL,
    secret_hash TEXT NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    used_at     TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX password_resets_user ON password_resets (tenant_id, user_id);",
        down: "DROP TABLE password_resets; DROP TABLE accounts;",
        tenant_tables: &["accounts", "password_resets"],
        append_only: &[],
        system_tables: &[],
    }
}
