//! The tables of special services and their orders.

use db::Migration;

/// The price list and the orders.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201061000_special_services",
        up: "
CREATE TABLE special_services (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID NOT NULL,
    code      TEXT NOT NULL,
    version   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX special_services_code ON special_services (tenant_id, estate_id, code);
-- What a service costs from a day on. Never changed: an order keeps the terms it was quoted with.
CREATE TABLE special_service_terms (
    tenant_id      UUID NOT NULL,
    service_id     UUID NOT NULL,
    number         INTEGER NOT NULL,
    effective_from DATE NOT NULL,
    terms          TEXT NOT NULL,
    said_by        UUID NOT NULL,
    said_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, service_id, number),
    FOREIGN KEY (tenant_id, service_id) REFERENCES special_services (tenant_id, id)
);
CREATE TABLE special_orders (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    estate_id     UUID NOT NULL,
    unit_id       UUID NOT NULL,
    building_id   UUID NOT NULL,
    person_id     UUID NOT NULL,
    service_id    UUID NOT NULL,
    state         TEXT NOT NULL,
    version       INTEGER NOT NULL,
    requested_at  TIMESTAMPTZ NOT NULL,
    details       TEXT NOT NULL,
    partner_id    UUID,
    paid_on       DATE,
    settlement_id UUID,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES special_services (tenant_id, id)
);
CREATE INDEX special_orders_list ON special_orders (tenant_id, estate_id, state, id);
CREATE INDEX special_orders_person ON special_orders (tenant_id, person_id, id);
CREATE INDEX special_orders_partner ON special_orders (tenant_id, partner_id, paid_on);
CREATE INDEX special_orders_settlement ON special_orders (tenant_id, settlement_id);
CREATE TABLE special_order_workers (
    tenant_id UUID NOT NULL,
    order_id  UUID NOT NULL,
    user_id   UUID NOT NULL,
    PRIMARY KEY (tenant_id, order_id, user_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES special_orders (tenant_id, id)
);
CREATE INDEX special_order_workers_user ON special_order_workers (tenant_id, user_id, order_id);
",
        down: "DROP TABLE special_order_workers; DROP TABLE special_orders; \
               DROP TABLE special_service_terms; DROP TABLE special_services;",
        tenant_tables: &[
            "special_services",
            "special_service_terms",
            "special_orders",
            "special_order_workers",
        ],
        append_only: &["special_service_terms"],
        system_tables: &[],
    }
}
