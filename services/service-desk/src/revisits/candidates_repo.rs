//! What was finished, in the database.

use super::{
    hands_repo,
    source::{Candidate, Source},
};
use crate::month::Month;
use authz::UserId;
use contracts::{PersonId, UnitId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revisit_candidates")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub source: String,
        pub reference: Uuid,
        pub unit_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub person_id: Option<Uuid>,
        pub workers: String,
        pub nameless: bool,
        pub summary: String,
        pub finished_at: DateTimeUtc,
        pub month: Date,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Accounts as they are kept in a column: `["usr_…"]`.
pub(super) fn accounts(text: &str) -> Result<Vec<UserId>, StorageError> {
    let ids: Vec<Uuid> = stored::read_json(text)?;
    Ok(ids.into_iter().map(UserId::from_uuid).collect())
}

/// The column of accounts.
pub(super) fn accounts_text(users: &[UserId]) -> Result<String, StorageError> {
    stored::json(users.iter().map(|user| user.as_uuid()).collect::<Vec<_>>())
}

fn read(row: row::Model) -> Result<Candidate, StorageError> {
    Ok(Candidate {
        id: row.id,
        estate: EstateId::from_uuid(row.estate_id),
        source: stored::read_word(&row.source)?,
        reference: row.reference,
        unit: row.unit_id.map(UnitId::from_uuid),
        building: row.building_id,
        person: row.person_id.map(PersonId::from_uuid),
        workers: accounts(&row.workers)?,
        nameless: row.nameless,
        summary: row.summary,
        finished_at: row.finished_at,
        month: Month::of(row.month),
    })
}

/// Notes that something was finished; noted before, nothing changes.
pub(super) async fn insert(scope: &TenantScope, fact: &Candidate) -> Result<(), StorageError> {
    use row::Column as C;
    let row = row::ActiveModel {
        id: Set(fact.id),
        estate_id: Set(fact.estate.as_uuid()),
        source: Set(stored::word(fact.source)?),
        reference: Set(fact.reference),
        unit_id: Set(fact.unit.map(UnitId::as_uuid)),
        building_id: Set(fact.building),
        person_id: Set(fact.person.map(PersonId::as_uuid)),
        workers: Set(accounts_text(&fact.workers)?),
        nameless: Set(fact.nameless),
        summary: Set(fact.summary.clone()),
        finished_at: Set(fact.finished_at),
        month: Set(fact.month.first()),
        ..Default::default()
    };
    scope.insert_missing([row], [C::TenantId, C::Source, C::Reference]).await
}

/// What was noted of one thing, as one of these kinds.
pub(super) async fn noted(
    scope: &TenantScope,
    sources: &[Source],
    reference: Uuid,
) -> Result<Option<Candidate>, StorageError> {
    use row::Column as C;
    let words = sources.iter().map(stored::word).collect::<Result<Vec<_>, _>>()?;
    let rows = scope.find::<row::Entity>().filter(C::Reference.eq(reference));
    rows.filter_in(C::Source, words).one().await?.map(read).transpose()
}

/// Whether a unit has a finished thing of this kind.
pub(super) async fn has_one(
    scope: &TenantScope,
    unit: UnitId,
    source: Source,
) -> Result<bool, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::UnitId.eq(unit.as_uuid()));
    Ok(rows.filter(C::Source.eq(stored::word(source)?)).one().await?.is_some())
}

/// Everything of one kind that was finished in a month, by id.
pub(super) async fn of_month(
    scope: &TenantScope,
    estate: EstateId,
    source: Source,
    month: Month,
) -> Result<Vec<Candidate>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::Source.eq(stored::word(source)?))
        .filter(C::Month.eq(month.first()));
    let found = rows.asc(C::Id).all().await?.into_iter().map(read).collect::<Result<_, _>>()?;
    hands_repo::joined(scope, found).await
}

/// How many things of each kind were finished in a month.
pub(super) async fn counted(
    scope: &TenantScope,
    estate: EstateId,
    source: Source,
    month: Month,
) -> Result<u64, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Source.eq(stored::word(source)?));
    rows.filter(C::Month.eq(month.first())).count().await
}

/// One noted thing.
pub(super) async fn find(scope: &TenantScope, id: Uuid) -> Result<Option<Candidate>, StorageError> {
    scope.find::<row::Entity>().filter(row::Column::Id.eq(id)).one().await?.map(read).transpose()
}
