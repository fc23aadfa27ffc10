//! Events and their expenses in the database.

use super::{
    CommunityEventId, ExpenseId,
    domain::{Event, EventState},
};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "community_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub year: i32,
        pub state: String,
        pub version: i32,
        pub capacity: i32,
        pub secret: String,
        pub details: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod expense {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "community_event_expenses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub event_id: Uuid,
        pub line: String,
        pub amount: i64,
        pub on_day: Date,
        pub what: String,
        pub noted_by: Uuid,
        pub noted_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, expense);

/// Money spent for an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expense {
    pub id: ExpenseId,
    pub event: CommunityEventId,
    /// The budget line's code.
    pub line: String,
    pub amount: Fen,
    pub on: NaiveDate,
    pub what: String,
    pub noted_by: UserId,
    pub noted_at: DateTime<Utc>,
}

fn read(row: row::Model) -> Result<Event, StorageError> {
    Ok(Event {
        id: CommunityEventId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        year: row.year,
        state: stored::read_word(&row.state)?,
        version: row.version,
        secret: row.secret,
        details: stored::read_json(&row.details)?,
    })
}

fn capacity(event: &Event) -> i32 {
    i32::try_from(event.details.plan.capacity).unwrap_or(i32::MAX)
}

/// Adds an event.
pub(super) async fn insert(scope: &TenantScope, event: &Event) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(event.id.as_uuid()),
        estate_id: Set(event.estate.as_uuid()),
        year: Set(event.year),
        state: Set(stored::word(event.state)?),
        version: Set(event.version),
        capacity: Set(capacity(event)),
        secret: Set(event.secret.clone()),
        details: Set(stored::json(&event.details)?),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes what changed, counting the version up; whether it was still the event's version.
pub(super) async fn save(scope: &TenantScope, event: &Event) -> Result<bool, StorageError> {
    use row::Column as C;
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(event.id.as_uuid()));
    let rows = rows
        .filter(C::Version.eq(event.version))
        .set(C::Version, event.version + 1)
        .set(C::Year, event.year)
        .set(C::Capacity, capacity(event))
        .set(C::State, stored::word(event.state)?)
        .set(C::Details, stored::json(&event.details)?);
    Ok(rows.exec().await? > 0)
}

/// One event.
pub(super) async fn find(
    scope: &TenantScope,
    id: CommunityEventId,
) -> Result<Option<Event>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// One event, held until the transaction ends: who signs up or gives back waits for each other.
pub(super) async fn lock(
    scope: &TenantScope,
    id: CommunityEventId,
) -> Result<Option<Event>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.lock().one().await?.map(read).transpose()
}

/// Which events a list is of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    /// Only those of this year's plan.
    pub year: Option<i32>,
    /// Only those that have come so far.
    pub state: Option<EventState>,
    /// Only those that residents know of.
    pub public: bool,
}

/// The states before residents know of an event.
const INSIDE: [EventState; 3] = [EventState::Planned, EventState::Proposed, EventState::Approved];

/// A page of an estate's events, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    wanted: Wanted,
    page: &PageArgs,
) -> Result<Vec<Event>, StorageError> {
    use row::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<CommunityEventId>().ok());
    let state = wanted.state.map(stored::word).transpose()?;
    let inside = INSIDE.into_iter().map(stored::word).collect::<Result<Vec<_>, _>>()?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(wanted.year, |year| C::Year.eq(year))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(wanted.public.then_some(inside), |inside| C::State.is_not_in(inside))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(page.limit());
    rows.all().await?.into_iter().map(read).collect()
}

/// Adds an expense.
pub(super) async fn insert_expense(
    scope: &TenantScope,
    expense: &Expense,
) -> Result<(), StorageError> {
    let row = expense::ActiveModel {
        id: Set(expense.id.as_uuid()),
        event_id: Set(expense.event.as_uuid()),
        line: Set(expense.line.clone()),
        amount: Set(expense.amount.0),
        on_day: Set(expense.on),
        what: Set(expense.what.clone()),
        noted_by: Set(expense.noted_by.as_uuid()),
        noted_at: Set(expense.noted_at),
        ..Default::default()
    };
    scope.insert(row).await
}

/// A page of an event's expenses, oldest first.
pub(super) async fn expenses(
    scope: &TenantScope,
    event: CommunityEventId,
    page: &PageArgs,
) -> Result<Vec<Expense>, StorageError> {
    use expense::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<ExpenseId>().ok());
    let rows = scope
        .find::<expense::Entity>()
        .filter(C::EventId.eq(event.as_uuid()))
        .filter_by(after, |last| C::Id.gt(last.as_uuid()))
        .asc(C::Id)
        .limit(page.limit());
    let read = |row: expense::Model| Expense {
        id: ExpenseId::from_uuid(row.id),
        event: CommunityEventId::from_uuid(row.event_id),
        line: row.line,
        amount: Fen(row.amount),
        on: row.on_day,
        what: row.what,
        noted_by: UserId::from_uuid(row.noted_by),
        noted_at: row.noted_at,
    };
    Ok(rows.all().await?.into_iter().map(read).collect())
}

#[derive(sea_orm::FromQueryResult)]
struct Spent {
    event_id: uuid::Uuid,
    line: String,
    amount: i64,
}

/// What was spent of each budget line of some events.
pub(super) async fn spent(
    scope: &TenantScope,
    events: impl IntoIterator<Item = CommunityEventId>,
) -> Result<HashMap<(CommunityEventId, String), Fen>, StorageError> {
    let mut values = Vec::new();
    let some = scope.one_of(&mut values, events.into_iter().map(CommunityEventId::as_uuid));
    let sql = format!(
        "SELECT event_id, line, CAST(SUM(amount) AS BIGINT) AS amount \
         FROM community_event_expenses WHERE tenant_id = $1 AND event_id {some} \
         GROUP BY event_id, line"
    );
    let rows: Vec<Spent> = scope.rows(&sql, values).await?;
    let read =
        |row: Spent| ((CommunityEventId::from_uuid(row.event_id), row.line), Fen(row.amount));
    Ok(rows.into_iter().map(read).collect())
}
