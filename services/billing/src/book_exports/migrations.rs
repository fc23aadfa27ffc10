//! The table of exports.

use db::Migration;

/// Exports of the books with their progress.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127060800_exports_of_the_books",
        up: "
CREATE TABLE book_exports (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('JOURNAL', 'REPORTS')),
    format       TEXT NOT NULL CHECK (format IN ('XLSX', 'CSV')),
    english      BOOLEAN NOT NULL,
    from_month   DATE NOT NULL,
    to_month     DATE NOT NULL CHECK (to_month >= from_month),
    state        TEXT NOT NULL CHECK (state IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED')),
    total        BIGINT NOT NULL,
    done         BIGINT NOT NULL,
    file_id      UUID,
    requested_by UUID NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    CHECK ((state = 'DONE') = (file_id IS NOT NULL))
);
CREATE INDEX book_exports_of_estate ON book_exports (tenant_id, estate_id, id);
",
        down: "DROP TABLE book_exports;",
        tenant_tables: &["book_exports"],
        append_only: &[],
        system_tables: &[],
    }
}
