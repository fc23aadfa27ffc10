//! The table of waivers.

use db::Migration;

/// Waivers, from the request on.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127010200_waivers",
        up: "
CREATE TABLE waivers (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    account_id   UUID NOT NULL,
    bill_id      UUID NOT NULL,
    waived_of    TEXT NOT NULL CHECK (waived_of IN ('PRINCIPAL', 'LATE_FEE')),
    amount       BIGINT NOT NULL CHECK (amount > 0),
    currency     TEXT NOT NULL,
    reason       TEXT NOT NULL,
    evidence     TEXT NOT NULL,
    state        TEXT NOT NULL,
    requested_by UUID NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    decided_by   UUID,
    decided_at   TIMESTAMPTZ,
    decision     TEXT,
    reversed_by  UUID,
    reversed_at  TIMESTAMPTZ,
    entry_id     UUID,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, bill_id) REFERENCES bills (tenant_id, id),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES ledger_entries (tenant_id, id),
    CHECK (decided_by IS NULL OR decided_by <> requested_by)
);
CREATE INDEX waivers_of_bill ON waivers (tenant_id, bill_id);
CREATE INDEX waivers_of_estate ON waivers (tenant_id, estate_id, id);
CREATE INDEX waivers_of_account ON waivers (tenant_id, account_id, id);
",
        down: "DROP TABLE waivers;",
        tenant_tables: &["waivers"],
        append_only: &[],
        system_tables: &[],
    }
}
