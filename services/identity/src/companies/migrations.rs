//! Companies and operators.

use db::{Migration, SystemTable};

/// Creates `companies`, `platform_operators` and `usage_units`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123100300_companies",
        up: "-- The directory of companies: which id stands behind a code, and whether it may work.
CREATE TABLE companies (
    tenant_id  UUID PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 2 AND 32),
    name       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'closed')),
    created_at TIMESTAMPTZ NOT NULL
);

-- Who runs the platform. They see no company's data; see support_grants.
CREATE TABLE platform_operators (
    id            UUID PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL
);

-- The units a company has registered, by id alone: counted for its usage.
CREATE TABLE usage_units (
    tenant_id UUID NOT NULL,
    unit_id   UUID NOT NULL,
    PRIMARY KEY (tenant_id, unit_id)
);",
        down: "DROP TABLE usage_units; DROP TABLE platform_operators; DROP TABLE companies;",
        tenant_tables: &["usage_units"],
        append_only: &[],
        system_tables: &[
            SystemTable { name: "companies", has_tenant: true },
            SystemTable { name: "platform_operators", has_tenant: false },
        ],
    }
}

/// Creates `usage_storage`.
pub fn storage() -> Migration {
    Migration {
        name: "20261126200000_usage_storage",
        up: "-- How many bytes of files a company keeps, as residents tells.
CREATE TABLE usage_storage (
    tenant_id UUID PRIMARY KEY,
    bytes     BIGINT NOT NULL
);",
        down: "DROP TABLE usage_storage;",
        tenant_tables: &["usage_storage"],
        append_only: &[],
        system_tables: &[],
    }
}
