//! Tables of merchant accounts.

use db::{Migration, SystemTable};

/// What is known of an account's state at the provider.
pub(crate) fn state_migration() -> Migration {
    Migration {
        name: "20261126210500_merchant_account_state",
        up: "
-- Null: the provider has not said anything about it yet.
ALTER TABLE merchant_accounts ADD COLUMN state TEXT CHECK (state IN ('INCOMPLETE', 'RESTRICTED', 'READY'));
",
        down: "ALTER TABLE merchant_accounts DROP COLUMN state;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

/// Merchant accounts, and the directory by which an announcement finds its company.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261123202000_merchant_accounts",
        up: "
-- Keys are sealed with a data key of their own, which is stored wrapped by the master key; all hex.
-- An account that was replaced stays, inactive: payments made into it are refunded from it.
CREATE TABLE merchant_accounts (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('CONNECTED', 'OWN_KEYS')),
    account        TEXT NOT NULL,
    wrapped_key    TEXT,
    api_key        TEXT,
    webhook_secret TEXT,
    active         BOOLEAN NOT NULL,
    created_at     TIMESTAMPTZ NOT NULL,
    created_by     UUID NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (kind = 'CONNECTED' OR (wrapped_key IS NOT NULL AND api_key IS NOT NULL AND webhook_secret IS NOT NULL))
);
CREATE UNIQUE INDEX merchant_accounts_active ON merchant_accounts (tenant_id) WHERE active;

-- Which company an announcement is for: ids only.
CREATE TABLE merchant_directory (
    merchant_id UUID PRIMARY KEY,
    tenant_id   UUID NOT NULL,
    account     TEXT NOT NULL,
    connected   BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX merchant_directory_account ON merchant_directory (account) WHERE connected;
",
        down: "DROP TABLE merchant_directory; DROP TABLE merchant_accounts;",
        tenant_tables: &["merchant_accounts"],
        append_only: &[],
        system_tables: const { &[SystemTable { name: "merchant_directory", has_tenant: true }] },
    }
}
