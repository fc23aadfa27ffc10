-- postgres
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
-- end

-- What happened here and others may build on. Kept as the log from which a consumer catches up.
CREATE TABLE events (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    kind        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    aggregate   TEXT NOT NULL,
    payload     TEXT NOT NULL,
    traceparent TEXT,
    occurred_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Routing of events: which company's event comes at which position. A position is given once the
-- event is committed, without gaps, so that a consumer can tell that it missed one.
CREATE TABLE outbox (
    seq       {SERIAL},
    tenant_id UUID NOT NULL,
    event_id  UUID NOT NULL,
    position  BIGINT UNIQUE
);
CREATE INDEX outbox_unplaced ON outbox (seq) WHERE position IS NULL;

-- How far this service has taken in each other service's events.
CREATE TABLE inbox (
    source   TEXT PRIMARY KEY,
    position BIGINT NOT NULL
);

-- Long work: who does it until when. What the work is stands in the company's own rows.
CREATE TABLE jobs (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    kind         TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    run_after    TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ,
    worker       TEXT,
    attempts     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, kind, id)
);
CREATE INDEX jobs_open ON jobs (kind, run_after) WHERE state IN ('queued', 'running');

-- Who did what to which object, when, from where, why.
CREATE TABLE audit_log (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    at         TIMESTAMPTZ NOT NULL,
    actor_kind TEXT NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    object     TEXT NOT NULL,
    estate_id  UUID,
    reason     TEXT,
    detail     TEXT NOT NULL,
    origin     TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_log_object ON audit_log (tenant_id, object, at);

-- The first answer to every money mutation, for ever.
CREATE TABLE idempotency_keys (
    tenant_id  UUID NOT NULL,
    operation  TEXT NOT NULL,
    key        TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    answer     TEXT NOT NULL,
    at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, operation, key)
);
