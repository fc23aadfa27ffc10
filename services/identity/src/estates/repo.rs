//! Estates in and out.

use super::EstateData;
use authz::EstateScope;
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::Expr};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "estates")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code: String,
        pub name: String,
        pub address: String,
        pub time_zone: String,
        pub currency: String,
        pub contract_from: Option<Date>,
        pub contract_to: Option<Date>,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A managed estate.
#[derive(Clone, Debug)]
pub struct Estate {
    pub id: EstateId,
    pub code: String,
    pub data: EstateData,
}

impl From<row::Model> for Estate {
    fn from(row: row::Model) -> Self {
        Self {
            id: EstateId::from_uuid(row.id),
            code: row.code,
            data: EstateData {
                name: row.name,
                address: row.address,
                time_zone: row.time_zone,
                currency: row.currency,
                contract_from: row.contract_from,
                contract_to: row.contract_to,
            },
        }
    }
}

/// Which estates somebody may know of.
#[derive(Clone, Debug)]
pub enum Visible {
    All,
    Only(Vec<EstateId>),
}

/// The estates of a company that a caller may know of.
pub struct Estates<'t> {
    scope: &'t TenantScope,
    visible: &'t Visible,
}

impl<'t> Estates<'t> {
    /// Restricts everything to what is visible.
    pub fn new(scope: &'t TenantScope, visible: &'t Visible) -> Self {
        Self { scope, visible }
    }

    fn only(&self) -> Option<impl Iterator<Item = uuid::Uuid>> {
        match self.visible {
            Visible::All => None,
            Visible::Only(ids) => Some(ids.iter().map(|id| id.as_uuid())),
        }
    }

    /// Those of the given ones that are visible.
    pub async fn by_ids(&self, ids: &[EstateId]) -> Result<Vec<Estate>, StorageError> {
        let wanted = ids.iter().map(|id| id.as_uuid());
        let found = self.scope.find::<row::Entity>().filter_in(row::Column::Id, wanted);
        let found = found.filter_by(self.only(), |ids| self.scope.among(row::Column::Id, ids));
        Ok(found.all().await?.into_iter().map(Into::into).collect())
    }

    /// A page in the order of the codes.
    pub async fn page(&self, after: Option<&str>, limit: u64) -> Result<Vec<Estate>, StorageError> {
        let found = self.scope.find::<row::Entity>().asc(row::Column::Code).limit(limit);
        let found = found.filter_by(self.only(), |ids| self.scope.among(row::Column::Id, ids));
        let found = found.filter_by(after, |code| row::Column::Code.gt(code));
        Ok(found.all().await?.into_iter().map(Into::into).collect())
    }
}

/// Keeps a new estate; a code that is taken is a unique violation.
pub async fn insert(scope: &TenantScope, estate: Estate) -> Result<(), StorageError> {
    let Estate { id, code, data } = estate;
    scope
        .insert(row::ActiveModel {
            id: Set(id.as_uuid()),
            code: Set(code),
            name: Set(data.name),
            address: Set(data.address),
            time_zone: Set(data.time_zone),
            currency: Set(data.currency),
            contract_from: Set(data.contract_from),
            contract_to: Set(data.contract_to),
            created_at: Set(scope.now()),
            ..Default::default()
        })
        .await
}

/// Writes an estate's master data; the estate as it is now, or `None` when there is none.
pub async fn update(
    scope: &TenantScope,
    leave: &EstateScope,
    data: EstateData,
) -> Result<Option<Estate>, StorageError> {
    let id = leave.estate();
    let update = scope.update::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    update
        .set(row::Column::Name, Expr::value(data.name))
        .set(row::Column::Address, Expr::value(data.address))
        .set(row::Column::TimeZone, Expr::value(data.time_zone))
        .set(row::Column::Currency, Expr::value(data.currency))
        .set(row::Column::ContractFrom, Expr::value(data.contract_from))
        .set(row::Column::ContractTo, Expr::value(data.contract_to))
        .exec()
        .await?;
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).one();
    Ok(found.await?.map(Into::into))
}

/// How many estates the company has.
pub async fn count(scope: &TenantScope) -> Result<u64, StorageError> {
    scope.find::<row::Entity>().count().await
}
