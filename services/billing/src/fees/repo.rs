//! Rows of partners, fee items and fee standards.

use super::{
    domain::{Ending, FeeItem, FeeStandard, NewStandard, StandardStatus},
    scope::Scope,
};
use crate::ids::{BuildingId, FeeItemId, FeeStandardId, PartnerId, UnitId, UserId};
use contracts::ImportId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, FromQueryResult};
use uuid::Uuid;

mod partner {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "partners")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub name: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod item {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fee_items")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub code: String,
        pub name_zh: String,
        pub name_en: String,
        pub kind: String,
        pub partner_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod standard {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fee_standards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub item_id: Uuid,
        pub building_id: Option<Uuid>,
        pub unit_use: Option<String>,
        pub target_id: Option<Uuid>,
        pub formula: String,
        pub proration: String,
        pub from_day: Date,
        pub to_day: Option<Date>,
        pub status: String,
        pub proposed_by: Option<Uuid>,
        pub approved_by: Option<Uuid>,
        pub approved_on: Option<Date>,
        pub ended_by: Option<Uuid>,
        pub ended_on: Option<Date>,
        pub import_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(partner, item, standard);

/// A fee standard and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct StoredStandard {
    pub(crate) estate: EstateId,
    pub(crate) import: Option<ImportId>,
    pub(crate) standard: FeeStandard,
}

/// The fee item.
///
/// # Errors
/// When the database fails.
pub async fn find_item(
    scope: &TenantScope,
    id: FeeItemId,
) -> Result<Option<FeeItem>, StorageError> {
    let found = scope.find::<item::Entity>().filter(item::Column::Id.eq(id.as_uuid())).one();
    found.await?.map(read_item).transpose()
}

/// As [`find_item`], and nobody else changes the item's prices until the transaction ends.
pub(super) async fn lock_item(
    scope: &TenantScope,
    id: FeeItemId,
) -> Result<Option<FeeItem>, StorageError> {
    let found = scope.find::<item::Entity>().filter(item::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read_item).transpose()
}

/// The fee item of a code in an estate.
///
/// # Errors
/// When the database fails.
pub async fn item_by_code(
    scope: &TenantScope,
    estate: EstateId,
    code: &str,
) -> Result<Option<FeeItem>, StorageError> {
    let found = scope
        .find::<item::Entity>()
        .filter(item::Column::EstateId.eq(estate.as_uuid()))
        .filter(item::Column::Code.eq(code));
    found.one().await?.map(read_item).transpose()
}

/// All fee items of an estate, by code.
pub(crate) async fn items(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Vec<FeeItem>, StorageError> {
    let found = scope.find::<item::Entity>().filter(item::Column::EstateId.eq(estate.as_uuid()));
    found.asc(item::Column::Code).all().await?.into_iter().map(read_item).collect()
}

/// Fee items by their ids.
pub(crate) async fn items_by_id(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = FeeItemId>,
) -> Result<Vec<FeeItem>, StorageError> {
    let ids = ids.into_iter().map(FeeItemId::as_uuid);
    let found = scope.find::<item::Entity>().filter_in(item::Column::Id, ids);
    found.all().await?.into_iter().map(read_item).collect()
}

pub(crate) async fn insert_item(scope: &TenantScope, fee: &FeeItem) -> Result<(), StorageError> {
    let row = item::ActiveModel {
        id: Set(fee.id.as_uuid()),
        estate_id: Set(fee.estate.as_uuid()),
        code: Set(fee.code.clone()),
        name_zh: Set(fee.name_zh.clone()),
        name_en: Set(fee.name_en.clone()),
        kind: Set(stored::word(fee.kind)?),
        partner_id: Set(fee.partner.map(PartnerId::as_uuid)),
        ..Default::default()
    };
    scope.insert(row).await
}

/// The partner of that name in an estate, entered if it was not known.
pub(crate) async fn partner_named(
    scope: &TenantScope,
    estate: EstateId,
    name: &str,
) -> Result<PartnerId, StorageError> {
    let row = partner::ActiveModel {
        id: Set(scope.new_id()),
        estate_id: Set(estate.as_uuid()),
        name: Set(name.to_owned()),
        ..Default::default()
    };
    scope.insert_missing([row], []).await?;
    let found = scope
        .find::<partner::Entity>()
        .filter(partner::Column::EstateId.eq(estate.as_uuid()))
        .filter(partner::Column::Name.eq(name));
    let found = found.one().await?.ok_or_else(|| StorageError::unreadable("a partner is gone"))?;
    Ok(PartnerId::from_uuid(found.id))
}

/// A partner's name.
pub(crate) async fn partner_name(
    scope: &TenantScope,
    id: PartnerId,
) -> Result<Option<String>, StorageError> {
    let found = scope.find::<partner::Entity>().filter(partner::Column::Id.eq(id.as_uuid()));
    Ok(found.one().await?.map(|row| row.name))
}

/// A fee standard.
pub(crate) async fn find_standard(
    scope: &TenantScope,
    id: FeeStandardId,
) -> Result<Option<StoredStandard>, StorageError> {
    let found = scope.find::<standard::Entity>().filter(standard::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read_standard).transpose()
}

/// All standards of a fee item.
pub(super) async fn standards_of(
    scope: &TenantScope,
    item: FeeItemId,
) -> Result<Vec<FeeStandard>, StorageError> {
    let found =
        scope.find::<standard::Entity>().filter(standard::Column::ItemId.eq(item.as_uuid()));
    let rows = found.all().await?.into_iter();
    rows.map(|row| Ok(read_standard(row)?.standard)).collect()
}

/// The approved standards of an estate that concern any of the units and spaces, or all of them.
pub(crate) async fn approved_for(
    scope: &TenantScope,
    estate: EstateId,
    targets: &[Uuid],
) -> Result<Vec<FeeStandard>, StorageError> {
    let found = standing_for(scope, estate, targets, &[StandardStatus::Approved]).await?;
    Ok(found.into_iter().map(|stored| stored.standard).collect())
}

/// As [`approved_for`], those that have come as far as one of `statuses` says.
pub(crate) async fn standing_for(
    scope: &TenantScope,
    estate: EstateId,
    targets: &[Uuid],
    statuses: &[StandardStatus],
) -> Result<Vec<StoredStandard>, StorageError> {
    use standard::Column as C;
    let words = statuses.iter().map(stored::word).collect::<Result<Vec<_>, _>>()?;
    let mut standards = Vec::new();
    let general = std::iter::once(Condition::all().add(C::TargetId.is_null()));
    let special = targets
        .chunks(500)
        .map(|part| Condition::all().add(scope.among(C::TargetId, part.iter().copied())));
    for condition in general.chain(special) {
        let found = scope
            .find::<standard::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter_in(C::Status, words.iter().cloned())
            .filter(condition);
        for row in found.all().await? {
            standards.push(read_standard(row)?);
        }
    }
    Ok(standards)
}

/// A page of an estate's standards, oldest first; `own_units` leaves out those of other units.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    of_item: Option<FeeItemId>,
    own_units: Option<&[Uuid]>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<StoredStandard>, StorageError> {
    use standard::Column as C;
    let own = |units: &[Uuid]| {
        Condition::any()
            .add(C::TargetId.is_null())
            .add(scope.among(C::TargetId, units.iter().copied()))
    };
    let mut found = scope
        .find::<standard::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(of_item, |item| C::ItemId.eq(item.as_uuid()))
        .filter_by(after, |after| C::Id.gt(after));
    if let Some(units) = own_units {
        found = found.filter(own(units));
    }
    found.asc(C::Id).limit(limit).all().await?.into_iter().map(read_standard).collect()
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

/// The units of a person, ever.
pub(super) async fn units_of(scope: &TenantScope, person: Uuid) -> Result<Vec<Uuid>, StorageError> {
    let sql =
        "SELECT DISTINCT unit_id AS id FROM unit_members WHERE tenant_id = $1 AND person_id = $2";
    let rows: Vec<Found> = scope.rows(sql, [person.into()]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Whether the parts of a scope are in the estate.
pub(crate) async fn is_in_estate(
    scope: &TenantScope,
    estate: EstateId,
    place: &Scope,
) -> Result<bool, StorageError> {
    let exists = async |sql: &str, id: Uuid| -> Result<bool, StorageError> {
        let rows: Vec<Found> = scope.rows(sql, [estate.as_uuid().into(), id.into()]).await?;
        Ok(!rows.is_empty())
    };
    if let Some(building) = place.building {
        let sql = "SELECT id FROM units WHERE tenant_id = $1 AND estate_id = $2 AND building_id = $3 LIMIT 1";
        if !exists(sql, building.as_uuid()).await? {
            return Ok(false);
        }
    }
    if let Some(unit) = place.unit {
        let sql = "SELECT id FROM units WHERE tenant_id = $1 AND estate_id = $2 AND id = $3 \
                   UNION ALL SELECT id FROM parking_spaces WHERE tenant_id = $1 AND estate_id = $2 AND id = $3";
        return exists(sql, unit.as_uuid()).await;
    }
    Ok(true)
}

/// Stores new standards.
pub(crate) async fn insert_standards(
    scope: &TenantScope,
    estate: EstateId,
    import: Option<ImportId>,
    standards: &[FeeStandard],
) -> Result<(), StorageError> {
    let rows: Result<Vec<_>, StorageError> = standards
        .iter()
        .map(|new| {
            let terms = &new.terms;
            Ok(standard::ActiveModel {
                id: Set(new.id.as_uuid()),
                estate_id: Set(estate.as_uuid()),
                item_id: Set(terms.item.as_uuid()),
                building_id: Set(terms.scope.building.map(BuildingId::as_uuid)),
                unit_use: Set(terms.scope.unit_use.map(stored::word).transpose()?),
                target_id: Set(terms.scope.unit.map(UnitId::as_uuid)),
                formula: Set(stored::json(terms.formula)?),
                proration: Set(stored::word(terms.proration)?),
                from_day: Set(terms.from),
                to_day: Set(terms.to),
                status: Set(stored::word(new.status)?),
                proposed_by: Set(new.proposed_by.map(UserId::as_uuid)),
                approved_by: Set(new.approved_by.map(UserId::as_uuid)),
                approved_on: Set(new.approved_on),
                ended_by: Set(None),
                ended_on: Set(None),
                import_id: Set(import.map(ImportId::as_uuid)),
                ..Default::default()
            })
        })
        .collect();
    scope.insert_all(rows?).await
}

/// Stores how far a standard has come; its terms never change.
pub(crate) async fn save_standard(
    scope: &TenantScope,
    changed: &FeeStandard,
) -> Result<(), StorageError> {
    use standard::Column as C;
    let ended = changed.ended;
    let update = scope
        .update::<standard::Entity>()
        .filter(C::Id.eq(changed.id.as_uuid()))
        .set(C::Status, stored::word(changed.status)?)
        .set(C::ApprovedBy, changed.approved_by.map(UserId::as_uuid))
        .set(C::ApprovedOn, changed.approved_on)
        .set(C::EndedBy, ended.map(|ending| ending.by.as_uuid()))
        .set(C::EndedOn, ended.map(|ending| ending.last_day));
    update.exec().await.map(drop)
}

/// Writes the names of a fee item; nothing else of it changes.
pub(crate) async fn rename_item(scope: &TenantScope, fee: &FeeItem) -> Result<(), StorageError> {
    let update = scope
        .update::<item::Entity>()
        .filter(item::Column::Id.eq(fee.id.as_uuid()))
        .set(item::Column::NameZh, fee.name_zh.clone())
        .set(item::Column::NameEn, fee.name_en.clone());
    update.exec().await.map(drop)
}

fn read_item(row: item::Model) -> Result<FeeItem, StorageError> {
    Ok(FeeItem {
        id: FeeItemId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        code: row.code,
        name_zh: row.name_zh,
        name_en: row.name_en,
        kind: stored::read_word(&row.kind)?,
        partner: row.partner_id.map(PartnerId::from_uuid),
    })
}

pub(super) fn read_standard(row: standard::Model) -> Result<StoredStandard, StorageError> {
    let ended = row.ended_by.zip(row.ended_on);
    Ok(StoredStandard {
        estate: EstateId::from_uuid(row.estate_id),
        import: row.import_id.map(ImportId::from_uuid),
        standard: FeeStandard {
            id: FeeStandardId::from_uuid(row.id),
            terms: NewStandard {
                item: FeeItemId::from_uuid(row.item_id),
                scope: Scope {
                    building: row.building_id.map(BuildingId::from_uuid),
                    unit_use: row.unit_use.as_deref().map(stored::read_word).transpose()?,
                    unit: row.target_id.map(UnitId::from_uuid),
                },
                formula: stored::read_json(&row.formula)?,
                proration: stored::read_word(&row.proration)?,
                from: row.from_day,
                to: row.to_day,
            },
            status: stored::read_word(&row.status)?,
            proposed_by: row.proposed_by.map(UserId::from_uuid),
            approved_by: row.approved_by.map(UserId::from_uuid),
            approved_on: row.approved_on,
            ended: ended
                .map(|(by, last_day)| Ending { by: FeeStandardId::from_uuid(by), last_day }),
        },
    })
}
