//! The same reported twice goes on as one order.

use super::{
    WORK_ORDER_ASSIGN, WorkOrderId,
    domain::{Action, WorkOrder},
    say, told, written,
};
use crate::Refused;
use authz::Caller;
use db::Db;

/// Closes a duplicate, which from then on leads to the order that goes on; who reported it is told.
#[tracing::instrument(name = "usecase.work_orders.merge", skip_all)]
pub(super) async fn merge(
    db: &Db,
    caller: &Caller,
    duplicate: (WorkOrderId, i32),
    survivor: (WorkOrderId, i32),
) -> Result<WorkOrder, Refused> {
    if duplicate.0 == survivor.0 {
        return Err(Refused::invalid("survivorId", say::same_order()));
    }
    let scope = db.write(caller.tenant()).await?;
    for id in [duplicate.0, survivor.0] {
        written::allowed(&scope, caller, WORK_ORDER_ASSIGN, id).await?;
    }
    // Two that merge at the same time hold their orders in the same sequence.
    let (first, second) =
        if duplicate.0 < survivor.0 { (duplicate, survivor) } else { (survivor, duplicate) };
    let first = written::held(&scope, caller, WORK_ORDER_ASSIGN, first).await?;
    let second = written::held(&scope, caller, WORK_ORDER_ASSIGN, second).await?;
    let (mut gone, kept) = if first.id == duplicate.0 { (first, second) } else { (second, first) };
    if gone.estate != kept.estate {
        return Err(Refused::invalid("survivorId", say::same_order()));
    }
    if !kept.state.is_open() {
        return Err(Refused::Conflict(say::survivor_is_open()));
    }
    gone.merged_into = Some(kept.id);
    let note = Some(kept.number.clone());
    written::moved(&scope, caller, &mut gone, Action::Merge, note).await?;
    told::merged(&scope, &gone, &kept).await?;
    scope.commit().await?;
    Ok(gone)
}
