//! Both sides of the comparison with the provider, in the database.

use super::compare::{ItemKind, Key, Side};
use crate::ids::{PaymentId, RefundId};
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope};
use ids::EstateId;
use money::Fen;
use sea_orm::FromQueryResult;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// So many values go into one statement.
const CHUNK: usize = 500;

#[derive(FromQueryResult)]
struct Moved {
    payment_id: Option<Uuid>,
    payout: Option<String>,
}

/// The payments of which the provider moved something then, and the payouts that carried it.
pub(super) async fn moved(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(BTreeSet<PaymentId>, BTreeSet<String>), StorageError> {
    let sql = "SELECT DISTINCT payment_id, payout FROM provider_movements \
               WHERE tenant_id = $1 AND estate_id = $2 AND booked_at >= $3 AND booked_at < $4";
    let values = [estate.as_uuid().into(), from.into(), to.into()];
    let rows: Vec<Moved> = scope.rows(sql, values).await?;
    let payments = rows.iter().filter_map(|row| row.payment_id.map(PaymentId::from_uuid));
    let payouts = rows.iter().filter_map(|row| row.payout.clone());
    Ok((payments.collect(), payouts.collect()))
}

#[derive(FromQueryResult)]
struct Booked {
    kind: String,
    source: String,
}

/// What the books say moved the provider's money then.
pub(super) async fn booked(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(String, String)>, StorageError> {
    let sql = "SELECT DISTINCT e.kind, e.source FROM ledger_entries e \
               JOIN ledger_lines l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id \
               WHERE e.tenant_id = $1 AND e.estate_id = $2 AND e.day >= $3 AND e.day <= $4 \
               AND l.code = '1012'";
    let values = [estate.as_uuid().into(), from.into(), to.into()];
    let rows: Vec<Booked> = scope.rows(sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.source)).collect())
}

#[derive(FromQueryResult)]
struct Movement {
    payment_id: Uuid,
    kind: String,
    gross: i64,
    fee: i64,
}

/// What the provider moved of these payments.
pub(super) async fn movements(
    scope: &TenantScope,
    estate: EstateId,
    payments: &BTreeSet<PaymentId>,
) -> Result<Side, StorageError> {
    let mut side = Side::new();
    let ids: Vec<Uuid> = payments.iter().map(|id| id.as_uuid()).collect();
    for part in ids.chunks(CHUNK) {
        let mut values = vec![estate.as_uuid().into()];
        let wanted = scope.one_of(&mut values, part.iter().copied());
        let sql = format!(
            "SELECT payment_id, kind, CAST(SUM(gross) AS BIGINT) AS gross, \
             CAST(SUM(fee) AS BIGINT) AS fee FROM provider_movements \
             WHERE tenant_id = $1 AND estate_id = $2 AND payment_id {wanted} \
             GROUP BY payment_id, kind"
        );
        let rows: Vec<Movement> = scope.rows(&sql, values).await?;
        for row in rows {
            let source = PaymentId::from_uuid(row.payment_id).to_string();
            let kind = match row.kind.as_str() {
                "payment" => ItemKind::Payment,
                "refund" => ItemKind::Refund,
                "dispute" => ItemKind::Dispute,
                _ => ItemKind::Other,
            };
            add(&mut side, (kind, source.clone()), Fen(row.gross));
            add(&mut side, (ItemKind::Fee, source), Fen(-row.fee));
        }
    }
    Ok(side)
}

fn add(side: &mut Side, key: Key, amount: Fen) {
    *side.entry(key).or_insert(Fen::ZERO) += amount;
}

#[derive(FromQueryResult)]
struct Carried {
    payout: String,
    net: i64,
}

/// What these payouts carried away for an estate.
pub(super) async fn carried(
    scope: &TenantScope,
    estate: EstateId,
    payouts: &BTreeSet<String>,
) -> Result<Side, StorageError> {
    let mut side = Side::new();
    let references: Vec<&String> = payouts.iter().collect();
    for part in references.chunks(CHUNK) {
        let mut values = vec![estate.as_uuid().into()];
        let wanted = scope.one_of(&mut values, part.iter().map(|text| text.as_str()));
        let sql = format!(
            "SELECT payout, CAST(SUM(net) AS BIGINT) AS net FROM provider_movements \
             WHERE tenant_id = $1 AND estate_id = $2 AND payout {wanted} GROUP BY payout"
        );
        let rows: Vec<Carried> = scope.rows(&sql, values).await?;
        for row in rows {
            add(&mut side, (ItemKind::Payout, row.payout), Fen(-row.net));
        }
    }
    Ok(side)
}

#[derive(FromQueryResult)]
struct OfPayment {
    id: Uuid,
    payment_id: Uuid,
}

/// The payment of a refund.
pub(super) async fn of_refund(
    scope: &TenantScope,
    refund: RefundId,
) -> Result<Option<PaymentId>, StorageError> {
    let sql = "SELECT id, payment_id FROM refunds WHERE tenant_id = $1 AND id = $2";
    let rows: Vec<OfPayment> = scope.rows(sql, [refund.as_uuid().into()]).await?;
    Ok(rows.first().map(|row| PaymentId::from_uuid(row.payment_id)))
}

/// The refunds of these payments, by the texts of their ids.
pub(super) async fn refunds_of(
    scope: &TenantScope,
    payments: &BTreeSet<PaymentId>,
) -> Result<BTreeMap<String, PaymentId>, StorageError> {
    let mut refunds = BTreeMap::new();
    let ids: Vec<Uuid> = payments.iter().map(|id| id.as_uuid()).collect();
    for part in ids.chunks(CHUNK) {
        let mut values = Vec::new();
        let wanted = scope.one_of(&mut values, part.iter().copied());
        let sql = format!(
            "SELECT id, payment_id FROM refunds WHERE tenant_id = $1 AND payment_id {wanted}"
        );
        let rows: Vec<OfPayment> = scope.rows(&sql, values).await?;
        refunds.extend(rows.iter().map(|row| {
            (RefundId::from_uuid(row.id).to_string(), PaymentId::from_uuid(row.payment_id))
        }));
    }
    Ok(refunds)
}

#[derive(FromQueryResult)]
struct Entry {
    kind: String,
    source: String,
    amount: i64,
}

/// What entries of these sources changed what the provider holds, by kind and source. What undid
/// an entry counts with what it undid.
pub(super) async fn entries(
    scope: &TenantScope,
    estate: EstateId,
    sources: &[String],
) -> Result<Vec<(String, String, Fen)>, StorageError> {
    let mut all = Vec::new();
    for part in sources.chunks(CHUNK) {
        let mut values = vec![estate.as_uuid().into()];
        let wanted = scope.one_of(&mut values, part.iter().map(String::as_str));
        let sql = format!(
            "SELECT COALESCE(u.kind, e.kind) AS kind, e.source, \
             CAST(SUM(l.amount) AS BIGINT) AS amount FROM ledger_entries e \
             JOIN ledger_lines l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id \
             LEFT JOIN ledger_entries u ON u.tenant_id = e.tenant_id AND u.id = e.reverses \
             WHERE e.tenant_id = $1 AND e.estate_id = $2 AND l.code = '1012' \
             AND e.source {wanted} GROUP BY COALESCE(u.kind, e.kind), e.source"
        );
        let rows: Vec<Entry> = scope.rows(&sql, values).await?;
        all.extend(rows.into_iter().map(|row| (row.kind, row.source, Fen(row.amount))));
    }
    Ok(all)
}

#[derive(FromQueryResult)]
struct Sum {
    amount: i64,
}

/// What the provider holds of an estate's money by its own movements.
pub(super) async fn held(scope: &TenantScope, estate: EstateId) -> Result<Fen, StorageError> {
    let sql = "SELECT CAST(COALESCE(SUM(net), 0) AS BIGINT) AS amount FROM provider_movements \
               WHERE tenant_id = $1 AND estate_id = $2 AND payout IS NULL";
    let rows: Vec<Sum> = scope.rows(sql, [estate.as_uuid().into()]).await?;
    Ok(Fen(rows.first().map_or(0, |row| row.amount)))
}
