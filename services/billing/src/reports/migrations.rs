//! The table of frozen reports.

use db::Migration;

/// The reports of closed months, a version for each time a month was closed.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127060400_frozen_reports",
        up: "
CREATE TABLE month_reports (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    month     DATE NOT NULL,
    version   INTEGER NOT NULL CHECK (version >= 1),
    body      TEXT NOT NULL,
    frozen_by UUID NOT NULL,
    frozen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, month, version),
    FOREIGN KEY (tenant_id, estate_id, month) REFERENCES book_months (tenant_id, estate_id, month)
        DEFERRABLE INITIALLY DEFERRED
);
",
        down: "DROP TABLE month_reports;",
        tenant_tables: &["month_reports"],
        append_only: &["month_reports"],
        system_tables: &[],
    }
}
