//! The tables of meetings and tasks.

use db::Migration;

/// Meetings and the tasks they decide.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201053100_meetings_and_tasks",
        up: "
CREATE TABLE meetings (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    kind        TEXT NOT NULL,
    held_on     DATE NOT NULL,
    title       TEXT NOT NULL,
    minutes     TEXT NOT NULL,
    present     TEXT NOT NULL,
    absent      TEXT NOT NULL,
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX meetings_of_estate ON meetings (tenant_id, estate_id, id);

CREATE TABLE desk_tasks (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    meeting_id  UUID NOT NULL,
    owner_id    UUID NOT NULL,
    decision    TEXT NOT NULL,
    due         DATE NOT NULL,
    state       TEXT NOT NULL,
    done_on     DATE,
    result      TEXT,
    verified_by UUID,
    verified_at TIMESTAMPTZ,
    version     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, meeting_id) REFERENCES meetings (tenant_id, id)
);
CREATE INDEX desk_tasks_of_estate ON desk_tasks (tenant_id, estate_id, due, id);
CREATE INDEX desk_tasks_of_meeting ON desk_tasks (tenant_id, meeting_id);
",
        down: "DROP TABLE desk_tasks; DROP TABLE meetings;",
        tenant_tables: &["meetings", "desk_tasks"],
        append_only: &["meetings"],
        system_tables: &[],
    }
}

/// Why a task was given to somebody else or cancelled.
pub(crate) const fn reasons_migration() -> Migration {
    Migration {
        name: "20261202054000_reasons_of_desk_tasks",
        up: "ALTER TABLE desk_tasks ADD COLUMN reason TEXT;",
        down: "ALTER TABLE desk_tasks DROP COLUMN reason;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
