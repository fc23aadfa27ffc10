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

const CARE: &str = "
-- One column says whose a file is: an attachment takes it, or its day is over; never both.
ALTER TABLE files ADD COLUMN attached BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE attachments ADD COLUMN internal BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX files_left ON files (tenant_id, made_by) WHERE NOT attached;
-- postgres
-- Their owner sees the rows of every company while they are marked.
ALTER TABLE files NO FORCE ROW LEVEL SECURITY;
ALTER TABLE attachments NO FORCE ROW LEVEL SECURITY;
-- end
UPDATE files SET attached = TRUE WHERE EXISTS (SELECT 1 FROM attachments a
    WHERE a.tenant_id = files.tenant_id AND a.file_id = files.id);
-- postgres
ALTER TABLE attachments FORCE ROW LEVEL SECURITY;
ALTER TABLE files FORCE ROW LEVEL SECURITY;
-- end
";

/// Which files nobody attached, and which attachments only staff see.
pub(crate) const fn care_migration() -> Migration {
    Migration {
        name: "20261202060000_care_of_files",
        up: CARE,
        down: "DROP INDEX files_left; ALTER TABLE attachments DROP COLUMN internal; \
               ALTER TABLE files DROP COLUMN attached;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
