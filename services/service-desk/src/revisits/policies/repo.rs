//! Policies in the database.

use super::Policy;
use crate::revisits::Source;
use authz::UserId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revisit_policies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub source: String,
        pub effective_from: Date,
        pub rate_bp: i32,
        pub mode: String,
        pub due_days: i32,
        pub app_hours: i32,
        pub visitor: String,
        pub set_by: Uuid,
        pub set_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn small(number: i32) -> Result<u16, StorageError> {
    u16::try_from(number).map_err(|_| StorageError::unreadable("a number of a revisit policy"))
}

fn read(row: &row::Model) -> Result<Policy, StorageError> {
    Ok(Policy {
        source: stored::read_word(&row.source)?,
        rate_bp: small(row.rate_bp)?,
        mode: stored::read_word(&row.mode)?,
        due_days: small(row.due_days)?,
        app_hours: small(row.app_hours)?,
        visitor: stored::read_word(&row.visitor)?,
        effective_from: Some(row.effective_from),
    })
}

/// Adds what holds from a day on.
pub(in crate::revisits) async fn insert(
    scope: &TenantScope,
    estate: EstateId,
    (policy, from): (&Policy, NaiveDate),
    by: UserId,
) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(scope.new_id()),
            estate_id: Set(estate.as_uuid()),
            source: Set(stored::word(policy.source)?),
            effective_from: Set(from),
            rate_bp: Set(policy.rate_bp.into()),
            mode: Set(stored::word(policy.mode)?),
            due_days: Set(policy.due_days.into()),
            app_hours: Set(policy.app_hours.into()),
            visitor: Set(stored::word(policy.visitor)?),
            set_by: Set(by.as_uuid()),
            set_at: Set(scope.now()),
            ..Default::default()
        })
        .await
}

/// What holds in an estate on a day for each kind: what was set last for that day or the latest
/// before it, else the product's.
pub(in crate::revisits) async fn all_on(
    scope: &TenantScope,
    estate: EstateId,
    day: NaiveDate,
) -> Result<Vec<Policy>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::EffectiveFrom.lte(day))
        .asc(C::EffectiveFrom)
        .asc(C::Id);
    let mut found = Source::ALL.map(Policy::product);
    for row in rows.all().await? {
        let set = read(&row)?;
        for policy in found.iter_mut().filter(|policy| policy.source == set.source) {
            *policy = set;
        }
    }
    Ok(found.to_vec())
}

/// What holds for one kind on a day.
pub(in crate::revisits) async fn on(
    scope: &TenantScope,
    estate: EstateId,
    source: Source,
    day: NaiveDate,
) -> Result<Policy, StorageError> {
    let all = all_on(scope, estate, day).await?.into_iter();
    Ok(all.rev().find(|policy| policy.source == source).unwrap_or(Policy::product(source)))
}

/// What was set for days after this one, by day.
pub(in crate::revisits) async fn after(
    scope: &TenantScope,
    estate: EstateId,
    day: NaiveDate,
) -> Result<Vec<Policy>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::EffectiveFrom.gt(day))
        .asc(C::EffectiveFrom)
        .asc(C::Id);
    rows.all().await?.iter().map(read).collect()
}
