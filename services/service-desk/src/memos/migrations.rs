//! The tables of contact sheets.

use db::Migration;

/// Contact sheets.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201053000_memos",
        up: "CREATE TABLE memos (
            tenant_id    UUID NOT NULL,
            id           UUID NOT NULL,
            estate_id    UUID NOT NULL,
            from_user    UUID NOT NULL,
            to_whom      TEXT NOT NULL,
            matter       TEXT NOT NULL,
            body         TEXT NOT NULL,
            sent_at      TIMESTAMPTZ NOT NULL,
            receive_by   TIMESTAMPTZ NOT NULL,
            reply_by     TIMESTAMPTZ NOT NULL,
            state        TEXT NOT NULL,
            received_by  UUID,
            received_at  TIMESTAMPTZ,
            reply        TEXT,
            replied_by   UUID,
            replied_at   TIMESTAMPTZ,
            confirmed_at TIMESTAMPTZ,
            version      INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        CREATE INDEX memos_of_estate ON memos (tenant_id, estate_id, state, id);",
        down: "DROP TABLE memos;",
        tenant_tables: &["memos"],
        append_only: &[],
        system_tables: &[],
    }
}

/// Who was meant, and why a sheet was taken back. Of the sheets there are already, colleagues who were
/// named, received or answered them are known; those to a post that nobody received are seen by who
/// sent them and who supervises, who can hand them on.
pub(crate) const fn addressees_migration() -> Migration {
    Migration {
        name: "20261202053000_memo_addressees",
        up: "
ALTER TABLE memos ADD COLUMN reason TEXT;
CREATE TABLE memo_addressees (
    tenant_id UUID NOT NULL,
    memo_id   UUID NOT NULL,
    user_id   UUID NOT NULL,
    acts      BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, memo_id, user_id),
    FOREIGN KEY (tenant_id, memo_id) REFERENCES memos (tenant_id, id)
);
CREATE INDEX memo_addressees_of_user ON memo_addressees (tenant_id, user_id, memo_id);
INSERT INTO memo_addressees (tenant_id, memo_id, user_id, acts)
SELECT tenant_id, id, received_by, TRUE FROM memos WHERE received_by IS NOT NULL
UNION SELECT tenant_id, id, replied_by, TRUE FROM memos WHERE replied_by IS NOT NULL
-- postgres
UNION SELECT m.tenant_id, m.id, CAST(substr(p.person, 5) AS UUID), TRUE FROM memos m
CROSS JOIN LATERAL jsonb_array_elements_text(CAST(m.to_whom AS JSONB) -> 'people') AS p(person)
-- end
-- sqlite
UNION SELECT m.tenant_id, m.id, unhex(substr(p.value, 5)), TRUE
FROM memos m, json_each(m.to_whom, '$.people') p
-- end
;
",
        down: "DROP TABLE memo_addressees; ALTER TABLE memos DROP COLUMN reason;",
        tenant_tables: &["memo_addressees"],
        append_only: &[],
        system_tables: &[],
    }
}
