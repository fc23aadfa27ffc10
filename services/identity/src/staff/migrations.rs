//! Positions and staff.

use db::Migration;

/// Creates `positions` and `staff`.
pub fn migration() -> Migration {
    Migration {
        name: "20261123100700_staff",
        up: "CREATE TABLE positions (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    code      TEXT NOT NULL,
    name_zh   TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    headcount INTEGER CHECK (headcount >= 0),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code)
);

-- Who works for the company; the id is that of the account. Ended staff stay: they are in the
-- audit log and on receipts.
CREATE TABLE staff (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    name        TEXT NOT NULL,
    phone       TEXT,
    position_id UUID,
    ended_at    TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, position_id) REFERENCES positions (tenant_id, id)
);",
        down: "DROP TABLE staff; DROP TABLE positions;",
        tenant_tables: &["positions", "staff"],
        append_only: &[],
        system_tables: &[],
    }
}
