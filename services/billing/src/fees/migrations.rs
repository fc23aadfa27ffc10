//! The tables of fee items and prices.

use db::Migration;

/// Partners, fee items and fee standards.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123100100_partners_fee_items_fee_standards",
        up: "
-- For whom money is collected, e.g. the water company.
CREATE TABLE partners (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, estate_id, name)
);

CREATE TABLE fee_items (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    code       TEXT NOT NULL,
    name_zh    TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    partner_id UUID,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, estate_id, code),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    FOREIGN KEY (tenant_id, partner_id) REFERENCES partners (tenant_id, id)
);

CREATE TABLE fee_standards (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    item_id     UUID NOT NULL,
    building_id UUID,
    unit_use    TEXT,
    target_id   UUID,
    formula     TEXT NOT NULL,
    proration   TEXT NOT NULL,
    from_day    DATE NOT NULL,
    to_day      DATE,
    status      TEXT NOT NULL,
    proposed_by UUID,
    approved_by UUID,
    approved_on DATE,
    ended_by    UUID,
    ended_on    DATE,
    import_id   UUID,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES fee_items (tenant_id, id),
    CHECK (approved_by IS NULL OR approved_by <> proposed_by),
    CHECK ((ended_by IS NULL) = (ended_on IS NULL))
);
CREATE INDEX fee_standards_of_item ON fee_standards (tenant_id, item_id, from_day);
CREATE INDEX fee_standards_of_estate ON fee_standards (tenant_id, estate_id, status);
CREATE INDEX fee_standards_of_import ON fee_standards (tenant_id, import_id);
",
        down: "DROP TABLE fee_standards; DROP TABLE fee_items; DROP TABLE partners;",
        tenant_tables: &["partners", "fee_items", "fee_standards"],
        append_only: &[],
        system_tables: &[],
    }
}
