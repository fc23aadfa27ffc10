//! The table of responders.

use db::Migration;

/// Who takes work.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201010000_responders",
        up: "CREATE TABLE responders (
            tenant_id     UUID NOT NULL,
            estate_id     UUID NOT NULL,
            user_id       UUID NOT NULL,
            level         TEXT NOT NULL,
            skills        TEXT NOT NULL,
            buildings     TEXT NOT NULL,
            on_duty_since TIMESTAMPTZ,
            PRIMARY KEY (tenant_id, estate_id, user_id)
        );",
        down: "DROP TABLE responders;",
        tenant_tables: &["responders"],
        append_only: &[],
        system_tables: &[],
    }
}
