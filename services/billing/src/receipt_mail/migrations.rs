//! The tables of receipts by e-mail.

use db::Migration;

/// Who wants receipts by e-mail, and which mail was sent.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127082000_receipts_by_mail",
        up: "
-- Where the receipts of an account go. Without `stopped_at` they are wanted.
CREATE TABLE receipt_addresses (
    tenant_id  UUID NOT NULL,
    account_id UUID NOT NULL,
    address    TEXT NOT NULL,
    language   TEXT NOT NULL,
    set_by     UUID NOT NULL,
    set_at     TIMESTAMPTZ NOT NULL,
    stopped_at TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES billing_accounts (tenant_id, id)
);

-- One mail per receipt, from the receipt on. Its number of tries is written before each of them.
CREATE TABLE receipt_mails (
    tenant_id  UUID NOT NULL,
    receipt_id UUID NOT NULL,
    account_id UUID NOT NULL,
    address    TEXT NOT NULL,
    language   TEXT NOT NULL,
    state      TEXT NOT NULL,
    tries      INTEGER NOT NULL,
    failure    TEXT,
    queued_at  TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, receipt_id),
    FOREIGN KEY (tenant_id, receipt_id) REFERENCES receipts (tenant_id, id)
);
CREATE INDEX receipt_mails_of_account ON receipt_mails (tenant_id, account_id, receipt_id);
",
        down: "DROP TABLE receipt_mails; DROP TABLE receipt_addresses;",
        tenant_tables: &["receipt_addresses", "receipt_mails"],
        append_only: &[],
        system_tables: &[],
    }
}
