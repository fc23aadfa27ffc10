//! The table of months, and what the database itself refuses.

use db::Migration;

/// Months of the books; no entry is dated in a closed one.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127060300_months_of_the_books",
        up: "
-- A month without a row is open. Who closes one holds the row of its estate; who writes entries
-- shares it, so that an entry is either in the books when they are closed, or refused. A month
-- that was closed is open again only with the names of two persons.
CREATE TABLE book_months (
    tenant_id           UUID NOT NULL,
    estate_id           UUID NOT NULL,
    month               DATE NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('OPEN', 'CLOSING', 'CLOSED')),
    version             INTEGER NOT NULL CHECK (version >= 0),
    started_by          UUID,
    started_at          TIMESTAMPTZ,
    closed_by           UUID,
    closed_at           TIMESTAMPTZ,
    reopen_requested_by UUID,
    reopen_requested_at TIMESTAMPTZ,
    reopen_reason       TEXT,
    reopened_by         UUID,
    reopened_at         TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, estate_id, month),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    CHECK (reopened_by IS NULL OR reopened_by <> reopen_requested_by),
    CHECK (state = 'CLOSED' OR version = 0
           OR (reopened_by IS NOT NULL AND reopen_requested_by IS NOT NULL AND reopen_reason IS NOT NULL))
);
-- postgres
CREATE TRIGGER book_months_stay BEFORE DELETE ON book_months
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shut DATE;
BEGIN
    PERFORM 1 FROM estates e WHERE (e.tenant_id, e.id) IN
        (SELECT w.tenant_id, w.estate_id FROM written w) FOR KEY SHARE OF e;
    SELECT m.month INTO shut FROM written w JOIN book_months m
        ON m.tenant_id = w.tenant_id AND m.estate_id = w.estate_id
        AND m.month = CAST(date_trunc('month', w.day) AS DATE)
        WHERE m.state = 'CLOSED' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'month of the books is closed: %', shut;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entries_closed_month AFTER INSERT ON ledger_entries
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_month();
-- end
-- sqlite
CREATE TRIGGER book_months_stay BEFORE DELETE ON book_months BEGIN
    SELECT RAISE(ABORT, 'a month of the books stays');
END;
CREATE TRIGGER ledger_entries_closed_month BEFORE INSERT ON ledger_entries BEGIN
    SELECT RAISE(ABORT, 'month of the books is closed') WHERE EXISTS (
        SELECT 1 FROM book_months WHERE tenant_id = NEW.tenant_id AND estate_id = NEW.estate_id
            AND month = date(NEW.day, 'start of month') AND state = 'CLOSED');
END;
-- end
",
        down: "
-- postgres
DROP TRIGGER ledger_entries_closed_month ON ledger_entries;
DROP TABLE book_months;
DROP FUNCTION refuse_closed_month;
-- end
-- sqlite
DROP TRIGGER ledger_entries_closed_month;
DROP TABLE book_months;
-- end
",
        tenant_tables: &["book_months"],
        append_only: &[],
        system_tables: &[],
    }
}
