//! The event log of a service and its routing.

use crate::{Left, StorageError, TenantScope, Worker, tenant_owned, trace};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait as _, FromQueryResult, Statement};
use std::collections::BTreeMap;
use tracing::Instrument as _;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub version: i32,
        pub aggregate: String,
        pub payload: String,
        pub traceparent: Option<String>,
        pub occurred_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// An event about to be recorded.
#[derive(Clone, Debug)]
pub struct EventDraft {
    /// Its type, e.g. `residents.unit_registered`.
    pub kind: &'static str,
    /// The version of its payload.
    pub version: i32,
    /// The object whose events must stay in order.
    pub aggregate: String,
    /// JSON.
    pub payload: String,
    /// The trace it belongs to (W3C `traceparent`).
    pub traceparent: Option<String>,
}

/// An event as recorded, at its place in the order of its service.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StoredEvent {
    /// The place: grows by one, without gaps.
    pub position: i64,
    /// The company.
    pub tenant: Uuid,
    /// The event.
    pub id: Uuid,
    /// Its type.
    pub kind: String,
    /// The version of its payload.
    pub version: i32,
    /// The object it is about.
    pub aggregate: String,
    /// JSON.
    pub payload: String,
    /// The trace it belongs to.
    pub traceparent: Option<String>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
}

/// Records an event in the transaction that makes it true.
///
/// # Errors
/// When the rows cannot be written.
pub async fn push_event(scope: &TenantScope, draft: EventDraft) -> Result<Uuid, StorageError> {
    let id = scope.new_id();
    scope
        .insert(row::ActiveModel {
            id: Set(id),
            kind: Set(draft.kind.to_owned()),
            version: Set(draft.version),
            aggregate: Set(draft.aggregate),
            payload: Set(draft.payload),
            traceparent: Set(draft.traceparent),
            occurred_at: Set(scope.now()),
            ..Default::default()
        })
        .await?;
    let route = "INSERT INTO outbox (tenant_id, event_id) VALUES ($1, $2)";
    scope.execute(route, [id.into()]).await?;
    scope.leave(Left::Events);
    Ok(id)
}

#[derive(FromQueryResult)]
struct Route {
    position: i64,
    tenant_id: Uuid,
    event_id: Uuid,
}

#[derive(FromQueryResult)]
struct Position {
    position: i64,
}

impl Worker {
    /// Gives every committed event that has none its position and returns the last one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn place_events(&self) -> Result<i64, StorageError> {
        let place = "WITH last AS (SELECT COALESCE(MAX(position), 0) AS p FROM outbox), \
             next AS (SELECT seq, ROW_NUMBER() OVER (ORDER BY seq) AS n FROM outbox WHERE position IS NULL) \
             UPDATE outbox SET position = last.p + next.n FROM next, last WHERE next.seq = outbox.seq \
             RETURNING position";
        // Two placers at once would give one position twice; the unique key then refuses one of
        // them, which tries again at its next turn.
        let placed: Vec<Position> = match self.change(place, []).await {
            Err(error) if error.is_unique_violation() => Vec::new(),
            other => other?,
        };
        metrics::counter!("commonhold_events_placed_total").increment(placed.len() as u64);
        match placed.iter().map(|p| p.position).max() {
            Some(last) => Ok(last),
            None => self.last_position().await,
        }
    }

    /// The position of the newest placed event, 0 when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_position(&self) -> Result<i64, StorageError> {
        let last = "SELECT COALESCE(MAX(position), 0) AS position FROM outbox";
        Ok(self.rows::<Position>(last, []).await?.first().map_or(0, |row| row.position))
    }

    /// How far this service has taken in the events of `source`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn inbox_position(&self, source: &str) -> Result<i64, StorageError> {
        let sql = "SELECT position FROM inbox WHERE source = $1";
        let rows: Vec<Position> = self.rows(sql, [source.into()]).await?;
        Ok(rows.first().map_or(0, |row| row.position))
    }
}

impl crate::Db {
    /// The events after a position, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events_after(
        &self,
        after: i64,
        limit: u64,
    ) -> Result<Vec<StoredEvent>, StorageError> {
        let sql = "SELECT position, tenant_id, event_id FROM outbox \
                   WHERE position > $1 ORDER BY position LIMIT $2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let routes: Vec<Route> = self.worker().rows(sql, [after.into(), limit.into()]).await?;
        let mut by_tenant: BTreeMap<Uuid, Vec<&Route>> = BTreeMap::new();
        for route in &routes {
            by_tenant.entry(route.tenant_id).or_default().push(route);
        }
        let mut events = Vec::with_capacity(routes.len());
        for (tenant, routes) in by_tenant {
            let places: BTreeMap<Uuid, i64> =
                routes.iter().map(|r| (r.event_id, r.position)).collect();
            let scope = self.read(ids::TenantId::from_uuid(tenant)).await?;
            let rows =
                scope.find::<row::Entity>().filter_in(row::Column::Id, places.keys().copied());
            events.extend(rows.all().await?.into_iter().map(|row| StoredEvent {
                position: places[&row.id],
                tenant,
                id: row.id,
                kind: row.kind,
                version: row.version,
                aggregate: row.aggregate,
                payload: row.payload,
                traceparent: row.traceparent,
                occurred_at: row.occurred_at,
            }));
        }
        events.sort_by_key(|event| event.position);
        Ok(events)
    }
}

impl TenantScope {
    /// Notes, in this transaction, that the event of `source` at `position` is taken in.
    ///
    /// Returns `false` when it was already: then its effect must not happen again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_in(&self, source: &str, position: i64) -> Result<bool, StorageError> {
        let sql = "INSERT INTO inbox (source, position) VALUES ($1, $2) \
                   ON CONFLICT (source) DO UPDATE SET position = excluded.position \
                   WHERE inbox.position < excluded.position";
        let db = self.connection();
        let statement = Statement::from_sql_and_values(
            db.get_database_backend(),
            sql,
            [source.into(), position.into()],
        );
        let done = db.execute_raw(statement).instrument(trace::hand_written(sql)).await?;
        Ok(done.rows_affected() == 1)
    }
}
