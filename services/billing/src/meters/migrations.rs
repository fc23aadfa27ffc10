//! The tables of meters and readings.

use db::Migration;

/// Meters and their readings.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127020000_meters_and_readings",
        up: "
CREATE TABLE meters (
    tenant_id         UUID NOT NULL,
    id                UUID NOT NULL,
    estate_id         UUID NOT NULL,
    place_id          UUID,
    is_space          BOOLEAN NOT NULL,
    building_id       UUID,
    kind              TEXT NOT NULL,
    serial            TEXT NOT NULL,
    multiplier        BIGINT NOT NULL CHECK (multiplier > 0),
    digits            INTEGER NOT NULL CHECK (digits BETWEEN 3 AND 9),
    item_id           UUID,
    installed_on      DATE NOT NULL,
    installed_reading BIGINT NOT NULL CHECK (installed_reading >= 0),
    used_before       BIGINT NOT NULL CHECK (used_before >= 0),
    removed_on        DATE,
    removed_reading   BIGINT,
    removed_rollover  BOOLEAN NOT NULL,
    replaces          UUID,
    created_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, replaces),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES fee_items (tenant_id, id),
    FOREIGN KEY (tenant_id, replaces) REFERENCES meters (tenant_id, id),
    CHECK ((removed_on IS NULL) = (removed_reading IS NULL))
);
-- Two meters that stand have different numbers.
CREATE UNIQUE INDEX meters_serial ON meters (tenant_id, estate_id, kind, serial)
    WHERE removed_on IS NULL;
CREATE INDEX meters_of_estate ON meters (tenant_id, estate_id, id);
CREATE INDEX meters_of_place ON meters (tenant_id, place_id);

-- A correction is a new revision of the same day; the last one stands.
CREATE TABLE meter_readings (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    meter_id  UUID NOT NULL,
    day       DATE NOT NULL,
    revision  INTEGER NOT NULL,
    value     BIGINT NOT NULL CHECK (value >= 0),
    rollover  BOOLEAN NOT NULL,
    source    TEXT NOT NULL,
    estimated BOOLEAN NOT NULL,
    note      TEXT,
    reason    TEXT,
    by_user   UUID NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, meter_id, day, revision),
    FOREIGN KEY (tenant_id, meter_id) REFERENCES meters (tenant_id, id)
);
",
        down: "DROP TABLE meter_readings; DROP TABLE meters;",
        tenant_tables: &["meters", "meter_readings"],
        append_only: &["meter_readings"],
        system_tables: &[],
    }
}
