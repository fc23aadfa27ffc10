-- An entry is the seal on its lines. The lines come first and point to the seal by a deferred key
-- that contains their number; the seal is admitted only when that many lines are there and sum to
-- zero. A line after the seal finds every number taken. Nothing is ever changed or deleted.
CREATE TABLE ledger_entries (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    lines     INTEGER NOT NULL CHECK (lines >= 2),
    estate_id UUID NOT NULL,
    kind      TEXT NOT NULL,
    day       DATE NOT NULL,
    currency  TEXT NOT NULL,
    source    TEXT NOT NULL,
    memo      TEXT NOT NULL,
    reverses  UUID,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, id, lines),
    UNIQUE (tenant_id, reverses),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    FOREIGN KEY (tenant_id, reverses) REFERENCES ledger_entries (tenant_id, id)
);
CREATE INDEX ledger_entries_of_estate ON ledger_entries (tenant_id, estate_id, day, id);
CREATE INDEX ledger_entries_of_source ON ledger_entries (tenant_id, source);

CREATE TABLE ledger_lines (
    tenant_id UUID NOT NULL,
    entry_id  UUID NOT NULL,
    line      INTEGER NOT NULL,
    lines     INTEGER NOT NULL,
    code      TEXT NOT NULL,
    subject   UUID,
    amount    BIGINT NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (tenant_id, entry_id, line),
    CHECK (line BETWEEN 1 AND lines),
    FOREIGN KEY (tenant_id, entry_id, lines) REFERENCES ledger_entries (tenant_id, id, lines)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ledger_lines_of_account ON ledger_lines (tenant_id, code, subject);

-- What each entry changed, per account; the balance of an account is the sum of its rows. A job
-- folds many rows into one, so that reading a hot account stays cheap and posting never waits.
CREATE TABLE balance_deltas (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    estate_id UUID NOT NULL,
    code      TEXT NOT NULL,
    subject   UUID,
    amount    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX balance_deltas_of_account ON balance_deltas (tenant_id, estate_id, code, subject);

-- postgres
CREATE FUNCTION seal_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found BIGINT;
    total NUMERIC;
BEGIN
    SELECT count(*), COALESCE(sum(amount), 0) INTO found, total FROM ledger_lines
        WHERE tenant_id = NEW.tenant_id AND entry_id = NEW.id AND lines = NEW.lines;
    IF found <> NEW.lines OR total <> 0 THEN
        RAISE EXCEPTION 'ledger entry % does not balance', NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entries_seal BEFORE INSERT ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION seal_entry();
CREATE FUNCTION refuse_late_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entries
               WHERE tenant_id = NEW.tenant_id AND id = NEW.entry_id) THEN
        RAISE EXCEPTION 'ledger entry % is sealed', NEW.entry_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_lines_late BEFORE INSERT ON ledger_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_late_line();
-- end
-- sqlite
CREATE TRIGGER ledger_entries_seal BEFORE INSERT ON ledger_entries BEGIN
    SELECT RAISE(ABORT, 'ledger entry is sealed') WHERE EXISTS (
        SELECT 1 FROM ledger_entries WHERE tenant_id = NEW.tenant_id AND id = NEW.id);
    SELECT RAISE(ABORT, 'ledger entry does not balance') WHERE
        (SELECT COUNT(*) FROM ledger_lines WHERE tenant_id = NEW.tenant_id
            AND entry_id = NEW.id AND lines = NEW.lines) <> NEW.lines
        OR (SELECT COALESCE(SUM(amount), 0) FROM ledger_lines WHERE tenant_id = NEW.tenant_id
            AND entry_id = NEW.id AND lines = NEW.lines) <> 0;
END;
CREATE TRIGGER ledger_lines_late BEFORE INSERT ON ledger_lines BEGIN
    SELECT RAISE(ABORT, 'ledger entry is sealed') WHERE EXISTS (
        SELECT 1 FROM ledger_entries WHERE tenant_id = NEW.tenant_id AND id = NEW.entry_id);
    SELECT RAISE(ABORT, 'ledger line is taken') WHERE EXISTS (
        SELECT 1 FROM ledger_lines WHERE tenant_id = NEW.tenant_id AND entry_id = NEW.entry_id
            AND line = NEW.line);
END;
-- end
