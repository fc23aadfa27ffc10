-- A wrong contact is undone by another row that names it; nothing is edited.
CREATE TABLE dunning_actions (
    tenant_id       UUID NOT NULL,
    id              UUID NOT NULL,
    case_id         UUID NOT NULL,
    estate_id       UUID NOT NULL,
    account_id      UUID NOT NULL,
    building_id     UUID,
    step            TEXT,
    channel         TEXT NOT NULL,
    staff           UUID,
    second_staff    UUID,
    script          TEXT NOT NULL,
    happened_at     TIMESTAMPTZ NOT NULL,
    happened_on     DATE NOT NULL,
    demanded        BIGINT NOT NULL CHECK (demanded >= 0),
    text_zh         TEXT,
    text_en         TEXT,
    reply           TEXT,
    reason_class    TEXT,
    acknowledged_on DATE,
    note            TEXT,
    corrects        UUID,
    created_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, corrects),
    FOREIGN KEY (tenant_id, case_id) REFERENCES dunning_cases (tenant_id, id),
    FOREIGN KEY (tenant_id, corrects) REFERENCES dunning_actions (tenant_id, id),
    CHECK (second_staff IS NULL OR second_staff <> staff)
);
CREATE INDEX dunning_actions_of_account ON dunning_actions (tenant_id, account_id, id);
CREATE INDEX dunning_actions_of_case ON dunning_actions (tenant_id, case_id, id);
CREATE INDEX dunning_actions_of_estate ON dunning_actions (tenant_id, estate_id, happened_on);

CREATE TABLE dunning_action_bills (
    tenant_id UUID NOT NULL,
    action_id UUID NOT NULL,
    bill_id   UUID NOT NULL,
    principal BIGINT NOT NULL,
    late_fee  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, action_id, bill_id),
    FOREIGN KEY (tenant_id, action_id) REFERENCES dunning_actions (tenant_id, id),
    FOREIGN KEY (tenant_id, bill_id) REFERENCES bills (tenant_id, id)
);
CREATE INDEX dunning_action_bills_of_bill ON dunning_action_bills (tenant_id, bill_id);

CREATE TABLE dunning_deliveries (
    tenant_id    UUID NOT NULL,
    action_id    UUID NOT NULL,
    delivered_at TIMESTAMPTZ NOT NULL,
    delivered_on DATE NOT NULL,
    evidence     TEXT NOT NULL,
    reference    TEXT NOT NULL,
    recorded_by  UUID NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, action_id),
    FOREIGN KEY (tenant_id, action_id) REFERENCES dunning_actions (tenant_id, id)
);

CREATE TABLE dunning_promises (
    tenant_id  UUID NOT NULL,
    action_id  UUID NOT NULL,
    estate_id  UUID NOT NULL,
    account_id UUID NOT NULL,
    amount     BIGINT NOT NULL CHECK (amount > 0),
    made_on    DATE NOT NULL,
    due_on     DATE NOT NULL,
    PRIMARY KEY (tenant_id, action_id),
    FOREIGN KEY (tenant_id, action_id) REFERENCES dunning_actions (tenant_id, id)
);
CREATE INDEX dunning_promises_of_estate ON dunning_promises (tenant_id, estate_id, due_on);
