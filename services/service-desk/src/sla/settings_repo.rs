//! Policies and calendars in the database.

use super::{
    PolicyId, SubjectKind,
    domain::{Calendar, Promise},
};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use places::estates::Estate;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ExprTrait as _};

mod policy {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sla_policies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Option<Uuid>,
        pub kind: String,
        pub code: String,
        pub effective_from: Date,
        pub promise: String,
        pub saved_by: Uuid,
        pub saved_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod calendar {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "estate_calendars")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        pub hours: String,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(policy, calendar);

/// One version of what is promised; versions are never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: PolicyId,
    /// The estate; `None` for the whole company.
    pub estate: Option<EstateId>,
    /// Of what.
    pub kind: SubjectKind,
    /// Of which class, grade or urgency; empty for all that have none of their own.
    pub code: String,
    /// The first day on which tickets get it.
    pub effective_from: NaiveDate,
    /// What is promised.
    pub promise: Promise,
    /// Who decided.
    pub saved_by: UserId,
    /// When.
    pub saved_at: DateTime<Utc>,
}

fn read(row: policy::Model) -> Result<Policy, StorageError> {
    Ok(Policy {
        id: PolicyId::from_uuid(row.id),
        estate: row.estate_id.map(EstateId::from_uuid),
        kind: stored::read_word(&row.kind)?,
        code: row.code,
        effective_from: row.effective_from,
        promise: stored::read_json(&row.promise)?,
        saved_by: UserId::from_uuid(row.saved_by),
        saved_at: row.saved_at,
    })
}

/// Adds a version.
pub(super) async fn insert(scope: &TenantScope, policy: &Policy) -> Result<(), StorageError> {
    let row = policy::ActiveModel {
        id: Set(policy.id.as_uuid()),
        estate_id: Set(policy.estate.map(EstateId::as_uuid)),
        kind: Set(stored::word(policy.kind)?),
        code: Set(policy.code.clone()),
        effective_from: Set(policy.effective_from),
        promise: Set(stored::json(&policy.promise)?),
        saved_by: Set(policy.saved_by.as_uuid()),
        saved_at: Set(policy.saved_at),
        ..Default::default()
    };
    scope.insert(row).await
}

/// The versions that could be promised for a kind and code in an estate on a day: those of the
/// estate and the company, of the code and of none.
pub(super) async fn candidates(
    scope: &TenantScope,
    estate: EstateId,
    (kind, code): (SubjectKind, &str),
    day: NaiveDate,
) -> Result<Vec<Policy>, StorageError> {
    use policy::Column as C;
    let rows = scope
        .find::<policy::Entity>()
        .filter(C::Kind.eq(stored::word(kind)?))
        .filter(C::Code.eq(code).or(C::Code.eq("")))
        .filter(C::EstateId.eq(estate.as_uuid()).or(C::EstateId.is_null()))
        .filter(C::EffectiveFrom.lte(day));
    rows.all().await?.into_iter().map(read).collect()
}

/// A page of the versions that an estate has of its own or from the company, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    after: Option<PolicyId>,
    limit: u64,
) -> Result<Vec<Policy>, StorageError> {
    use policy::Column as C;
    let rows = scope
        .find::<policy::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()).or(C::EstateId.is_null()))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}

/// The calendar of an estate and its version, 0 while nobody saved one.
pub(crate) async fn calendar(
    scope: &TenantScope,
    estate: &Estate,
) -> Result<(Calendar, i32), StorageError> {
    let rows = scope.find::<calendar::Entity>();
    let rows = rows.filter(calendar::Column::EstateId.eq(estate.id.as_uuid()));
    match rows.one().await? {
        None => Ok((Calendar::standard(estate.zone), 0)),
        Some(row) => {
            let kept: Calendar = stored::read_json(&row.hours)?;
            Ok((Calendar { zone: estate.zone, ..kept }, row.version))
        }
    }
}

/// Keeps the calendar of an estate in place of version `expected`; whether that was the last one.
pub(super) async fn save_calendar(
    scope: &TenantScope,
    estate: EstateId,
    hours: &Calendar,
    expected: i32,
) -> Result<bool, StorageError> {
    use calendar::Column as C;
    let text = stored::json(hours)?;
    if expected == 0 {
        let row = calendar::ActiveModel {
            estate_id: Set(estate.as_uuid()),
            hours: Set(text),
            version: Set(1),
            ..Default::default()
        };
        scope.insert_missing([row], [C::TenantId, C::EstateId]).await?;
        // Whoever came first wrote another.
        let rows = scope.find::<calendar::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
        let kept = rows.one().await?;
        let text = stored::json(hours)?;
        return Ok(kept.is_some_and(|row| row.version == 1 && row.hours == text));
    }
    let rows = scope.update::<calendar::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Version.eq(expected)).set(C::Hours, text);
    Ok(rows.set(C::Version, expected + 1).exec().await? == 1)
}
