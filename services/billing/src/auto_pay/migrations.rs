//! The tables of automatic payments.

use db::Migration;

/// Settings, saved cards, and what was tried with them.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127083000_auto_pay_cards_and_tries",
        up: "
-- Whether prepayment meets bills by itself; without a row it does.
CREATE TABLE auto_pay_settings (
    tenant_id       UUID NOT NULL,
    account_id      UUID NOT NULL,
    from_prepayment BOOLEAN NOT NULL,
    set_by          UUID NOT NULL,
    set_at          TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id)
);

-- A card that somebody consented to be charged, by the provider's names for it; no number of it is
-- kept. `page` repeats the request to the provider word for word.
CREATE TABLE auto_pay_cards (
    tenant_id       UUID NOT NULL,
    id              UUID NOT NULL,
    account_id      UUID NOT NULL,
    merchant_id     UUID NOT NULL,
    state           TEXT NOT NULL,
    most            BIGINT NOT NULL CHECK (most > 0),
    currency        TEXT NOT NULL,
    consent_version INTEGER NOT NULL,
    page            TEXT NOT NULL,
    checkout_id     TEXT,
    checkout_url    TEXT,
    payer           TEXT,
    card            TEXT,
    given_by        UUID NOT NULL,
    given_at        TIMESTAMPTZ NOT NULL,
    active_at       TIMESTAMPTZ,
    revoked_at      TIMESTAMPTZ,
    revoked_by      UUID,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id),
    CHECK (state <> 'ACTIVE' OR (payer IS NOT NULL AND card IS NOT NULL))
);
CREATE UNIQUE INDEX auto_pay_cards_active ON auto_pay_cards (tenant_id, account_id)
    WHERE state = 'ACTIVE';
CREATE INDEX auto_pay_cards_of_account ON auto_pay_cards (tenant_id, account_id, id);

-- Each try to charge a bill, written with its payment before the provider is asked.
CREATE TABLE auto_pay_tries (
    tenant_id  UUID NOT NULL,
    bill_id    UUID NOT NULL,
    number     INTEGER NOT NULL CHECK (number BETWEEN 1 AND 3),
    card_id    UUID NOT NULL,
    payment_id UUID NOT NULL,
    day        DATE NOT NULL,
    PRIMARY KEY (tenant_id, bill_id, number),
    UNIQUE (tenant_id, payment_id),
    FOREIGN KEY (tenant_id, bill_id) REFERENCES bills (tenant_id, id),
    FOREIGN KEY (tenant_id, card_id) REFERENCES auto_pay_cards (tenant_id, id),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payments (tenant_id, id)
);
CREATE INDEX auto_pay_tries_of_card ON auto_pay_tries (tenant_id, card_id, payment_id);
",
        down: "DROP TABLE auto_pay_tries; DROP TABLE auto_pay_cards; DROP TABLE auto_pay_settings;",
        tenant_tables: &["auto_pay_settings", "auto_pay_cards", "auto_pay_tries"],
        append_only: &[],
        system_tables: &[],
    }
}
