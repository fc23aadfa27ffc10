//! The tables of contacts.

use db::Migration;

/// Contacts and the calls to be returned.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201020000_contacts",
        up: "
-- phone is sealed by the company's data key; phone_hash is keyed, for look-ups.
CREATE TABLE contacts (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    channel      TEXT NOT NULL,
    direction    TEXT NOT NULL,
    at           TIMESTAMPTZ NOT NULL,
    unit_id      UUID,
    building_id  UUID,
    person_id    UUID,
    caller_name  TEXT,
    phone        TEXT,
    phone_hash   TEXT,
    phone_tail   TEXT,
    phone_masked TEXT,
    summary      TEXT NOT NULL,
    class        TEXT NOT NULL,
    urgency      TEXT NOT NULL,
    missed       BOOLEAN NOT NULL,
    state        TEXT NOT NULL,
    recorded_by  UUID NOT NULL,
    recorded_at  TIMESTAMPTZ NOT NULL,
    owner_id     UUID,
    offered_to   UUID,
    accepted_at  TIMESTAMPTZ,
    due_at       TIMESTAMPTZ NOT NULL,
    answer       TEXT,
    answered_at  TIMESTAMPTZ,
    answered_by  UUID,
    became       TEXT,
    reference    TEXT,
    converted_at TIMESTAMPTZ,
    suggestion   TEXT,
    version      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX contacts_of_estate ON contacts (tenant_id, estate_id, at, id);
CREATE INDEX contacts_open ON contacts (tenant_id, estate_id, state, due_at);
CREATE INDEX contacts_of_unit ON contacts (tenant_id, unit_id, at, id);
CREATE INDEX contacts_of_person ON contacts (tenant_id, person_id, at, id);
CREATE INDEX contacts_phone_tail ON contacts (tenant_id, estate_id, phone_tail, at);
CREATE INDEX contacts_phone_hash ON contacts (tenant_id, estate_id, phone_hash, at);
CREATE TABLE call_backs (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    contact_id UUID NOT NULL,
    estate_id  UUID NOT NULL,
    due_at     TIMESTAMPTZ NOT NULL,
    outcome    TEXT,
    note       TEXT,
    done_at    TIMESTAMPTZ,
    done_by    UUID,
    version    INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, contact_id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id)
);
CREATE INDEX call_backs_of_estate ON call_backs (tenant_id, estate_id, due_at, id);
",
        down: "DROP TABLE call_backs; DROP TABLE contacts;",
        tenant_tables: &["contacts", "call_backs"],
        append_only: &[],
        system_tables: &[],
    }
}

/// What the desk says by the kind of a contact; a change is a row of a higher version.
pub(crate) const fn scripts() -> Migration {
    Migration {
        name: "20261201020100_contact_scripts",
        up: "
CREATE TABLE contact_scripts (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID,
    class     TEXT NOT NULL,
    version   INTEGER NOT NULL CHECK (version > 0),
    zh        TEXT NOT NULL,
    en        TEXT NOT NULL,
    saved_by  UUID NOT NULL,
    saved_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX contact_scripts_of_estate ON contact_scripts
    (tenant_id, estate_id, class, version) WHERE estate_id IS NOT NULL;
CREATE UNIQUE INDEX contact_scripts_of_company ON contact_scripts
    (tenant_id, class, version) WHERE estate_id IS NULL;
",
        down: "DROP TABLE contact_scripts;",
        tenant_tables: &["contact_scripts"],
        append_only: &["contact_scripts"],
        system_tables: &[],
    }
}

/// How often the caller of a missed call was tried.
pub(crate) const fn tries() -> Migration {
    Migration {
        name: "20261202010000_tries_of_call_backs",
        up: "ALTER TABLE call_backs ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;",
        down: "ALTER TABLE call_backs DROP COLUMN tries;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

/// Contacts that became anonymous complaints, of which staff are not told whose they were.
pub(crate) const fn nameless() -> Migration {
    Migration {
        name: "20261201092000_nameless_contacts",
        up: "
ALTER TABLE contacts ADD COLUMN nameless BOOLEAN NOT NULL DEFAULT FALSE;
-- postgres
-- Their owner sees the rows of every company while they are marked.
ALTER TABLE complaints NO FORCE ROW LEVEL SECURITY;
ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE secret_things NO FORCE ROW LEVEL SECURITY;
-- end
UPDATE contacts SET nameless = TRUE WHERE EXISTS (SELECT 1 FROM secret_things t
    JOIN complaints c ON c.tenant_id = t.tenant_id AND c.id = t.complaint_id
    WHERE t.tenant_id = contacts.tenant_id AND t.thing_id = contacts.id AND c.anonymous);
-- postgres
ALTER TABLE secret_things FORCE ROW LEVEL SECURITY;
ALTER TABLE contacts FORCE ROW LEVEL SECURITY;
ALTER TABLE complaints FORCE ROW LEVEL SECURITY;
-- end
",
        down: "ALTER TABLE contacts DROP COLUMN nameless;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
