//! Correcting what an order says: a repair is reported before somebody has looked at it.

use super::{
    WORK_ORDER_ASSIGN, WorkOrderId, assignment, catalogue,
    domain::{Action, Urgency, WorkOrder},
    say, written,
};
use crate::{Refused, sla};
use authz::Caller;
use chrono::{DateTime, Utc};
use db::Db;
use errors::{expected, input};

/// What is otherwise than it was written down; what is left out stays.
#[derive(Clone, Debug, Default)]
pub(super) struct Revision {
    pub category: Option<String>,
    pub urgency: Option<Urgency>,
    pub appointment: Option<DateTime<Utc>>,
    pub place: Option<String>,
    pub description: Option<String>,
    pub note: Option<String>,
}

/// Corrects an open order. What is promised for its new category and urgency counts from its first
/// receipt, as if it had been written down so. Whoever has it keeps it; what nobody has may suit
/// somebody now.
#[tracing::instrument(name = "usecase.work_orders.revise", skip_all)]
pub(super) async fn revise(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    revision: Revision,
) -> Result<WorkOrder, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut order = written::held(&scope, caller, WORK_ORDER_ASSIGN, which).await?;
    let note = input::optional("note", revision.note.as_deref(), 500)?;
    let categories = catalogue::categories(&scope, order.estate).await?;
    let code = revision.category.as_deref().unwrap_or(&order.category);
    let category = categories.get(code).filter(|one| one.active || one.code == order.category);
    let category = category.ok_or_else(|| Refused::invalid("category", expected::existing()))?;
    order.category.clone_from(&category.code);
    order.public_part = category.public_part;
    order.urgency = revision.urgency.unwrap_or(order.urgency);
    if let Some(description) = &revision.description {
        order.description = input::lines("description", description, 2000)?;
    }
    if let Some(place) = &revision.place {
        order.place = input::optional("place", Some(place), 200)?;
    }
    if order.unit.is_none() && order.place.is_none() {
        return Err(Refused::invalid("place", say::unit_or_place()));
    }
    if revision.appointment.is_some_and(|at| at < scope.now()) {
        return Err(Refused::invalid("appointmentAt", say::no_earlier_than_now()));
    }
    order.appointment = revision.appointment.or(order.appointment);
    written::moved(&scope, caller, &mut order, Action::Revise, note).await?;
    let code = order.promise_code(&category.sla_code);
    let subject = written::subject(order.id);
    sla::revised(&scope, subject, code).await?;
    if let Some(appointment) = revision.appointment {
        sla::waits_until(&scope, subject, appointment).await?;
    }
    if order.assignee.is_none() && order.incident.is_none() {
        assignment::by_itself(&scope, caller, &mut order, category).await?;
    }
    scope.commit().await?;
    Ok(order)
}
