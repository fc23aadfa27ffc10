//! The tables of shared costs.

use db::Migration;

/// Shared costs and their parts.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127020300_shared_costs",
        up: "
CREATE TABLE shared_costs (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    item_id      UUID NOT NULL,
    from_day     DATE NOT NULL,
    to_day       DATE NOT NULL,
    total        BIGINT NOT NULL CHECK (total > 0),
    shared_by    TEXT NOT NULL,
    meter_kind   TEXT,
    building_id  UUID,
    supplier_ref TEXT NOT NULL,
    description  TEXT NOT NULL,
    state        TEXT NOT NULL,
    proposed_by  UUID NOT NULL,
    proposed_at  TIMESTAMPTZ NOT NULL,
    decided_by   UUID,
    decided_at   TIMESTAMPTZ,
    reason       TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES fee_items (tenant_id, id),
    CHECK (from_day <= to_day)
);
CREATE INDEX shared_costs_of_estate ON shared_costs (tenant_id, estate_id, id);

-- The bills that a cost issued.
CREATE TABLE shared_cost_bills (
    tenant_id UUID NOT NULL,
    cost_id   UUID NOT NULL,
    bill_id   UUID NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, cost_id, bill_id),
    FOREIGN KEY (tenant_id, cost_id) REFERENCES shared_costs (tenant_id, id),
    FOREIGN KEY (tenant_id, bill_id) REFERENCES bills (tenant_id, id)
);
",
        down: "DROP TABLE shared_cost_bills; DROP TABLE shared_costs;",
        tenant_tables: &["shared_costs", "shared_cost_bills"],
        append_only: &["shared_cost_bills"],
        system_tables: &[],
    }
}
