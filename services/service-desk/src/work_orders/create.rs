//! Reporting something to be repaired.

use super::{
    IncidentId, WORK_ORDER_CREATE, WORK_ORDER_READ, WorkOrderId, assignment,
    catalogue::{self, Category, domain::line_of},
    domain::{Action, State, Urgency, WorkOrder},
    incidents, repo, say, written,
};
use crate::{
    Refused,
    contacts::{self, ContactId, Outcome},
    homes, sla,
};
use authz::{Caller, EstateScope, keyed};
use chrono::{DateTime, Utc};
use contracts::{BuildingId, PersonId, UnitId};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use ids::EstateId;
use places::estates::Estate;
use serde::Serialize;
use std::collections::BTreeMap;

/// Something is to be repaired.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    pub estate: EstateId,
    pub unit: Option<UnitId>,
    pub place: Option<String>,
    pub building: Option<BuildingId>,
    pub category: String,
    pub urgency: Urgency,
    pub description: String,
    pub appointment: Option<DateTime<Utc>>,
    pub reporter: Option<PersonId>,
    pub contact: Option<ContactId>,
    /// When it was reported, where a desk types it in later.
    pub received_at: Option<DateTime<Utc>>,
}

/// Makes an order: under the warranty of an earlier one where there is one, part of an incident that
/// is under way, or given to whoever suits. A second time with the same key it is the same order.
#[tracing::instrument(name = "usecase.work_orders.create", skip_all)]
pub(super) async fn create(
    db: &Db,
    caller: &Caller,
    report: Report,
    key: &IdempotencyKey,
) -> Result<WorkOrderId, Refused> {
    let right = caller.act(WORK_ORDER_CREATE, WORK_ORDER_READ, report.estate)?;
    let (actor, input) = (caller.clone(), report.clone());
    keyed(db, caller, "create_work_order", key, &input, move |scope| {
        Box::pin(async move { made(scope, &actor, &right, report).await })
    })
    .await
}

async fn made(
    scope: &TenantScope,
    caller: &Caller,
    right: &EstateScope,
    report: Report,
) -> Result<WorkOrderId, Refused> {
    let estate = homes::estate(scope, report.estate).await?;
    let all = catalogue::categories(scope, estate.id).await?;
    let category = all.get(&report.category).filter(|category| category.active);
    let category = category.ok_or_else(|| Refused::invalid("category", expected::existing()))?;
    let came = (report.contact, report.received_at);
    let came = contacts::first_receipt(scope, caller, estate.id, came).await?;
    let mut order = order(scope, caller, (right, &estate), category, report).await?;
    order.incident = incident(scope, &order, &all).await?;
    repo::insert(scope, &order).await?;
    written::noted(scope, caller, &order, Action::Create, None).await?;
    let (subject, code) = (written::subject(order.id), order.promise_code(&category.sla_code));
    sla::start(scope, &estate, subject, code, came, None).await?;
    if let Some(appointment) = order.appointment {
        sla::waits_until(scope, subject, appointment).await?;
    }
    if let Some(contact) = order.contact {
        contacts::converted(scope, contact, Outcome::WorkOrder(order.id.to_string())).await?;
    }
    if order.incident.is_none() {
        assignment::by_itself(scope, caller, &mut order, category).await?;
    }
    Ok(order.id)
}

async fn order(
    scope: &TenantScope,
    caller: &Caller,
    (right, estate): (&EstateScope, &Estate),
    category: &Category,
    report: Report,
) -> Result<WorkOrder, Refused> {
    let now = scope.now();
    let place = input::optional("place", report.place.as_deref(), 200)?;
    let description = input::lines("description", &report.description, 2000)?;
    let unit = match report.unit {
        Some(unit) => Some(homes::covered(scope, right, unit).await?),
        None => None,
    };
    if unit.is_none() && place.is_none() {
        return Err(Refused::invalid("place", say::unit_or_place()));
    }
    homes::buildings(scope, estate.id, report.building.as_slice()).await?;
    if let Some(reporter) = report.reporter {
        homes::person(scope, right, reporter).await?;
    }
    let building = unit.as_ref().map(|unit| unit.building).or(report.building);
    let near =
        |zone: &[uuid::Uuid]| building.is_some_and(|building| zone.contains(&building.as_uuid()));
    if !right.zone().is_none_or(near) {
        return Err(Refused::not_found());
    }
    if report.appointment.is_some_and(|at| at < now) {
        return Err(Refused::invalid("appointmentAt", say::no_earlier_than_now()));
    }
    let warranty_of = match report.unit {
        Some(unit) => repo::under_warranty(scope, unit, &category.code, now).await?,
        None => None,
    };
    Ok(WorkOrder {
        id: WorkOrderId::from_uuid(scope.new_id()),
        estate: estate.id,
        number: number(scope, estate, now).await?,
        unit: report.unit,
        building,
        place,
        category: category.code.clone(),
        public_part: category.public_part,
        reporter: report.reporter.or(right.own_person().map(PersonId::from_uuid)),
        contact: report.contact,
        urgency: report.urgency,
        description,
        appointment: report.appointment,
        state: State::New,
        assignee: None,
        quote: None,
        warranty_of,
        warranty_until: None,
        merged_into: None,
        incident: None,
        signature: None,
        created_by: caller.user(),
        created_at: now,
        done_at: None,
        version: 1,
    })
}

/// E.g. `FCH-WO-202607-0001`: the estate, the month there, the number in it.
async fn number(
    scope: &TenantScope,
    estate: &Estate,
    now: DateTime<Utc>,
) -> Result<String, Refused> {
    let month = estate.day_of(now).format("%Y%m").to_string();
    let number = repo::next_number(scope, estate.id, &month).await?;
    Ok(format!("{}-WO-{month}-{number:04}", estate.code))
}

/// The incident under way of which an order is part: of its category or a wider one.
async fn incident(
    scope: &TenantScope,
    order: &WorkOrder,
    all: &BTreeMap<String, Category>,
) -> Result<Option<IncidentId>, Refused> {
    let place = (order.estate, order.building, order.unit);
    let under_way = incidents::under_way(scope, place).await?;
    let line = line_of(all, &order.category);
    let of_kind = under_way.into_iter().find(|one| line.contains(&one.category.as_str()));
    Ok(of_kind.map(|one| one.id))
}
