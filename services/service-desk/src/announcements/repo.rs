//! Announcements in the database.

use super::AnnouncementId;
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "announcements")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub title: String,
        pub body: String,
        pub roles: String,
        pub published_by: Uuid,
        pub published_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod reader {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "announcement_readers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub announcement_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub read_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, reader);

/// An announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Announcement {
    pub id: AnnouncementId,
    pub estate: EstateId,
    pub title: String,
    pub body: String,
    /// The posts it is to, as the codes of their roles; none means all staff of the estate.
    pub roles: Vec<String>,
    pub published_by: UserId,
    pub published_at: DateTime<Utc>,
}

/// Who is to read an announcement, and when they did.
pub(super) type Readers = Vec<(UserId, Option<DateTime<Utc>>)>;

fn read(row: row::Model) -> Result<Announcement, StorageError> {
    Ok(Announcement {
        id: AnnouncementId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        title: row.title,
        body: row.body,
        roles: stored::read_json(&row.roles)?,
        published_by: UserId::from_uuid(row.published_by),
        published_at: row.published_at,
    })
}

/// Adds an announcement to these readers.
pub(super) async fn insert(
    scope: &TenantScope,
    it: &Announcement,
    readers: Vec<UserId>,
) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(it.id.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        title: Set(it.title.clone()),
        body: Set(it.body.clone()),
        roles: Set(stored::json(&it.roles)?),
        published_by: Set(it.published_by.as_uuid()),
        published_at: Set(it.published_at),
        ..Default::default()
    };
    scope.insert(row).await?;
    let rows = readers.into_iter().map(|user| reader::ActiveModel {
        announcement_id: Set(it.id.as_uuid()),
        user_id: Set(user.as_uuid()),
        read_at: Set(None),
        ..Default::default()
    });
    scope.insert_all(rows.collect::<Vec<_>>()).await
}

/// An announcement.
pub(super) async fn find(
    scope: &TenantScope,
    id: AnnouncementId,
) -> Result<Option<Announcement>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// A page of an estate's announcements, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    (before, limit): (Option<Uuid>, u64),
) -> Result<Vec<Announcement>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter_by(before, |before| C::Id.lt(before)).desc(C::Id).limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}

/// The readers of some announcements.
pub(super) async fn readers(
    scope: &TenantScope,
    of: impl IntoIterator<Item = AnnouncementId>,
) -> Result<HashMap<AnnouncementId, Readers>, StorageError> {
    use reader::Column as C;
    let ids = of.into_iter().map(AnnouncementId::as_uuid);
    let rows = scope.find::<reader::Entity>().filter_in(C::AnnouncementId, ids).asc(C::UserId);
    let mut all: HashMap<AnnouncementId, Readers> = HashMap::new();
    for row in rows.all().await? {
        let readers = all.entry(AnnouncementId::from_uuid(row.announcement_id)).or_default();
        readers.push((UserId::from_uuid(row.user_id), row.read_at));
    }
    Ok(all)
}

/// Notes that somebody read an announcement, the first time.
pub(super) async fn mark_read(
    scope: &TenantScope,
    id: AnnouncementId,
    user: UserId,
) -> Result<(), StorageError> {
    use reader::Column as C;
    let rows = scope
        .update::<reader::Entity>()
        .filter(C::AnnouncementId.eq(id.as_uuid()))
        .filter(C::UserId.eq(user.as_uuid()))
        .filter(C::ReadAt.is_null());
    rows.set(C::ReadAt, scope.now()).exec().await.map(drop)
}
