//! The table of single charges.

use db::Migration;

/// Single charges and their bills.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127020100_one_off_charges",
        up: "
CREATE TABLE one_off_charges (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    account_id  UUID NOT NULL,
    item_id     UUID NOT NULL,
    amount      BIGINT NOT NULL CHECK (amount > 0),
    day         DATE NOT NULL,
    description TEXT NOT NULL,
    reason      TEXT NOT NULL,
    bill_id     UUID NOT NULL,
    by_user     UUID NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES fee_items (tenant_id, id),
    FOREIGN KEY (tenant_id, bill_id) REFERENCES bills (tenant_id, id)
);
CREATE INDEX one_off_charges_of_estate ON one_off_charges (tenant_id, estate_id, id);
",
        down: "DROP TABLE one_off_charges;",
        tenant_tables: &["one_off_charges"],
        append_only: &["one_off_charges"],
        system_tables: &[],
    }
}
