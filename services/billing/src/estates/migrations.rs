//! The tables of the projections.

use db::Migration;

/// Estates with their billing terms, units, the people of units, parking spaces.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123100000_estates_units_members_spaces",
        up: "
CREATE TABLE estates (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    code      TEXT NOT NULL,
    name      TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    currency  TEXT NOT NULL,
    cycle     TEXT NOT NULL,
    due       TEXT NOT NULL,
    cut_over  DATE,
    PRIMARY KEY (tenant_id, id)
);

-- Residents and identity are heard separately: a unit may be known before its estate.
CREATE TABLE units (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    estate_id     UUID NOT NULL,
    building_id   UUID NOT NULL,
    building_code TEXT NOT NULL,
    label         TEXT NOT NULL,
    area          BIGINT NOT NULL,
    used_as       TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX units_of_estate ON units (tenant_id, estate_id, label);

CREATE TABLE unit_members (
    tenant_id UUID NOT NULL,
    unit_id   UUID NOT NULL,
    place     INTEGER NOT NULL,
    estate_id UUID NOT NULL,
    person_id UUID NOT NULL,
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    from_day  DATE NOT NULL,
    to_day    DATE,
    pays      BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, unit_id, place)
);
CREATE INDEX unit_members_of_person ON unit_members (tenant_id, person_id);

CREATE TABLE parking_spaces (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    label       TEXT NOT NULL,
    holder_id   UUID,
    holder_name TEXT,
    unit_id     UUID,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX parking_spaces_of_estate ON parking_spaces (tenant_id, estate_id, label);
",
        down: "DROP TABLE parking_spaces; DROP TABLE unit_members; DROP TABLE units; DROP TABLE estates;",
        tenant_tables: &["estates", "units", "unit_members", "parking_spaces"],
        append_only: &[],
        system_tables: &[],
    }
}

/// Names as staff see them; of what is there already a star, until residents tell of it again.
pub(crate) fn shown_names() -> Migration {
    Migration {
        name: "20261127100000_shown_names_of_members",
        up: "
ALTER TABLE unit_members ADD COLUMN shown_name TEXT NOT NULL DEFAULT '*';
ALTER TABLE parking_spaces ADD COLUMN holder_shown_name TEXT;
",
        down: "
ALTER TABLE parking_spaces DROP COLUMN holder_shown_name;
ALTER TABLE unit_members DROP COLUMN shown_name;
",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
