//! The table of what contracts say about paying late.

use db::Migration;

/// Terms in the order in which they were set; none is ever changed.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127010000_late_fee_terms",
        up: "
CREATE TABLE late_fee_terms (
    tenant_id  UUID NOT NULL,
    estate_id  UUID NOT NULL,
    version    INTEGER NOT NULL,
    account_id UUID,
    from_day   DATE NOT NULL,
    daily      BIGINT NOT NULL CHECK (daily >= 0),
    cap        BIGINT NOT NULL CHECK (cap >= 0),
    allocation TEXT NOT NULL CHECK (allocation IN ('BILL_BY_BILL', 'PRINCIPAL_FIRST', 'LATE_FEE_FIRST')),
    set_by     UUID NOT NULL,
    at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, version),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id)
);
",
        down: "DROP TABLE late_fee_terms;",
        tenant_tables: &["late_fee_terms"],
        append_only: &["late_fee_terms"],
        system_tables: &[],
    }
}
