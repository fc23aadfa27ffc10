//! The table of announcements.

use db::{Migration, SystemTable};

/// The webhook inbox.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123203000_webhook_inbox",
        up: "
-- What was announced, once per account and event: ids and states only, no payload.
CREATE TABLE webhook_inbox (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    merchant_id  UUID NOT NULL,
    account      TEXT NOT NULL,
    event_id     TEXT NOT NULL,
    kind         TEXT NOT NULL,
    object_kind  TEXT,
    object_id    TEXT,
    received_at  TIMESTAMPTZ NOT NULL,
    processed_at TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account, event_id)
);
",
        down: "DROP TABLE webhook_inbox;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: const { &[SystemTable { name: "webhook_inbox", has_tenant: true }] },
    }
}
