//! The tables of revisits.

use db::Migration;

const UP: &str = "
CREATE TABLE revisit_policies (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    estate_id      UUID NOT NULL,
    source         TEXT NOT NULL,
    effective_from DATE NOT NULL,
    rate_bp        INTEGER NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
    mode           TEXT NOT NULL,
    due_days       INTEGER NOT NULL CHECK (due_days > 0),
    app_hours      INTEGER NOT NULL CHECK (app_hours >= 0),
    visitor        TEXT NOT NULL,
    set_by         UUID NOT NULL,
    set_at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (mode <> 'AT_ONCE' OR rate_bp = 10000)
);
CREATE INDEX revisit_policies_of_estate ON revisit_policies (tenant_id, estate_id, source, effective_from);
CREATE TABLE revisit_candidates (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    source      TEXT NOT NULL,
    reference   UUID NOT NULL,
    unit_id     UUID,
    building_id UUID,
    person_id   UUID,
    workers     TEXT NOT NULL,
    hidden_from TEXT NOT NULL,
    nameless    BOOLEAN NOT NULL,
    summary     TEXT NOT NULL,
    finished_at TIMESTAMPTZ NOT NULL,
    month       DATE NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source, reference)
);
CREATE INDEX revisit_candidates_of_month ON revisit_candidates (tenant_id, estate_id, source, month);
CREATE INDEX revisit_candidates_of_unit ON revisit_candidates (tenant_id, unit_id, source);
CREATE TABLE revisit_draws (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    estate_id  UUID NOT NULL,
    source     TEXT NOT NULL,
    month      DATE NOT NULL,
    seed       TEXT NOT NULL,
    rate_bp    INTEGER NOT NULL,
    candidates INTEGER NOT NULL,
    digest     TEXT NOT NULL,
    chosen     TEXT NOT NULL,
    drawn_at   TIMESTAMPTZ NOT NULL,
    drawn_by   UUID,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, estate_id, source, month)
);
CREATE TABLE revisits (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    candidate_id UUID NOT NULL,
    draw_id      UUID,
    estate_id    UUID NOT NULL,
    source       TEXT NOT NULL,
    reference    UUID NOT NULL,
    unit_id      UUID,
    building_id  UUID,
    person_id    UUID,
    workers      TEXT NOT NULL,
    hidden_from  TEXT NOT NULL,
    nameless     BOOLEAN NOT NULL,
    summary      TEXT NOT NULL,
    month        DATE NOT NULL,
    visitor      TEXT NOT NULL,
    due_at       TIMESTAMPTZ NOT NULL,
    app_until    TIMESTAMPTZ,
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND 3),
    next_try_at  TIMESTAMPTZ,
    channel      TEXT,
    recorded_by  UUID,
    done_at      TIMESTAMPTZ,
    rating       TEXT,
    record       TEXT,
    reviewed_by  UUID,
    reviewed_at  TIMESTAMPTZ,
    review_note  TEXT,
    version      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, candidate_id),
    FOREIGN KEY (tenant_id, candidate_id) REFERENCES revisit_candidates (tenant_id, id),
    CHECK (reviewed_by IS NULL OR recorded_by IS NULL OR reviewed_by <> recorded_by)
);
CREATE INDEX revisits_of_estate ON revisits (tenant_id, estate_id, state, id);
CREATE INDEX revisits_of_month ON revisits (tenant_id, estate_id, month, source);
CREATE INDEX revisits_of_person ON revisits (tenant_id, person_id);
CREATE INDEX revisits_of_thing ON revisits (tenant_id, source, reference);
CREATE TABLE revisit_attempts (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    revisit_id  UUID NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    made_by     UUID NOT NULL,
    channel     TEXT NOT NULL,
    note        TEXT,
    next_try_at TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, revisit_id) REFERENCES revisits (tenant_id, id)
);
CREATE INDEX revisit_attempts_of_revisit ON revisit_attempts (tenant_id, revisit_id);
";

/// Policies, what was finished, draws, revisits and the attempts at them.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201040000_revisits",
        up: UP,
        down: "DROP TABLE revisit_attempts; DROP TABLE revisits; DROP TABLE revisit_draws; \
               DROP TABLE revisit_candidates; DROP TABLE revisit_policies;",
        tenant_tables: &[
            "revisit_policies",
            "revisit_candidates",
            "revisit_draws",
            "revisits",
            "revisit_attempts",
        ],
        append_only: &[
            "revisit_policies",
            "revisit_candidates",
            "revisit_draws",
            "revisit_attempts",
        ],
        system_tables: &[],
    }
}

const WORK: &str = "
-- Whoever notes something of a month and whoever draws it hold its row first.
CREATE TABLE revisit_months (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    source    TEXT NOT NULL,
    month     DATE NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, source, month)
);
-- Who had a hand in a thing besides those who were told of first.
CREATE TABLE revisit_hands (
    tenant_id    UUID NOT NULL,
    candidate_id UUID NOT NULL,
    user_id      UUID NOT NULL,
    PRIMARY KEY (tenant_id, candidate_id, user_id),
    FOREIGN KEY (tenant_id, candidate_id) REFERENCES revisit_candidates (tenant_id, id)
);
ALTER TABLE revisits ADD COLUMN unreachable_at TIMESTAMPTZ;
CREATE INDEX revisits_by_due ON revisits (tenant_id, estate_id, due_at, id);
";

/// What drawing and asking need besides.
pub(crate) const fn work_migration() -> Migration {
    Migration {
        name: "20261202010000_revisit_work",
        up: WORK,
        down: "DROP INDEX revisits_by_due; ALTER TABLE revisits DROP COLUMN unreachable_at; \
               DROP TABLE revisit_hands; DROP TABLE revisit_months;",
        tenant_tables: &["revisit_months", "revisit_hands"],
        append_only: &["revisit_hands"],
        system_tables: &[],
    }
}

/// From whom something is kept, the secrets say (`secret_things`); what stood here was asked by nobody.
pub(crate) const fn secrets_migration() -> Migration {
    Migration {
        name: "20261202061000_revisits_without_secrets",
        up: "ALTER TABLE revisit_candidates DROP COLUMN hidden_from; \
             ALTER TABLE revisits DROP COLUMN hidden_from;",
        down: "ALTER TABLE revisits ADD COLUMN hidden_from TEXT NOT NULL DEFAULT '[]'; \
               ALTER TABLE revisit_candidates ADD COLUMN hidden_from TEXT NOT NULL DEFAULT '[]';",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
