//! What makes timelines of households quick.

use db::Migration;

/// Indexes by unit on what other features keep.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201072200_timelines",
        up: "
CREATE INDEX complaints_about_unit ON complaints (tenant_id, about_unit_id)
    WHERE about_unit_id IS NOT NULL;
CREATE INDEX revisits_of_unit ON revisits (tenant_id, unit_id);
CREATE INDEX special_orders_of_unit ON special_orders (tenant_id, unit_id, requested_at);
CREATE INDEX community_sign_ups_of_unit ON community_sign_ups (tenant_id, unit_id, signed_at);
CREATE INDEX notice_recipients_of_unit ON notice_recipients (tenant_id, unit_id);
CREATE INDEX inbox_letters_of_unit ON inbox_letters (tenant_id, unit_id, posted_at);
",
        down: "DROP INDEX inbox_letters_of_unit; DROP INDEX notice_recipients_of_unit;
            DROP INDEX community_sign_ups_of_unit; DROP INDEX special_orders_of_unit;
            DROP INDEX revisits_of_unit; DROP INDEX complaints_about_unit;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}
