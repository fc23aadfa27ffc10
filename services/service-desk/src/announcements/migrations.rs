//! The tables of announcements.

use db::Migration;

/// Announcements and who is to read them.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201053200_announcements",
        up: "
CREATE TABLE announcements (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    roles        TEXT NOT NULL,
    published_by UUID NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX announcements_of_estate ON announcements (tenant_id, estate_id, id);

-- Who had one of the posts when it was published.
CREATE TABLE announcement_readers (
    tenant_id       UUID NOT NULL,
    announcement_id UUID NOT NULL,
    user_id         UUID NOT NULL,
    read_at         TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, announcement_id, user_id),
    FOREIGN KEY (tenant_id, announcement_id) REFERENCES announcements (tenant_id, id)
);
",
        down: "DROP TABLE announcement_readers; DROP TABLE announcements;",
        tenant_tables: &["announcements", "announcement_readers"],
        append_only: &["announcements"],
        system_tables: &[],
    }
}
