//! The tables of visits.

use db::Migration;

/// Plans, visits and promises.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201052000_visits",
        up: "
CREATE TABLE visit_plans (
    tenant_id   UUID NOT NULL,
    estate_id   UUID NOT NULL,
    month       DATE NOT NULL,
    unit_id     UUID NOT NULL,
    officer_id  UUID NOT NULL,
    building_id UUID NOT NULL,
    label       TEXT NOT NULL,
    planned_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, month, unit_id)
);

CREATE TABLE visits (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    unit_id     UUID NOT NULL,
    building_id UUID NOT NULL,
    officer_id  UUID NOT NULL,
    day         DATE NOT NULL,
    who         TEXT NOT NULL,
    topics      TEXT NOT NULL,
    mood        TEXT NOT NULL,
    needs       TEXT,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX visits_of_estate ON visits (tenant_id, estate_id, day);
CREATE INDEX visits_of_unit ON visits (tenant_id, unit_id, day);

CREATE TABLE visit_promises (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    visit_id    UUID NOT NULL,
    estate_id   UUID NOT NULL,
    unit_id     UUID NOT NULL,
    building_id UUID NOT NULL,
    officer_id  UUID NOT NULL,
    promise     TEXT NOT NULL,
    due         DATE NOT NULL,
    state       TEXT NOT NULL,
    note        TEXT,
    settled_by  UUID,
    settled_at  TIMESTAMPTZ,
    version     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, visit_id) REFERENCES visits (tenant_id, id)
);
CREATE INDEX visit_promises_of_estate ON visit_promises (tenant_id, estate_id, state, due);
",
        down: "DROP TABLE visit_promises; DROP TABLE visits; DROP TABLE visit_plans;",
        tenant_tables: &["visit_plans", "visits", "visit_promises"],
        append_only: &["visits"],
        system_tables: &[],
    }
}
