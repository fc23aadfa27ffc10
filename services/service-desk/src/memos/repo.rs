//! Contact sheets in the database.

use super::{
    MemoId, addressees_repo,
    domain::{Memo, MemoState},
};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ExprTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "memos")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub from_user: Uuid,
        pub to_whom: String,
        pub matter: String,
        pub body: String,
        pub sent_at: DateTimeUtc,
        pub receive_by: DateTimeUtc,
        pub reply_by: DateTimeUtc,
        pub state: String,
        pub received_by: Option<Uuid>,
        pub received_at: Option<DateTimeUtc>,
        pub reply: Option<String>,
        pub replied_by: Option<Uuid>,
        pub replied_at: Option<DateTimeUtc>,
        pub confirmed_at: Option<DateTimeUtc>,
        pub reason: Option<String>,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn read(row: row::Model) -> Result<Memo, StorageError> {
    Ok(Memo {
        id: MemoId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        from: UserId::from_uuid(row.from_user),
        to: stored::read_json(&row.to_whom)?,
        matter: row.matter,
        body: row.body,
        sent_at: row.sent_at,
        receive_by: row.receive_by,
        reply_by: row.reply_by,
        state: stored::read_word(&row.state)?,
        received_by: row.received_by.map(UserId::from_uuid),
        received_at: row.received_at,
        reply: row.reply,
        replied_by: row.replied_by.map(UserId::from_uuid),
        replied_at: row.replied_at,
        confirmed_at: row.confirmed_at,
        reason: row.reason,
        version: row.version,
    })
}

/// Adds a sheet.
pub(super) async fn insert(scope: &TenantScope, it: &Memo) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(it.id.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        from_user: Set(it.from.as_uuid()),
        to_whom: Set(stored::json(&it.to)?),
        matter: Set(it.matter.clone()),
        body: Set(it.body.clone()),
        sent_at: Set(it.sent_at),
        receive_by: Set(it.receive_by),
        reply_by: Set(it.reply_by),
        state: Set(stored::word(it.state)?),
        received_by: Set(None),
        received_at: Set(None),
        reply: Set(None),
        replied_by: Set(None),
        replied_at: Set(None),
        confirmed_at: Set(None),
        reason: Set(None),
        version: Set(it.version),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes a sheet over the version before its own; whether that was the version.
pub(super) async fn save(scope: &TenantScope, it: &Memo) -> Result<bool, StorageError> {
    use row::Column as C;
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(it.id.as_uuid()));
    let set = rows
        .filter(C::Version.eq(it.version - 1))
        .set(C::State, stored::word(it.state)?)
        .set(C::ToWhom, stored::json(&it.to)?)
        .set(C::ReceiveBy, it.receive_by)
        .set(C::Reason, it.reason.clone())
        .set(C::ReceivedBy, it.received_by.map(UserId::as_uuid))
        .set(C::ReceivedAt, it.received_at)
        .set(C::ReplyBy, it.reply_by)
        .set(C::Reply, it.reply.clone())
        .set(C::RepliedBy, it.replied_by.map(UserId::as_uuid))
        .set(C::RepliedAt, it.replied_at)
        .set(C::ConfirmedAt, it.confirmed_at)
        .set(C::Version, it.version);
    Ok(set.exec().await? > 0)
}

/// A sheet.
pub(super) async fn find(scope: &TenantScope, id: MemoId) -> Result<Option<Memo>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// Which sheets a list is of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub estate: EstateId,
    pub state: Option<MemoState>,
    pub from: Option<UserId>,
    pub overdue: bool,
    /// Only those that this account sent or that were for it.
    pub of: Option<UserId>,
    /// Only those that are for this account to act on.
    pub to: Option<UserId>,
    pub before: Option<Uuid>,
}

/// A page of an estate's sheets, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    wanted: Wanted,
    limit: u64,
) -> Result<Vec<Memo>, StorageError> {
    use row::Column as C;
    let now = scope.now();
    let (sent, received) = (stored::word(MemoState::Sent)?, stored::word(MemoState::Received)?);
    let late = |()| {
        let unreceived = C::State.eq(sent).and(C::ReceiveBy.lt(now));
        unreceived.or(C::State.eq(received).and(C::ReplyBy.lt(now)))
    };
    let concerns = |user: UserId| {
        let meant = C::Id.in_subquery(addressees_repo::ids_of(scope, user, false));
        C::FromUser.eq(user.as_uuid()).or(meant)
    };
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(wanted.estate.as_uuid()))
        .filter_by(wanted.state.map(stored::word).transpose()?, |state| C::State.eq(state))
        .filter_by(wanted.from, |from| C::FromUser.eq(from.as_uuid()))
        .filter_by(wanted.of, concerns)
        .filter_by(wanted.to, |to| C::Id.in_subquery(addressees_repo::ids_of(scope, to, true)))
        .filter_by(wanted.overdue.then_some(()), late)
        .filter_by(wanted.before, |before| C::Id.lt(before))
        .desc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}
