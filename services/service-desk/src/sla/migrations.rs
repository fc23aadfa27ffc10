//! The tables of promises.

use db::Migration;

/// Policies, calendars, clocks, their pauses and the escalations.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201030000_sla",
        up: TABLES,
        down: "DROP TABLE sla_escalated_to; DROP TABLE sla_escalations; DROP TABLE sla_pauses;
               DROP TABLE sla_clocks; DROP TABLE estate_calendars; DROP TABLE sla_policies;",
        tenant_tables: &[
            "sla_policies",
            "estate_calendars",
            "sla_clocks",
            "sla_pauses",
            "sla_escalations",
            "sla_escalated_to",
        ],
        append_only: &["sla_policies", "sla_escalated_to"],
        system_tables: &[],
    }
}

/// The tables, in the order in which they refer to each other.
const TABLES: &str = "
CREATE TABLE sla_policies (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    estate_id      UUID,
    kind           TEXT NOT NULL,
    code           TEXT NOT NULL,
    effective_from DATE NOT NULL,
    promise        TEXT NOT NULL,
    saved_by       UUID NOT NULL,
    saved_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sla_policies_of_kind ON sla_policies (tenant_id, kind, code);
CREATE TABLE estate_calendars (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    hours     TEXT NOT NULL,
    version   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, estate_id)
);
CREATE TABLE sla_clocks (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    kind         TEXT NOT NULL,
    subject_id   UUID NOT NULL,
    code         TEXT NOT NULL,
    policy_id    UUID,
    promise      TEXT NOT NULL,
    office       BOOLEAN NOT NULL,
    assignee     UUID,
    started_at   TIMESTAMPTZ NOT NULL,
    round        INTEGER NOT NULL,
    round_from   TIMESTAMPTZ NOT NULL,
    agreed_until TIMESTAMPTZ,
    responded_at TIMESTAMPTZ,
    resolved_at  TIMESTAMPTZ,
    cancelled_at TIMESTAMPTZ,
    paused_since TIMESTAMPTZ,
    pause_reason TEXT,
    respond_by   TIMESTAMPTZ,
    resolve_by   TIMESTAMPTZ,
    next_at      TIMESTAMPTZ,
    warned       INTEGER NOT NULL,
    open         BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, subject_id)
);
CREATE INDEX sla_clocks_open ON sla_clocks (tenant_id, estate_id) WHERE open;
CREATE TABLE sla_pauses (
    tenant_id UUID NOT NULL,
    clock_id  UUID NOT NULL,
    place     INTEGER NOT NULL,
    reason    TEXT NOT NULL,
    from_at   TIMESTAMPTZ NOT NULL,
    to_at     TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, clock_id, place),
    FOREIGN KEY (tenant_id, clock_id) REFERENCES sla_clocks (tenant_id, id)
);
CREATE TABLE sla_escalations (
    tenant_id       UUID NOT NULL,
    id              UUID NOT NULL,
    estate_id       UUID NOT NULL,
    clock_id        UUID NOT NULL,
    kind            TEXT NOT NULL,
    subject_id      UUID NOT NULL,
    round           INTEGER NOT NULL,
    measure         TEXT NOT NULL,
    percent         INTEGER NOT NULL,
    target          TEXT NOT NULL,
    due_at          TIMESTAMPTZ NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    acknowledged_by UUID,
    acknowledged_at TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, clock_id, round, measure, percent),
    FOREIGN KEY (tenant_id, clock_id) REFERENCES sla_clocks (tenant_id, id)
);
CREATE INDEX sla_escalations_of_estate ON sla_escalations (tenant_id, estate_id, id);
CREATE TABLE sla_escalated_to (
    tenant_id     UUID NOT NULL,
    escalation_id UUID NOT NULL,
    user_id       UUID NOT NULL,
    PRIMARY KEY (tenant_id, escalation_id, user_id),
    FOREIGN KEY (tenant_id, escalation_id) REFERENCES sla_escalations (tenant_id, id)
);
CREATE INDEX sla_escalated_to_user ON sla_escalated_to (tenant_id, user_id, escalation_id);
";
