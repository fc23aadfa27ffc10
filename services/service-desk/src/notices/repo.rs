//! Notices in the database.

use super::{
    NoticeId,
    domain::{Audience, Content, Notice, NoticeState},
};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ExprTrait as _, FromQueryResult};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub kind: String,
        pub title: String,
        pub body: String,
        pub audience: String,
        pub publish_at: Option<DateTimeUtc>,
        pub expires_at: Option<DateTimeUtc>,
        pub state: String,
        pub written_by: Uuid,
        pub written_at: DateTimeUtc,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub reason: Option<String>,
        pub published_at: Option<DateTimeUtc>,
        pub reached: Option<i32>,
        pub version: i32,
        pub template: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn read(row: row::Model) -> Result<Notice, StorageError> {
    Ok(Notice {
        id: NoticeId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        content: Content {
            kind: stored::read_word(&row.kind)?,
            title: stored::read_json(&row.title)?,
            body: stored::read_json(&row.body)?,
            template: row.template.as_deref().map(stored::read_json).transpose()?,
            audience: stored::read_json(&row.audience)?,
            publish_at: row.publish_at,
            expires_at: row.expires_at,
        },
        state: stored::read_word(&row.state)?,
        written_by: UserId::from_uuid(row.written_by),
        written_at: row.written_at,
        decided_by: row.decided_by.map(UserId::from_uuid),
        decided_at: row.decided_at,
        reason: row.reason,
        published_at: row.published_at,
        audience: row.reached,
        version: row.version,
    })
}

/// Adds a notice.
pub(super) async fn insert(scope: &TenantScope, it: &Notice) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(it.id.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        kind: Set(stored::word(it.content.kind)?),
        title: Set(stored::json(&it.content.title)?),
        body: Set(stored::json(&it.content.body)?),
        audience: Set(stored::json(&it.content.audience)?),
        publish_at: Set(it.content.publish_at),
        expires_at: Set(it.content.expires_at),
        state: Set(stored::word(it.state)?),
        written_by: Set(it.written_by.as_uuid()),
        written_at: Set(it.written_at),
        decided_by: Set(None),
        decided_at: Set(None),
        reason: Set(None),
        published_at: Set(None),
        reached: Set(None),
        version: Set(it.version),
        template: Set(it.content.template.as_ref().map(stored::json).transpose()?),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes a notice over the version before its own; whether that was the version.
pub(super) async fn save(scope: &TenantScope, it: &Notice) -> Result<bool, StorageError> {
    use row::Column as C;
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(it.id.as_uuid()));
    let set = rows
        .filter(C::Version.eq(it.version - 1))
        .set(C::Kind, stored::word(it.content.kind)?)
        .set(C::Title, stored::json(&it.content.title)?)
        .set(C::Body, stored::json(&it.content.body)?)
        .set(C::Template, it.content.template.as_ref().map(stored::json).transpose()?)
        .set(C::Audience, stored::json(&it.content.audience)?)
        .set(C::PublishAt, it.content.publish_at)
        .set(C::ExpiresAt, it.content.expires_at)
        .set(C::State, stored::word(it.state)?)
        .set(C::WrittenBy, it.written_by.as_uuid())
        .set(C::DecidedBy, it.decided_by.map(UserId::as_uuid))
        .set(C::DecidedAt, it.decided_at)
        .set(C::Reason, it.reason.clone())
        .set(C::PublishedAt, it.published_at)
        .set(C::Reached, it.audience)
        .set(C::Version, it.version);
    Ok(set.exec().await? > 0)
}

/// A notice.
pub(super) async fn find(
    scope: &TenantScope,
    id: NoticeId,
) -> Result<Option<Notice>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// A notice, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    id: NoticeId,
) -> Result<Option<Notice>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.lock().one().await?.map(read).transpose()
}

/// Which notices a list is of.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub estate: EstateId,
    /// Only those in one of these states.
    pub states: Option<Vec<NoticeState>>,
    /// Whether only those that have expired, or only those that have not.
    pub expired: Option<bool>,
    /// Only these.
    pub ids: Option<Vec<Uuid>>,
    pub before: Option<Uuid>,
}

/// A page of an estate's notices, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    wanted: Wanted,
    limit: u64,
) -> Result<Vec<Notice>, StorageError> {
    use row::Column as C;
    let now = scope.now();
    let words = |all: Vec<NoticeState>| all.into_iter().map(stored::word).collect();
    let states: Option<Vec<String>> = wanted.states.map(words).transpose()?;
    let expired = |expired: bool| {
        if expired {
            C::ExpiresAt.lte(now)
        } else {
            C::ExpiresAt.is_null().or(C::ExpiresAt.gt(now))
        }
    };
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(wanted.estate.as_uuid()))
        .filter_by(states, |states| scope.among(C::State, states))
        .filter_by(wanted.ids, |ids| scope.among(C::Id, ids))
        .filter_by(wanted.before, |before| C::Id.lt(before))
        .filter_by(wanted.expired, expired)
        .desc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}

#[derive(FromQueryResult)]
struct Standing {
    id: Uuid,
    audience: String,
}

/// The notices of an estate that are out and count, and whom they concern.
pub(super) async fn standing(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Vec<(NoticeId, Audience)>, StorageError> {
    let sql = "SELECT id, audience FROM notices WHERE tenant_id = $1 AND estate_id = $2 \
        AND state = 'PUBLISHED' AND (expires_at IS NULL OR expires_at > $3)";
    let rows: Vec<Standing> =
        scope.rows(sql, [estate.as_uuid().into(), scope.now().into()]).await?;
    let one = |row: Standing| Ok((NoticeId::from_uuid(row.id), stored::read_json(&row.audience)?));
    rows.into_iter().map(one).collect()
}
