//! Invitations.

use db::Migration;

/// Creates `invitations`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123101000_invitations",
        up: "-- Invitations as residents told them; the code itself is known to the invited person alone. A
-- used one ties the account to the estate.
CREATE TABLE invitations (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    unit_id    UUID NOT NULL,
    person_id  UUID NOT NULL,
    name       TEXT NOT NULL,
    phone      TEXT NOT NULL,
    code_hash  TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX invitations_code ON invitations (tenant_id, code_hash);
CREATE INDEX invitations_person ON invitations (tenant_id, person_id);",
        down: "DROP TABLE invitations;",
        tenant_tables: &["invitations"],
        append_only: &[],
        system_tables: &[],
    }
}
