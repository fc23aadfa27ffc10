//! The tables of settlement.

use db::Migration;

/// Movements at the provider and the payouts that carried them.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261126210000_provider_settlement",
        up: "
-- Each movement of a merchant's balance once, by the provider's id of it. One that belongs to no
-- payment of ours has no payment and no estate, and nothing was posted for it.
CREATE TABLE provider_movements (
    tenant_id  UUID NOT NULL,
    account    TEXT NOT NULL,
    reference  TEXT NOT NULL,
    kind       TEXT NOT NULL,
    payment_id UUID,
    estate_id  UUID,
    gross      BIGINT NOT NULL,
    fee        BIGINT NOT NULL,
    net        BIGINT NOT NULL CHECK (net = gross - fee),
    currency   TEXT NOT NULL,
    booked_at  TIMESTAMPTZ NOT NULL,
    payout     TEXT,
    PRIMARY KEY (tenant_id, account, reference),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payments (tenant_id, id),
    CHECK ((payment_id IS NULL) = (estate_id IS NULL))
);
-- What is not at the bank yet, to know since when payouts are asked for.
CREATE INDEX provider_movements_open ON provider_movements (tenant_id, account, booked_at) WHERE payout IS NULL;

-- What of a payout was posted to the books of an estate.
CREATE TABLE provider_payouts (
    tenant_id UUID NOT NULL,
    account   TEXT NOT NULL,
    reference TEXT NOT NULL,
    estate_id UUID NOT NULL,
    amount    BIGINT NOT NULL,
    currency  TEXT NOT NULL,
    posted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, account, reference, estate_id)
);
",
        down: "DROP TABLE provider_payouts; DROP TABLE provider_movements;",
        tenant_tables: &["provider_movements", "provider_payouts"],
        append_only: &["provider_payouts"],
        system_tables: &[],
    }
}
