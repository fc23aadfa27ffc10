//! Where tickets are counted from: what each feature of the desk has of an estate.

use super::domain::{Kind, Ticket, Window};
use chrono::{DateTime, Duration, Utc};
use db::{StorageError, TenantScope, stored};
use futures::future::BoxFuture;
use ids::EstateId;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// Gives the tickets of one feature that came in within a window, or were open at its end.
pub(super) type Source = for<'s> fn(
    &'s TenantScope,
    EstateId,
    Window,
) -> BoxFuture<'s, Result<Vec<Ticket>, StorageError>>;

/// Every feature that is counted.
pub(super) const SOURCES: &[Source] = &[
    |scope, estate, window| Box::pin(counted(scope, estate, window, Kind::Contact, CONTACTS)),
    |scope, estate, window| Box::pin(counted(scope, estate, window, Kind::Revisit, REVISITS)),
    |scope, estate, window| Box::pin(counted(scope, estate, window, Kind::Complaint, COMPLAINTS)),
    |scope, estate, window| Box::pin(counted(scope, estate, window, Kind::WorkOrder, WORK_ORDERS)),
    |scope, estate, window| Box::pin(orders(scope, estate, window)),
    |scope, estate, window| Box::pin(clocks(scope, estate, window)),
];

/// Calls and visits of others to the estate.
const CONTACTS: &str = "SELECT id, CAST(NULL AS TEXT) AS reference, class, \
    COALESCE(answered_by, owner_id, recorded_by) AS officer, building_id AS building, at AS opened_at, \
    COALESCE(answered_at, converted_at) AS responded_at, \
    COALESCE(answered_at, converted_at) AS resolved_at, due_at AS respond_by, \
    CAST(NULL AS TIMESTAMPTZ) AS resolve_by, answered_at <= recorded_at AS first_contact \
    FROM contacts WHERE tenant_id = $1 AND estate_id = $2 AND direction = 'INBOUND' \
    AND at < $3 AND (at >= $4 OR COALESCE(answered_at, converted_at) IS NULL \
    OR COALESCE(answered_at, converted_at) > $5)";

/// Revisits, which come in when what they ask about was finished. One that was given up, because
/// nobody was to be reached, is over as well, but keeps no promise.
const REVISITS: &str = "SELECT * FROM (SELECT r.id, CAST(NULL AS TEXT) AS reference, \
    r.source AS class, r.recorded_by AS officer, r.building_id AS building, \
    c.finished_at AS opened_at, r.done_at AS responded_at, \
    COALESCE(r.done_at, r.unreachable_at, r.reviewed_at) AS resolved_at, \
    CAST(NULL AS TIMESTAMPTZ) AS respond_by, \
    CASE WHEN r.done_at IS NULL AND (r.unreachable_at IS NOT NULL OR r.reviewed_at IS NOT NULL) \
    THEN NULL ELSE r.due_at END AS resolve_by, FALSE AS first_contact \
    FROM revisits r JOIN revisit_candidates c ON c.tenant_id = r.tenant_id AND c.id = r.candidate_id \
    WHERE r.tenant_id = $1 AND r.estate_id = $2) AS asked WHERE opened_at < $3 \
    AND (opened_at >= $4 OR resolved_at IS NULL OR resolved_at > $5)";

/// Work orders with what is promised of them, without those cancelled or merged into another.
const WORK_ORDERS: &str = "SELECT w.id, w.number AS reference, w.category AS class, \
    w.assignee AS officer, w.building_id AS building, w.created_at AS opened_at, k.responded_at, \
    COALESCE(k.resolved_at, w.done_at) AS resolved_at, k.respond_by, k.resolve_by, \
    FALSE AS first_contact \
    FROM work_orders w LEFT JOIN sla_clocks k ON k.tenant_id = w.tenant_id \
    AND k.kind = 'WORK_ORDER' AND k.subject_id = w.id \
    WHERE w.tenant_id = $1 AND w.estate_id = $2 AND w.merged_into IS NULL \
    AND w.state <> 'CANCELLED' AND k.cancelled_at IS NULL AND w.created_at < $3 \
    AND (w.created_at >= $4 OR COALESCE(k.resolved_at, w.done_at) IS NULL \
    OR COALESCE(k.resolved_at, w.done_at) > $5)";

/// Complaints.
const COMPLAINTS: &str = "SELECT id, CAST(NULL AS TEXT) AS reference, class, \
    COALESCE(handler, recorded_by) AS officer, building_id AS building, received_at AS opened_at, \
    first_responded_at AS responded_at, resolved_at, first_due_at AS respond_by, \
    due_at AS resolve_by, FALSE AS first_contact \
    FROM complaints WHERE tenant_id = $1 AND estate_id = $2 AND received_at < $3 \
    AND (received_at >= $4 OR resolved_at IS NULL OR resolved_at > $5)";

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    reference: Option<String>,
    class: String,
    officer: Option<Uuid>,
    building: Option<Uuid>,
    opened_at: DateTime<Utc>,
    responded_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    respond_by: Option<DateTime<Utc>>,
    resolve_by: Option<DateTime<Utc>>,
    first_contact: Option<bool>,
}

/// How a row of a kind is named where it has no number of its own.
pub(super) fn named(kind: Kind, id: Uuid) -> String {
    let prefix = match kind {
        Kind::Contact => "cnt",
        Kind::Revisit => "rvt",
        Kind::WorkOrder => "wko",
        Kind::Complaint => "cpl",
        Kind::SpecialOrder => "sso",
        Kind::CallBack => "cbk",
        Kind::Memo => "mem",
    };
    format!("{prefix}_{}", id.simple())
}

async fn counted(
    scope: &TenantScope,
    estate: EstateId,
    window: Window,
    kind: Kind,
    sql: &str,
) -> Result<Vec<Ticket>, StorageError> {
    let rows: Vec<Row> = scope.rows(sql, within(estate, window)).await?;
    Ok(rows.into_iter().map(|row| ticket(kind, row)).collect())
}

fn within(estate: EstateId, window: Window) -> [Value; 4] {
    [estate.as_uuid().into(), window.to.into(), window.from.into(), window.at.into()]
}

fn ticket(kind: Kind, row: Row) -> Ticket {
    Ticket {
        kind,
        reference: row.reference.unwrap_or_else(|| named(kind, row.id)),
        id: row.id,
        class: row.class,
        officer: row.officer,
        building: row.building,
        opened_at: row.opened_at,
        responded_at: row.responded_at,
        resolved_at: row.resolved_at,
        respond_by: row.respond_by,
        resolve_by: row.resolve_by,
        first_contact: row.first_contact.unwrap_or_default(),
    }
}

#[derive(FromQueryResult)]
struct Order {
    id: Uuid,
    class: String,
    officer: Option<Uuid>,
    building: Uuid,
    opened_at: DateTime<Utc>,
    details: String,
}

/// What counts of an order's details.
#[derive(serde::Deserialize)]
struct Steps {
    #[serde(rename = "confirmed_at")]
    confirmed: Option<DateTime<Utc>>,
    #[serde(rename = "done_at")]
    done: Option<DateTime<Utc>>,
    #[serde(rename = "cancelled_at")]
    cancelled: Option<DateTime<Utc>>,
}

/// For how long before a window orders are looked for that were open at its end.
const LONGEST_ORDER: Duration = Duration::days(366);

/// Orders of special services, without those that were cancelled; nothing is promised of them.
async fn orders(
    scope: &TenantScope,
    estate: EstateId,
    window: Window,
) -> Result<Vec<Ticket>, StorageError> {
    let sql = "SELECT o.id, s.code AS class, o.building_id AS building, \
        o.requested_at AS opened_at, o.details, \
        (SELECT w.user_id FROM special_order_workers w WHERE w.tenant_id = o.tenant_id \
         AND w.order_id = o.id ORDER BY w.user_id LIMIT 1) AS officer \
        FROM special_orders o JOIN special_services s \
        ON s.tenant_id = o.tenant_id AND s.id = o.service_id \
        WHERE o.tenant_id = $1 AND o.estate_id = $2 AND o.requested_at < $3 AND o.requested_at >= $4";
    let from = window.from - LONGEST_ORDER;
    let values = [estate.as_uuid().into(), window.to.into(), from.into()];
    let rows: Vec<Order> = scope.rows(sql, values).await?;
    let mut all = Vec::new();
    for row in rows {
        let steps: Steps = stored::read_json(&row.details)?;
        let over = steps.done.is_some_and(|done| done <= window.at);
        if steps.cancelled.is_some() || (row.opened_at < window.from && over) {
            continue;
        }
        all.push(Ticket {
            kind: Kind::SpecialOrder,
            id: row.id,
            reference: named(Kind::SpecialOrder, row.id),
            class: row.class,
            officer: row.officer,
            building: Some(row.building),
            opened_at: row.opened_at,
            responded_at: steps.confirmed,
            resolved_at: steps.done,
            respond_by: None,
            resolve_by: None,
            first_contact: false,
        });
    }
    Ok(all)
}

#[derive(FromQueryResult)]
struct Clock {
    kind: String,
    subject_id: Uuid,
    code: String,
    assignee: Option<Uuid>,
    started_at: DateTime<Utc>,
    responded_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    respond_by: Option<DateTime<Utc>>,
    resolve_by: Option<DateTime<Utc>>,
}

/// What has a promise of time and no source of its own: missed calls, memos.
async fn clocks(
    scope: &TenantScope,
    estate: EstateId,
    window: Window,
) -> Result<Vec<Ticket>, StorageError> {
    let sql = "SELECT kind, subject_id, code, assignee, started_at, responded_at, resolved_at, \
        respond_by, resolve_by FROM sla_clocks WHERE tenant_id = $1 AND estate_id = $2 \
        AND kind IN ('CALL_BACK', 'MEMO') AND cancelled_at IS NULL AND started_at < $3 \
        AND (started_at >= $4 OR resolved_at IS NULL OR resolved_at > $5)";
    let rows: Vec<Clock> = scope.rows(sql, within(estate, window)).await?;
    let ticket = |row: Clock| {
        let kind = stored::read_word(&row.kind)?;
        Ok(Ticket {
            kind,
            id: row.subject_id,
            reference: named(kind, row.subject_id),
            class: row.code,
            officer: row.assignee,
            building: None,
            opened_at: row.started_at,
            responded_at: row.responded_at,
            resolved_at: row.resolved_at,
            respond_by: row.respond_by,
            resolve_by: row.resolve_by,
            first_contact: false,
        })
    };
    rows.into_iter().map(ticket).collect()
}
