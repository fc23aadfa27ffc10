-- A row that says what a meter showed is about nobody, and its amount is zero.
-- postgres
ALTER TABLE opening_rows DROP CONSTRAINT opening_rows_check;
ALTER TABLE opening_rows ADD CONSTRAINT opening_rows_check
    CHECK (state = 'WRONG' OR (row_key IS NOT NULL
        AND (kind = 'METER_READING' OR party_id IS NOT NULL AND amount > 0)));
-- end
-- sqlite
CREATE TABLE opening_rows_new (
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
    deposit_id UUID,
    PRIMARY KEY (tenant_id, opening_id, place),
    FOREIGN KEY (tenant_id, opening_id) REFERENCES openings (tenant_id, id),
    CHECK (state = 'WRONG' OR (row_key IS NOT NULL
        AND (kind = 'METER_READING' OR party_id IS NOT NULL AND amount > 0)))
);
INSERT INTO opening_rows_new SELECT * FROM opening_rows;
DROP TABLE opening_rows;
ALTER TABLE opening_rows_new RENAME TO opening_rows;
CREATE UNIQUE INDEX opening_rows_once ON opening_rows (tenant_id, estate_id, row_key)
    WHERE state = 'POSTED';
CREATE INDEX opening_rows_of_key ON opening_rows (tenant_id, opening_id, row_key);
CREATE INDEX opening_rows_of_state ON opening_rows (tenant_id, opening_id, state, place);
-- end
ALTER TABLE opening_rows ADD COLUMN meter_number TEXT;
ALTER TABLE opening_rows ADD COLUMN reading BIGINT CHECK (reading >= 0);
ALTER TABLE opening_rows ADD COLUMN read_on DATE;
ALTER TABLE opening_rows ADD COLUMN meter_id UUID;
ALTER TABLE opening_rows ADD COLUMN reading_id UUID;
