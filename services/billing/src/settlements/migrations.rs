//! The tables of settlements at leaving.

use db::Migration;

/// Settlements, and what was credited of charged lines.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127030100_settlements_at_leaving_and_credit_notes",
        up: "
-- `command` is what was asked for and `sheet` what it came to, both in JSON.
CREATE TABLE leavings (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    estate_id      UUID NOT NULL,
    account_id     UUID NOT NULL,
    command        TEXT NOT NULL,
    sheet          TEXT NOT NULL,
    state          TEXT NOT NULL,
    till           TEXT NOT NULL,
    prepared_by    UUID NOT NULL,
    prepared_at    TIMESTAMPTZ NOT NULL,
    decided_by     UUID,
    decided_at     TIMESTAMPTZ,
    decision       TEXT,
    refunds        TEXT NOT NULL,
    bill_id        UUID,
    successor_bill UUID,
    paid_by        UUID,
    paid_on        DATE,
    paid_at        TIMESTAMPTZ,
    signed_by      TEXT,
    bank_reference TEXT,
    PRIMARY KEY (tenant_id, id),
    CHECK (state NOT IN ('APPROVED', 'SETTLED') OR decided_by <> prepared_by),
    CHECK (paid_by IS NULL OR paid_by <> decided_by),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id)
);
CREATE INDEX leavings_of_estate ON leavings (tenant_id, estate_id, id);
CREATE INDEX leavings_of_account ON leavings (tenant_id, account_id, id);
CREATE UNIQUE INDEX leavings_prepared ON leavings (tenant_id, account_id) WHERE state = 'PREPARED';

-- A line is credited once; the line itself stays as it was issued.
CREATE TABLE credit_notes (
    tenant_id  UUID NOT NULL,
    charge_id  UUID NOT NULL,
    leaving_id UUID NOT NULL,
    account_id UUID NOT NULL,
    estate_id  UUID NOT NULL,
    bill_id    UUID NOT NULL,
    item_id    UUID NOT NULL,
    month      DATE NOT NULL,
    from_day   DATE NOT NULL,
    to_day     DATE NOT NULL,
    amount     BIGINT NOT NULL CHECK (amount > 0),
    entry_id   UUID NOT NULL,
    at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, charge_id),
    FOREIGN KEY (tenant_id, charge_id) REFERENCES charges (tenant_id, id),
    FOREIGN KEY (tenant_id, leaving_id) REFERENCES leavings (tenant_id, id),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES ledger_entries (tenant_id, id)
);
CREATE INDEX credit_notes_of_account ON credit_notes (tenant_id, account_id);
CREATE INDEX credit_notes_of_bill ON credit_notes (tenant_id, bill_id);
CREATE INDEX credit_notes_of_month ON credit_notes (tenant_id, estate_id, month);
",
        down: "DROP TABLE credit_notes; DROP TABLE leavings;",
        tenant_tables: &["leavings", "credit_notes"],
        append_only: &["credit_notes"],
        system_tables: &[],
    }
}
