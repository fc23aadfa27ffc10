//! The tables of uploaded files and attachments.

use db::Migration;

/// Files, whose contents are in the file store, and to what they are attached.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201020200_attachments",
        up: "
CREATE TABLE files (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    name      TEXT NOT NULL,
    size      BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    state     TEXT NOT NULL,
    thumbnail UUID,
    made_by   UUID NOT NULL,
    made_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX files_thumbnail ON files (tenant_id, thumbnail);
CREATE TABLE attachments (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    parent_kind    TEXT NOT NULL,
    parent_id      UUID NOT NULL,
    estate_id      UUID NOT NULL,
    file_id        UUID NOT NULL,
    caption        TEXT,
    stage          TEXT NOT NULL,
    attached_by    UUID NOT NULL,
    attached_at    TIMESTAMPTZ NOT NULL,
    removed_at     TIMESTAMPTZ,
    removed_by     UUID,
    removal_reason TEXT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, file_id),
    FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id),
    CHECK ((removed_at IS NULL) = (removal_reason IS NULL))
);
CREATE INDEX attachments_of_parent ON attachments (tenant_id, parent_id, id);
",
        down: "DROP TABLE attachments; DROP TABLE files;",
        tenant_tables: &["files", "attachments"],
        append_only: &[],
        system_tables: &[],
    }
}
