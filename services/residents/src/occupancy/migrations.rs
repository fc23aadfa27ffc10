//! The table of occupancies.

use db::Migration;

/// Occupancies.
pub const fn migration() -> Migration {
    Migration {
        name: "20261123100300_occupancies",
        up: "CREATE TABLE occupancies (
            tenant_id UUID NOT NULL,
            id        UUID NOT NULL,
            estate_id UUID NOT NULL,
            unit_id   UUID NOT NULL,
            person_id UUID NOT NULL,
            kind      TEXT NOT NULL CHECK (kind IN ('developer', 'owner', 'lessee', 'family')),
            relation  TEXT,
            from_day  DATE NOT NULL,
            to_day    DATE CHECK (to_day >= from_day),
            pays      BOOLEAN NOT NULL CHECK (kind <> 'family' OR NOT pays),
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, unit_id, person_id, kind, from_day),
            FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
            FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id)
        );
        -- A resident's own units, and the units of a person that the search found.
        CREATE INDEX occupancies_person ON occupancies (tenant_id, person_id);",
        down: "DROP TABLE occupancies;",
        tenant_tables: &["occupancies"],
        append_only: &[],
        system_tables: &[],
    }
}
