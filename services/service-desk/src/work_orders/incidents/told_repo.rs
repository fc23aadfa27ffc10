//! Who was told of an incident, in the database.

use super::super::IncidentId;
use contracts::{PersonId, UnitId};
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ExprTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incident_recipients")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub incident_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub unit_id: Uuid,
        pub told: bool,
        pub told_over: bool,
        pub stale: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

use row::Column as C;

/// What people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// Something is out.
    Out,
    /// It works again.
    Over,
}

/// Keeps whom an incident affects; who is there already stays.
pub(super) async fn put(
    scope: &TenantScope,
    incident: IncidentId,
    people: &[(PersonId, UnitId)],
) -> Result<(), StorageError> {
    let row = |(person, unit): &(PersonId, UnitId)| row::ActiveModel {
        incident_id: Set(incident.as_uuid()),
        person_id: Set(person.as_uuid()),
        unit_id: Set(unit.as_uuid()),
        told: Set(false),
        told_over: Set(false),
        stale: Set(false),
        ..Default::default()
    };
    let rows: Vec<_> = people.iter().map(row).collect();
    scope.insert_missing(rows, [C::TenantId, C::IncidentId, C::PersonId]).await
}

/// Some of those who do not know this yet; that it is over is news only to who knew that it was.
pub(super) async fn waiting(
    scope: &TenantScope,
    incident: IncidentId,
    news: News,
    most: u64,
) -> Result<Vec<(PersonId, UnitId)>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::IncidentId.eq(incident.as_uuid()));
    let rows = match news {
        News::Out => rows.filter(C::Told.eq(false).or(C::Stale.eq(true))),
        News::Over => rows.filter(C::Told.eq(true)).filter(C::ToldOver.eq(false)),
    };
    let rows = rows.asc(C::PersonId).limit(most).all().await?;
    let one =
        |row: row::Model| (PersonId::from_uuid(row.person_id), UnitId::from_uuid(row.unit_id));
    Ok(rows.into_iter().map(one).collect())
}

/// Notes that what people know of an incident is not so any more.
pub(super) async fn anew(scope: &TenantScope, incident: IncidentId) -> Result<(), StorageError> {
    let rows = scope.update::<row::Entity>().filter(C::IncidentId.eq(incident.as_uuid()));
    rows.filter(C::Told.eq(true)).set(C::Stale, true).exec().await.map(drop)
}

/// Notes that some know it now.
pub(super) async fn told(
    scope: &TenantScope,
    incident: IncidentId,
    news: News,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<(), StorageError> {
    let column = match news {
        News::Out => C::Told,
        News::Over => C::ToldOver,
    };
    let rows = scope.update::<row::Entity>().filter(C::IncidentId.eq(incident.as_uuid()));
    let rows = rows.filter_in(C::PersonId, people.into_iter().map(PersonId::as_uuid));
    let rows = rows.set(column, true).set(C::Stale, false);
    rows.exec().await.map(drop)
}
