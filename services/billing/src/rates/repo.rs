//! What is receivable and received for a period.

use crate::{charges::BillingMonth, ids::BuildingId};
use db::{StorageError, TenantScope};
use ids::EstateId;
use money::Fen;
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct Sums {
    receivable: i64,
    received: i64,
}

/// What standing charges of the months come to, less what was credited at leaving, and what of it
/// came in. A bill that is paid in part has its oldest lines paid first.
pub(super) async fn sums(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (BillingMonth, BillingMonth),
    building: Option<BuildingId>,
) -> Result<(Fen, Fen), StorageError> {
    let mut values = vec![estate.as_uuid().into(), from.first().into(), to.first().into()];
    let in_building = building.map_or("", |building| {
        values.push(building.as_uuid().into());
        "AND b.building_id = $5"
    });
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS receivable, \
         CAST(COALESCE(SUM(CASE WHEN settled <= before THEN 0 WHEN settled - before < amount \
                           THEN settled - before ELSE amount END), 0) AS BIGINT) AS received FROM \
         (SELECT c.month, c.amount - COALESCE(n.amount, 0) AS amount, b.settled - b.waived AS settled, \
            SUM(c.amount) OVER (PARTITION BY c.bill_id ORDER BY c.month, c.from_day, c.id \
              ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - c.amount AS before \
          FROM charges c JOIN bills b ON b.tenant_id = c.tenant_id AND b.id = c.bill_id \
          LEFT JOIN credit_notes n ON n.tenant_id = c.tenant_id AND n.charge_id = c.id \
          WHERE c.tenant_id = $1 AND b.tenant_id = $1 AND b.estate_id = $2 AND b.voided_on IS NULL \
          AND b.last_month >= $3 AND b.first_month <= $4 {in_building}) x \
         WHERE month BETWEEN $3 AND $4"
    );
    let rows: Vec<Sums> = scope.rows(&sql, values).await?;
    Ok(rows.first().map_or((Fen::ZERO, Fen::ZERO), |row| (Fen(row.receivable), Fen(row.received))))
}
