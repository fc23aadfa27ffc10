//! The table of bill runs.

use db::Migration;

/// Bill runs with their progress.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123100500_bill_runs",
        up: "
CREATE TABLE bill_runs (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    start_month DATE NOT NULL,
    issued_on   DATE NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED')),
    holders     BOOLEAN NOT NULL,
    after_id    UUID,
    total       BIGINT NOT NULL,
    done        BIGINT NOT NULL,
    bills       BIGINT NOT NULL,
    lines       BIGINT NOT NULL,
    doubts      BIGINT NOT NULL,
    amount      BIGINT NOT NULL,
    failure     TEXT,
    started_by  UUID NOT NULL,
    started_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id)
);
-- Two people who start the same run at once start one.
CREATE UNIQUE INDEX bill_runs_open ON bill_runs (tenant_id, estate_id, start_month)
    WHERE state IN ('QUEUED', 'RUNNING');
CREATE INDEX bill_runs_of_estate ON bill_runs (tenant_id, estate_id, id);
",
        down: "DROP TABLE bill_runs;",
        tenant_tables: &["bill_runs"],
        append_only: &[],
        system_tables: &[],
    }
}
