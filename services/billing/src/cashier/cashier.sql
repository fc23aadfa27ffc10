-- Somebody's time at a till: opened with a float, counted, signed by a second person, locked by
-- finance. One open shift per person and estate; cash is taken over once.
CREATE TABLE cashier_shifts (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    estate_id     UUID NOT NULL,
    desk          TEXT NOT NULL,
    cashier       UUID NOT NULL,
    currency      TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('OPEN', 'COUNTED', 'BALANCED', 'VARIANCE', 'LOCKED')),
    float_amount  BIGINT NOT NULL CHECK (float_amount >= 0),
    float_pieces  TEXT NOT NULL,
    opened_at     TIMESTAMPTZ NOT NULL,
    takes_over    UUID,
    counted       BIGINT CHECK (counted >= 0),
    expected      BIGINT,
    count_pieces  TEXT,
    reason        TEXT,
    counted_at    TIMESTAMPTZ,
    signed_by     UUID,
    signed_at     TIMESTAMPTZ,
    locked_by     UUID,
    locked_at     TIMESTAMPTZ,
    entry_id      UUID,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, takes_over) REFERENCES cashier_shifts (tenant_id, id),
    CHECK (signed_by IS NULL OR signed_by <> cashier),
    CHECK (locked_by IS NULL OR (locked_by <> cashier AND locked_by <> signed_by)),
    CHECK (state = 'OPEN' OR (counted IS NOT NULL AND expected IS NOT NULL)),
    CHECK (state IN ('OPEN', 'COUNTED') OR signed_by IS NOT NULL)
);
CREATE UNIQUE INDEX cashier_shifts_open ON cashier_shifts (tenant_id, estate_id, cashier) WHERE state = 'OPEN';
CREATE UNIQUE INDEX cashier_shifts_taken_over ON cashier_shifts (tenant_id, takes_over) WHERE takes_over IS NOT NULL;
CREATE INDEX cashier_shifts_estate ON cashier_shifts (tenant_id, estate_id, id);

-- Every movement of cash once, by what moved it. Without a shift it was taken or given while the
-- person had none open, and belongs to that person's next count.
CREATE TABLE cash_movements (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID NOT NULL,
    person    UUID NOT NULL,
    shift_id  UUID,
    outside   BOOLEAN NOT NULL,
    kind      TEXT NOT NULL,
    amount    BIGINT NOT NULL CHECK (amount <> 0),
    source    TEXT NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source, kind),
    FOREIGN KEY (tenant_id, shift_id) REFERENCES cashier_shifts (tenant_id, id),
    CHECK (outside OR shift_id IS NOT NULL)
);
CREATE INDEX cash_movements_shift ON cash_movements (tenant_id, shift_id, id);
CREATE INDEX cash_movements_outside ON cash_movements (tenant_id, estate_id, person) WHERE shift_id IS NULL;

-- Cash carried to the bank, until a line of a bank statement shows it.
CREATE TABLE cash_deposits (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    shift_id    UUID,
    after_count BOOLEAN NOT NULL,
    amount      BIGINT NOT NULL CHECK (amount > 0),
    currency    TEXT NOT NULL,
    slip        TEXT NOT NULL,
    carried_by  UUID NOT NULL,
    carried_at  TIMESTAMPTZ NOT NULL,
    arrived_at  TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, shift_id) REFERENCES cashier_shifts (tenant_id, id)
);
CREATE UNIQUE INDEX cash_deposits_slip ON cash_deposits (tenant_id, estate_id, slip);
CREATE INDEX cash_deposits_shift ON cash_deposits (tenant_id, shift_id);

-- What the daily collection reads.
CREATE INDEX payments_received ON payments (tenant_id, estate_id, received_at);
CREATE INDEX refunds_paid_back ON refunds (tenant_id, estate_id, paid_back_at);
CREATE INDEX receipts_issued ON receipts (tenant_id, estate_id, issued_at);
