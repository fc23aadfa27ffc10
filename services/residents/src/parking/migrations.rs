//! The tables of parking spaces and vehicles.

use db::Migration;

/// Parking spaces and vehicles.
pub const fn migration() -> Migration {
    Migration {
        name: "20261123100400_parking",
        up: "CREATE TABLE parking_spaces (
            tenant_id UUID NOT NULL,
            id        UUID NOT NULL,
            estate_id UUID NOT NULL,
            lot       TEXT NOT NULL,
            code      TEXT NOT NULL,
            kind      TEXT CHECK (kind IN ('ground', 'underground')),
            area      BIGINT CHECK (area > 0),
            tenure    TEXT CHECK (tenure IN ('sold', 'leased')),
            holder_id UUID,
            unit_id   UUID,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, estate_id, lot, code),
            FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
            FOREIGN KEY (tenant_id, holder_id) REFERENCES persons (tenant_id, id),
            FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id)
        );
        CREATE TABLE vehicles (
            tenant_id UUID NOT NULL,
            id        UUID NOT NULL,
            estate_id UUID NOT NULL,
            plate     TEXT NOT NULL CHECK (length(plate) BETWEEN 1 AND 20),
            brand     TEXT,
            kind      TEXT CHECK (kind IN ('car', 'bus', 'truck')),
            colour    TEXT,
            holder_id UUID,
            space_id  UUID,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, estate_id, plate),
            FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
            FOREIGN KEY (tenant_id, holder_id) REFERENCES persons (tenant_id, id),
            FOREIGN KEY (tenant_id, space_id) REFERENCES parking_spaces (tenant_id, id)
        );
        -- The vehicles of a household.
        CREATE INDEX vehicles_holder ON vehicles (tenant_id, holder_id);",
        down: "DROP TABLE vehicles; DROP TABLE parking_spaces;",
        tenant_tables: &["parking_spaces", "vehicles"],
        append_only: &[],
        system_tables: &[],
    }
}
