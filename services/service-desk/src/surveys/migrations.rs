//! The tables of surveys.

use db::Migration;

const UP: &str = "
CREATE TABLE surveys (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    estate_id   UUID NOT NULL,
    period      TEXT NOT NULL,
    title_zh    TEXT NOT NULL,
    title_en    TEXT NOT NULL,
    questions   TEXT NOT NULL,
    rate        INTEGER NOT NULL CHECK (rate BETWEEN 1 AND 10000),
    returns     INTEGER NOT NULL CHECK (returns BETWEEN 0 AND 10000),
    satisfied   INTEGER NOT NULL CHECK (satisfied BETWEEN 0 AND 10000),
    state       TEXT NOT NULL,
    version     INTEGER NOT NULL,
    seed        TEXT,
    occupied    INTEGER NOT NULL,
    rotation    INTEGER NOT NULL,
    drawn_by    UUID,
    drawn_at    TIMESTAMPTZ,
    closed_at   TIMESTAMPTZ,
    audit_seed  TEXT,
    recheck     BOOLEAN NOT NULL,
    made_by     UUID NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((seed IS NULL) = (state = 'DESIGNED'))
);
CREATE INDEX surveys_of_estate ON surveys (tenant_id, estate_id, id);
CREATE TABLE survey_frames (
    tenant_id   UUID NOT NULL,
    survey_id   UUID NOT NULL,
    unit_id     UUID NOT NULL,
    building_id UUID NOT NULL,
    asked       BOOLEAN NOT NULL,
    asked_last  BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, survey_id, unit_id),
    FOREIGN KEY (tenant_id, survey_id) REFERENCES surveys (tenant_id, id)
);
CREATE TABLE survey_invites (
    tenant_id     UUID NOT NULL,
    survey_id     UUID NOT NULL,
    unit_id       UUID NOT NULL,
    estate_id     UUID NOT NULL,
    building_id   UUID NOT NULL,
    building_code TEXT NOT NULL,
    label         TEXT NOT NULL,
    rotation      INTEGER NOT NULL,
    state         TEXT NOT NULL,
    PRIMARY KEY (tenant_id, survey_id, unit_id),
    FOREIGN KEY (tenant_id, survey_id) REFERENCES surveys (tenant_id, id)
);
CREATE INDEX survey_invites_by_label ON survey_invites (tenant_id, survey_id, label, unit_id);
CREATE INDEX survey_invites_of_estate ON survey_invites (tenant_id, estate_id, rotation);
CREATE INDEX survey_invites_of_unit ON survey_invites (tenant_id, unit_id);
CREATE TABLE survey_forms (
    tenant_id     UUID NOT NULL,
    survey_id     UUID NOT NULL,
    code          TEXT NOT NULL,
    building_id   UUID NOT NULL,
    building_code TEXT NOT NULL,
    channel       TEXT NOT NULL,
    entered_by    UUID,
    answers       TEXT NOT NULL,
    PRIMARY KEY (tenant_id, survey_id, code),
    FOREIGN KEY (tenant_id, survey_id) REFERENCES surveys (tenant_id, id)
);
CREATE TABLE survey_comments (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    survey_id UUID NOT NULL,
    unit_id   UUID NOT NULL,
    person_id UUID,
    text      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, survey_id) REFERENCES surveys (tenant_id, id)
);
CREATE INDEX survey_comments_of_survey ON survey_comments (tenant_id, survey_id);
CREATE TABLE survey_rekeys (
    tenant_id UUID NOT NULL,
    survey_id UUID NOT NULL,
    code      TEXT NOT NULL,
    keyed_by  UUID NOT NULL,
    keyed_at  TIMESTAMPTZ NOT NULL,
    answers   TEXT NOT NULL,
    same      BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, survey_id, code),
    FOREIGN KEY (tenant_id, survey_id, code) REFERENCES survey_forms (tenant_id, survey_id, code)
);
CREATE TABLE survey_calls (
    tenant_id UUID NOT NULL,
    survey_id UUID NOT NULL,
    unit_id   UUID NOT NULL,
    label     TEXT NOT NULL,
    called_by UUID,
    called_at TIMESTAMPTZ,
    note      TEXT,
    PRIMARY KEY (tenant_id, survey_id, unit_id),
    FOREIGN KEY (tenant_id, survey_id) REFERENCES surveys (tenant_id, id)
);
CREATE TABLE survey_improvements (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    survey_id   UUID NOT NULL,
    estate_id   UUID NOT NULL,
    question    TEXT NOT NULL,
    item_zh     TEXT NOT NULL,
    item_en     TEXT NOT NULL,
    rate        INTEGER NOT NULL,
    due         DATE NOT NULL,
    owner_id    UUID,
    cause       TEXT,
    action      TEXT,
    effect      TEXT,
    state       TEXT NOT NULL,
    measured_in UUID,
    later_rate  INTEGER,
    version     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, survey_id, question),
    FOREIGN KEY (tenant_id, survey_id) REFERENCES surveys (tenant_id, id)
);
CREATE INDEX survey_improvements_of_estate ON survey_improvements (tenant_id, estate_id, id);
";

/// Surveys, whom they could ask and asked, what came back, its audit and what is improved.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201070000_surveys",
        up: UP,
        down: "DROP TABLE survey_improvements; DROP TABLE survey_calls; DROP TABLE survey_rekeys; \
               DROP TABLE survey_comments; DROP TABLE survey_forms; DROP TABLE survey_invites; \
               DROP TABLE survey_frames; DROP TABLE surveys;",
        tenant_tables: &[
            "surveys",
            "survey_frames",
            "survey_invites",
            "survey_forms",
            "survey_comments",
            "survey_rekeys",
            "survey_calls",
            "survey_improvements",
        ],
        append_only: &["survey_frames", "survey_forms", "survey_comments", "survey_rekeys"],
        system_tables: &[],
    }
}

/// The day a survey closes, and why one was given up.
pub(crate) const fn ends_migration() -> Migration {
    Migration {
        name: "20261202020000_survey_ends",
        up: "
ALTER TABLE surveys ADD COLUMN closes_on DATE;
ALTER TABLE surveys ADD COLUMN cancelled_because TEXT;
",
        down: "ALTER TABLE surveys DROP COLUMN cancelled_because; \
               ALTER TABLE surveys DROP COLUMN closes_on;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
