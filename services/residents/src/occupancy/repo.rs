//! Occupancies in the database.

use super::{Occupancy, OccupancyId, domain};
use crate::people;
use chrono::NaiveDate;
use contracts::{
    MAX_BATCH, PersonId, UnitId,
    residents::{MemberKind, MembersChanged, UnitMembers},
};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "occupancies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub unit_id: Uuid,
        pub person_id: Uuid,
        pub kind: String,
        pub relation: Option<String>,
        pub from_day: Date,
        pub to_day: Option<Date>,
        pub pays: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

const KINDS: [(MemberKind, &str); 4] = [
    (MemberKind::Developer, "developer"),
    (MemberKind::Owner, "owner"),
    (MemberKind::Lessee, "lessee"),
    (MemberKind::Family, "family"),
];

fn kind_text(kind: MemberKind) -> String {
    let found = KINDS.iter().find(|(known, _)| *known == kind);
    found.map_or("family", |(_, text)| *text).to_owned()
}

impl From<row::Model> for Occupancy {
    fn from(row: row::Model) -> Self {
        let kind = KINDS.iter().find(|(_, text)| *text == row.kind);
        Self {
            id: OccupancyId::from_uuid(row.id),
            estate: EstateId::from_uuid(row.estate_id),
            unit: UnitId::from_uuid(row.unit_id),
            person: PersonId::from_uuid(row.person_id),
            kind: kind.map_or(MemberKind::Family, |(kind, _)| *kind),
            relation: row.relation,
            from: row.from_day,
            to: row.to_day,
            pays: row.pays,
        }
    }
}

/// Writes ties, new or known by id.
///
/// # Errors
/// When the same tie begins twice on a day, or writing fails.
pub async fn save(scope: &TenantScope, ties: &[Occupancy]) -> Result<(), StorageError> {
    use row::Column as C;
    let rows = ties.iter().map(|tie| row::ActiveModel {
        id: Set(tie.id.as_uuid()),
        estate_id: Set(tie.estate.as_uuid()),
        unit_id: Set(tie.unit.as_uuid()),
        person_id: Set(tie.person.as_uuid()),
        kind: Set(kind_text(tie.kind)),
        relation: Set(tie.relation.clone()),
        from_day: Set(tie.from),
        to_day: Set(tie.to),
        pays: Set(tie.pays),
        ..Default::default()
    });
    let rows: Vec<row::ActiveModel> = rows.collect();
    let changed = [C::Kind, C::Relation, C::FromDay, C::ToDay, C::Pays];
    scope.upsert(rows, [C::TenantId, C::Id], changed).await
}

/// Takes ties back that never came to be.
///
/// # Errors
/// When writing fails.
pub async fn remove(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<u64, StorageError> {
    scope.delete::<row::Entity>().filter_in(row::Column::Id, ids).exec().await
}

/// All ties of units, past and future too, the oldest first.
///
/// # Errors
/// When reading fails.
pub async fn of_units(
    scope: &TenantScope,
    units: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Occupancy>, StorageError> {
    let rows = scope
        .find::<row::Entity>()
        .filter_in(row::Column::UnitId, units)
        .asc(row::Column::FromDay)
        .asc(row::Column::Id);
    Ok(rows.all().await?.into_iter().map(Occupancy::from).collect())
}

/// All ties of people.
///
/// # Errors
/// When reading fails.
pub async fn of_people(
    scope: &TenantScope,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Occupancy>, StorageError> {
    let rows = scope.find::<row::Entity>().filter_in(row::Column::PersonId, people);
    Ok(rows.all().await?.into_iter().map(Occupancy::from).collect())
}

/// One tie.
///
/// # Errors
/// When reading fails.
pub async fn one(scope: &TenantScope, id: OccupancyId) -> Result<Option<Occupancy>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    Ok(found.one().await?.map(Occupancy::from))
}

/// The units a person belongs to on a day.
///
/// # Errors
/// When reading fails.
pub async fn units_of(
    scope: &TenantScope,
    estate: EstateId,
    person: Uuid,
    day: NaiveDate,
) -> Result<Vec<Uuid>, StorageError> {
    let ties = of_people(scope, [person]).await?;
    let held = ties.iter().filter(|tie| tie.estate == estate && tie.lasts_on(day));
    Ok(held.map(|tie| tie.unit.as_uuid()).collect())
}

/// Tells the other services who belongs to units, each whole.
///
/// # Errors
/// When reading or writing fails.
pub async fn tell(
    scope: &TenantScope,
    estate: EstateId,
    units: impl IntoIterator<Item = Uuid>,
) -> Result<(), StorageError> {
    let units: Vec<Uuid> = units.into_iter().collect();
    for batch in units.chunks(MAX_BATCH) {
        let ties = of_units(scope, batch.iter().copied()).await?;
        let people: HashSet<PersonId> = ties.iter().map(|tie| tie.person).collect();
        let names = people::repo::names(scope, people).await?;
        let mut by_unit: BTreeMap<Uuid, Vec<Occupancy>> =
            batch.iter().map(|unit| (*unit, Vec::new())).collect();
        for tie in ties {
            by_unit.entry(tie.unit.as_uuid()).or_default().push(tie);
        }
        let name = |person| names.get(&person).cloned().expect("ties are those of known people");
        let members = by_unit.into_iter().map(|(unit, ties)| UnitMembers {
            unit: UnitId::from_uuid(unit),
            members: domain::facts(&ties, name),
        });
        events::publish(scope, &MembersChanged { estate, units: members.collect() }).await?;
    }
    Ok(())
}
