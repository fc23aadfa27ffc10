//! Tables of invoices.

use db::Migration;

/// Tax classes, sellers and titles.
pub(crate) fn settings_migration() -> Migration {
    Migration {
        name: "20261127070100_invoice_settings",
        up: "
-- How a fee item is taxed from a day on; a later row takes the place of an earlier one.
CREATE TABLE invoice_tax_classes (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID NOT NULL,
    item_id   UUID NOT NULL,
    from_day  DATE NOT NULL,
    rate      BIGINT NOT NULL CHECK (rate BETWEEN 0 AND 1000000),
    code      TEXT NOT NULL,
    name      TEXT NOT NULL,
    set_by    UUID NOT NULL,
    set_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, item_id, from_day),
    FOREIGN KEY (tenant_id, item_id) REFERENCES fee_items (tenant_id, id)
);
CREATE INDEX invoice_tax_classes_of_estate ON invoice_tax_classes (tenant_id, estate_id, id);

-- The company as seller; the highest version counts, invoices keep the one they were asked with.
CREATE TABLE invoice_sellers (
    tenant_id UUID NOT NULL,
    version   BIGINT NOT NULL,
    seller    TEXT NOT NULL,
    set_by    UUID NOT NULL,
    set_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, version)
);

-- Names under which an account wants its invoices.
CREATE TABLE invoice_titles (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    account_id UUID NOT NULL,
    name       TEXT NOT NULL,
    tax_number TEXT,
    kept_by    UUID NOT NULL,
    kept_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id)
);
CREATE INDEX invoice_titles_of_account ON invoice_titles (tenant_id, account_id, id);
",
        down: "DROP TABLE invoice_titles; DROP TABLE invoice_sellers; DROP TABLE invoice_tax_classes;",
        tenant_tables: &["invoice_tax_classes", "invoice_sellers", "invoice_titles"],
        append_only: &["invoice_tax_classes", "invoice_sellers", "invoice_titles"],
        system_tables: &[],
    }
}

/// Invoices and their lines.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127070200_invoices",
        up: "
CREATE TABLE invoices (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    account_id   UUID NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('REQUESTED', 'EXPORTED', 'ISSUED', 'REFUSED', 'CANCELLED')),
    credits_id   UUID,
    buyer        TEXT NOT NULL,
    buyer_number TEXT,
    seller       TEXT NOT NULL,
    gross        BIGINT NOT NULL,
    net          BIGINT NOT NULL,
    tax          BIGINT NOT NULL,
    currency     TEXT NOT NULL,
    reason       TEXT,
    requested_by UUID NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    exported_at  TIMESTAMPTZ,
    number       TEXT,
    issued_on    DATE,
    link         TEXT,
    PRIMARY KEY (tenant_id, id),
    CHECK (net + tax = gross),
    CHECK ((state = 'ISSUED') = (number IS NOT NULL)),
    CHECK ((credits_id IS NULL) = (gross > 0)),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, credits_id) REFERENCES invoices (tenant_id, id)
);
CREATE INDEX invoices_of_estate ON invoices (tenant_id, estate_id, state, id);
CREATE INDEX invoices_of_account ON invoices (tenant_id, account_id, id);
CREATE UNIQUE INDEX invoices_number ON invoices (tenant_id, number) WHERE number IS NOT NULL;
-- One credit at a time.
CREATE UNIQUE INDEX invoices_credit ON invoices (tenant_id, credits_id)
    WHERE credits_id IS NOT NULL AND state IN ('REQUESTED', 'EXPORTED', 'ISSUED');

-- `holds`: the line of the bill is on this invoice and on no other.
CREATE TABLE invoice_lines (
    tenant_id  UUID NOT NULL,
    invoice_id UUID NOT NULL,
    position   INTEGER NOT NULL,
    charge_id  UUID NOT NULL,
    bill_id    UUID NOT NULL,
    item_id    UUID NOT NULL,
    text       TEXT NOT NULL,
    class_name TEXT NOT NULL,
    code       TEXT NOT NULL,
    rate       BIGINT NOT NULL,
    gross      BIGINT NOT NULL,
    net        BIGINT NOT NULL,
    tax        BIGINT NOT NULL,
    holds      BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, position),
    CHECK (net + tax = gross),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id),
    FOREIGN KEY (tenant_id, charge_id) REFERENCES charges (tenant_id, id)
);
CREATE UNIQUE INDEX invoice_lines_once ON invoice_lines (tenant_id, charge_id) WHERE holds;
CREATE INDEX invoice_lines_of_bill ON invoice_lines (tenant_id, bill_id);
",
        down: "DROP TABLE invoice_lines; DROP TABLE invoices;",
        tenant_tables: &["invoices", "invoice_lines"],
        append_only: &[],
        system_tables: &[],
    }
}

/// A line without a charge is the late fee of its bill. `SQLite` changes no column of a table, so that
/// its table is made anew.
pub(crate) fn late_fee_lines() -> Migration {
    Migration {
        name: "20261128120100_late_fees_on_invoices",
        up: "
-- postgres
ALTER TABLE invoice_lines ALTER COLUMN charge_id DROP NOT NULL;
-- end
-- sqlite
CREATE TABLE invoice_lines_anew (
    tenant_id  UUID NOT NULL,
    invoice_id UUID NOT NULL,
    position   INTEGER NOT NULL,
    charge_id  UUID,
    bill_id    UUID NOT NULL,
    item_id    UUID NOT NULL,
    text       TEXT NOT NULL,
    class_name TEXT NOT NULL,
    code       TEXT NOT NULL,
    rate       BIGINT NOT NULL,
    gross      BIGINT NOT NULL,
    net        BIGINT NOT NULL,
    tax        BIGINT NOT NULL,
    holds      BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, position),
    CHECK (net + tax = gross),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id),
    FOREIGN KEY (tenant_id, charge_id) REFERENCES charges (tenant_id, id)
);
INSERT INTO invoice_lines_anew SELECT * FROM invoice_lines;
DROP TABLE invoice_lines;
ALTER TABLE invoice_lines_anew RENAME TO invoice_lines;
CREATE UNIQUE INDEX invoice_lines_once ON invoice_lines (tenant_id, charge_id) WHERE holds;
CREATE INDEX invoice_lines_of_bill ON invoice_lines (tenant_id, bill_id);
-- end
",
        down: "
-- postgres
ALTER TABLE invoice_lines ALTER COLUMN charge_id SET NOT NULL;
-- end
-- sqlite
CREATE TABLE invoice_lines_before (
    tenant_id  UUID NOT NULL,
    invoice_id UUID NOT NULL,
    position   INTEGER NOT NULL,
    charge_id  UUID NOT NULL,
    bill_id    UUID NOT NULL,
    item_id    UUID NOT NULL,
    text       TEXT NOT NULL,
    class_name TEXT NOT NULL,
    code       TEXT NOT NULL,
    rate       BIGINT NOT NULL,
    gross      BIGINT NOT NULL,
    net        BIGINT NOT NULL,
    tax        BIGINT NOT NULL,
    holds      BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, position),
    CHECK (net + tax = gross),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id),
    FOREIGN KEY (tenant_id, charge_id) REFERENCES charges (tenant_id, id)
);
INSERT INTO invoice_lines_before SELECT * FROM invoice_lines;
DROP TABLE invoice_lines;
ALTER TABLE invoice_lines_before RENAME TO invoice_lines;
CREATE UNIQUE INDEX invoice_lines_once ON invoice_lines (tenant_id, charge_id) WHERE holds;
CREATE INDEX invoice_lines_of_bill ON invoice_lines (tenant_id, bill_id);
-- end
",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
