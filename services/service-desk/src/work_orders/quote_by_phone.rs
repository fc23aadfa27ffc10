//! The resident's answer to a quote, as the desk heard it on the phone.

use super::{
    WORK_ORDER_ASSIGN, WorkOrderId,
    domain::{Action, WorkOrder},
    say, told, written,
};
use crate::{Refused, homes};
use authz::{AuditFact, Caller, Denied, audit};
use contracts::PersonId;
use db::{Db, TenantScope};
use errors::input;

/// What was heard, and from whom.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub person: PersonId,
    pub agrees: bool,
    pub note: Option<String>,
}

/// Takes down what a resident said: who reported the order, or belongs to the unit today. Who would
/// do the paid work does not, and the resident gets a letter, so that a wrong word comes to light.
#[tracing::instrument(name = "usecase.work_orders.answer_by_phone", skip_all)]
pub(super) async fn answer_by_phone(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    heard: Heard,
) -> Result<WorkOrder, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut order = written::held(&scope, caller, WORK_ORDER_ASSIGN, which).await?;
    if order.assignee == Some(caller.user()) {
        return Err(Denied::SamePerson(say::worker_does_not_answer()).into());
    }
    concerned(&scope, &order, heard.person).await?;
    let note = input::optional("note", heard.note.as_deref(), 500)?;
    let now = scope.now();
    order.answered(heard.agrees, Some(heard.person), now);
    // Where what was agreed to before holds again, it is not this answer.
    let given = order.quote.as_mut().filter(|quote| quote.answered_at == Some(now));
    if let Some(quote) = given {
        quote.recorded_by = Some(caller.user());
    }
    let action = if heard.agrees { Action::AcceptQuote } else { Action::RefuseQuote };
    written::moved(&scope, caller, &mut order, action, note).await?;
    let fact = AuditFact {
        action: "work_order.quote_answer_recorded",
        object: order.id.to_string(),
        estate: Some(order.estate),
        reason: None,
        detail: (heard.person.to_string(), heard.agrees),
    };
    audit(&scope, caller, fact).await?;
    told::answered(&scope, &order, heard.person, heard.agrees).await?;
    scope.commit().await?;
    Ok(order)
}

/// Somebody whose order it is to decide about.
async fn concerned(
    scope: &TenantScope,
    order: &WorkOrder,
    person: PersonId,
) -> Result<(), Refused> {
    if order.reporter == Some(person) {
        return Ok(());
    }
    let units = homes::own_units(scope, order.estate, person).await?;
    let theirs = order.unit.is_some_and(|unit| units.contains(&unit));
    if theirs { Ok(()) } else { Err(Refused::not_found()) }
}
