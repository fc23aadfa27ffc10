//! The tables of complaints.

use db::Migration;

const UP: &str = "
CREATE TABLE complaint_numbers (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    month     DATE NOT NULL,
    last      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, month)
);
CREATE TABLE complaints (
    tenant_id          UUID NOT NULL,
    id                 UUID NOT NULL,
    estate_id          UUID NOT NULL,
    month              DATE NOT NULL,
    number             INTEGER NOT NULL,
    channel            TEXT NOT NULL,
    person_id          UUID,
    unit_id            UUID,
    walk_in_name       TEXT,
    anonymous          BOOLEAN NOT NULL,
    subjects           TEXT NOT NULL,
    about_unit_id      UUID,
    building_id        UUID,
    class              TEXT NOT NULL,
    facts              TEXT NOT NULL,
    demand             TEXT,
    recorded_by        UUID NOT NULL,
    received_at        TIMESTAMPTZ NOT NULL,
    first_due_at       TIMESTAMPTZ NOT NULL,
    first_responded_at TIMESTAMPTZ,
    ground             TEXT,
    valid              BOOLEAN,
    handler            UUID,
    due_at             TIMESTAMPTZ NOT NULL,
    proposed_until     TIMESTAMPTZ,
    proposed_reason    TEXT,
    state              TEXT NOT NULL,
    escalated_to       TEXT,
    result             TEXT,
    cause              TEXT,
    department         TEXT,
    responsible        UUID,
    preventive         TEXT,
    compensation       TEXT,
    resolved_at        TIMESTAMPTZ,
    revisit_reference  UUID,
    rating             TEXT,
    outcome            TEXT,
    closed_at          TIMESTAMPTZ,
    reopened           INTEGER NOT NULL,
    repeat_of          UUID,
    same_cause         UUID,
    version            INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, estate_id, month, number),
    CHECK (closed_at IS NULL OR outcome IS NOT NULL)
);
CREATE INDEX complaints_of_estate ON complaints (tenant_id, estate_id, state, id);
CREATE INDEX complaints_of_person ON complaints (tenant_id, person_id);
CREATE INDEX complaints_of_unit ON complaints (tenant_id, unit_id, class, received_at);
CREATE INDEX complaints_of_place ON complaints (tenant_id, estate_id, building_id, received_at);
CREATE INDEX complaints_of_handler ON complaints (tenant_id, handler, state);
CREATE INDEX complaints_of_revisit ON complaints (tenant_id, revisit_reference);
CREATE TABLE complaint_acts (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    complaint_id UUID NOT NULL,
    place        INTEGER NOT NULL,
    at           TIMESTAMPTZ NOT NULL,
    made_by      UUID NOT NULL,
    kind         TEXT NOT NULL,
    words        TEXT,
    shared       BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id)
);
CREATE INDEX complaint_acts_of_complaint ON complaint_acts (tenant_id, complaint_id, place);
";

/// Complaints, their timelines and their numbers.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201041000_complaints",
        up: UP,
        down: "DROP TABLE complaint_acts; DROP TABLE complaints; DROP TABLE complaint_numbers;",
        tenant_tables: &["complaint_numbers", "complaints", "complaint_acts"],
        append_only: &["complaint_acts"],
        system_tables: &[],
    }
}
