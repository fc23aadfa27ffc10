//! The tables of opening balances.

use db::Migration;

/// Drafts and their rows.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127080000_opening_balances_and_rows",
        up: "
-- `booked_on` is the day before the cut-over; everything of the draft is posted on it.
CREATE TABLE openings (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    cut_over   DATE NOT NULL,
    state      TEXT NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMPTZ,
    reversed_by UUID,
    reversed_at TIMESTAMPTZ,
    reason     TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    CHECK (state NOT IN ('POSTED', 'REVERSED') OR decided_by <> created_by)
);
CREATE INDEX openings_of_estate ON openings (tenant_id, estate_id, id);

-- A row as it was given, what it was found to mean, and what it became. The key says what the row
-- is about: of one key only one row stands posted, so that the same file brings nothing twice.
CREATE TABLE opening_rows (
    tenant_id  UUID NOT NULL,
    opening_id UUID NOT NULL,
    place      INTEGER NOT NULL,
    estate_id  UUID NOT NULL,
    kind       TEXT NOT NULL,
    unit_label TEXT,
    payer_name TEXT,
    account_id UUID,
    item_code  TEXT,
    month      TEXT,
    due        DATE,
    amount     BIGINT NOT NULL,
    note       TEXT,
    state      TEXT NOT NULL,
    problem    TEXT,
    row_key    TEXT,
    party_id   UUID,
    unit_id    UUID,
    item_id    UUID,
    bill_id    UUID,
    entry_id   UUID,
    PRIMARY KEY (tenant_id, opening_id, place),
    FOREIGN KEY (tenant_id, opening_id) REFERENCES openings (tenant_id, id),
    CHECK (state = 'WRONG' OR (row_key IS NOT NULL AND party_id IS NOT NULL AND amount > 0))
);
CREATE UNIQUE INDEX opening_rows_once ON opening_rows (tenant_id, estate_id, row_key)
    WHERE state = 'POSTED';
CREATE INDEX opening_rows_of_key ON opening_rows (tenant_id, opening_id, row_key);
CREATE INDEX opening_rows_of_state ON opening_rows (tenant_id, opening_id, state, place);
",
        down: "DROP TABLE opening_rows; DROP TABLE openings;",
        tenant_tables: &["openings", "opening_rows"],
        append_only: &[],
        system_tables: &[],
    }
}

/// Last readings of meters among the rows: they are about nobody, and no money.
pub(crate) fn readings_migration() -> Migration {
    Migration {
        name: "20261129020000_meter_readings_of_opening_balances",
        up: include_str!("readings.sql"),
        down: "DELETE FROM opening_rows WHERE kind = 'METER_READING'; \
               ALTER TABLE opening_rows DROP COLUMN meter_number; \
               ALTER TABLE opening_rows DROP COLUMN reading; \
               ALTER TABLE opening_rows DROP COLUMN read_on; \
               ALTER TABLE opening_rows DROP COLUMN meter_id; \
               ALTER TABLE opening_rows DROP COLUMN reading_id;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

/// Opening balances from files: of one file only one draft or posting stands in an estate.
pub(crate) fn files_migration() -> Migration {
    Migration {
        name: "20261129030000_files_of_opening_balances",
        up: "
ALTER TABLE openings ADD COLUMN file_name TEXT;
ALTER TABLE openings ADD COLUMN file_hash TEXT;
CREATE UNIQUE INDEX openings_of_file ON openings (tenant_id, estate_id, file_hash)
    WHERE state IN ('DRAFT', 'POSTED');
",
        down: "DROP INDEX openings_of_file; ALTER TABLE openings DROP COLUMN file_hash; \
               ALTER TABLE openings DROP COLUMN file_name;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
