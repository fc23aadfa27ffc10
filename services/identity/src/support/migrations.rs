//! Support grants.

use db::Migration;

/// Creates `support_grants`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123101100_support_grants",
        up: "-- A platform operator's request to look into the company; in force from the approval until
-- `until`, unless it is ended.
CREATE TABLE support_grants (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    operator_id   UUID NOT NULL,
    operator_name TEXT NOT NULL,
    reason        TEXT NOT NULL,
    hours         INTEGER NOT NULL CHECK (hours BETWEEN 1 AND 4),
    requested_at  TIMESTAMPTZ NOT NULL,
    approved_at   TIMESTAMPTZ,
    approved_by   UUID,
    until         TIMESTAMPTZ,
    ended_at      TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    CHECK ((approved_at IS NULL) = (until IS NULL))
);",
        down: "DROP TABLE support_grants;",
        tenant_tables: &["support_grants"],
        append_only: &[],
        system_tables: &[],
    }
}
