//! Rows of terms.

use super::domain::{Contract, LateFeeTerms};
use crate::ids::BillingAccountId;
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Rate;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::ExprTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "late_fee_terms")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub account_id: Option<Uuid>,
        pub from_day: Date,
        pub daily: i64,
        pub cap: i64,
        pub allocation: String,
        pub set_by: Uuid,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// What was agreed in an estate, as far as it concerns these accounts.
///
/// # Errors
/// When the database fails.
pub async fn contract(
    scope: &TenantScope,
    estate: EstateId,
    accounts: impl IntoIterator<Item = BillingAccountId> + Send,
) -> Result<Contract, StorageError> {
    use row::Column as C;
    let accounts = accounts.into_iter().map(BillingAccountId::as_uuid);
    let concerned = C::AccountId.is_null().or(scope.among(C::AccountId, accounts));
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(concerned)
        .asc(C::Version);
    let versions: Result<_, StorageError> = rows.all().await?.into_iter().map(read).collect();
    Ok(Contract::new(versions?))
}

/// Adds a version; the caller holds the estate.
pub(super) async fn add(
    scope: &TenantScope,
    estate: EstateId,
    terms: LateFeeTerms,
    by: UserId,
) -> Result<(), StorageError> {
    let earlier = scope.find::<row::Entity>().filter(row::Column::EstateId.eq(estate.as_uuid()));
    let version = i32::try_from(earlier.count().await?)
        .map_err(|_| StorageError::unreadable("too many versions of terms"))?;
    scope
        .insert(row::ActiveModel {
            estate_id: Set(estate.as_uuid()),
            version: Set(version),
            account_id: Set(terms.account.map(BillingAccountId::as_uuid)),
            from_day: Set(terms.from),
            daily: Set(terms.daily.0),
            cap: Set(terms.cap.0),
            allocation: Set(stored::word(terms.allocation)?),
            set_by: Set(by.as_uuid()),
            at: Set(scope.now()),
            ..Default::default()
        })
        .await
}

fn read(row: row::Model) -> Result<LateFeeTerms, StorageError> {
    Ok(LateFeeTerms {
        from: row.from_day,
        account: row.account_id.map(BillingAccountId::from_uuid),
        daily: Rate(row.daily),
        cap: Rate(row.cap),
        allocation: stored::read_word(&row.allocation)?,
    })
}
