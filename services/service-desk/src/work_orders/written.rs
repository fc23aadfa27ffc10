//! How every act changes an order: held, as the caller saw it, by the one table, with its clock.

use super::{
    WORK_ORDER_READ, WorkOrderId,
    domain::{Action, State, WorkOrder, next},
    repo::{self, Step},
    say, seen, told,
};
use crate::{Refused, sla};
use authz::{AuditFact, Caller, Permission, audit};
use db::{Db, TenantScope};
use errors::input;
use sla::{Subject, SubjectKind};

/// The clock of an order.
pub(super) const fn subject(id: WorkOrderId) -> Subject {
    Subject::new(SubjectKind::WorkOrder, id.as_uuid())
}

/// The order that somebody is about to change: held, covered by the right, at the version that was
/// read.
///
/// # Errors
/// `NOT_FOUND`, `FORBIDDEN`; `CONFLICT` when it was changed meanwhile.
pub(super) async fn held(
    scope: &TenantScope,
    caller: &Caller,
    permission: Permission,
    (id, expected): (WorkOrderId, i32),
) -> Result<WorkOrder, Refused> {
    let order = repo::lock(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.act(permission, WORK_ORDER_READ, order.estate)?;
    seen::within(scope, &right, &order).await?;
    if order.version == expected {
        Ok(order)
    } else {
        Err(Refused::Conflict(crate::say::changed_meanwhile()))
    }
}

/// Refuses who may not do so with an order.
///
/// # Errors
/// `NOT_FOUND`, `FORBIDDEN`.
pub(super) async fn allowed(
    scope: &TenantScope,
    caller: &Caller,
    permission: Permission,
    id: WorkOrderId,
) -> Result<(), Refused> {
    let order = repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.act(permission, WORK_ORDER_READ, order.estate)?;
    seen::within(scope, &right, &order).await
}

/// Moves a held order by one action, writes it with its timeline and audit, and tells its clock and
/// who reported it.
///
/// # Errors
/// `CONFLICT` when the action has no place in its state, or somebody else wrote it meanwhile.
pub(super) async fn moved(
    scope: &TenantScope,
    caller: &Caller,
    order: &mut WorkOrder,
    action: Action,
    note: Option<String>,
) -> Result<(), Refused> {
    let from = order.state;
    let to = next(from, action).ok_or_else(|| Refused::Conflict(say::no_place_now()))?;
    order.state = to;
    order.version += 1;
    if !repo::save(scope, order).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    noted(scope, caller, order, action, note).await?;
    told::moved(scope, caller, order, action).await?;
    clock(scope, order, action, (from, to)).await
}

/// Notes what was done: the timeline and the audit.
pub(super) async fn noted(
    scope: &TenantScope,
    caller: &Caller,
    order: &WorkOrder,
    action: Action,
    note: Option<String>,
) -> Result<(), Refused> {
    let step = Step {
        action,
        state: order.state,
        assignee: order.assignee,
        by: caller.user(),
        at: scope.now(),
        note,
    };
    repo::note(scope, order, &step).await?;
    let fact = AuditFact {
        action: "work_order.moved",
        object: order.id.to_string(),
        estate: Some(order.estate),
        reason: None,
        detail: (action, order.state, order.assignee.map(|user| user.to_string())),
    };
    Ok(audit(scope, caller, fact).await?)
}

async fn clock(
    scope: &TenantScope,
    order: &WorkOrder,
    action: Action,
    (from, to): (State, State),
) -> Result<(), Refused> {
    let (subject, now) = (subject(order.id), scope.now());
    if from.waits_for().is_some() && to.waits_for().is_none() && to.is_open() {
        sla::resume(scope, subject).await?;
    }
    match action {
        Action::Assign => sla::assigned(scope, subject, order.assignee).await?,
        // On site: begun, or looked at and quoted (handbook ch. 21).
        Action::Start | Action::Quote => {
            // Also before the appointment: from now on it is being worked on.
            sla::resume(scope, subject).await?;
            sla::responded(scope, subject, now).await?;
        }
        Action::Complete | Action::EndIncident => sla::resolved(scope, subject, now).await?,
        Action::Cancel | Action::Merge => sla::cancelled(scope, subject).await?,
        Action::Reopen => sla::reopened(scope, subject).await?,
        _ => {}
    }
    if let Some(reason) = to.waits_for() {
        sla::pause(scope, subject, reason).await?;
    }
    Ok(())
}

/// One act on one order, from the right to the commit: `with` changes more than the state.
///
/// # Errors
/// What `with` refuses, and as [`held`] and [`moved`].
pub(super) async fn act(
    db: &Db,
    caller: &Caller,
    permission: Permission,
    which: (WorkOrderId, i32),
    (action, note): (Action, Option<&str>),
    with: impl FnOnce(&mut WorkOrder, chrono::DateTime<chrono::Utc>) -> Result<(), Refused>,
) -> Result<WorkOrder, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut order = held(&scope, caller, permission, which).await?;
    let note = input::optional("note", note, 500)?;
    with(&mut order, scope.now())?;
    moved(&scope, caller, &mut order, action, note).await?;
    scope.commit().await?;
    Ok(order)
}
