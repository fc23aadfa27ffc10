//! The tables of the maintenance fund: facts, kept 30 years and never changed.

use db::Migration;

/// Applications with their votes, and records of the fund.
pub(crate) fn migration() -> Migration {
    Migration {
        name: "20261127060600_maintenance_fund",
        up: "
CREATE TABLE fund_applications (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    estate_id    UUID NOT NULL,
    purpose      TEXT NOT NULL,
    amount       BIGINT NOT NULL CHECK (amount > 0),
    voted_on     DATE NOT NULL,
    document     TEXT NOT NULL,
    total_area   BIGINT NOT NULL,
    total_heads  BIGINT NOT NULL,
    joined_area  BIGINT NOT NULL CHECK (joined_area BETWEEN 0 AND total_area),
    joined_heads BIGINT NOT NULL CHECK (joined_heads BETWEEN 0 AND total_heads),
    agreed_area  BIGINT NOT NULL CHECK (agreed_area BETWEEN 0 AND joined_area),
    agreed_heads BIGINT NOT NULL CHECK (agreed_heads BETWEEN 0 AND joined_heads),
    recorded_by  UUID NOT NULL,
    recorded_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id)
);
CREATE INDEX fund_applications_of_estate ON fund_applications (tenant_id, estate_id, id);

CREATE TABLE fund_records (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    estate_id      UUID NOT NULL,
    kind           TEXT NOT NULL
                   CHECK (kind IN ('FIRST_DEPOSIT', 'TOP_UP', 'INTEREST', 'USE', 'CORRECTION')),
    day            DATE NOT NULL,
    amount         BIGINT NOT NULL CHECK (amount > 0 OR kind = 'CORRECTION' AND amount < 0),
    document       TEXT NOT NULL,
    memo           TEXT NOT NULL,
    application_id UUID,
    recorded_by    UUID NOT NULL,
    recorded_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
    FOREIGN KEY (tenant_id, application_id) REFERENCES fund_applications (tenant_id, id),
    CHECK ((kind = 'USE') = (application_id IS NOT NULL))
);
CREATE INDEX fund_records_of_estate ON fund_records (tenant_id, estate_id, id);
",
        down: "DROP TABLE fund_records; DROP TABLE fund_applications;",
        tenant_tables: &["fund_applications", "fund_records"],
        append_only: &["fund_applications", "fund_records"],
        system_tables: &[],
    }
}
