//! Opening balances in the database.

use super::domain::{OpeningKind, OpeningState, Total};
use crate::{charges::BillingMonth, ids::OpeningId};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "openings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub cut_over: Date,
        pub state: String,
        pub created_by: Uuid,
        pub created_at: DateTimeUtc,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub reversed_by: Option<Uuid>,
        pub reversed_at: Option<DateTimeUtc>,
        pub reason: Option<String>,
        pub file_name: Option<String>,
        pub file_hash: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// The balances with which an estate came to us, or a part of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    pub id: OpeningId,
    pub estate: EstateId,
    /// The first month that we charge.
    pub cut_over: BillingMonth,
    pub state: OpeningState,
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
    /// Who posted it or gave it up, and when.
    pub decided: Option<(UserId, DateTime<Utc>)>,
    pub reversed: Option<(UserId, DateTime<Utc>)>,
    /// Why it was given up or reversed.
    pub reason: Option<String>,
    /// The file it was drafted from.
    pub file: Option<File>,
}

/// A file of opening balances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its name, at most 200 characters.
    pub name: String,
    /// By what its content is known again.
    pub hash: String,
}

impl Opening {
    /// The day on which everything of it is posted: the last one before the cut-over.
    pub fn booked_on(&self) -> NaiveDate {
        let first = self.cut_over.first();
        first.pred_opt().unwrap_or(first)
    }
}

/// Adds a draft.
pub(super) async fn insert(scope: &TenantScope, opening: &Opening) -> Result<(), StorageError> {
    let file = opening.file.as_ref();
    scope
        .insert(row::ActiveModel {
            id: Set(opening.id.as_uuid()),
            estate_id: Set(opening.estate.as_uuid()),
            cut_over: Set(opening.cut_over.first()),
            state: Set(stored::word(opening.state)?),
            created_by: Set(opening.created_by.as_uuid()),
            created_at: Set(opening.created_at),
            decided_by: Set(None),
            decided_at: Set(None),
            reversed_by: Set(None),
            reversed_at: Set(None),
            reason: Set(None),
            file_name: Set(file.map(|file| file.name.clone())),
            file_hash: Set(file.map(|file| file.hash.clone())),
            ..Default::default()
        })
        .await
}

/// Writes what may change of one that was locked.
pub(super) async fn save(scope: &TenantScope, opening: &Opening) -> Result<(), StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .filter(C::Id.eq(opening.id.as_uuid()))
        .set(C::State, stored::word(opening.state)?)
        .set(C::DecidedBy, opening.decided.map(|(by, _)| by.as_uuid()))
        .set(C::DecidedAt, opening.decided.map(|(_, at)| at))
        .set(C::ReversedBy, opening.reversed.map(|(by, _)| by.as_uuid()))
        .set(C::ReversedAt, opening.reversed.map(|(_, at)| at))
        .set(C::Reason, opening.reason.clone());
    update.exec().await.map(drop)
}

/// One of them.
pub(super) async fn find(
    scope: &TenantScope,
    id: OpeningId,
) -> Result<Option<Opening>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// The draft, or what was posted of it, that came from this file.
pub(super) async fn of_file(
    scope: &TenantScope,
    estate: EstateId,
    hash: &str,
) -> Result<Option<Opening>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::FileHash.eq(hash))
        .filter_in(C::State, ["DRAFT", "POSTED"]);
    found.one().await?.map(read).transpose()
}

/// One of them, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    id: OpeningId,
) -> Result<Option<Opening>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read).transpose()
}

/// A page of those of an estate, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Opening>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |before| C::Id.lt(before));
    found.desc(C::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

fn read(row: row::Model) -> Result<Opening, StorageError> {
    let cut_over = BillingMonth::of(row.cut_over);
    Ok(Opening {
        id: OpeningId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        cut_over: cut_over.map_err(|_| StorageError::unreadable("cut-over of an opening"))?,
        state: stored::read_word(&row.state)?,
        created_by: UserId::from_uuid(row.created_by),
        created_at: row.created_at,
        decided: row.decided_by.map(UserId::from_uuid).zip(row.decided_at),
        reversed: row.reversed_by.map(UserId::from_uuid).zip(row.reversed_at),
        reason: row.reason,
        file: row.file_name.zip(row.file_hash).map(|(name, hash)| File { name, hash }),
    })
}

#[derive(FromQueryResult)]
struct Counted {
    opening_id: Uuid,
    kind: String,
    state: String,
    n: i64,
    amount: i64,
}

/// How the rows of opening balances stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Of what is to be posted, or was.
    pub totals: Vec<Total>,
    /// Rows that cannot be posted.
    pub wrong: i64,
    /// Rows that were posted before.
    pub known: i64,
}

/// How the rows of each stand, in one statement.
pub(super) async fn counts(
    scope: &TenantScope,
    openings: &[OpeningId],
) -> Result<HashMap<OpeningId, Counts>, StorageError> {
    let mut values = Vec::new();
    let wanted = scope.one_of(&mut values, openings.iter().map(|id| id.as_uuid()));
    let sql = format!(
        "SELECT opening_id, kind, state, COUNT(*) AS n, CAST(SUM(amount) AS BIGINT) AS amount \
         FROM opening_rows WHERE tenant_id = $1 AND opening_id {wanted} \
         GROUP BY opening_id, kind, state ORDER BY kind, state"
    );
    let mut found: HashMap<OpeningId, Counts> = HashMap::new();
    for row in scope.rows::<Counted>(&sql, values).await? {
        let counts = found.entry(OpeningId::from_uuid(row.opening_id)).or_default();
        match row.state.as_str() {
            "WRONG" => counts.wrong += row.n,
            "KNOWN" => counts.known += row.n,
            _ => {
                let kind: OpeningKind = stored::read_word(&row.kind)?;
                counts.totals.push(Total { kind, count: row.n, sum: Fen(row.amount) });
            }
        }
    }
    Ok(found)
}
