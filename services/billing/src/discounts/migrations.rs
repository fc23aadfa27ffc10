//! The tables of discounts and vacancies.

use db::Migration;

/// Discounts and vacancies.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127020200_discounts_and_vacancies",
        up: "
CREATE TABLE discounts (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    item_id     UUID NOT NULL,
    name        TEXT NOT NULL,
    reduction   TEXT NOT NULL,
    condition   TEXT NOT NULL,
    from_day    DATE NOT NULL,
    to_day      DATE,
    status      TEXT NOT NULL,
    proposed_by UUID NOT NULL,
    approved_by UUID,
    approved_on DATE,
    ended_on    DATE,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES fee_items (tenant_id, id),
    CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);
CREATE INDEX discounts_of_estate ON discounts (tenant_id, estate_id, status, id);

CREATE TABLE vacancies (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID NOT NULL,
    unit_id   UUID NOT NULL,
    from_day  DATE NOT NULL,
    to_day    DATE,
    note      TEXT NOT NULL,
    by_user   UUID NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (to_day IS NULL OR to_day >= from_day)
);
CREATE INDEX vacancies_of_estate ON vacancies (tenant_id, estate_id, id);
CREATE INDEX vacancies_of_unit ON vacancies (tenant_id, unit_id);
",
        down: "DROP TABLE vacancies; DROP TABLE discounts;",
        tenant_tables: &["discounts", "vacancies"],
        append_only: &[],
        system_tables: &[],
    }
}
