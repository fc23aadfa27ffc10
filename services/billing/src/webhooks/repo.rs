//! Announcements in the database.

use crate::{ids::MerchantId, merchant_accounts::Routed};
use ::payments::{EventKind, Object, PaymentObject, ProviderEvent};
use db::{StorageError, TenantScope};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// An announcement that was taken.
#[derive(Clone, Debug)]
pub(super) struct Announced {
    pub merchant: MerchantId,
    /// The provider's id of it.
    pub event: String,
    /// The provider's account that it counts for.
    pub account: String,
    /// What it is about.
    pub kind: EventKind,
    /// What of a payment it is about.
    pub object: Option<PaymentObject>,
}

/// Stores an announcement; `None` when it was stored before.
pub(super) async fn store(
    scope: &TenantScope,
    routed: Routed,
    account: &str,
    event: &ProviderEvent,
) -> Result<Option<Uuid>, StorageError> {
    let id = scope.new_id();
    let object = event.object.as_ref().and_then(words);
    let sql = "INSERT INTO webhook_inbox (tenant_id, id, merchant_id, account, event_id, kind, \
               object_kind, object_id, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
               ON CONFLICT (tenant_id, account, event_id) DO NOTHING";
    let values = [
        id.into(),
        routed.merchant.as_uuid().into(),
        account.into(),
        event.id.as_str().into(),
        kind(event.kind).into(),
        object.map(|(kind, _)| kind).into(),
        object.map(|(_, id)| id).into(),
        scope.now().into(),
    ];
    Ok((scope.execute(sql, values).await? == 1).then_some(id))
}

#[derive(FromQueryResult)]
struct Row {
    merchant_id: Uuid,
    event_id: String,
    account: String,
    kind: String,
    object_kind: Option<String>,
    object_id: Option<String>,
}

/// An announcement not acted upon yet.
pub(super) async fn unprocessed(
    scope: &TenantScope,
    id: Uuid,
) -> Result<Option<Announced>, StorageError> {
    let sql = "SELECT merchant_id, event_id, account, kind, object_kind, object_id FROM webhook_inbox \
               WHERE tenant_id = $1 AND id = $2 AND processed_at IS NULL";
    let rows: Vec<Row> = scope.rows(sql, [id.into()]).await?;
    Ok(rows.into_iter().next().map(|row| Announced {
        merchant: MerchantId::from_uuid(row.merchant_id),
        event: row.event_id,
        account: row.account,
        kind: KINDS.into_iter().find(|each| kind(*each) == row.kind).unwrap_or(EventKind::Other),
        object: row.object_kind.zip(row.object_id).and_then(|(kind, id)| object(&kind, id)),
    }))
}

/// Notes that an announcement was acted upon.
pub(super) async fn processed(scope: &TenantScope, id: Uuid) -> Result<(), StorageError> {
    let sql = "UPDATE webhook_inbox SET processed_at = $3 WHERE tenant_id = $1 AND id = $2";
    scope.execute(sql, [id.into(), scope.now().into()]).await.map(drop)
}

/// The kinds that are acted upon.
const KINDS: [EventKind; 5] = [
    EventKind::Payment,
    EventKind::Refund,
    EventKind::Dispute,
    EventKind::Payout,
    EventKind::Account,
];

const fn kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Payment => "payment",
        EventKind::Refund => "refund",
        EventKind::Dispute => "dispute",
        EventKind::Payout => "payout",
        EventKind::Account => "account",
        EventKind::Other => "other",
    }
}

fn words(object: &Object) -> Option<(&'static str, &str)> {
    let Object::Payment(object) = object else { return None };
    Some(match object {
        PaymentObject::Checkout(id) => ("checkout", id),
        PaymentObject::Payment(id) => ("payment", id),
        PaymentObject::Attempt(id) => ("attempt", id),
        PaymentObject::Refund(id) => ("refund", id),
        PaymentObject::Dispute(id) => ("dispute", id),
    })
}

fn object(kind: &str, id: String) -> Option<PaymentObject> {
    Some(match kind {
        "checkout" => PaymentObject::Checkout(id),
        "payment" => PaymentObject::Payment(id),
        "attempt" => PaymentObject::Attempt(id),
        "refund" => PaymentObject::Refund(id),
        "dispute" => PaymentObject::Dispute(id),
        _ => return None,
    })
}

#[cfg(test)]
#[derive(FromQueryResult)]
struct Waiting {
    n: i64,
}

/// How many announcements wait to be acted upon, and how many there are.
#[cfg(test)]
pub(crate) async fn waiting_and_all(scope: &TenantScope) -> (i64, i64) {
    let count = |filter: &str| {
        format!("SELECT COUNT(*) AS n FROM webhook_inbox WHERE tenant_id = $1 {filter}")
    };
    let waiting: Vec<Waiting> = scope.rows(&count("AND processed_at IS NULL"), []).await.unwrap();
    let all: Vec<Waiting> = scope.rows(&count(""), []).await.unwrap();
    (waiting[0].n, all[0].n)
}
