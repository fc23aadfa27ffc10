//! Reading the audit log in the order of time.

use db::Migration;

/// Creates the indexes that the audit query reads by.
pub fn migration() -> Migration {
    Migration {
        name: "20261123101200_audit_order",
        up: "-- The log is paged newest first, of the whole company or of one actor.
CREATE INDEX audit_log_at ON audit_log (tenant_id, at, id);
CREATE INDEX audit_log_actor ON audit_log (tenant_id, actor, at, id);",
        down: "DROP INDEX audit_log_actor; DROP INDEX audit_log_at;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
