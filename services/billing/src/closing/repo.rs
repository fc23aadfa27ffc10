//! Rows of months.

use super::domain::{BookMonth, Neighbours, Reopening, before};
use crate::{charges::BillingMonth, ids::UserId};
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "book_months")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub month: Date,
        pub state: String,
        pub version: i32,
        pub started_by: Option<Uuid>,
        pub started_at: Option<DateTimeUtc>,
        pub closed_by: Option<Uuid>,
        pub closed_at: Option<DateTimeUtc>,
        pub reopen_requested_by: Option<Uuid>,
        pub reopen_requested_at: Option<DateTimeUtc>,
        pub reopen_reason: Option<String>,
        pub reopened_by: Option<Uuid>,
        pub reopened_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A month as it stands; open when nothing is known of it.
pub(crate) async fn find(
    scope: &TenantScope,
    estate: EstateId,
    month: BillingMonth,
) -> Result<BookMonth, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::Month.eq(month.first()));
    found.one().await?.map_or(Ok(BookMonth::open(estate, month)), read)
}

/// The months of an estate that something was decided of, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<BillingMonth>,
    limit: u64,
) -> Result<Vec<BookMonth>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |month| C::Month.lt(month.first()))
        .desc(C::Month)
        .limit(limit);
    found.all().await?.into_iter().map(read).collect()
}

#[derive(FromQueryResult)]
struct Around {
    earlier: bool,
    began: bool,
}

/// What the books around a month look like.
pub(super) async fn neighbours(
    scope: &TenantScope,
    estate: EstateId,
    month: BillingMonth,
) -> Result<Neighbours, StorageError> {
    use row::Column as C;
    let sql = "SELECT EXISTS (SELECT 1 FROM book_months WHERE tenant_id = $1 AND estate_id = $2 \
               AND month = $3 AND state = 'CLOSED') AS earlier, \
               EXISTS (SELECT 1 FROM ledger_entries WHERE tenant_id = $1 AND estate_id = $2 \
               AND day < $4) AS began";
    let values = [estate.as_uuid().into(), before(month).first().into(), month.first().into()];
    let rows: Vec<Around> = scope.rows(sql, values).await?;
    let earlier_closed = rows.first().is_some_and(|row| row.earlier || !row.began);
    let latest = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::State.eq("CLOSED"))
        .desc(C::Month)
        .limit(1);
    let latest_closed = latest.one().await?.map(|row| of(row.month)).transpose()?;
    Ok(Neighbours { earlier_closed, latest_closed })
}

/// Writes how far a month is.
pub(super) async fn save(scope: &TenantScope, month: &BookMonth) -> Result<(), StorageError> {
    use row::Column as C;
    let asked = month.reopening.as_ref();
    let agreed = asked.and_then(|asked| asked.confirmed);
    let who = |act: Option<(UserId, DateTime<Utc>)>| act.map(|(user, _)| user.as_uuid());
    let when = |act: Option<(UserId, DateTime<Utc>)>| act.map(|(_, at)| at);
    let row = row::ActiveModel {
        estate_id: Set(month.estate.as_uuid()),
        month: Set(month.month.first()),
        state: Set(stored::word(month.state)?),
        version: Set(month.version),
        started_by: Set(who(month.started)),
        started_at: Set(when(month.started)),
        closed_by: Set(who(month.closed)),
        closed_at: Set(when(month.closed)),
        reopen_requested_by: Set(asked.map(|asked| asked.requested_by.as_uuid())),
        reopen_requested_at: Set(asked.map(|asked| asked.requested_at)),
        reopen_reason: Set(asked.map(|asked| asked.reason.clone())),
        reopened_by: Set(who(agreed)),
        reopened_at: Set(when(agreed)),
        ..Default::default()
    };
    let changed = [
        C::State,
        C::Version,
        C::StartedBy,
        C::StartedAt,
        C::ClosedBy,
        C::ClosedAt,
        C::ReopenRequestedBy,
        C::ReopenRequestedAt,
        C::ReopenReason,
        C::ReopenedBy,
        C::ReopenedAt,
    ];
    scope.upsert([row], [C::TenantId, C::EstateId, C::Month], changed).await
}

fn of(day: NaiveDate) -> Result<BillingMonth, StorageError> {
    BillingMonth::of(day).map_err(|_| StorageError::unreadable(format!("month {day}")))
}

fn read(row: row::Model) -> Result<BookMonth, StorageError> {
    let act = |who: Option<Uuid>, when: Option<DateTime<Utc>>| {
        who.zip(when).map(|(user, at)| (UserId::from_uuid(user), at))
    };
    let asked = act(row.reopen_requested_by, row.reopen_requested_at);
    Ok(BookMonth {
        estate: EstateId::from_uuid(row.estate_id),
        month: of(row.month)?,
        state: stored::read_word(&row.state)?,
        version: row.version,
        started: act(row.started_by, row.started_at),
        closed: act(row.closed_by, row.closed_at),
        reopening: asked.map(|(requested_by, requested_at)| Reopening {
            requested_by,
            requested_at,
            reason: row.reopen_reason.unwrap_or_default(),
            confirmed: act(row.reopened_by, row.reopened_at),
        }),
    })
}
