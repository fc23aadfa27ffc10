//! Secrets in the database.

use super::account;
use authz::{Subject, UserId};
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, FromQueryResult,
    sea_query::{Expr, ExprTrait as _, Query, SelectStatement},
};
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

mod subject {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "secret_subjects")]
    #[expect(clippy::struct_field_names, reason = "these are the columns of the table")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub complaint_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod thing {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "secret_things")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub thing_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub complaint_id: Uuid,
        pub name: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(subject, thing);

/// The ids of what does not exist for the account `?`, for hand-written statements.
pub(crate) const HIDDEN_FROM: &str = "(SELECT t.thing_id FROM secret_things t \
    JOIN secret_subjects s ON s.tenant_id = t.tenant_id AND s.complaint_id = t.complaint_id \
    WHERE t.tenant_id = $1 AND s.user_id = ?)";

/// By what letters refer to it.
pub(crate) const HIDDEN_NAMES: &str = "(SELECT t.name FROM secret_things t \
    JOIN secret_subjects s ON s.tenant_id = t.tenant_id AND s.complaint_id = t.complaint_id \
    WHERE t.tenant_id = $1 AND s.user_id = ?)";

/// Says from whom a complaint is kept, instead of from whom it was.
pub(crate) async fn keep_from(
    scope: &TenantScope,
    complaint: Uuid,
    users: &[UserId],
) -> Result<(), StorageError> {
    let old = scope.delete::<subject::Entity>();
    old.filter(subject::Column::ComplaintId.eq(complaint)).exec().await?;
    let row = |user: &UserId| subject::ActiveModel {
        user_id: Set(user.as_uuid()),
        complaint_id: Set(complaint),
        ..Default::default()
    };
    scope.insert_all(users.iter().map(row)).await
}

/// A thing belongs to a complaint; `name` is by what letters refer to it.
pub(crate) async fn belongs(
    scope: &TenantScope,
    complaint: Uuid,
    (thing, name): (Uuid, String),
) -> Result<(), StorageError> {
    use thing::Column as C;
    let row = thing::ActiveModel {
        thing_id: Set(thing),
        complaint_id: Set(complaint),
        name: Set(name),
        ..Default::default()
    };
    scope.insert_missing([row], [C::TenantId, C::ThingId, C::ComplaintId]).await
}

/// A thing belongs to whatever another one belongs to, if that is a secret at all.
pub(crate) async fn follows(
    scope: &TenantScope,
    (thing, name): (Uuid, String),
    other: Uuid,
) -> Result<(), StorageError> {
    let rows = scope.find::<thing::Entity>().filter(thing::Column::ThingId.eq(other));
    for row in rows.all().await? {
        belongs(scope, row.complaint_id, (thing, name.clone())).await?;
    }
    Ok(())
}

/// One column of what does not exist for an account.
fn of_account(scope: &TenantScope, column: thing::Column, user: Uuid) -> SelectStatement {
    let mine = Query::select()
        .column(subject::Column::ComplaintId)
        .from(subject::Entity)
        .and_where(subject::Column::TenantId.eq(scope.tenant().as_uuid()))
        .and_where(subject::Column::UserId.eq(user))
        .take();
    Query::select()
        .column(column)
        .from(thing::Entity)
        .and_where(thing::Column::TenantId.eq(scope.tenant().as_uuid()))
        .and_where(Expr::col((thing::Entity, thing::Column::ComplaintId)).in_subquery(mine))
        .take()
}

/// That somebody may know of the thing whose id is in a column.
pub(crate) fn open_to(scope: &TenantScope, subject: Subject, id: impl ColumnTrait) -> Condition {
    let hidden = account(subject).map(|user| of_account(scope, thing::Column::ThingId, user));
    hidden.map_or_else(Condition::all, |hidden| Condition::all().add(id.not_in_subquery(hidden)))
}

/// By what letters refer to what does not exist for somebody; `None` where that is nothing.
pub(crate) fn hidden_names(scope: &TenantScope, subject: Subject) -> Option<SelectStatement> {
    account(subject).map(|user| of_account(scope, thing::Column::Name, user))
}

#[derive(FromQueryResult)]
struct Kept {
    user_id: Uuid,
}

/// The accounts for which a thing does not exist.
pub(crate) async fn kept_from(
    scope: &TenantScope,
    thing: Uuid,
) -> Result<BTreeSet<UserId>, StorageError> {
    let sql = "SELECT DISTINCT s.user_id FROM secret_subjects s JOIN secret_things t \
               ON t.tenant_id = s.tenant_id AND t.complaint_id = s.complaint_id \
               WHERE s.tenant_id = $1 AND t.thing_id = $2";
    let rows: Vec<Kept> = scope.rows(sql, [thing.into()]).await?;
    Ok(rows.into_iter().map(|row| UserId::from_uuid(row.user_id)).collect())
}

#[derive(FromQueryResult)]
struct Hidden {
    thing_id: Uuid,
}

/// What does not exist for an account; only this thing, where one is asked about.
pub(super) async fn hidden(
    scope: &TenantScope,
    user: Uuid,
    thing: Option<Uuid>,
) -> Result<HashSet<Uuid>, StorageError> {
    let mut sql = HIDDEN_FROM.trim_matches(['(', ')']).replace('?', "$2");
    let mut values = vec![user.into()];
    if let Some(thing) = thing {
        sql.push_str(" AND t.thing_id = $3");
        values.push(thing.into());
    }
    let rows: Vec<Hidden> = scope.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|row| row.thing_id).collect())
}
