//! The table of common income and cost.

use db::Migration;

/// Items of common income and its cost.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127060500_common_income_and_cost",
        up: "
CREATE TABLE common_items (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    direction   TEXT NOT NULL CHECK (direction IN ('INCOME', 'COST')),
    source      TEXT NOT NULL,
    amount      BIGINT NOT NULL CHECK (amount > 0),
    document    TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('RECORDED', 'APPROVED', 'REJECTED')),
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    decided_by  UUID,
    decided_at  TIMESTAMPTZ,
    decision    TEXT,
    entry_id    UUID,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES ledger_entries (tenant_id, id),
    CHECK (decided_by IS NULL OR decided_by <> recorded_by),
    CHECK ((state = 'APPROVED') = (entry_id IS NOT NULL))
);
CREATE INDEX common_items_of_estate ON common_items (tenant_id, estate_id, id);
",
        down: "DROP TABLE common_items;",
        tenant_tables: &["common_items"],
        append_only: &[],
        system_tables: &[],
    }
}
