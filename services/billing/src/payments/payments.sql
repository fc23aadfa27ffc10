-- One payment, from the wish to pay on. The flags are what is known (payments::domain): knowledge
-- only grows, so a late or repeated fact changes nothing. `page` repeats the request to the
-- provider word for word, since the same idempotency key must always carry the same request.
CREATE TABLE payments (
    tenant_id         UUID NOT NULL,
    id                UUID NOT NULL,
    estate_id         UUID NOT NULL,
    account_id        UUID NOT NULL,
    till              TEXT NOT NULL CHECK (till IN ('CASH', 'CARD', 'TRANSFER', 'ONLINE')),
    amount            BIGINT NOT NULL CHECK (amount > 0),
    currency          TEXT NOT NULL,
    submitted         BOOLEAN NOT NULL,
    unanswered        BOOLEAN NOT NULL,
    failed            BOOLEAN NOT NULL,
    received          BOOLEAN NOT NULL,
    refunded          BIGINT NOT NULL CHECK (refunded BETWEEN 0 AND amount),
    designated        TEXT NOT NULL,
    prepaid           BIGINT NOT NULL CHECK (prepaid BETWEEN 0 AND amount),
    prepaid_refunded  BIGINT NOT NULL CHECK (prepaid_refunded BETWEEN 0 AND prepaid),
    entered_by        UUID NOT NULL,
    taken_by          UUID,
    channel_reference TEXT,
    merchant_id       UUID,
    page              TEXT,
    checkout_id       TEXT,
    checkout_url      TEXT,
    provider_payment  TEXT,
    method            TEXT,
    created_at        TIMESTAMPTZ NOT NULL,
    received_at       TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX payments_account ON payments (tenant_id, account_id, id);

-- Which bill got how much of a payment, in the order of settlement, and how much of that was
-- given back. What no bill could take is `payments.prepaid`.
CREATE TABLE payment_parts (
    tenant_id  UUID NOT NULL,
    payment_id UUID NOT NULL,
    position   INTEGER NOT NULL,
    bill_id    UUID NOT NULL,
    amount     BIGINT NOT NULL CHECK (amount > 0),
    refunded   BIGINT NOT NULL CHECK (refunded BETWEEN 0 AND amount),
    PRIMARY KEY (tenant_id, payment_id, position),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payments (tenant_id, id)
);
CREATE INDEX payment_parts_bill ON payment_parts (tenant_id, bill_id);
