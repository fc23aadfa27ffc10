//! The tables of dunning.

use db::Migration;

/// Ladders and texts, cases with their tasks, contacts, pauses, referrals.
pub(crate) fn migrations() -> Vec<Migration> {
    vec![policies(), cases(), actions(), pauses(), referrals()]
}

fn policies() -> Migration {
    Migration {
        name: "20261127040000_dunning_ladders_and_texts",
        up: "
CREATE TABLE dunning_ladders (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    version    INTEGER NOT NULL,
    ladder     TEXT NOT NULL,
    made_by    UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, estate_id, version),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id)
);
CREATE TABLE dunning_templates (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    step       TEXT NOT NULL,
    version    INTEGER NOT NULL,
    text_zh    TEXT NOT NULL,
    text_en    TEXT NOT NULL,
    made_by    UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, estate_id, step, version),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id)
);
",
        down: "DROP TABLE dunning_templates; DROP TABLE dunning_ladders;",
        tenant_tables: &["dunning_ladders", "dunning_templates"],
        append_only: &["dunning_ladders", "dunning_templates"],
        system_tables: &[],
    }
}

fn cases() -> Migration {
    Migration {
        name: "20261127040100_dunning_cases_and_tasks",
        up: "
-- `anchor` is the day from which the ladder counts. `next_on` is the day on which the next step
-- falls due; until then the daily work leaves the case alone.
CREATE TABLE dunning_cases (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    estate_id      UUID NOT NULL,
    account_id     UUID NOT NULL,
    unit_id        UUID,
    building_id    UUID,
    ladder_version INTEGER NOT NULL,
    opened_on      DATE NOT NULL,
    anchor         DATE NOT NULL,
    opening_debt   BIGINT NOT NULL CHECK (opening_debt > 0),
    stage          TEXT NOT NULL,
    reason_class   TEXT,
    assigned_to    UUID,
    held           BOOLEAN NOT NULL,
    next_on        DATE,
    closed_on      DATE,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id)
);
CREATE UNIQUE INDEX dunning_cases_one_open
    ON dunning_cases (tenant_id, account_id) WHERE closed_on IS NULL;
CREATE INDEX dunning_cases_of_estate ON dunning_cases (tenant_id, estate_id, id);

CREATE TABLE dunning_tasks (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    case_id     UUID NOT NULL,
    estate_id   UUID NOT NULL,
    account_id  UUID NOT NULL,
    building_id UUID,
    step        TEXT NOT NULL,
    due_on      DATE NOT NULL,
    state       TEXT NOT NULL,
    assigned_to UUID,
    action_id   UUID,
    skip_reason TEXT,
    skipped_by  UUID,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, case_id, step),
    FOREIGN KEY (tenant_id, case_id) REFERENCES dunning_cases (tenant_id, id)
);
CREATE INDEX dunning_tasks_of_estate ON dunning_tasks (tenant_id, estate_id, state, due_on, id);
",
        down: "DROP TABLE dunning_tasks; DROP TABLE dunning_cases;",
        tenant_tables: &["dunning_cases", "dunning_tasks"],
        append_only: &[],
        system_tables: &[],
    }
}

fn actions() -> Migration {
    Migration {
        name: "20261127040200_dunning_actions",
        up: include_str!("actions.sql"),
        down: "DROP TABLE dunning_promises; DROP TABLE dunning_deliveries; \
               DROP TABLE dunning_action_bills; DROP TABLE dunning_actions;",
        tenant_tables: &[
            "dunning_actions",
            "dunning_action_bills",
            "dunning_deliveries",
            "dunning_promises",
        ],
        append_only: &[
            "dunning_actions",
            "dunning_action_bills",
            "dunning_deliveries",
            "dunning_promises",
        ],
        system_tables: &[],
    }
}

fn pauses() -> Migration {
    Migration {
        name: "20261127040300_dunning_pauses",
        up: "
-- Of one account, or of every account of a unit. A pause that names bills holds these alone.
CREATE TABLE dunning_pauses (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    account_id  UUID,
    unit_id     UUID,
    building_id UUID,
    kind        TEXT NOT NULL,
    reference   TEXT,
    reason      TEXT NOT NULL,
    started_on  DATE NOT NULL,
    started_by  UUID,
    ended_on    DATE,
    ended_by    UUID,
    end_reason  TEXT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    CHECK ((account_id IS NULL) <> (unit_id IS NULL))
);
CREATE INDEX dunning_pauses_of_account ON dunning_pauses (tenant_id, account_id);
CREATE INDEX dunning_pauses_of_unit ON dunning_pauses (tenant_id, unit_id);
CREATE INDEX dunning_pauses_of_estate ON dunning_pauses (tenant_id, estate_id, id);

CREATE TABLE dunning_pause_bills (
    tenant_id UUID NOT NULL,
    pause_id  UUID NOT NULL,
    bill_id   UUID NOT NULL,
    PRIMARY KEY (tenant_id, pause_id, bill_id),
    FOREIGN KEY (tenant_id, pause_id) REFERENCES dunning_pauses (tenant_id, id),
    FOREIGN KEY (tenant_id, bill_id) REFERENCES bills (tenant_id, id)
);
",
        down: "DROP TABLE dunning_pause_bills; DROP TABLE dunning_pauses;",
        tenant_tables: &["dunning_pauses", "dunning_pause_bills"],
        append_only: &["dunning_pause_bills"],
        system_tables: &[],
    }
}

fn referrals() -> Migration {
    Migration {
        name: "20261127040400_legal_referrals",
        up: "
CREATE TABLE legal_referrals (
    tenant_id       UUID NOT NULL,
    id              UUID NOT NULL,
    estate_id       UUID NOT NULL,
    account_id      UUID NOT NULL,
    building_id     UUID,
    case_id         UUID NOT NULL,
    state           TEXT NOT NULL,
    contract_terms  TEXT NOT NULL,
    note            TEXT,
    claimed         BIGINT NOT NULL CHECK (claimed > 0),
    created_by      UUID NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    approved_by     UUID,
    approved_at     TIMESTAMPTZ,
    filed_on        DATE,
    court_reference TEXT,
    closed_on       DATE,
    result          TEXT,
    result_note     TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES dunning_cases (tenant_id, id),
    CHECK (approved_by IS NULL OR approved_by <> created_by)
);
CREATE UNIQUE INDEX legal_referrals_one_open
    ON legal_referrals (tenant_id, case_id) WHERE closed_on IS NULL;
CREATE INDEX legal_referrals_of_estate ON legal_referrals (tenant_id, estate_id, id);

CREATE TABLE legal_referral_debts (
    tenant_id   UUID NOT NULL,
    referral_id UUID NOT NULL,
    bill_id     UUID NOT NULL,
    first_month DATE NOT NULL,
    last_month  DATE NOT NULL,
    due         DATE NOT NULL,
    principal   BIGINT NOT NULL,
    late_fee    BIGINT NOT NULL,
    barred_on   DATE NOT NULL,
    PRIMARY KEY (tenant_id, referral_id, bill_id),
    FOREIGN KEY (tenant_id, referral_id) REFERENCES legal_referrals (tenant_id, id)
);
",
        down: "DROP TABLE legal_referral_debts; DROP TABLE legal_referrals;",
        tenant_tables: &["legal_referrals", "legal_referral_debts"],
        append_only: &["legal_referral_debts"],
        system_tables: &[],
    }
}
