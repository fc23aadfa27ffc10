//! The tables of imports.

use db::Migration;

/// Imports and their findings.
pub const fn migration() -> Migration {
    Migration {
        name: "20261123100600_imports",
        up: "CREATE TABLE imports (
            tenant_id    UUID NOT NULL,
            id           UUID NOT NULL,
            estate_id    UUID NOT NULL,
            file_id      UUID NOT NULL,
            file_name    TEXT NOT NULL,
            cut_over     DATE NOT NULL,
            state        TEXT NOT NULL CHECK (state IN ('analysed', 'running', 'done', 'failed')),
            mapping      TEXT NOT NULL,
            choices      TEXT NOT NULL,
            errors       BIGINT NOT NULL,
            undecided    BIGINT NOT NULL,
            warnings     BIGINT NOT NULL,
            done         BIGINT NOT NULL,
            total        BIGINT NOT NULL,
            requested_by TEXT NOT NULL,
            failure      TEXT,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, estate_id) REFERENCES estates (tenant_id, id),
            FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id)
        );
        -- What the dry run has to say, in order; phones and identity numbers are masked.
        CREATE TABLE import_findings (
            tenant_id UUID NOT NULL,
            import_id UUID NOT NULL,
            seq       BIGINT NOT NULL,
            severity  TEXT NOT NULL,
            finding   TEXT NOT NULL,
            PRIMARY KEY (tenant_id, import_id, seq),
            FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id)
        );",
        down: "DROP TABLE import_findings; DROP TABLE imports;",
        tenant_tables: &["imports", "import_findings"],
        append_only: &[],
        system_tables: &[],
    }
}

/// How many findings are counted but not listed.
pub const fn left_out() -> Migration {
    Migration {
        name: "20261126200000_imports_left_out",
        up: "ALTER TABLE imports ADD COLUMN left_out BIGINT NOT NULL DEFAULT 0;",
        down: "ALTER TABLE imports DROP COLUMN left_out;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

/// Files are read in the background: an import may be reading, or unable to.
pub const fn reading() -> Migration {
    Migration {
        name: "20261127080500_imports_reading",
        up: "ALTER TABLE imports ADD COLUMN step TEXT NOT NULL DEFAULT 'reading'
                 CHECK (step IN ('reading', 'analysed', 'unreadable', 'running', 'done', 'failed'));
             UPDATE imports SET step = state;
             ALTER TABLE imports DROP COLUMN state;
             ALTER TABLE imports RENAME COLUMN step TO state;",
        down: "ALTER TABLE imports ADD COLUMN step TEXT NOT NULL DEFAULT 'failed'
                   CHECK (step IN ('analysed', 'running', 'done', 'failed'));
               UPDATE imports SET step = state WHERE state NOT IN ('reading', 'unreadable');
               ALTER TABLE imports DROP COLUMN state;
               ALTER TABLE imports RENAME COLUMN step TO state;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
