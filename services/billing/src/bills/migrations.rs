//! The tables of bills and their lines.

use db::Migration;

/// What settled which bill when, so that every day's debt can be told again; and what was waived.
/// `late_fee_open` says that a bill whose principal is settled may have a late fee left.
pub(crate) fn settlements() -> Migration {
    Migration {
        name: "20261127010100_settlements_of_bills",
        up: "
ALTER TABLE bills ADD COLUMN waived BIGINT NOT NULL DEFAULT 0 CHECK (waived >= 0);
ALTER TABLE bills ADD COLUMN late_fee_open BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE bill_settlements (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    bill_id   UUID NOT NULL,
    toward    TEXT NOT NULL CHECK (toward IN ('PRINCIPAL', 'LATE_FEE')),
    means     TEXT NOT NULL CHECK (means IN ('PAYMENT', 'PREPAYMENT', 'WAIVER')),
    amount    BIGINT NOT NULL CHECK (amount <> 0),
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, bill_id) REFERENCES bills (tenant_id, id)
);
CREATE INDEX bill_settlements_of_bill ON bill_settlements (tenant_id, bill_id, at);
",
        down: "DROP TABLE bill_settlements; ALTER TABLE bills DROP COLUMN late_fee_open; \
               ALTER TABLE bills DROP COLUMN waived;",
        tenant_tables: &["bill_settlements"],
        append_only: &["bill_settlements"],
        system_tables: &[],
    }
}

/// Bills and charges.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123100400_bills_and_charges",
        up: "
CREATE TABLE bills (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    account_id  UUID NOT NULL,
    unit_id     UUID,
    building_id UUID,
    run_id      UUID,
    entry_id    UUID NOT NULL,
    first_month DATE NOT NULL,
    last_month  DATE NOT NULL,
    issued_on   DATE NOT NULL,
    due         DATE NOT NULL,
    total       BIGINT NOT NULL CHECK (total > 0),
    settled     BIGINT NOT NULL CHECK (settled BETWEEN 0 AND total),
    prepaid     BIGINT NOT NULL CHECK (prepaid BETWEEN 0 AND settled),
    voided_on   DATE,
    void_reason TEXT,
    replaces    UUID,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, replaces),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES ledger_entries (tenant_id, id),
    FOREIGN KEY (tenant_id, replaces) REFERENCES bills (tenant_id, id)
);
CREATE INDEX bills_of_account ON bills (tenant_id, account_id, due);
CREATE INDEX bills_of_unit ON bills (tenant_id, unit_id);
CREATE INDEX bills_of_estate ON bills (tenant_id, estate_id, first_month);
CREATE INDEX bills_of_run ON bills (tenant_id, run_id);

-- The same days of the same source are charged to an account once; a reversal raises the revision.
CREATE TABLE charges (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    bill_id     UUID NOT NULL,
    account_id  UUID NOT NULL,
    estate_id   UUID NOT NULL,
    building_id UUID,
    item_id     UUID NOT NULL,
    source      TEXT NOT NULL,
    standard_id UUID,
    payer       TEXT NOT NULL,
    month       DATE NOT NULL,
    from_day    DATE NOT NULL,
    to_day      DATE NOT NULL,
    amount      BIGINT NOT NULL CHECK (amount >= 0),
    explanation TEXT,
    description TEXT,
    revision    INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_id, source, from_day, revision),
    FOREIGN KEY (tenant_id, bill_id) REFERENCES bills (tenant_id, id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES fee_items (tenant_id, id),
    FOREIGN KEY (tenant_id, standard_id) REFERENCES fee_standards (tenant_id, id)
);
CREATE INDEX charges_of_bill ON charges (tenant_id, bill_id);
CREATE INDEX charges_of_month ON charges (tenant_id, estate_id, month);
CREATE INDEX charges_of_source ON charges (tenant_id, source, month);
",
        down: "DROP TABLE charges; DROP TABLE bills;",
        tenant_tables: &["bills", "charges"],
        append_only: &["charges"],
        system_tables: &[],
    }
}
