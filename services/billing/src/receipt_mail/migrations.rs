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

/// Mails about other things than receipts, in the same table. `SQLite` drops no foreign key, so that
/// its table is made anew.
pub(crate) fn other_mails() -> Migration {
    Migration {
        name: "20261129050000_mails_about_other_things",
        up: "
-- One mail about one thing, from the moment it happened.
-- postgres
ALTER TABLE receipt_mails RENAME TO mails;
ALTER TABLE mails DROP CONSTRAINT receipt_mails_tenant_id_receipt_id_fkey;
ALTER TABLE mails RENAME COLUMN receipt_id TO subject_id;
ALTER TABLE mails ADD COLUMN about TEXT NOT NULL DEFAULT 'RECEIPT';
ALTER TABLE mails ALTER COLUMN about DROP DEFAULT;
ALTER INDEX receipt_mails_of_account RENAME TO mails_of_account;
-- end
-- sqlite
CREATE TABLE mails (
    tenant_id  UUID NOT NULL,
    subject_id UUID NOT NULL,
    account_id UUID NOT NULL,
    address    TEXT NOT NULL,
    language   TEXT NOT NULL,
    state      TEXT NOT NULL,
    tries      INTEGER NOT NULL,
    failure    TEXT,
    queued_at  TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ,
    about      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, subject_id)
);
INSERT INTO mails SELECT *, 'RECEIPT' FROM receipt_mails;
DROP TABLE receipt_mails;
CREATE INDEX mails_of_account ON mails (tenant_id, account_id, subject_id);
-- end
",
        down: "
DELETE FROM mails WHERE about <> 'RECEIPT';
ALTER TABLE mails DROP COLUMN about;
ALTER TABLE mails RENAME COLUMN subject_id TO receipt_id;
ALTER TABLE mails RENAME TO receipt_mails;
-- postgres
ALTER TABLE receipt_mails ADD CONSTRAINT receipt_mails_tenant_id_receipt_id_fkey
    FOREIGN KEY (tenant_id, receipt_id) REFERENCES receipts (tenant_id, id);
ALTER INDEX mails_of_account RENAME TO receipt_mails_of_account;
-- end
-- sqlite
DROP INDEX mails_of_account;
CREATE INDEX receipt_mails_of_account ON receipt_mails (tenant_id, account_id, receipt_id);
-- end
",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
