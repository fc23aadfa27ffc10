//! The tables of people and data keys.

use db::Migration;

/// People and data keys.
pub const fn migration() -> Migration {
    Migration {
        name: "20261123100200_people",
        up: "-- One data key per company, wrapped by the master key, which is not in the database.
        CREATE TABLE data_keys (
            tenant_id UUID NOT NULL,
            purpose   TEXT NOT NULL,
            wrapped   TEXT NOT NULL,
            PRIMARY KEY (tenant_id, purpose)
        );
        -- phone and identity are sealed by the data key; *_hash is keyed, for lookups.
        CREATE TABLE persons (
            tenant_id       UUID NOT NULL,
            id              UUID NOT NULL,
            estate_id       UUID NOT NULL,
            code            TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 60),
            name            TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
            kind            TEXT NOT NULL CHECK (kind IN ('person', 'company')),
            gender          TEXT CHECK (gender IN ('M', 'F')),
            birth_year      BIGINT,
            phone           TEXT,
            phone_hash      TEXT,
            phone_tail      TEXT,
            phone_masked    TEXT,
            identity        TEXT,
            identity_hash   TEXT,
            identity_masked TEXT,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, estate_id, code),
            FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id)
        );
        -- The one search box: by name, by the tail of a phone, by an identity number.
        CREATE INDEX persons_name ON persons (tenant_id, estate_id, name);
        CREATE INDEX persons_phone_tail ON persons (tenant_id, estate_id, phone_tail);
        CREATE INDEX persons_identity ON persons (tenant_id, identity_hash);",
        down: "DROP TABLE persons; DROP TABLE data_keys;",
        tenant_tables: &["data_keys", "persons"],
        append_only: &["data_keys"],
        system_tables: &[],
    }
}
