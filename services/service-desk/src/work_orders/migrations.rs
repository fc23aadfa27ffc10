//! The tables of work orders.

use db::Migration;

/// Categories, prices, orders, their timeline, incidents.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201031000_work_orders",
        up: TABLES,
        down: "DROP TABLE work_order_numbers; DROP TABLE work_order_steps; DROP TABLE work_orders;
               DROP TABLE incident_places; DROP TABLE incidents; DROP TABLE work_prices;
               DROP TABLE work_categories;",
        tenant_tables: &[
            "work_categories",
            "work_prices",
            "incidents",
            "incident_places",
            "work_orders",
            "work_order_steps",
            "work_order_numbers",
        ],
        append_only: &["incident_places", "work_order_steps"],
        system_tables: &[],
    }
}

/// Who was told of an incident, and which orders were merged into one.
pub(crate) const fn told() -> Migration {
    Migration {
        name: "20261201072100_incident_recipients",
        up: "
CREATE TABLE incident_recipients (
    tenant_id   UUID NOT NULL,
    incident_id UUID NOT NULL,
    person_id   UUID NOT NULL,
    unit_id     UUID NOT NULL,
    told        BOOLEAN NOT NULL,
    told_over   BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, incident_id, person_id),
    FOREIGN KEY (tenant_id, incident_id) REFERENCES incidents (tenant_id, id)
);
CREATE INDEX work_orders_merged ON work_orders (tenant_id, merged_into)
    WHERE merged_into IS NOT NULL;
",
        down: "DROP INDEX work_orders_merged; DROP TABLE incident_recipients;",
        tenant_tables: &["incident_recipients"],
        append_only: &[],
        system_tables: &[],
    }
}

/// Who knows of an incident what is not so any more.
pub(crate) const fn news() -> Migration {
    Migration {
        name: "20261202063000_news_of_incidents",
        up: "ALTER TABLE incident_recipients ADD COLUMN stale BOOLEAN NOT NULL DEFAULT FALSE;",
        down: "ALTER TABLE incident_recipients DROP COLUMN stale;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

/// The tables, in the order in which they refer to each other.
const TABLES: &str = "
CREATE TABLE work_categories (
    tenant_id   UUID NOT NULL,
    estate_id   UUID NOT NULL,
    code        TEXT NOT NULL,
    parent      TEXT,
    name_zh     TEXT NOT NULL,
    name_en     TEXT NOT NULL,
    skill       TEXT,
    sla_code    TEXT NOT NULL,
    public_part BOOLEAN NOT NULL,
    active      BOOLEAN NOT NULL,
    version     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, code)
);
CREATE TABLE work_prices (
    tenant_id     UUID NOT NULL,
    estate_id     UUID NOT NULL,
    code          TEXT NOT NULL,
    name_zh       TEXT NOT NULL,
    name_en       TEXT NOT NULL,
    unit          TEXT NOT NULL,
    price         BIGINT NOT NULL CHECK (price > 0),
    kind          TEXT NOT NULL,
    warranty_days INTEGER NOT NULL CHECK (warranty_days >= 0),
    active        BOOLEAN NOT NULL,
    version       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, code)
);
CREATE TABLE incidents (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    category     TEXT NOT NULL,
    message_zh   TEXT NOT NULL,
    message_en   TEXT NOT NULL,
    expected_end TIMESTAMPTZ,
    reported_by  UUID NOT NULL,
    reported_at  TIMESTAMPTZ NOT NULL,
    resolved_by  UUID,
    resolved_at  TIMESTAMPTZ,
    version      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX incidents_of_estate ON incidents (tenant_id, estate_id, id);
CREATE TABLE incident_places (
    tenant_id   UUID NOT NULL,
    incident_id UUID NOT NULL,
    place       INTEGER NOT NULL,
    building_id UUID,
    unit_id     UUID,
    PRIMARY KEY (tenant_id, incident_id, place),
    FOREIGN KEY (tenant_id, incident_id) REFERENCES incidents (tenant_id, id)
);
CREATE TABLE work_orders (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    estate_id      UUID NOT NULL,
    number         TEXT NOT NULL,
    unit_id        UUID,
    building_id    UUID,
    place          TEXT,
    category       TEXT NOT NULL,
    public_part    BOOLEAN NOT NULL,
    reporter_id    UUID,
    contact_id     UUID,
    urgency        TEXT NOT NULL,
    description    TEXT NOT NULL,
    appointment    TIMESTAMPTZ,
    state          TEXT NOT NULL,
    open           BOOLEAN NOT NULL,
    assignee       UUID,
    quote          TEXT,
    warranty_of    UUID,
    warranty_until TIMESTAMPTZ,
    merged_into    UUID,
    incident_id    UUID,
    signature      TEXT,
    created_by     UUID NOT NULL,
    created_at     TIMESTAMPTZ NOT NULL,
    done_at        TIMESTAMPTZ,
    version        INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, estate_id, number),
    FOREIGN KEY (tenant_id, incident_id) REFERENCES incidents (tenant_id, id),
    FOREIGN KEY (tenant_id, merged_into) REFERENCES work_orders (tenant_id, id),
    FOREIGN KEY (tenant_id, warranty_of) REFERENCES work_orders (tenant_id, id)
);
CREATE INDEX work_orders_of_estate ON work_orders (tenant_id, estate_id, id);
CREATE INDEX work_orders_of_unit ON work_orders (tenant_id, unit_id, category);
CREATE INDEX work_orders_of_reporter ON work_orders (tenant_id, reporter_id);
CREATE INDEX work_orders_open ON work_orders (tenant_id, estate_id, assignee) WHERE open;
CREATE INDEX work_orders_of_incident ON work_orders (tenant_id, incident_id);
CREATE TABLE work_order_steps (
    tenant_id UUID NOT NULL,
    order_id  UUID NOT NULL,
    place     INTEGER NOT NULL,
    action    TEXT NOT NULL,
    state     TEXT NOT NULL,
    assignee  UUID,
    by_user   UUID NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    note      TEXT,
    PRIMARY KEY (tenant_id, order_id, place),
    FOREIGN KEY (tenant_id, order_id) REFERENCES work_orders (tenant_id, id)
);
CREATE TABLE work_order_numbers (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    month     TEXT NOT NULL,
    last      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, month)
);
";
