//! The table of refunds.

use db::Migration;

/// Refunds, from the request to the money's return.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123204000_refunds",
        up: "
-- `attempt` is part of the key the provider gets; it grows only when the provider has said, long
-- after the last try, that it knows nothing of the refund. Without `requested_by` the refund was
-- made at the provider, past us.
CREATE TABLE refunds (
    tenant_id       UUID NOT NULL,
    id              UUID NOT NULL,
    payment_id      UUID NOT NULL,
    estate_id       UUID NOT NULL,
    account_id      UUID NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount > 0),
    currency        TEXT NOT NULL,
    reason          TEXT NOT NULL,
    state           TEXT NOT NULL,
    requested_by    UUID,
    requested_at    TIMESTAMPTZ NOT NULL,
    decided_by      UUID,
    decided_at      TIMESTAMPTZ,
    decision        TEXT,
    attempt         INTEGER NOT NULL,
    submitted_at    TIMESTAMPTZ,
    provider_id TEXT,
    failure         TEXT,
    paid_back_at    TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payments (tenant_id, id),
    CHECK (decided_by IS NULL OR requested_by IS NULL OR decided_by <> requested_by)
);
CREATE INDEX refunds_payment ON refunds (tenant_id, payment_id);
CREATE INDEX refunds_estate ON refunds (tenant_id, estate_id, state, id);
",
        down: "DROP TABLE refunds;",
        tenant_tables: &["refunds"],
        append_only: &[],
        system_tables: &[],
    }
}
