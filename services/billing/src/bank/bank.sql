CREATE TABLE bank_accounts (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    name       TEXT NOT NULL,
    number     TEXT NOT NULL,
    currency   TEXT NOT NULL,
    opening    BIGINT NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, estate_id, number)
);

-- `hash` is of the lines, so that the same statement in another file name is the same.
CREATE TABLE bank_statements (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    account_id  UUID NOT NULL,
    estate_id   UUID NOT NULL,
    format      TEXT NOT NULL,
    file_name   TEXT NOT NULL,
    hash        TEXT NOT NULL,
    from_day    DATE NOT NULL,
    to_day      DATE NOT NULL,
    opening     BIGINT NOT NULL,
    closing     BIGINT NOT NULL,
    lines       INTEGER NOT NULL,
    imported_by UUID NOT NULL,
    imported_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_id, hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES bank_accounts (tenant_id, id)
);

-- Each line once, whatever statements overlap: `key` is the bank's reference or all it says.
CREATE TABLE bank_lines (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    account_id   UUID NOT NULL,
    estate_id    UUID NOT NULL,
    statement_id UUID NOT NULL,
    day          DATE NOT NULL,
    amount       BIGINT NOT NULL CHECK (amount <> 0),
    payer        TEXT NOT NULL,
    payer_number TEXT NOT NULL,
    text         TEXT NOT NULL,
    reference    TEXT NOT NULL,
    key          TEXT NOT NULL,
    matched      BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_id, key),
    FOREIGN KEY (tenant_id, account_id) REFERENCES bank_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, statement_id) REFERENCES bank_statements (tenant_id, id)
);
CREATE INDEX bank_lines_queue ON bank_lines (tenant_id, estate_id, matched, day, id);
CREATE INDEX bank_lines_days ON bank_lines (tenant_id, account_id, day);

-- What a line is, in parts that add up to it; undoing keeps the row. Without a line: an entry and
-- the one that undid it, which cancel out and never reached the bank.
CREATE TABLE bank_parts (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    line_id    UUID,
    estate_id  UUID NOT NULL,
    kind       TEXT NOT NULL,
    source     TEXT NOT NULL,
    amount     BIGINT NOT NULL CHECK (amount <> 0),
    day        DATE NOT NULL,
    entry_id   UUID,
    matched_by UUID NOT NULL,
    matched_at TIMESTAMPTZ NOT NULL,
    undone_by  UUID,
    undone_at  TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, line_id) REFERENCES bank_lines (tenant_id, id)
);
CREATE INDEX bank_parts_line ON bank_parts (tenant_id, line_id);
CREATE INDEX bank_parts_source ON bank_parts (tenant_id, estate_id, source) WHERE undone_at IS NULL;

CREATE TABLE bank_rules (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    estate_id     UUID NOT NULL,
    name          TEXT NOT NULL,
    payer         TEXT NOT NULL,
    payer_number  TEXT NOT NULL,
    text          TEXT NOT NULL,
    amount        BIGINT,
    kind          TEXT NOT NULL,
    account_id    UUID,
    created_by    UUID NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    removed_at    TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id)
);
CREATE INDEX bank_rules_estate ON bank_rules (tenant_id, estate_id, id);
