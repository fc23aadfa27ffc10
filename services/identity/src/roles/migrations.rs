//! Roles and grants.

use db::Migration;

/// Creates `roles` and `grants`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123100800_roles_and_grants",
        up: "-- The company's own roles, beside the templates that every company has.
CREATE TABLE roles (
    tenant_id   UUID NOT NULL,
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    permissions TEXT NOT NULL,
    PRIMARY KEY (tenant_id, code)
);

-- Who has which role where: `place` is `company` or the estate's id, so that a grant is unique
-- although NULLs are not. The user is an account or an API client.
CREATE TABLE grants (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    user_id    UUID NOT NULL,
    role       TEXT NOT NULL,
    place      TEXT NOT NULL,
    estate_id  UUID,
    zone       TEXT NOT NULL,
    granted_by TEXT,
    granted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id, role, place),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    CHECK ((place = 'company') = (estate_id IS NULL))
);
CREATE INDEX grants_role ON grants (tenant_id, role);",
        down: "DROP TABLE grants; DROP TABLE roles;",
        tenant_tables: &["roles", "grants"],
        append_only: &[],
        system_tables: &[],
    }
}
