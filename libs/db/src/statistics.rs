//! What the database knows about the size of its tables.

use crate::{DbKind, Migration, StorageError, Worker, trace};
use sea_orm::ConnectionTrait as _;
use tracing::Instrument as _;

/// From so many rows on, a statement that inserts them leaves word that a table may have grown.
pub(crate) const MANY: usize = 200;

/// Who may see no row may still ask for statistics: the function belongs to the owner of the tables.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261127200000_statistics",
        up: "
-- postgres
CREATE FUNCTION refresh_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    grown REGCLASS;
BEGIN
    FOR grown IN SELECT c.oid FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND r.rolname = current_user
        AND pg_relation_size(c.oid) / current_setting('block_size')::int > 4 * GREATEST(c.relpages, 4)
    LOOP
        EXECUTE format('ANALYZE %s', grown);
    END LOOP;
END $$;
-- end
",
        down: "
-- postgres
DROP FUNCTION refresh_statistics();
-- end
",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

impl Worker {
    /// Has PostgreSQL look again at every table that is four times as large as when it last looked.
    ///
    /// It looks by itself once a minute. Until then it takes a new table for a tiny one and reads all
    /// of a company's rows where it should find each by its key; prepared statements keep doing so
    /// after the table has grown. SQLite decides without statistics and is left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh_statistics(&self) -> Result<(), StorageError> {
        if self.kind() == DbKind::Postgres {
            let sql = "SELECT refresh_statistics()";
            let looked = self.connection().execute_unprepared(sql);
            looked.instrument(trace::hand_written(sql)).await?;
        }
        Ok(())
    }
}
