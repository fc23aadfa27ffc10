//! Support grants in and out.

use super::SupportGrantId;
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::Expr};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "support_grants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub operator_id: Uuid,
        pub operator_name: String,
        pub reason: String,
        pub hours: i32,
        pub requested_at: DateTimeUtc,
        pub approved_at: Option<DateTimeUtc>,
        pub approved_by: Option<Uuid>,
        pub until: Option<DateTimeUtc>,
        pub ended_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A request to look into the company, and what became of it.
#[derive(Clone, Debug)]
pub struct SupportGrant {
    pub id: SupportGrantId,
    pub operator: UserId,
    pub operator_name: String,
    pub reason: String,
    pub hours: i32,
    pub requested_at: DateTime<Utc>,
    pub approved_by: Option<UserId>,
    pub until: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl From<row::Model> for SupportGrant {
    fn from(row: row::Model) -> Self {
        Self {
            id: SupportGrantId::from_uuid(row.id),
            operator: UserId::from_uuid(row.operator_id),
            operator_name: row.operator_name,
            reason: row.reason,
            hours: row.hours,
            requested_at: row.requested_at,
            approved_by: row.approved_by.map(UserId::from_uuid),
            until: row.until,
            ended_at: row.ended_at,
        }
    }
}

/// The support grants of a company.
pub struct SupportGrants<'t>(pub &'t TenantScope);

impl SupportGrants<'_> {
    /// The latest hundred, newest first.
    pub async fn latest(&self) -> Result<Vec<SupportGrant>, StorageError> {
        let rows = self.0.find::<row::Entity>().desc(row::Column::Id).limit(100).all().await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// One grant, held until the transaction ends.
    pub async fn lock(&self, id: SupportGrantId) -> Result<Option<SupportGrant>, StorageError> {
        let found = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        Ok(found.lock().one().await?.map(Into::into))
    }

    /// Keeps a new request.
    pub async fn insert(&self, grant: &SupportGrant) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(grant.id.as_uuid()),
                operator_id: Set(grant.operator.as_uuid()),
                operator_name: Set(grant.operator_name.clone()),
                reason: Set(grant.reason.clone()),
                hours: Set(grant.hours),
                requested_at: Set(grant.requested_at),
                ..Default::default()
            })
            .await
    }

    /// Writes who approved until when, and the end.
    pub async fn save(&self, grant: &SupportGrant) -> Result<(), StorageError> {
        let update = self.0.update::<row::Entity>().filter(row::Column::Id.eq(grant.id.as_uuid()));
        let approved_at = grant.until.map(|_| self.0.now());
        update
            .set(row::Column::ApprovedAt, Expr::value(approved_at))
            .set(row::Column::ApprovedBy, Expr::value(grant.approved_by.map(UserId::as_uuid)))
            .set(row::Column::Until, Expr::value(grant.until))
            .set(row::Column::EndedAt, Expr::value(grant.ended_at))
            .exec()
            .await
            .map(drop)
    }

    /// The grants in force.
    pub async fn in_force(&self) -> Result<Vec<SupportGrant>, StorageError> {
        let found = self.0.find::<row::Entity>().filter(row::Column::Until.gt(self.0.now()));
        let rows = found.filter(row::Column::EndedAt.is_null()).all().await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

/// The operators that the company lets in now, for the policy.
pub async fn in_force(scope: &TenantScope) -> Result<Vec<authz::SupportGrant>, StorageError> {
    let grants = SupportGrants(scope).in_force().await?.into_iter();
    let policy = |grant: SupportGrant| {
        let operator = grant.operator.as_uuid();
        grant.until.map(|until| authz::SupportGrant { operator, until })
    };
    Ok(grants.filter_map(policy).collect())
}
