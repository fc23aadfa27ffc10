//! Tables of documents.

use db::{Migration, SystemTable};

/// Issued documents, the counters of their numbers, where a code belongs, and batches of notices.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127070000_documents",
        up: "
-- One document per kind, subject and detail: whoever asks again gets the same number and code.
CREATE TABLE documents (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    account_id UUID NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('PAYMENT_NOTICE', 'RECEIPT', 'STATEMENT', 'REFUND_FORM')),
    subject    UUID NOT NULL,
    detail     TEXT NOT NULL,
    number     TEXT NOT NULL,
    code       TEXT NOT NULL,
    amount     BIGINT NOT NULL,
    currency   TEXT NOT NULL,
    issued_at  TIMESTAMPTZ NOT NULL,
    issued_by  UUID,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, subject, detail),
    UNIQUE (tenant_id, estate_id, number),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id)
);

-- The highest number used in one sequence.
CREATE TABLE document_counters (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    kind      TEXT NOT NULL,
    month     TEXT NOT NULL,
    last      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, kind, month)
);

-- To which company's document a code leads, for whoever holds the paper and signs in nowhere: ids only.
CREATE TABLE document_codes (
    code        TEXT PRIMARY KEY,
    tenant_id   UUID NOT NULL,
    document_id UUID NOT NULL
);

-- Payment notices of many bills in one file.
CREATE TABLE notice_batches (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    run_id      UUID,
    building_id UUID,
    unpaid      BOOLEAN NOT NULL,
    language    TEXT NOT NULL CHECK (language IN ('ZH', 'EN')),
    state       TEXT NOT NULL CHECK (state IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    after_id    UUID,
    total       BIGINT NOT NULL,
    done        BIGINT NOT NULL,
    pages       BIGINT,
    file_id     UUID,
    started_by  UUID NOT NULL,
    started_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id)
);
CREATE INDEX notice_batches_of_estate ON notice_batches (tenant_id, estate_id, id);

-- What the batch has prepared so far, in the order of delivery; gone once the file is written.
CREATE TABLE notice_batch_items (
    tenant_id UUID NOT NULL,
    batch_id  UUID NOT NULL,
    place     TEXT NOT NULL,
    bill_id   UUID NOT NULL,
    notice    TEXT NOT NULL,
    PRIMARY KEY (tenant_id, batch_id, place, bill_id),
    FOREIGN KEY (tenant_id, batch_id) REFERENCES notice_batches (tenant_id, id)
);
",
        down: "DROP TABLE notice_batch_items; DROP TABLE notice_batches; DROP TABLE document_codes; \
               DROP TABLE document_counters; DROP TABLE documents;",
        tenant_tables: &["documents", "document_counters", "notice_batches", "notice_batch_items"],
        append_only: &["documents"],
        system_tables: const { &[SystemTable { name: "document_codes", has_tenant: true }] },
    }
}

/// A disclosure is of no account. `SQLite` changes no check of a table, so that its table is made anew.
const MORE_KINDS: &str = "
-- postgres
DROP TRIGGER documents_append_only ON documents;
ALTER TABLE documents DROP CONSTRAINT documents_kind_check;
ALTER TABLE documents ALTER COLUMN account_id DROP NOT NULL;
ALTER TABLE documents ADD CONSTRAINT documents_kind_check CHECK (kind IN (
        'PAYMENT_NOTICE', 'RECEIPT', 'STATEMENT', 'REFUND_FORM',
        'DUNNING_NOTICE', 'SETTLEMENT_SHEET', 'INSTALMENT_AGREEMENT', 'DISCLOSURE'));
ALTER TABLE documents ADD CONSTRAINT documents_account_check
    CHECK ((account_id IS NULL) = (kind = 'DISCLOSURE'));
-- end
-- sqlite
CREATE TABLE documents_anew (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    account_id UUID,
    kind       TEXT NOT NULL CHECK (kind IN (
        'PAYMENT_NOTICE', 'RECEIPT', 'STATEMENT', 'REFUND_FORM',
        'DUNNING_NOTICE', 'SETTLEMENT_SHEET', 'INSTALMENT_AGREEMENT', 'DISCLOSURE')),
    subject    UUID NOT NULL,
    detail     TEXT NOT NULL,
    number     TEXT NOT NULL,
    code       TEXT NOT NULL,
    amount     BIGINT NOT NULL,
    currency   TEXT NOT NULL,
    issued_at  TIMESTAMPTZ NOT NULL,
    issued_by  UUID,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, subject, detail),
    UNIQUE (tenant_id, estate_id, number),
    UNIQUE (tenant_id, code),
    CHECK ((account_id IS NULL) = (kind = 'DISCLOSURE')),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id)
);
INSERT INTO documents_anew SELECT * FROM documents;
DROP TABLE documents;
ALTER TABLE documents_anew RENAME TO documents;
-- end
";

/// What [`MORE_KINDS`] changed, as it was.
const FEWER_KINDS: &str = "
-- postgres
ALTER TABLE documents DROP CONSTRAINT documents_account_check;
ALTER TABLE documents DROP CONSTRAINT documents_kind_check;
ALTER TABLE documents ALTER COLUMN account_id SET NOT NULL;
ALTER TABLE documents ADD CONSTRAINT documents_kind_check
    CHECK (kind IN ('PAYMENT_NOTICE', 'RECEIPT', 'STATEMENT', 'REFUND_FORM'));
-- end
-- sqlite
CREATE TABLE documents_before (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    account_id UUID NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('PAYMENT_NOTICE', 'RECEIPT', 'STATEMENT', 'REFUND_FORM')),
    subject    UUID NOT NULL,
    detail     TEXT NOT NULL,
    number     TEXT NOT NULL,
    code       TEXT NOT NULL,
    amount     BIGINT NOT NULL,
    currency   TEXT NOT NULL,
    issued_at  TIMESTAMPTZ NOT NULL,
    issued_by  UUID,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, subject, detail),
    UNIQUE (tenant_id, estate_id, number),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id)
);
INSERT INTO documents_before SELECT * FROM documents;
DROP TABLE documents;
ALTER TABLE documents_before RENAME TO documents;
CREATE TRIGGER documents_no_UPDATE BEFORE UPDATE ON documents
    BEGIN SELECT RAISE(ABORT, 'documents is append-only'); END;
CREATE TRIGGER documents_no_DELETE BEFORE DELETE ON documents
    BEGIN SELECT RAISE(ABORT, 'documents is append-only'); END;
-- end
";

/// Dunning notices, settlement sheets, instalment agreements and disclosures.
pub(crate) fn more_kinds() -> Migration {
    Migration {
        name: "20261128120000_documents_of_arrears_leavings_and_funds",
        up: MORE_KINDS,
        down: FEWER_KINDS,
        tenant_tables: &[],
        append_only: &["documents"],
        system_tables: &[],
    }
}
