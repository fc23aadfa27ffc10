//! Who was meant by a contact sheet when it was sent or handed on, in the database.

use super::MemoId;
use authz::UserId;
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _,
    sea_query::{Query, SelectStatement},
};
use std::collections::BTreeSet;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "memo_addressees")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub memo_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub acts: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

use row::Column as C;

/// A sheet is for these from now on; those whom it was for before still see it.
pub(super) async fn put(
    scope: &TenantScope,
    memo: MemoId,
    meant: BTreeSet<UserId>,
) -> Result<(), StorageError> {
    let before = scope.update::<row::Entity>().filter(C::MemoId.eq(memo.as_uuid()));
    before.set(C::Acts, false).exec().await?;
    let row = |user: UserId| row::ActiveModel {
        memo_id: Set(memo.as_uuid()),
        user_id: Set(user.as_uuid()),
        acts: Set(true),
        ..Default::default()
    };
    let rows: Vec<_> = meant.into_iter().map(row).collect();
    scope.upsert(rows, [C::TenantId, C::MemoId, C::UserId], [C::Acts]).await
}

/// Whether a sheet is for somebody to act on; `None` when it never was for them.
pub(super) async fn acts(
    scope: &TenantScope,
    memo: MemoId,
    user: UserId,
) -> Result<Option<bool>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::MemoId.eq(memo.as_uuid()));
    let found = rows.filter(C::UserId.eq(user.as_uuid())).one().await?;
    Ok(found.map(|row| row.acts))
}

/// The ids of the sheets that were for somebody, or only of those that still are.
pub(super) fn ids_of(scope: &TenantScope, user: UserId, acts: bool) -> SelectStatement {
    let mut ids = Query::select();
    ids.column(C::MemoId)
        .from(row::Entity)
        .and_where(C::TenantId.eq(scope.tenant().as_uuid()))
        .and_where(C::UserId.eq(user.as_uuid()));
    if acts {
        ids.and_where(C::Acts.eq(true));
    }
    ids
}
