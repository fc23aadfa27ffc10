//! Rows of shared costs.

use super::domain::SharedCost;
use crate::ids::{BillId, BuildingId, FeeItemId, SharedCostId, UserId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod cost {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shared_costs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub item_id: Uuid,
        pub from_day: Date,
        pub to_day: Date,
        pub total: i64,
        pub shared_by: String,
        pub meter_kind: Option<String>,
        pub building_id: Option<Uuid>,
        pub supplier_ref: String,
        pub description: String,
        pub state: String,
        pub proposed_by: Uuid,
        pub proposed_at: DateTimeUtc,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub reason: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod issued {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shared_cost_bills")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub cost_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub bill_id: Uuid,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(cost, issued);

pub(super) async fn insert(scope: &TenantScope, new: &SharedCost) -> Result<(), StorageError> {
    scope
        .insert(cost::ActiveModel {
            id: Set(new.id.as_uuid()),
            estate_id: Set(new.estate.as_uuid()),
            item_id: Set(new.item.as_uuid()),
            from_day: Set(new.from),
            to_day: Set(new.to),
            total: Set(new.total.0),
            shared_by: Set(stored::word(new.by)?),
            meter_kind: Set(new.kind.map(stored::word).transpose()?),
            building_id: Set(new.building.map(BuildingId::as_uuid)),
            supplier_ref: Set(new.supplier_ref.clone()),
            description: Set(new.description.clone()),
            state: Set(stored::word(new.state)?),
            proposed_by: Set(new.proposed_by.as_uuid()),
            proposed_at: Set(new.proposed_at),
            decided_by: Set(None),
            decided_at: Set(None),
            reason: Set(None),
            ..Default::default()
        })
        .await
}

/// Stores how far a cost has come.
pub(super) async fn save(scope: &TenantScope, changed: &SharedCost) -> Result<(), StorageError> {
    use cost::Column as C;
    let update = scope
        .update::<cost::Entity>()
        .filter(C::Id.eq(changed.id.as_uuid()))
        .set(C::State, stored::word(changed.state)?)
        .set(C::DecidedBy, changed.decided_by.map(UserId::as_uuid))
        .set(C::DecidedAt, changed.decided_at)
        .set(C::Reason, changed.reason.clone());
    update.exec().await.map(drop)
}

pub(super) async fn find(
    scope: &TenantScope,
    id: SharedCostId,
) -> Result<Option<SharedCost>, StorageError> {
    let found = scope.find::<cost::Entity>().filter(cost::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

pub(super) async fn lock(
    scope: &TenantScope,
    id: SharedCostId,
) -> Result<Option<SharedCost>, StorageError> {
    let found = scope.find::<cost::Entity>().filter(cost::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read).transpose()
}

/// A page of an estate's shared costs, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<SharedCost>, StorageError> {
    let found = scope
        .find::<cost::Entity>()
        .filter(cost::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |before| cost::Column::Id.lt(before));
    found.desc(cost::Column::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

/// Keeps which bills a cost issued.
pub(super) async fn keep_bills(
    scope: &TenantScope,
    cost: SharedCostId,
    bills: &[BillId],
) -> Result<(), StorageError> {
    let row = |bill: &BillId| issued::ActiveModel {
        cost_id: Set(cost.as_uuid()),
        bill_id: Set(bill.as_uuid()),
        at: Set(scope.now()),
        ..Default::default()
    };
    scope.insert_all(bills.iter().map(row)).await
}

/// The bills that a cost issued.
pub(super) async fn bills(
    scope: &TenantScope,
    cost: SharedCostId,
) -> Result<Vec<BillId>, StorageError> {
    let found = scope.find::<issued::Entity>().filter(issued::Column::CostId.eq(cost.as_uuid()));
    let rows = found.asc(issued::Column::BillId).all().await?;
    Ok(rows.into_iter().map(|row| BillId::from_uuid(row.bill_id)).collect())
}

fn read(row: cost::Model) -> Result<SharedCost, StorageError> {
    Ok(SharedCost {
        id: SharedCostId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        item: FeeItemId::from_uuid(row.item_id),
        from: row.from_day,
        to: row.to_day,
        total: Fen(row.total),
        by: stored::read_word(&row.shared_by)?,
        kind: row.meter_kind.as_deref().map(stored::read_word).transpose()?,
        building: row.building_id.map(BuildingId::from_uuid),
        supplier_ref: row.supplier_ref,
        description: row.description,
        state: stored::read_word(&row.state)?,
        proposed_by: UserId::from_uuid(row.proposed_by),
        proposed_at: row.proposed_at,
        decided_by: row.decided_by.map(UserId::from_uuid),
        decided_at: row.decided_at,
        reason: row.reason,
    })
}
