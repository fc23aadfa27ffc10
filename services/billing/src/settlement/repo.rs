//! Movements and payouts in the database.

use crate::ids::PaymentId;
use ::payments::{Payout, SettlementKind, SettlementLine};
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope};
use ids::EstateId;
use money::Fen;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Keeps a movement of the account; `false` when it is known already.
pub(super) async fn keep(
    scope: &TenantScope,
    account: &str,
    line: &SettlementLine,
    owner: Option<(PaymentId, EstateId)>,
) -> Result<bool, StorageError> {
    let sql = "INSERT INTO provider_movements (tenant_id, account, reference, kind, payment_id, \
               estate_id, gross, fee, net, currency, booked_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
               ON CONFLICT (tenant_id, account, reference) DO NOTHING";
    let (payment, estate) = owner.map(|(p, e)| (p.as_uuid(), e.as_uuid())).unzip();
    let values = [
        account.into(),
        line.id.as_str().into(),
        kind(line.kind).into(),
        payment.into(),
        estate.into(),
        line.gross.0.into(),
        line.fee.0.into(),
        line.net.0.into(),
        line.currency.to_string().into(),
        line.booked_at.into(),
    ];
    Ok(scope.execute(sql, values).await? == 1)
}

#[derive(FromQueryResult)]
struct Row {
    estate_id: Option<Uuid>,
}

/// The estate of a movement, if it has one; `None` for a movement that is not known.
pub(super) async fn estate_of(
    scope: &TenantScope,
    account: &str,
    line: &SettlementLine,
) -> Result<Option<Option<EstateId>>, StorageError> {
    let sql = "SELECT estate_id FROM provider_movements \
               WHERE tenant_id = $1 AND account = $2 AND reference = $3";
    let values = [account.into(), line.id.as_str().into()];
    let rows: Vec<Row> = scope.rows(sql, values).await?;
    Ok(rows.into_iter().next().map(|row| row.estate_id.map(EstateId::from_uuid)))
}

/// Notes which payout carried a movement.
pub(super) async fn carried(
    scope: &TenantScope,
    account: &str,
    line: &SettlementLine,
    payout: &Payout,
) -> Result<(), StorageError> {
    let sql = "UPDATE provider_movements SET payout = $4 \
               WHERE tenant_id = $1 AND account = $2 AND reference = $3";
    let values = [account.into(), line.id.as_str().into(), payout.id.as_str().into()];
    scope.execute(sql, values).await.map(drop)
}

/// Notes that an estate's share of a payout is posted; `false` when it was noted before.
pub(super) async fn paid_out(
    scope: &TenantScope,
    account: &str,
    payout: &Payout,
    estate: EstateId,
    share: Fen,
) -> Result<bool, StorageError> {
    let sql = "INSERT INTO provider_payouts (tenant_id, account, reference, estate_id, amount, \
               currency, posted_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
               ON CONFLICT (tenant_id, account, reference, estate_id) DO NOTHING";
    let values = [
        account.into(),
        payout.id.as_str().into(),
        estate.as_uuid().into(),
        share.0.into(),
        payout.currency.to_string().into(),
        scope.now().into(),
    ];
    Ok(scope.execute(sql, values).await? == 1)
}

#[derive(FromQueryResult)]
struct Oldest {
    at: Option<DateTime<Utc>>,
}

/// When the oldest movement was booked that is not at the bank yet.
pub(super) async fn oldest_open(
    scope: &TenantScope,
    account: &str,
) -> Result<Option<DateTime<Utc>>, StorageError> {
    let sql = "SELECT booked_at AS at FROM provider_movements WHERE tenant_id = $1 \
               AND account = $2 AND payout IS NULL ORDER BY booked_at LIMIT 1";
    let rows: Vec<Oldest> = scope.rows(sql, [account.into()]).await?;
    Ok(rows.into_iter().next().and_then(|row| row.at))
}

const fn kind(kind: SettlementKind) -> &'static str {
    match kind {
        SettlementKind::Payment => "payment",
        SettlementKind::Refund => "refund",
        SettlementKind::Dispute => "dispute",
        SettlementKind::Fee => "fee",
        SettlementKind::Other => "other",
    }
}
