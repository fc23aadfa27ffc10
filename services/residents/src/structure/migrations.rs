//! The tables of buildings, entrances and units.

use db::Migration;

/// Buildings, entrances, units.
pub const fn migration() -> Migration {
    Migration {
        name: "20261123100100_buildings_and_units",
        up: "CREATE TABLE buildings (
            tenant_id UUID NOT NULL,
            id        UUID NOT NULL,
            estate_id UUID NOT NULL,
            code      TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 40),
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, estate_id, code),
            FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id)
        );
        CREATE TABLE entrances (
            tenant_id   UUID NOT NULL,
            id          UUID NOT NULL,
            building_id UUID NOT NULL,
            code        TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 40),
            floors      BIGINT,
            lift        BOOLEAN,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, building_id, code),
            FOREIGN KEY (tenant_id, building_id) REFERENCES buildings (tenant_id, id)
        );
        CREATE TABLE units (
            tenant_id     UUID NOT NULL,
            id            UUID NOT NULL,
            estate_id     UUID NOT NULL,
            building_id   UUID NOT NULL,
            building_code TEXT NOT NULL,
            entrance_code TEXT NOT NULL,
            number        TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 40),
            label         TEXT NOT NULL,
            floor         BIGINT,
            layout        TEXT,
            gross_area    BIGINT NOT NULL CHECK (gross_area > 0),
            net_area      BIGINT CHECK (net_area > 0),
            used_as       TEXT NOT NULL CHECK (used_as IN ('residential', 'shop', 'office', 'other')),
            state         TEXT NOT NULL CHECK (state IN ('in_use', 'vacant', 'renovating', 'unsold')),
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, estate_id, label),
            FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
            FOREIGN KEY (tenant_id, building_id) REFERENCES buildings (tenant_id, id)
        );
        -- The search finds a unit by its door number alone.
        CREATE INDEX units_number ON units (tenant_id, estate_id, number);
        CREATE INDEX units_building ON units (tenant_id, building_id, label);",
        down: "DROP TABLE units; DROP TABLE entrances; DROP TABLE buildings;",
        tenant_tables: &["buildings", "entrances", "units"],
        append_only: &[],
        system_tables: &[],
    }
}

/// The search finds a unit by the beginning of its label. Outside the C locale PostgreSQL looks for
/// beginnings only in an index that compares bytes; without it, it reads every unit of the company.
pub const fn label_prefixes() -> Migration {
    Migration {
        name: "20261126200000_units_by_the_beginning_of_their_label",
        up: "-- postgres
CREATE INDEX units_label_prefix ON units (tenant_id, estate_id, label text_pattern_ops);
-- end
",
        down: "DROP INDEX IF EXISTS units_label_prefix;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
