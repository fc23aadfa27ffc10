//! Orders in the database.

use super::{
    domain::{Order, OrderState},
    reach::{Household, Reached},
};
use crate::{
    partner_settlements::{PartnerId, SettlementId},
    special_services::{OrderId, ServiceId},
};
use authz::UserId;
use chrono::NaiveDate;
use contracts::{BuildingId, PersonId, UnitId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, QueryTrait as _, sea_query::SimpleExpr,
};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "special_orders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub unit_id: Uuid,
        pub building_id: Uuid,
        pub person_id: Uuid,
        pub service_id: Uuid,
        pub state: String,
        pub version: i32,
        pub requested_at: DateTimeUtc,
        pub details: String,
        pub partner_id: Option<Uuid>,
        pub paid_on: Option<Date>,
        pub settlement_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod worker {
    use sea_orm::entity::prelude::*;
    #[expect(clippy::struct_field_names, reason = "a row of keys")]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "special_order_workers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, worker);

async fn whole(scope: &TenantScope, rows: Vec<row::Model>) -> Result<Vec<Order>, StorageError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.id);
    let found = scope.find::<worker::Entity>().filter_in(worker::Column::OrderId, ids);
    let mut workers: HashMap<Uuid, Vec<UserId>> = HashMap::new();
    for row in found.asc(worker::Column::UserId).all().await? {
        workers.entry(row.order_id).or_default().push(UserId::from_uuid(row.user_id));
    }
    let order = |row: row::Model| {
        Ok(Order {
            workers: workers.remove(&row.id).unwrap_or_default(),
            id: OrderId::from_uuid(row.id),
            estate: EstateId::from_uuid(row.estate_id),
            unit: UnitId::from_uuid(row.unit_id),
            building: BuildingId::from_uuid(row.building_id),
            person: PersonId::from_uuid(row.person_id),
            service: ServiceId::from_uuid(row.service_id),
            state: stored::read_word(&row.state)?,
            version: row.version,
            requested_at: row.requested_at,
            partner: row.partner_id.map(PartnerId::from_uuid),
            paid_on: row.paid_on,
            details: stored::read_json(&row.details)?,
        })
    };
    rows.into_iter().map(order).collect()
}

/// Adds an order.
pub(super) async fn insert(scope: &TenantScope, order: &Order) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(order.id.as_uuid()),
        estate_id: Set(order.estate.as_uuid()),
        unit_id: Set(order.unit.as_uuid()),
        building_id: Set(order.building.as_uuid()),
        person_id: Set(order.person.as_uuid()),
        service_id: Set(order.service.as_uuid()),
        state: Set(stored::word(order.state)?),
        version: Set(order.version),
        requested_at: Set(order.requested_at),
        details: Set(stored::json(&order.details)?),
        partner_id: Set(None),
        paid_on: Set(None),
        settlement_id: Set(None),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes what a step changed, counting the version up; whether it was still the order's version.
pub(super) async fn save(scope: &TenantScope, order: &Order) -> Result<bool, StorageError> {
    use row::Column as C;
    let id = order.id.as_uuid();
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(id));
    let rows = rows
        .filter(C::Version.eq(order.version))
        .set(C::Version, order.version + 1)
        .set(C::State, stored::word(order.state)?)
        .set(C::Details, stored::json(&order.details)?)
        .set(C::PartnerId, order.partner.map(PartnerId::as_uuid))
        .set(C::PaidOn, order.paid_on);
    if rows.exec().await? == 0 {
        return Ok(false);
    }
    let old = scope.delete::<worker::Entity>().filter(worker::Column::OrderId.eq(id));
    old.exec().await?;
    let workers = order.workers.iter().map(|user| worker::ActiveModel {
        order_id: Set(id),
        user_id: Set(user.as_uuid()),
        ..Default::default()
    });
    scope.insert_all(workers.collect::<Vec<_>>()).await?;
    Ok(true)
}

/// One order.
pub(crate) async fn find(scope: &TenantScope, id: OrderId) -> Result<Option<Order>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    Ok(whole(scope, rows.all().await?).await?.pop())
}

/// One order, held until the transaction ends.
pub(super) async fn lock(scope: &TenantScope, id: OrderId) -> Result<Option<Order>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).lock();
    Ok(whole(scope, rows.all().await?).await?.pop())
}

/// The orders that an account works on, as a part of a statement.
fn of_worker(scope: &TenantScope, user: Uuid) -> SimpleExpr {
    use worker::Column as W;
    let mine = worker::Entity::find()
        .select_only()
        .column(W::OrderId)
        .filter(W::TenantId.eq(scope.tenant().as_uuid()))
        .filter(W::UserId.eq(user));
    row::Column::Id.in_subquery(mine.into_query())
}

/// The orders of a household, as a part of a statement.
fn of_household(scope: &TenantScope, household: &Household) -> Condition {
    use row::Column as C;
    let own = Condition::any().add(C::PersonId.eq(household.person));
    let home = |(unit, people): &(Uuid, Vec<Uuid>)| {
        let theirs = scope.among(C::PersonId, people.iter().copied());
        Condition::all().add(C::UnitId.eq(*unit)).add(theirs)
    };
    household.homes.iter().map(home).fold(own, Condition::add)
}

/// A page of the orders of an estate that are covered, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    (reached, state): (&Reached, Option<OrderState>),
    page: &PageArgs,
) -> Result<Vec<Order>, StorageError> {
    use row::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<OrderId>().ok());
    let state = state.map(stored::word).transpose()?;
    let mut rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(reached.zone.clone(), |zone| scope.among(C::BuildingId, zone))
        .filter_by(reached.worker, |user| of_worker(scope, user))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()));
    if let Some(household) = &reached.household {
        rows = rows.filter(of_household(scope, household));
    }
    let rows = rows.desc(C::Id).limit(page.limit());
    whole(scope, rows.all().await?).await
}

/// The orders of a partner that are done and were paid by a day, and are in no settlement; held
/// until the transaction ends.
pub(crate) async fn lock_unsettled(
    scope: &TenantScope,
    partner: PartnerId,
    until: NaiveDate,
) -> Result<Vec<Order>, StorageError> {
    use row::Column as C;
    let settled = [OrderState::Paid, OrderState::Revisited, OrderState::Closed];
    let words = settled.into_iter().map(stored::word).collect::<Result<Vec<_>, _>>()?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::PartnerId.eq(partner.as_uuid()))
        .filter(C::PaidOn.lte(until))
        .filter(C::SettlementId.is_null())
        .filter_in(C::State, words)
        .asc(C::Id)
        .lock();
    whole(scope, rows.all().await?).await
}

/// Whether a settlement has an order.
pub(crate) async fn is_settled(scope: &TenantScope, id: OrderId) -> Result<bool, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    Ok(rows.one().await?.is_some_and(|row| row.settlement_id.is_some()))
}

/// Notes in which settlement orders are, or that they are in none any more.
pub(crate) async fn settle(
    scope: &TenantScope,
    orders: &[OrderId],
    settlement: Option<SettlementId>,
) -> Result<(), StorageError> {
    use row::Column as C;
    let ids = orders.iter().map(|id| id.as_uuid());
    let rows = scope.update::<row::Entity>().filter_in(C::Id, ids);
    rows.set(C::SettlementId, settlement.map(SettlementId::as_uuid)).exec().await.map(drop)
}
