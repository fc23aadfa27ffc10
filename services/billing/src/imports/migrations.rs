//! The tables of imported fees.

use db::Migration;

/// Imports as far as billing does them, and the fee settings that files have named.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261126200000_fee_imports_fee_settings",
        up: "
CREATE TABLE fee_imports (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    file_id      UUID NOT NULL,
    file_name    TEXT NOT NULL,
    mapping      TEXT,
    cut_over     DATE NOT NULL,
    requested_by TEXT NOT NULL,
    state        TEXT NOT NULL,
    total        BIGINT NOT NULL,
    done         BIGINT NOT NULL,
    items        BIGINT NOT NULL,
    proposed     BIGINT NOT NULL,
    unchanged    BIGINT NOT NULL,
    left_out     BIGINT NOT NULL,
    failure      TEXT,
    decided_by   UUID,
    decided_on   DATE,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX fee_imports_of_estate ON fee_imports (tenant_id, estate_id, id);

-- What a fee code of an estate's files stands for; links of a later file may refer to it.
CREATE TABLE fee_settings (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    code      TEXT NOT NULL,
    item_id   UUID NOT NULL,
    formula   TEXT NOT NULL,
    proration TEXT NOT NULL,
    from_day  DATE,
    to_day    DATE,
    PRIMARY KEY (tenant_id, estate_id, code),
    FOREIGN KEY (tenant_id, item_id) REFERENCES fee_items (tenant_id, id)
);
",
        down: "DROP TABLE fee_settings; DROP TABLE fee_imports;",
        tenant_tables: &["fee_imports", "fee_settings"],
        append_only: &[],
        system_tables: &[],
    }
}
