//! Doing the work: accepting, setting out, beginning, waiting, taking a price back.

use super::{
    WORK_ORDER_WORK, WorkOrderId,
    domain::{Action, WorkOrder},
    say, written,
};
use crate::Refused;
use authz::Caller;
use db::Db;

/// Moves an order on. Paid work begins only once the resident agreed to its quote.
#[tracing::instrument(name = "usecase.work_orders.advance", skip_all)]
pub(super) async fn advance(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    action: Action,
    note: Option<&str>,
) -> Result<WorkOrder, Refused> {
    written::act(db, caller, WORK_ORDER_WORK, which, (action, note), |order, _| {
        if action == Action::Start && !order.may_start() {
            return Err(Refused::Conflict(say::quote_first()));
        }
        if action == Action::WithdrawQuote {
            order.withdraw_quote();
        }
        Ok(())
    })
    .await
}
