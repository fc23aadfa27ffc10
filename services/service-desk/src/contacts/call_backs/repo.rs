//! Calls to be returned in the database.

use super::{CallBack, CallBackId, ContactId};
use crate::contacts::repo::covered_ids;
use authz::{EstateScope, UserId};
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::ExprTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "call_backs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub contact_id: Uuid,
        pub estate_id: Uuid,
        pub due_at: DateTimeUtc,
        pub outcome: Option<String>,
        pub tries: i32,
        pub note: Option<String>,
        pub done_at: Option<DateTimeUtc>,
        pub done_by: Option<Uuid>,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

use row::Column as C;

fn read(row: row::Model) -> Result<CallBack, StorageError> {
    Ok(CallBack {
        id: CallBackId::from_uuid(row.id),
        contact: ContactId::from_uuid(row.contact_id),
        estate: EstateId::from_uuid(row.estate_id),
        due_at: row.due_at,
        outcome: row.outcome.as_deref().map(stored::read_word).transpose()?,
        tries: row.tries,
        note: row.note,
        done_at: row.done_at,
        done_by: row.done_by.map(UserId::from_uuid),
        version: row.version,
    })
}

/// Adds a call to be returned.
pub(super) async fn insert(scope: &TenantScope, one: &CallBack) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(one.id.as_uuid()),
            contact_id: Set(one.contact.as_uuid()),
            estate_id: Set(one.estate.as_uuid()),
            due_at: Set(one.due_at),
            tries: Set(one.tries),
            version: Set(one.version),
            ..Default::default()
        })
        .await
}

/// The call to be returned, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    id: CallBackId,
) -> Result<Option<CallBack>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::Id.eq(id.as_uuid())).lock();
    rows.one().await?.map(read).transpose()
}

/// One call to be returned.
pub(super) async fn find(
    scope: &TenantScope,
    id: CallBackId,
) -> Result<Option<CallBack>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// The call to be returned of a missed call, held until the transaction ends.
pub(super) async fn of_contact(
    scope: &TenantScope,
    contact: ContactId,
) -> Result<Option<CallBack>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::ContactId.eq(contact.as_uuid())).lock();
    rows.one().await?.map(read).transpose()
}

/// Writes how it ended, unless somebody else did meanwhile; whether it was written.
pub(super) async fn save(scope: &TenantScope, one: &mut CallBack) -> Result<bool, StorageError> {
    let update = scope
        .update::<row::Entity>()
        .filter(C::Id.eq(one.id.as_uuid()))
        .filter(C::Version.eq(one.version))
        .set(C::DueAt, one.due_at)
        .set(C::Tries, one.tries)
        .set(C::Outcome, one.outcome.map(stored::word).transpose()?)
        .set(C::Note, one.note.clone())
        .set(C::DoneAt, one.done_at)
        .set(C::DoneBy, one.done_by.map(UserId::as_uuid))
        .set(C::Version, one.version + 1);
    one.version += 1;
    Ok(update.exec().await? == 1)
}

/// A page of an estate's calls to be returned that a right covers, those due first at the front.
pub(super) async fn page(
    scope: &TenantScope,
    right: &EstateScope,
    open: Option<bool>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Result<Vec<CallBack>, StorageError> {
    let done = |open: bool| if open { C::DoneAt.is_null() } else { C::DoneAt.is_not_null() };
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(right.estate().as_uuid()))
        .filter(C::ContactId.in_subquery(covered_ids(scope, right)))
        .filter_by(open, done)
        .filter_by(after, |(at, id)| C::DueAt.gt(at).or(C::DueAt.eq(at).and(C::Id.gt(id))))
        .asc(C::DueAt)
        .asc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}
