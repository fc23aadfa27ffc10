//! Letters in the database.

use crate::{
    messages::{LetterId, MessageKind, Words, Written},
    secrecy,
};
use authz::Subject;
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, sea_query::Query};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "inbox_letters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub person_id: Uuid,
        pub unit_id: Option<Uuid>,
        pub kind: String,
        pub title: String,
        pub body: String,
        pub reference: String,
        pub in_inbox: bool,
        pub posted_at: DateTimeUtc,
        pub read_at: Option<DateTimeUtc>,
        pub withdrawn_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A letter as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: LetterId,
    /// The estate in whose name.
    pub estate: EstateId,
    /// To whom.
    pub person: PersonId,
    /// The unit it is about.
    pub unit: Option<UnitId>,
    /// What it is about.
    pub kind: MessageKind,
    /// Its title.
    pub title: Words,
    /// What it says.
    pub body: Words,
    /// What it belongs to.
    pub reference: String,
    /// Whether it is in the inbox; not for who wants it by other ways only, nor after it was taken back.
    pub in_inbox: bool,
    /// When it was posted.
    pub posted_at: DateTime<Utc>,
    /// When it was read in the app.
    pub read_at: Option<DateTime<Utc>>,
}

impl Entry {
    /// A letter that nobody has read yet.
    pub fn new(id: LetterId, letter: Written, in_inbox: bool, now: DateTime<Utc>) -> Self {
        Self {
            id,
            estate: letter.estate,
            person: letter.person,
            unit: letter.unit,
            kind: letter.kind,
            title: letter.title,
            body: letter.body,
            reference: letter.reference,
            in_inbox,
            posted_at: now,
            read_at: None,
        }
    }
}

fn read(row: row::Model) -> Result<Entry, StorageError> {
    Ok(Entry {
        id: LetterId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        person: PersonId::from_uuid(row.person_id),
        unit: row.unit_id.map(UnitId::from_uuid),
        kind: stored::read_word(&row.kind)?,
        title: stored::read_json(&row.title)?,
        body: stored::read_json(&row.body)?,
        reference: row.reference,
        in_inbox: row.in_inbox && row.withdrawn_at.is_none(),
        posted_at: row.posted_at,
        read_at: row.read_at,
    })
}

/// Adds letters.
///
/// # Errors
/// When writing fails.
pub async fn insert(scope: &TenantScope, letters: Vec<Entry>) -> Result<(), StorageError> {
    let row = |letter: Entry| {
        Ok(row::ActiveModel {
            id: Set(letter.id.as_uuid()),
            estate_id: Set(letter.estate.as_uuid()),
            person_id: Set(letter.person.as_uuid()),
            unit_id: Set(letter.unit.map(UnitId::as_uuid)),
            kind: Set(stored::word(letter.kind)?),
            title: Set(stored::json(&letter.title)?),
            body: Set(stored::json(&letter.body)?),
            reference: Set(letter.reference),
            in_inbox: Set(letter.in_inbox),
            posted_at: Set(letter.posted_at),
            read_at: Set(letter.read_at),
            withdrawn_at: Set(None),
            ..Default::default()
        })
    };
    let rows: Vec<_> = letters.into_iter().map(row).collect::<Result<_, StorageError>>()?;
    scope.insert_all(rows).await
}

/// Letters by id.
///
/// # Errors
/// When reading fails.
pub async fn by_ids(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Entry>, StorageError> {
    let rows = scope.find::<row::Entity>().filter_in(row::Column::Id, ids).all().await?;
    rows.into_iter().map(|row| Ok((row.id, read(row)?))).collect()
}

/// Which letters of somebody a list is of.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub person: PersonId,
    pub estate: Option<EstateId>,
    pub unread: Option<bool>,
    pub before: Option<Uuid>,
}

/// A page of somebody's inbox, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    wanted: Wanted,
    limit: u64,
) -> Result<Vec<Entry>, StorageError> {
    use row::Column as C;
    let unread = |unread: bool| if unread { C::ReadAt.is_null() } else { C::ReadAt.is_not_null() };
    let rows = scope
        .find::<row::Entity>()
        .filter(C::PersonId.eq(wanted.person.as_uuid()))
        .filter(C::InInbox.eq(true))
        .filter(C::WithdrawnAt.is_null())
        .filter_by(wanted.estate, |estate| C::EstateId.eq(estate.as_uuid()))
        .filter_by(wanted.unread, unread)
        .filter_by(wanted.before, |before| C::Id.lt(before))
        .desc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}

/// How many letters somebody has not read.
pub(super) async fn count_unread(
    scope: &TenantScope,
    person: PersonId,
) -> Result<u64, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::PersonId.eq(person.as_uuid()))
        .filter(C::InInbox.eq(true))
        .filter(C::WithdrawnAt.is_null())
        .filter(C::ReadAt.is_null());
    rows.count().await
}

/// Marks letters of somebody read that are not yet; which those were.
pub(super) async fn mark(
    scope: &TenantScope,
    person: PersonId,
    ids: Vec<Uuid>,
) -> Result<Vec<Entry>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter_in(C::Id, ids)
        .filter(C::PersonId.eq(person.as_uuid()))
        .filter(C::ReadAt.is_null())
        .lock();
    let found: Vec<Entry> = rows.all().await?.into_iter().map(read).collect::<Result<_, _>>()?;
    let ids: Vec<Uuid> = found.iter().map(|letter| letter.id.as_uuid()).collect();
    mark_all(scope, ids).await?;
    Ok(found)
}

/// Marks letters read.
///
/// # Errors
/// When writing fails.
pub(crate) async fn mark_all(scope: &TenantScope, ids: Vec<Uuid>) -> Result<(), StorageError> {
    use row::Column as C;
    let rows = scope.update::<row::Entity>().filter_in(C::Id, ids).filter(C::ReadAt.is_null());
    rows.set(C::ReadAt, scope.now()).exec().await.map(drop)
}

/// Takes letters back, which were in the inbox up to now.
pub(in crate::messages) async fn withdraw(
    scope: &TenantScope,
    letters: Vec<LetterId>,
) -> Result<(), StorageError> {
    use row::Column as C;
    let ids = letters.into_iter().map(LetterId::as_uuid);
    let rows = scope.update::<row::Entity>().filter_in(C::Id, ids);
    rows.set(C::WithdrawnAt, scope.now()).exec().await.map(drop)
}

/// That a column names no letter that belongs to a complaint about whoever asks.
pub(crate) fn of_letters_open_to(
    scope: &TenantScope,
    asks: Subject,
    letter: impl ColumnTrait,
) -> Condition {
    let Some(names) = secrecy::hidden_names(scope, asks) else { return Condition::all() };
    let hidden = Query::select()
        .column(row::Column::Id)
        .from(row::Entity)
        .and_where(row::Column::TenantId.eq(scope.tenant().as_uuid()))
        .and_where(row::Column::Reference.in_subquery(names))
        .take();
    Condition::any().add(letter.is_null()).add(letter.not_in_subquery(hidden))
}
