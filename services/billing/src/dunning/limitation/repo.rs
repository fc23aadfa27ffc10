//! What began limitations anew, and whose end is near.

use super::{Kind, Restart};
use crate::{
    dunning::right::Reached,
    ids::{BillId, BillingAccountId},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use db::{StorageError, TenantScope};
use ids::EstateId;
use money::Fen;
use sea_orm::{FromQueryResult, Value};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Contact {
    bill_id: Uuid,
    delivered_on: Option<NaiveDate>,
    acknowledged_on: Option<NaiveDate>,
}

#[derive(FromQueryResult)]
struct Paid {
    bill_id: Uuid,
    received_at: DateTime<Utc>,
}

/// What began the limitation of some bills anew; contacts that were corrected count for nothing.
pub(crate) async fn restarts(
    scope: &TenantScope,
    zone: Tz,
    bills: &[BillId],
) -> Result<HashMap<BillId, Vec<Restart>>, StorageError> {
    let mut found: HashMap<BillId, Vec<Restart>> = HashMap::new();
    let mut add = |bill: Uuid, on: Option<NaiveDate>, kind| {
        let restart = on.map(|on| Restart { on, kind });
        found.entry(BillId::from_uuid(bill)).or_default().extend(restart);
    };
    for part in bills.chunks(500) {
        let ids = || part.iter().map(|bill| bill.as_uuid());
        let mut values: Vec<Value> = Vec::new();
        let wanted = scope.one_of(&mut values, ids());
        let sql = format!(
            "SELECT b.bill_id, d.delivered_on, a.acknowledged_on FROM dunning_action_bills b \
             JOIN dunning_actions a ON a.tenant_id = b.tenant_id AND a.id = b.action_id \
             LEFT JOIN dunning_deliveries d ON d.tenant_id = b.tenant_id AND d.action_id = b.action_id \
             WHERE b.tenant_id = $1 AND b.bill_id {wanted} AND NOT EXISTS (SELECT 1 FROM dunning_actions c \
             WHERE c.tenant_id = a.tenant_id AND c.corrects = a.id)"
        );
        for row in scope.rows::<Contact>(&sql, values).await? {
            add(row.bill_id, row.delivered_on, Kind::Demand);
            add(row.bill_id, row.acknowledged_on, Kind::Acknowledged);
        }
        let mut values: Vec<Value> = Vec::new();
        let wanted = scope.one_of(&mut values, ids());
        let sql = format!(
            "SELECT p.bill_id, q.received_at FROM payment_parts p \
             JOIN payments q ON q.tenant_id = p.tenant_id AND q.id = p.payment_id \
             WHERE p.tenant_id = $1 AND p.bill_id {wanted} AND q.received_at IS NOT NULL \
             AND p.refunded < p.amount"
        );
        for row in scope.rows::<Paid>(&sql, values).await? {
            let on = row.received_at.with_timezone(&zone).date_naive();
            add(row.bill_id, Some(on), Kind::PartPaid);
        }
    }
    Ok(found)
}

/// An open bill with the day from which its limitation may count.
#[derive(Clone, Debug)]
pub(crate) struct Aged {
    /// The bill.
    pub bill: BillId,
    /// Whose it is.
    pub account: BillingAccountId,
    /// When it fell due.
    pub due: NaiveDate,
    /// What is open of it.
    pub outstanding: Fen,
}

#[derive(FromQueryResult)]
struct AgedRow {
    id: Uuid,
    account_id: Uuid,
    due: NaiveDate,
    outstanding: i64,
}

/// A page of the open bills of an estate that fell due, were demanded, acknowledged and paid in
/// part last on `cutoff` or before, in order of their ids.
pub(crate) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    reached: &Reached,
    cutoff: (NaiveDate, DateTime<Utc>),
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<Aged>, StorageError> {
    let mut values: Vec<Value> = vec![
        estate.as_uuid().into(),
        cutoff.0.into(),
        cutoff.1.into(),
        after.unwrap_or(Uuid::nil()).into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let zone = reached.zone.clone().map(|zone| scope.one_of(&mut values, zone));
    let zone = zone.map_or_else(String::new, |zone| format!(" AND b.building_id {zone}"));
    let own = match reached.party {
        Some(party) => {
            let own = crate::accounts::of_party(scope, party).await?;
            let own = own.iter().map(|account| account.id.as_uuid());
            format!(" AND b.account_id {}", scope.one_of(&mut values, own))
        }
        None => String::new(),
    };
    let sql = format!(
        "SELECT b.id, b.account_id, b.due, b.total - b.settled AS outstanding FROM bills b \
         WHERE b.tenant_id = $1 AND b.estate_id = $2 AND b.voided_on IS NULL AND b.settled < b.total \
         AND b.due <= $3 AND b.id > $5{zone}{own} \
         AND NOT EXISTS (SELECT 1 FROM dunning_action_bills x \
           JOIN dunning_actions a ON a.tenant_id = x.tenant_id AND a.id = x.action_id \
           LEFT JOIN dunning_deliveries d ON d.tenant_id = x.tenant_id AND d.action_id = x.action_id \
           WHERE x.tenant_id = b.tenant_id AND x.bill_id = b.id \
           AND (d.delivered_on > $3 OR a.acknowledged_on > $3) \
           AND NOT EXISTS (SELECT 1 FROM dunning_actions c WHERE c.tenant_id = a.tenant_id AND c.corrects = a.id)) \
         AND NOT EXISTS (SELECT 1 FROM payment_parts p \
           JOIN payments q ON q.tenant_id = p.tenant_id AND q.id = p.payment_id \
           WHERE p.tenant_id = b.tenant_id AND p.bill_id = b.id AND q.received_at > $4 AND p.refunded < p.amount) \
         ORDER BY b.id LIMIT $6"
    );
    let rows: Vec<AgedRow> = scope.rows(&sql, values).await?;
    let aged = |row: AgedRow| Aged {
        bill: BillId::from_uuid(row.id),
        account: BillingAccountId::from_uuid(row.account_id),
        due: row.due,
        outstanding: Fen(row.outstanding),
    };
    Ok(rows.into_iter().map(aged).collect())
}
