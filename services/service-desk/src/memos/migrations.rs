//! The table of contact sheets.

use db::Migration;

/// Contact sheets.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201053000_memos",
        up: "CREATE TABLE memos (
            tenant_id    UUID NOT NULL,
            id           UUID NOT NULL,
            estate_id    UUID NOT NULL,
            from_user    UUID NOT NULL,
            to_whom      TEXT NOT NULL,
            matter       TEXT NOT NULL,
            body         TEXT NOT NULL,
            sent_at      TIMESTAMPTZ NOT NULL,
            receive_by   TIMESTAMPTZ NOT NULL,
            reply_by     TIMESTAMPTZ NOT NULL,
            state        TEXT NOT NULL,
            received_by  UUID,
            received_at  TIMESTAMPTZ,
            reply        TEXT,
            replied_by   UUID,
            replied_at   TIMESTAMPTZ,
            confirmed_at TIMESTAMPTZ,
            version      INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        CREATE INDEX memos_of_estate ON memos (tenant_id, estate_id, state, id);",
        down: "DROP TABLE memos;",
        tenant_tables: &["memos"],
        append_only: &[],
        system_tables: &[],
    }
}
