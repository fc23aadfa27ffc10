//! The tables of partners and their settlements.

use db::Migration;

/// Partners, claims and settlements.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201062000_partner_settlements",
        up: "
CREATE TABLE service_partners (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID NOT NULL,
    name      TEXT NOT NULL,
    active    BOOLEAN NOT NULL,
    version   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX service_partners_name ON service_partners (tenant_id, estate_id, name);
CREATE TABLE partner_settlements (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    partner_id  UUID NOT NULL,
    month       DATE NOT NULL,
    state       TEXT NOT NULL,
    version     INTEGER NOT NULL,
    orders      INTEGER NOT NULL,
    base        BIGINT NOT NULL,
    share       BIGINT NOT NULL,
    claims      BIGINT NOT NULL,
    prepared_by UUID NOT NULL,
    prepared_at TIMESTAMPTZ NOT NULL,
    decided_by  UUID,
    decided_at  TIMESTAMPTZ,
    decision    TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, partner_id) REFERENCES service_partners (tenant_id, id)
);
-- One settlement a month; a rejected one makes room for another.
CREATE UNIQUE INDEX partner_settlements_month ON partner_settlements (tenant_id, partner_id, month)
    WHERE state <> 'REJECTED';
CREATE INDEX partner_settlements_list ON partner_settlements (tenant_id, estate_id, id);
CREATE TABLE partner_claims (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    estate_id     UUID NOT NULL,
    partner_id    UUID NOT NULL,
    order_id      UUID NOT NULL,
    amount        BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    on_day        DATE NOT NULL,
    noted_by      UUID NOT NULL,
    noted_at      TIMESTAMPTZ NOT NULL,
    settlement_id UUID,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, partner_id) REFERENCES service_partners (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES special_orders (tenant_id, id)
);
CREATE INDEX partner_claims_open ON partner_claims (tenant_id, partner_id, settlement_id);
CREATE TABLE partner_settlement_lines (
    tenant_id     UUID NOT NULL,
    settlement_id UUID NOT NULL,
    number        INTEGER NOT NULL,
    order_id      UUID NOT NULL,
    claim_id      UUID,
    base          BIGINT NOT NULL,
    share_bp      INTEGER NOT NULL,
    amount        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, settlement_id, number),
    FOREIGN KEY (tenant_id, settlement_id) REFERENCES partner_settlements (tenant_id, id)
);
",
        down: "DROP TABLE partner_settlement_lines; DROP TABLE partner_claims; \
               DROP TABLE partner_settlements; DROP TABLE service_partners;",
        tenant_tables: &[
            "service_partners",
            "partner_settlements",
            "partner_claims",
            "partner_settlement_lines",
        ],
        append_only: &["partner_settlement_lines"],
        system_tables: &[],
    }
}

/// Claims that take back what was settled of an order whose money went back.
pub(crate) const fn refund_migration() -> Migration {
    Migration {
        name: "20261202030000_partner_refunds",
        up: "
ALTER TABLE partner_claims ADD COLUMN refund BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE partner_settlement_lines ADD COLUMN refund BOOLEAN NOT NULL DEFAULT FALSE;
",
        down: "ALTER TABLE partner_settlement_lines DROP COLUMN refund; \
               ALTER TABLE partner_claims DROP COLUMN refund;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
