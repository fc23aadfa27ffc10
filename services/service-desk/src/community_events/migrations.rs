//! The tables of community events.

use db::Migration;

/// Events, sign-ups and expenses.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201063000_community_events",
        up: "
CREATE TABLE community_events (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID NOT NULL,
    year      INTEGER NOT NULL,
    state     TEXT NOT NULL,
    version   INTEGER NOT NULL,
    capacity  INTEGER NOT NULL,
    secret    TEXT NOT NULL,
    details   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX community_events_list ON community_events (tenant_id, estate_id, year, id);
CREATE TABLE community_sign_ups (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    event_id      UUID NOT NULL,
    unit_id       UUID NOT NULL,
    building_id   UUID NOT NULL,
    person_id     UUID NOT NULL,
    companions    INTEGER NOT NULL,
    state         TEXT NOT NULL,
    number        INTEGER NOT NULL,
    photo_consent BOOLEAN NOT NULL,
    signed_at     TIMESTAMPTZ NOT NULL,
    checked_in_at TIMESTAMPTZ,
    checked_in_by UUID,
    present       INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES community_events (tenant_id, id)
);
-- The queue of an event has no two of one number, and a person has one place in it.
CREATE UNIQUE INDEX community_sign_ups_number ON community_sign_ups (tenant_id, event_id, number);
CREATE UNIQUE INDEX community_sign_ups_person ON community_sign_ups (tenant_id, event_id, person_id)
    WHERE state <> 'CANCELLED';
CREATE TABLE community_event_expenses (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    event_id  UUID NOT NULL,
    line      TEXT NOT NULL,
    amount    BIGINT NOT NULL,
    on_day    DATE NOT NULL,
    what      TEXT NOT NULL,
    noted_by  UUID NOT NULL,
    noted_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES community_events (tenant_id, id)
);
CREATE INDEX community_event_expenses_event ON community_event_expenses (tenant_id, event_id);
",
        down: "DROP TABLE community_event_expenses; DROP TABLE community_sign_ups; \
               DROP TABLE community_events;",
        tenant_tables: &["community_events", "community_sign_ups", "community_event_expenses"],
        append_only: &["community_event_expenses"],
        system_tables: &[],
    }
}

/// How far the telling of events has come.
pub(crate) const fn told_migration() -> Migration {
    Migration {
        name: "20261202040000_community_event_told",
        up: "
CREATE TABLE community_event_told (
    tenant_id   UUID NOT NULL,
    event_id    UUID NOT NULL,
    news        TEXT NOT NULL,
    last_person UUID,
    PRIMARY KEY (tenant_id, event_id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES community_events (tenant_id, id)
);
",
        down: "DROP TABLE community_event_told;",
        tenant_tables: &["community_event_told"],
        append_only: &[],
        system_tables: &[],
    }
}
