//! Tables of receipts.

use db::Migration;

/// Receipts, their lines and the counters of their numbers.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123201000_receipts",
        up: "
-- The highest number used in one sequence. Its row is taken last in a transaction, so that a number
-- is never given to what is then undone and nobody waits longer than needed.
CREATE TABLE receipt_counters (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    kind      TEXT NOT NULL,
    month     TEXT NOT NULL,
    last      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, kind, month)
);

-- A receipt stays as it was printed; voiding adds when, by whom and why. `source` is the payment or
-- refund. One valid receipt per source at a time.
CREATE TABLE receipts (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    account_id  UUID NOT NULL,
    kind        TEXT NOT NULL,
    month       TEXT NOT NULL,
    counter     BIGINT NOT NULL,
    number      TEXT NOT NULL,
    source      UUID NOT NULL,
    payer       TEXT NOT NULL,
    amount      BIGINT NOT NULL CHECK (amount > 0),
    currency    TEXT NOT NULL,
    lines       TEXT NOT NULL,
    issued_at   TIMESTAMPTZ NOT NULL,
    issued_by   UUID,
    replaces    UUID,
    voided_at   TIMESTAMPTZ,
    voided_by   UUID,
    void_reason TEXT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, estate_id, kind, month, counter)
);
CREATE UNIQUE INDEX receipts_valid ON receipts (tenant_id, source) WHERE voided_at IS NULL;
",
        down: "DROP TABLE receipts; DROP TABLE receipt_counters;",
        tenant_tables: &["receipt_counters", "receipts"],
        append_only: &[],
        system_tables: &[],
    }
}
