//! The tables of messages.

use db::Migration;

/// Inboxes, deliveries, addresses, wishes, quiet hours and templates.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201050000_messages",
        up: UP,
        down: "DROP TABLE message_templates; DROP TABLE message_quiet_hours;
            DROP TABLE message_preferences; DROP TABLE message_addresses;
            DROP TABLE message_deliveries; DROP TABLE inbox_letters;",
        tenant_tables: &[
            "inbox_letters",
            "message_deliveries",
            "message_addresses",
            "message_preferences",
            "message_quiet_hours",
            "message_templates",
        ],
        append_only: &["message_templates"],
        system_tables: &[],
    }
}

/// Letters that were taken back.
pub(crate) const fn withdrawn_migration() -> Migration {
    Migration {
        name: "20261202050000_withdrawn_letters",
        up: "ALTER TABLE inbox_letters ADD COLUMN withdrawn_at TIMESTAMPTZ;",
        down: "ALTER TABLE inbox_letters DROP COLUMN withdrawn_at;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

const UP: &str = "
-- What a person was told. `in_inbox` is false for who wants it by other ways only.
CREATE TABLE inbox_letters (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID NOT NULL,
    person_id UUID NOT NULL,
    unit_id   UUID,
    kind      TEXT NOT NULL,
    title     TEXT NOT NULL,
    body      TEXT NOT NULL,
    reference TEXT NOT NULL,
    in_inbox  BOOLEAN NOT NULL,
    posted_at TIMESTAMPTZ NOT NULL,
    read_at   TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX inbox_letters_of_person ON inbox_letters (tenant_id, person_id, id);

-- One way of one letter to one address, or of a code (without a letter). The number of tries is
-- written before each of them.
CREATE TABLE message_deliveries (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    letter_id UUID,
    estate_id UUID,
    person_id UUID NOT NULL,
    kind      TEXT,
    channel   TEXT NOT NULL,
    shown     TEXT NOT NULL,
    state     TEXT NOT NULL,
    tries     INTEGER NOT NULL,
    failure   TEXT,
    queued_at TIMESTAMPTZ NOT NULL,
    ended_at  TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, letter_id) REFERENCES inbox_letters (tenant_id, id)
);
CREATE INDEX message_deliveries_of_estate ON message_deliveries (tenant_id, estate_id, state, id);
CREATE INDEX message_deliveries_of_letter ON message_deliveries (tenant_id, letter_id);

-- Addresses are sealed; `shown` is masked. `pending` waits for the code that was sent there.
CREATE TABLE message_addresses (
    tenant_id     UUID NOT NULL,
    person_id     UUID NOT NULL,
    channel       TEXT NOT NULL,
    sealed        TEXT,
    shown         TEXT,
    confirmed_at  TIMESTAMPTZ,
    pending       TEXT,
    pending_shown TEXT,
    nonce         UUID,
    asked_at      TIMESTAMPTZ,
    wrong_codes   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, person_id, channel)
);

CREATE TABLE message_preferences (
    tenant_id UUID NOT NULL,
    person_id UUID NOT NULL,
    language  TEXT NOT NULL,
    channels  TEXT NOT NULL,
    version   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, person_id)
);

CREATE TABLE message_quiet_hours (
    tenant_id  UUID NOT NULL,
    estate_id  UUID NOT NULL,
    from_time  TEXT NOT NULL,
    until_time TEXT NOT NULL,
    version    INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, estate_id)
);

-- Each saving is a version. `owner_id` is an estate, or the company's own id.
CREATE TABLE message_templates (
    tenant_id UUID NOT NULL,
    owner_id  UUID NOT NULL,
    code      TEXT NOT NULL,
    version   INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    title     TEXT NOT NULL,
    body      TEXT NOT NULL,
    saved_by  UUID NOT NULL,
    saved_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, owner_id, code, version)
);
";
