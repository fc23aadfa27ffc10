//! Work orders in the database.

use super::{
    IncidentId, WorkOrderId,
    domain::{Action, State, WorkOrder},
};
use crate::{
    contacts::ContactId,
    sla::{self, SubjectKind},
};
use authz::UserId;
use chrono::{DateTime, Utc};
use contracts::{BuildingId, PersonId, UnitId};
use db::{Scoped, StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ExprTrait as _, FromQueryResult, Select,
};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "work_orders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub number: String,
        pub unit_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub place: Option<String>,
        pub category: String,
        pub public_part: bool,
        pub reporter_id: Option<Uuid>,
        pub contact_id: Option<Uuid>,
        pub urgency: String,
        pub description: String,
        pub appointment: Option<DateTimeUtc>,
        pub state: String,
        pub open: bool,
        pub assignee: Option<Uuid>,
        pub quote: Option<String>,
        pub warranty_of: Option<Uuid>,
        pub warranty_until: Option<DateTimeUtc>,
        pub merged_into: Option<Uuid>,
        pub incident_id: Option<Uuid>,
        pub signature: Option<String>,
        pub created_by: Uuid,
        pub created_at: DateTimeUtc,
        pub done_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod step {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "work_order_steps")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        pub action: String,
        pub state: String,
        pub assignee: Option<Uuid>,
        pub by_user: Uuid,
        pub at: DateTimeUtc,
        pub note: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, step);

/// One step of an order's timeline.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub action: Action,
    pub state: State,
    pub assignee: Option<UserId>,
    pub by: UserId,
    pub at: DateTime<Utc>,
    pub note: Option<String>,
}

fn read(row: row::Model) -> Result<WorkOrder, StorageError> {
    Ok(WorkOrder {
        id: WorkOrderId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        number: row.number,
        unit: row.unit_id.map(UnitId::from_uuid),
        building: row.building_id.map(BuildingId::from_uuid),
        place: row.place,
        category: row.category,
        public_part: row.public_part,
        reporter: row.reporter_id.map(PersonId::from_uuid),
        contact: row.contact_id.map(ContactId::from_uuid),
        urgency: stored::read_word(&row.urgency)?,
        description: row.description,
        appointment: row.appointment,
        state: stored::read_word(&row.state)?,
        assignee: row.assignee.map(UserId::from_uuid),
        quote: row.quote.as_deref().map(stored::read_json).transpose()?,
        warranty_of: row.warranty_of.map(WorkOrderId::from_uuid),
        warranty_until: row.warranty_until,
        merged_into: row.merged_into.map(WorkOrderId::from_uuid),
        incident: row.incident_id.map(IncidentId::from_uuid),
        signature: row.signature.as_deref().map(stored::read_json).transpose()?,
        created_by: UserId::from_uuid(row.created_by),
        created_at: row.created_at,
        done_at: row.done_at,
        version: row.version,
    })
}

/// Adds an order.
pub(super) async fn insert(scope: &TenantScope, order: &WorkOrder) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(order.id.as_uuid()),
        estate_id: Set(order.estate.as_uuid()),
        number: Set(order.number.clone()),
        unit_id: Set(order.unit.map(UnitId::as_uuid)),
        building_id: Set(order.building.map(BuildingId::as_uuid)),
        place: Set(order.place.clone()),
        category: Set(order.category.clone()),
        public_part: Set(order.public_part),
        reporter_id: Set(order.reporter.map(PersonId::as_uuid)),
        contact_id: Set(order.contact.map(ContactId::as_uuid)),
        urgency: Set(stored::word(order.urgency)?),
        description: Set(order.description.clone()),
        appointment: Set(order.appointment),
        state: Set(stored::word(order.state)?),
        open: Set(order.state.is_open()),
        assignee: Set(order.assignee.map(UserId::as_uuid)),
        quote: Set(None),
        warranty_of: Set(order.warranty_of.map(WorkOrderId::as_uuid)),
        warranty_until: Set(None),
        merged_into: Set(None),
        incident_id: Set(order.incident.map(IncidentId::as_uuid)),
        signature: Set(None),
        created_by: Set(order.created_by.as_uuid()),
        created_at: Set(order.created_at),
        done_at: Set(None),
        version: Set(order.version),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes what may change of an order in place of the version before its own; whether that was the
/// last one.
pub(super) async fn save(scope: &TenantScope, order: &WorkOrder) -> Result<bool, StorageError> {
    use row::Column as C;
    let urgency = stored::word(order.urgency)?;
    let quote = order.quote.as_ref().map(stored::json).transpose()?;
    let signature = order.signature.as_ref().map(stored::json).transpose()?;
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(order.id.as_uuid()));
    let rows = rows
        .filter(C::Version.eq(order.version - 1))
        .set(C::Category, order.category.clone())
        .set(C::PublicPart, order.public_part)
        .set(C::Urgency, urgency)
        .set(C::Place, order.place.clone())
        .set(C::Description, order.description.clone())
        .set(C::Appointment, order.appointment)
        .set(C::State, stored::word(order.state)?)
        .set(C::Open, order.state.is_open())
        .set(C::Assignee, order.assignee.map(UserId::as_uuid))
        .set(C::Quote, quote)
        .set(C::WarrantyUntil, order.warranty_until)
        .set(C::MergedInto, order.merged_into.map(WorkOrderId::as_uuid))
        .set(C::IncidentId, order.incident.map(IncidentId::as_uuid))
        .set(C::Signature, signature)
        .set(C::DoneAt, order.done_at)
        .set(C::Version, order.version);
    Ok(rows.exec().await? == 1)
}

/// Adds a step to the timeline of an order that is held, in the place of its version.
pub(super) async fn note(
    scope: &TenantScope,
    order: &WorkOrder,
    step: &Step,
) -> Result<(), StorageError> {
    let row = step::ActiveModel {
        order_id: Set(order.id.as_uuid()),
        place: Set(order.version),
        action: Set(stored::word(step.action)?),
        state: Set(stored::word(step.state)?),
        assignee: Set(step.assignee.map(UserId::as_uuid)),
        by_user: Set(step.by.as_uuid()),
        at: Set(step.at),
        note: Set(step.note.clone()),
        ..Default::default()
    };
    scope.insert(row).await
}

/// The timelines of orders, from the first step on.
pub(super) async fn steps(
    scope: &TenantScope,
    orders: impl IntoIterator<Item = WorkOrderId>,
) -> Result<HashMap<WorkOrderId, Vec<Step>>, StorageError> {
    use step::Column as C;
    let orders = orders.into_iter().map(WorkOrderId::as_uuid);
    let rows = scope.find::<step::Entity>().filter_in(C::OrderId, orders);
    let mut all: HashMap<WorkOrderId, Vec<Step>> = HashMap::new();
    for row in rows.asc(C::OrderId).asc(C::Place).all().await? {
        let step = Step {
            action: stored::read_word(&row.action)?,
            state: stored::read_word(&row.state)?,
            assignee: row.assignee.map(UserId::from_uuid),
            by: UserId::from_uuid(row.by_user),
            at: row.at,
            note: row.note,
        };
        all.entry(WorkOrderId::from_uuid(row.order_id)).or_default().push(step);
    }
    Ok(all)
}

/// An order.
pub(super) async fn find(
    scope: &TenantScope,
    id: WorkOrderId,
) -> Result<Option<WorkOrder>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// An order, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    id: WorkOrderId,
) -> Result<Option<WorkOrder>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.lock().one().await?.map(read).transpose()
}

/// The open orders of an incident, held until the transaction ends, in one order for everybody.
pub(super) async fn lock_of_incident(
    scope: &TenantScope,
    incident: IncidentId,
) -> Result<Vec<WorkOrder>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::IncidentId.eq(incident.as_uuid()));
    let rows = rows.filter(C::Open.eq(true)).asc(C::Id).lock();
    rows.all().await?.into_iter().map(read).collect()
}

/// The open orders of an estate that no incident explains.
fn unexplained(
    scope: &TenantScope,
    estate: EstateId,
) -> Scoped<'_, row::Entity, Select<row::Entity>> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    rows.filter(C::Open.eq(true)).filter(C::IncidentId.is_null()).asc(C::Id)
}

/// Those of them that nobody has, held until the transaction ends; the oldest first.
pub(super) async fn lock_unassigned(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Vec<WorkOrder>, StorageError> {
    let rows = unexplained(scope, estate).filter(row::Column::Assignee.is_null()).lock();
    rows.all().await?.into_iter().map(read).collect()
}

/// Those of them in some states, held until the transaction ends; the oldest first.
pub(super) async fn lock_in_states(
    scope: &TenantScope,
    estate: EstateId,
    states: &[State],
) -> Result<Vec<WorkOrder>, StorageError> {
    let words = states.iter().map(stored::word).collect::<Result<Vec<_>, _>>()?;
    let rows = unexplained(scope, estate).filter_in(row::Column::State, words).lock();
    rows.all().await?.into_iter().map(read).collect()
}

/// The orders that were merged into some.
pub(super) async fn merged_into(
    scope: &TenantScope,
    orders: impl IntoIterator<Item = WorkOrderId>,
) -> Result<Vec<WorkOrder>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>();
    let rows = rows.filter_in(C::MergedInto, orders.into_iter().map(WorkOrderId::as_uuid));
    rows.asc(C::Id).all().await?.into_iter().map(read).collect()
}

/// The done order of the same category and unit under whose warranty a new one falls.
pub(super) async fn under_warranty(
    scope: &TenantScope,
    unit: UnitId,
    category: &str,
    now: DateTime<Utc>,
) -> Result<Option<WorkOrderId>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::UnitId.eq(unit.as_uuid()))
        .filter(C::Category.eq(category))
        .filter(C::Open.eq(false))
        .filter(C::WarrantyUntil.gte(now))
        .desc(C::Id);
    Ok(rows.one().await?.map(|row| WorkOrderId::from_uuid(row.id)))
}

#[derive(FromQueryResult)]
struct Load {
    assignee: Uuid,
    orders: i64,
}

/// How many open orders each has who has any in an estate.
pub(super) async fn loads(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<HashMap<UserId, u64>, StorageError> {
    let sql = "SELECT assignee, COUNT(*) AS orders FROM work_orders \
               WHERE tenant_id = $1 AND estate_id = $2 AND open AND assignee IS NOT NULL \
               GROUP BY assignee";
    let rows: Vec<Load> = scope.rows(sql, [estate.as_uuid().into()]).await?;
    let load = |row: Load| {
        (UserId::from_uuid(row.assignee), u64::try_from(row.orders).unwrap_or_default())
    };
    Ok(rows.into_iter().map(load).collect())
}

#[derive(FromQueryResult)]
struct Last {
    last: i32,
}

/// The next number of an estate's month; whoever asks next waits for the end of the transaction.
pub(super) async fn next_number(
    scope: &TenantScope,
    estate: EstateId,
    month: &str,
) -> Result<i32, StorageError> {
    let sql = "INSERT INTO work_order_numbers (tenant_id, estate_id, month, last) \
               VALUES ($1, $2, $3, 1) ON CONFLICT (tenant_id, estate_id, month) \
               DO UPDATE SET last = work_order_numbers.last + 1 RETURNING last";
    let rows: Vec<Last> = scope.rows(sql, [estate.as_uuid().into(), month.into()]).await?;
    Ok(rows.first().map_or(1, |row| row.last))
}

/// Which of an estate's orders a right covers.
#[derive(Clone, Debug)]
pub(super) enum Covered {
    /// All of them.
    All,
    /// Those in some buildings.
    Buildings(Vec<Uuid>),
    /// Those that somebody has.
    AssignedTo(UserId),
    /// Those that a resident reported, and those of units since they belong to them.
    Own(PersonId, Vec<(UnitId, DateTime<Utc>)>),
}

/// Which orders a list is of.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub estate: EstateId,
    pub covered: Covered,
    pub open: Option<bool>,
    pub state: Option<State>,
    pub assignee: Option<UserId>,
    pub unassigned: bool,
    pub unit: Option<UnitId>,
    pub building: Option<BuildingId>,
    pub category: Option<String>,
    pub number: Option<String>,
    /// Open although its end was promised by this instant.
    pub overdue_at: Option<DateTime<Utc>>,
    pub after: Option<WorkOrderId>,
    pub limit: u64,
}

/// A page of the orders of an estate, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    wanted: Wanted,
) -> Result<Vec<WorkOrder>, StorageError> {
    use row::Column as C;
    let covered = match wanted.covered {
        Covered::All => Condition::all(),
        Covered::Buildings(zone) => Condition::all().add(scope.among(C::BuildingId, zone)),
        Covered::AssignedTo(user) => Condition::all().add(C::Assignee.eq(user.as_uuid())),
        Covered::Own(person, units) => units.into_iter().fold(
            Condition::any().add(C::ReporterId.eq(person.as_uuid())),
            |any, (unit, since)| {
                let one = Condition::all().add(C::UnitId.eq(unit.as_uuid()));
                any.add(one.add(C::CreatedAt.gte(since)))
            },
        ),
    };
    let state = wanted.state.map(stored::word).transpose()?;
    let late = wanted.overdue_at.map(|now| sla::overdue(scope, SubjectKind::WorkOrder, now));
    let late = late.transpose()?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(wanted.estate.as_uuid()))
        .filter(covered)
        .filter_by(wanted.open, |open| C::Open.eq(open))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(wanted.assignee, |user| C::Assignee.eq(user.as_uuid()))
        .filter_by(wanted.unassigned.then_some(()), |()| C::Assignee.is_null())
        .filter_by(wanted.unit, |unit| C::UnitId.eq(unit.as_uuid()))
        .filter_by(wanted.building, |building| C::BuildingId.eq(building.as_uuid()))
        .filter_by(wanted.category, |category| C::Category.eq(category))
        .filter_by(wanted.number, |number| C::Number.eq(number))
        .filter_by(late, |late| C::Open.eq(true).and(C::Id.in_subquery(late)))
        .filter_by(wanted.after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(wanted.limit);
    rows.all().await?.into_iter().map(read).collect()
}
