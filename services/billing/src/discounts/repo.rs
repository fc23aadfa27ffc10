//! Rows of discounts and vacancies.

use super::domain::{Condition, Discount, DiscountStatus, DiscountTerms, Vacancy};
use crate::{
    charges::DiscountSpan,
    ids::{DiscountId, FeeItemId, UnitId, UserId, VacancyId},
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

mod discount {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "discounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub item_id: Uuid,
        pub name: String,
        pub reduction: String,
        pub condition: String,
        pub from_day: Date,
        pub to_day: Option<Date>,
        pub status: String,
        pub proposed_by: Uuid,
        pub approved_by: Option<Uuid>,
        pub approved_on: Option<Date>,
        pub ended_on: Option<Date>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod vacancy {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "vacancies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub unit_id: Uuid,
        pub from_day: Date,
        pub to_day: Option<Date>,
        pub note: String,
        pub by_user: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(discount, vacancy);

pub(super) async fn insert(scope: &TenantScope, new: &Discount) -> Result<(), StorageError> {
    scope
        .insert(discount::ActiveModel {
            id: Set(new.id.as_uuid()),
            estate_id: Set(new.estate.as_uuid()),
            item_id: Set(new.terms.item.as_uuid()),
            name: Set(new.terms.name.clone()),
            reduction: Set(stored::json(new.terms.reduction)?),
            condition: Set(stored::json(&new.terms.condition)?),
            from_day: Set(new.terms.from),
            to_day: Set(new.terms.to),
            status: Set(stored::word(new.status)?),
            proposed_by: Set(new.proposed_by.as_uuid()),
            approved_by: Set(None),
            approved_on: Set(None),
            ended_on: Set(None),
            ..Default::default()
        })
        .await
}

/// Stores how far a discount has come; its terms never change.
pub(super) async fn save(scope: &TenantScope, changed: &Discount) -> Result<(), StorageError> {
    use discount::Column as C;
    let update = scope
        .update::<discount::Entity>()
        .filter(C::Id.eq(changed.id.as_uuid()))
        .set(C::Status, stored::word(changed.status)?)
        .set(C::ApprovedBy, changed.approved_by.map(UserId::as_uuid))
        .set(C::ApprovedOn, changed.approved_on)
        .set(C::EndedOn, changed.ended_on);
    update.exec().await.map(drop)
}

pub(super) async fn find(
    scope: &TenantScope,
    id: DiscountId,
) -> Result<Option<Discount>, StorageError> {
    let found = scope.find::<discount::Entity>().filter(discount::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

pub(super) async fn lock(
    scope: &TenantScope,
    id: DiscountId,
) -> Result<Option<Discount>, StorageError> {
    let found = scope.find::<discount::Entity>().filter(discount::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read).transpose()
}

/// A page of an estate's discounts, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Discount>, StorageError> {
    use discount::Column as C;
    let found = scope
        .find::<discount::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |before| C::Id.lt(before));
    found.desc(C::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

pub(super) async fn insert_vacancy(scope: &TenantScope, new: &Vacancy) -> Result<(), StorageError> {
    scope
        .insert(vacancy::ActiveModel {
            id: Set(new.id.as_uuid()),
            estate_id: Set(new.estate.as_uuid()),
            unit_id: Set(new.unit.as_uuid()),
            from_day: Set(new.from),
            to_day: Set(new.to),
            note: Set(new.note.clone()),
            by_user: Set(new.by.as_uuid()),
            ..Default::default()
        })
        .await
}

pub(super) async fn end_vacancy(
    scope: &TenantScope,
    id: VacancyId,
    to: NaiveDate,
) -> Result<(), StorageError> {
    let update = scope
        .update::<vacancy::Entity>()
        .filter(vacancy::Column::Id.eq(id.as_uuid()))
        .set(vacancy::Column::ToDay, to);
    update.exec().await.map(drop)
}

pub(super) async fn find_vacancy(
    scope: &TenantScope,
    id: VacancyId,
) -> Result<Option<Vacancy>, StorageError> {
    let found = scope.find::<vacancy::Entity>().filter(vacancy::Column::Id.eq(id.as_uuid()));
    Ok(found.one().await?.map(read_vacancy))
}

/// Every vacancy of some units.
pub(super) async fn vacancies_of(
    scope: &TenantScope,
    units: &[Uuid],
) -> Result<Vec<Vacancy>, StorageError> {
    let mut found = Vec::new();
    for part in units.chunks(500) {
        let rows = scope
            .find::<vacancy::Entity>()
            .filter_in(vacancy::Column::UnitId, part.iter().copied());
        found.extend(rows.all().await?.into_iter().map(read_vacancy));
    }
    Ok(found)
}

/// A page of an estate's vacancies, newest first.
pub(super) async fn vacancies(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Vacancy>, StorageError> {
    use vacancy::Column as C;
    let found = scope
        .find::<vacancy::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |before| C::Id.lt(before));
    Ok(found.desc(C::Id).limit(limit).all().await?.into_iter().map(read_vacancy).collect())
}

/// What approved rules of an estate take off for some units and spaces, by fee item.
pub(crate) async fn spans(
    scope: &TenantScope,
    estate: EstateId,
    targets: &[Uuid],
) -> Result<HashMap<(FeeItemId, UnitId), Vec<DiscountSpan>>, StorageError> {
    use discount::Column as C;
    let rows = scope
        .find::<discount::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::Status.eq(stored::word(DiscountStatus::Approved)?))
        .asc(C::Id);
    let rules: Vec<Discount> = rows.all().await?.into_iter().map(read).collect::<Result<_, _>>()?;
    let mut spans: HashMap<(FeeItemId, UnitId), Vec<DiscountSpan>> = HashMap::new();
    if rules.is_empty() {
        return Ok(spans);
    }
    let mut empty: HashMap<UnitId, Vec<Vacancy>> = HashMap::new();
    if rules.iter().any(|rule| rule.terms.condition == Condition::Vacant) {
        for vacancy in vacancies_of(scope, targets).await? {
            empty.entry(vacancy.unit).or_default().push(vacancy);
        }
    }
    for unit in targets.iter().copied().map(UnitId::from_uuid) {
        let vacancies = empty.get(&unit).map_or(&[][..], Vec::as_slice);
        for rule in &rules {
            let found = rule.spans(unit, vacancies);
            if !found.is_empty() {
                spans.entry((rule.terms.item, unit)).or_default().extend(found);
            }
        }
    }
    Ok(spans)
}

fn read(row: discount::Model) -> Result<Discount, StorageError> {
    Ok(Discount {
        id: DiscountId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        terms: DiscountTerms {
            item: FeeItemId::from_uuid(row.item_id),
            name: row.name,
            reduction: stored::read_json(&row.reduction)?,
            condition: stored::read_json(&row.condition)?,
            from: row.from_day,
            to: row.to_day,
        },
        status: stored::read_word(&row.status)?,
        proposed_by: UserId::from_uuid(row.proposed_by),
        approved_by: row.approved_by.map(UserId::from_uuid),
        approved_on: row.approved_on,
        ended_on: row.ended_on,
    })
}

fn read_vacancy(row: vacancy::Model) -> Vacancy {
    Vacancy {
        id: VacancyId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        unit: UnitId::from_uuid(row.unit_id),
        from: row.from_day,
        to: row.to_day,
        note: row.note,
        by: UserId::from_uuid(row.by_user),
    }
}
