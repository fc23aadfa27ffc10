//! The tables of frozen figures.

use db::Migration;

/// Months as they were frozen, and corrected, and the month of an estate that is frozen next. Who
/// froze a month is missing where the clock did.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201071000_desk_figures",
        up: "
CREATE TABLE desk_figures (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    month     DATE NOT NULL,
    version   INTEGER NOT NULL CHECK (version > 0),
    reason    TEXT,
    frozen_by UUID,
    frozen_at TIMESTAMPTZ NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    tickets   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, estate_id, month, version),
    CHECK ((version = 1) = (reason IS NULL))
);

CREATE TABLE desk_figure_turns (
    tenant_id UUID NOT NULL,
    estate_id UUID NOT NULL,
    month     DATE NOT NULL,
    PRIMARY KEY (tenant_id, estate_id)
);
",
        down: "DROP TABLE desk_figure_turns; DROP TABLE desk_figures;",
        tenant_tables: &["desk_figures", "desk_figure_turns"],
        append_only: &["desk_figures"],
        system_tables: &[],
    }
}
