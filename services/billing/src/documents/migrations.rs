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
