//! The tables of instalment plans.

use db::Migration;

/// Plans, their instalments and their bills.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127010300_instalment_plans",
        up: "
CREATE TABLE instalment_plans (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    account_id   UUID NOT NULL,
    currency     TEXT NOT NULL,
    reason       TEXT NOT NULL,
    state        TEXT NOT NULL,
    proposed_by  UUID NOT NULL,
    proposed_at  TIMESTAMPTZ NOT NULL,
    proposed_on  DATE NOT NULL,
    decided_by   UUID,
    decided_at   TIMESTAMPTZ,
    cancelled_on DATE,
    decision     TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id),
    CHECK (decided_by IS NULL OR decided_by <> proposed_by)
);
CREATE INDEX instalment_plans_of_account ON instalment_plans (tenant_id, account_id);
CREATE INDEX instalment_plans_of_estate ON instalment_plans (tenant_id, estate_id, id);
CREATE TABLE instalments (
    tenant_id UUID NOT NULL,
    plan_id   UUID NOT NULL,
    number    INTEGER NOT NULL,
    due       DATE NOT NULL,
    amount    BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (tenant_id, plan_id, number),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES instalment_plans (tenant_id, id)
);
CREATE TABLE instalment_bills (
    tenant_id UUID NOT NULL,
    plan_id   UUID NOT NULL,
    bill_id   UUID NOT NULL,
    principal BIGINT NOT NULL CHECK (principal >= 0),
    late_fee  BIGINT NOT NULL CHECK (late_fee >= 0),
    PRIMARY KEY (tenant_id, plan_id, bill_id),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES instalment_plans (tenant_id, id),
    FOREIGN KEY (tenant_id, bill_id) REFERENCES bills (tenant_id, id)
);
CREATE INDEX instalment_bills_of_bill ON instalment_bills (tenant_id, bill_id);
",
        down: "DROP TABLE instalment_bills; DROP TABLE instalments; DROP TABLE instalment_plans;",
        tenant_tables: &["instalment_plans", "instalments", "instalment_bills"],
        append_only: &["instalments", "instalment_bills"],
        system_tables: &[],
    }
}
