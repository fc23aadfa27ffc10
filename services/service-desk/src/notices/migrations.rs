//! The tables of notices.

use db::Migration;

/// Which units are in arrears.
pub(crate) const fn arrears_migration() -> Migration {
    Migration {
        name: "20261201090500_unit_arrears",
        up: "
CREATE TABLE unit_arrears (
    tenant_id UUID NOT NULL,
    unit_id   UUID NOT NULL,
    estate_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, unit_id)
);
CREATE INDEX unit_arrears_of_estate ON unit_arrears (tenant_id, estate_id);
",
        down: "DROP TABLE unit_arrears;",
        tenant_tables: &["unit_arrears"],
        append_only: &[],
        system_tables: &[],
    }
}

/// By which template a notice was written.
pub(crate) const fn templates_migration() -> Migration {
    Migration {
        name: "20261202051000_templates_of_notices",
        up: "ALTER TABLE notices ADD COLUMN template TEXT;",
        down: "ALTER TABLE notices DROP COLUMN template;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

/// Notices, whom they concern, and the tags of units.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201051000_notices",
        up: "
CREATE TABLE notices (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    kind         TEXT NOT NULL,
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    audience     TEXT NOT NULL,
    publish_at   TIMESTAMPTZ,
    expires_at   TIMESTAMPTZ,
    state        TEXT NOT NULL,
    written_by   UUID NOT NULL,
    written_at   TIMESTAMPTZ NOT NULL,
    decided_by   UUID,
    decided_at   TIMESTAMPTZ,
    reason       TEXT,
    published_at TIMESTAMPTZ,
    reached      INTEGER,
    version      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX notices_of_estate ON notices (tenant_id, estate_id, state, id);

-- One row a person, from the publishing on. Without a letter, once posted, for who refused it.
CREATE TABLE notice_recipients (
    tenant_id   UUID NOT NULL,
    notice_id   UUID NOT NULL,
    person_id   UUID NOT NULL,
    estate_id   UUID NOT NULL,
    unit_id     UUID NOT NULL,
    building_id UUID NOT NULL,
    posted      BOOLEAN NOT NULL,
    letter_id   UUID,
    read_at     TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, notice_id, person_id),
    FOREIGN KEY (tenant_id, notice_id) REFERENCES notices (tenant_id, id)
);
CREATE INDEX notice_recipients_of_person ON notice_recipients (tenant_id, person_id, estate_id);
CREATE INDEX notice_recipients_of_letter ON notice_recipients (tenant_id, letter_id);

CREATE TABLE unit_tags (
    tenant_id UUID NOT NULL,
    unit_id   UUID NOT NULL,
    tag       TEXT NOT NULL,
    estate_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, unit_id, tag)
);
CREATE INDEX unit_tags_of_estate ON unit_tags (tenant_id, estate_id, unit_id);
",
        down: "DROP TABLE unit_tags; DROP TABLE notice_recipients; DROP TABLE notices;",
        tenant_tables: &["notices", "notice_recipients", "unit_tags"],
        append_only: &[],
        system_tables: &[],
    }
}
