//! The versions of the policy.

use db::{Migration, SystemTable};

/// Creates `policy_changes`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123100200_policy_changes",
        up: "-- One row a company with the version of its last change; the row of the nil company holds the
-- newest version. Whoever changes a policy holds that row until the commit, so versions become
-- visible in their order and a reader never misses one.
CREATE TABLE policy_changes (
    tenant_id UUID PRIMARY KEY,
    version   BIGINT NOT NULL
);
CREATE INDEX policy_changes_version ON policy_changes (version);
-- postgres
INSERT INTO policy_changes VALUES ('00000000-0000-0000-0000-000000000000', 1);
-- end
-- sqlite
INSERT INTO policy_changes VALUES (x'00000000000000000000000000000000', 1);
-- end",
        down: "DROP TABLE policy_changes;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[SystemTable { name: "policy_changes", has_tenant: false }],
    }
}
