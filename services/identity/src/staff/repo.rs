//! Staff and positions in and out.

use super::PositionId;
use authz::{CompanyScope, UserId};
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::Expr};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub phone: Option<String>,
        pub position_id: Option<Uuid>,
        pub ended_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod position {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "positions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code: String,
        pub name_zh: String,
        pub name_en: String,
        pub headcount: Option<i32>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, position);

/// A member of staff.
#[derive(Clone, Debug)]
pub struct Staff {
    pub id: UserId,
    pub name: String,
    pub phone: Option<String>,
    pub position: Option<PositionId>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl From<row::Model> for Staff {
    fn from(row: row::Model) -> Self {
        Self {
            id: UserId::from_uuid(row.id),
            name: row.name,
            phone: row.phone,
            position: row.position_id.map(PositionId::from_uuid),
            ended_at: row.ended_at,
        }
    }
}

/// A position of the company.
#[derive(Clone, Debug)]
pub struct Position {
    pub id: PositionId,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// How many people the plan has for it.
    pub headcount: Option<i32>,
}

impl From<position::Model> for Position {
    fn from(row: position::Model) -> Self {
        Self {
            id: PositionId::from_uuid(row.id),
            code: row.code,
            name_zh: row.name_zh,
            name_en: row.name_en,
            headcount: row.headcount,
        }
    }
}

/// Keeps a new member of staff.
pub async fn insert(scope: &TenantScope, staff: Staff) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(staff.id.as_uuid()),
            name: Set(staff.name),
            phone: Set(staff.phone),
            position_id: Set(staff.position.map(PositionId::as_uuid)),
            ended_at: Set(None),
            ..Default::default()
        })
        .await
}

/// How many people work for the company.
pub async fn count(scope: &TenantScope) -> Result<u64, StorageError> {
    scope.find::<row::Entity>().filter(row::Column::EndedAt.is_null()).count().await
}

/// What a member of staff is called; everybody may know that of themselves.
pub async fn name_of(scope: &TenantScope, user: UserId) -> Result<Option<String>, StorageError> {
    Ok(names_of(scope, &[user]).await?.pop().map(|(_, name)| name))
}

/// What members of staff are called, in the order of their ids.
pub async fn names_of(
    scope: &TenantScope,
    users: &[UserId],
) -> Result<Vec<(UserId, String)>, StorageError> {
    let ids = users.iter().map(|user| user.as_uuid());
    let found = scope.find::<row::Entity>().filter_in(row::Column::Id, ids);
    let rows = found.asc(row::Column::Id).all().await?;
    Ok(rows.into_iter().map(|row| (UserId::from_uuid(row.id), row.name)).collect())
}

/// The staff and positions of a company, for whoever may read or manage them.
pub struct StaffMembers<'t> {
    scope: &'t TenantScope,
}

impl<'t> StaffMembers<'t> {
    /// Needs leave to read or manage the company's staff.
    pub fn new(scope: &'t TenantScope, _leave: &CompanyScope) -> Self {
        Self { scope }
    }

    /// A page in the order in which they were added.
    pub async fn page(
        &self,
        after: Option<uuid::Uuid>,
        limit: u64,
    ) -> Result<Vec<Staff>, StorageError> {
        let found = self.scope.find::<row::Entity>().asc(row::Column::Id).limit(limit);
        let found = found.filter_by(after, |id| row::Column::Id.gt(id));
        Ok(found.all().await?.into_iter().map(Into::into).collect())
    }

    /// One member of staff who works for the company.
    pub async fn lock_active(&self, user: UserId) -> Result<Option<Staff>, StorageError> {
        let found = self.scope.find::<row::Entity>().filter(row::Column::Id.eq(user.as_uuid()));
        let found = found.filter(row::Column::EndedAt.is_null()).lock().one();
        Ok(found.await?.map(Into::into))
    }

    /// Writes a member of staff.
    pub async fn save(&self, staff: &Staff) -> Result<(), StorageError> {
        let update = self.scope.update::<row::Entity>();
        let update = update.filter(row::Column::Id.eq(staff.id.as_uuid()));
        update
            .set(row::Column::Name, Expr::value(staff.name.clone()))
            .set(row::Column::Phone, Expr::value(staff.phone.clone()))
            .set(row::Column::PositionId, Expr::value(staff.position.map(PositionId::as_uuid)))
            .set(row::Column::EndedAt, Expr::value(staff.ended_at))
            .exec()
            .await
            .map(drop)
    }

    /// Every position, by code.
    pub async fn positions(&self) -> Result<Vec<Position>, StorageError> {
        let found = self.scope.find::<position::Entity>().asc(position::Column::Code).all();
        Ok(found.await?.into_iter().map(Into::into).collect())
    }

    /// Keeps a new position; a code that is taken is a unique violation.
    pub async fn insert_position(&self, new: Position) -> Result<(), StorageError> {
        self.scope
            .insert(position::ActiveModel {
                id: Set(new.id.as_uuid()),
                code: Set(new.code),
                name_zh: Set(new.name_zh),
                name_en: Set(new.name_en),
                headcount: Set(new.headcount),
                ..Default::default()
            })
            .await
    }
}
