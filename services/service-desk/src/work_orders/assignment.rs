//! Who gets an order: by itself when it is made, by hand afterwards.

use super::{
    WORK_ORDER_ASSIGN, WorkOrderId,
    catalogue::Category,
    domain::{Action, Hand, WorkOrder, least_busy},
    repo, written,
};
use crate::{
    Refused,
    responders::{self, Level},
    sla,
};
use authz::{Caller, UserId};
use db::{Db, TenantScope};
use errors::input;

/// Who of those on duty suits an order by skill and zone and has the least to do.
pub(super) async fn suitable(
    scope: &TenantScope,
    order: &WorkOrder,
    category: &Category,
) -> Result<Option<UserId>, Refused> {
    let all = responders::repo::of_estate(scope, order.estate).await?;
    let loads = repo::loads(scope, order.estate).await?;
    let skill = category.skill.as_deref();
    let fit = all.into_iter().filter(|one| {
        let on_duty = one.level == Level::Staff && one.on_duty_since.is_some();
        on_duty && one.suits(skill, order.building)
    });
    let hand = |user| Hand { user, load: loads.get(&user).copied().unwrap_or_default() };
    Ok(least_busy(fit.map(|one| hand(one.user))))
}

/// Gives a held order to whoever suits; when nobody does, the supervisors are told.
pub(super) async fn by_itself(
    scope: &TenantScope,
    caller: &Caller,
    order: &mut WorkOrder,
    category: &Category,
) -> Result<(), Refused> {
    let Some(user) = suitable(scope, order, category).await? else {
        return sla::nobody_suits(scope, written::subject(order.id)).await;
    };
    order.assignee = Some(user);
    written::moved(scope, caller, order, Action::Assign, None).await
}

/// Gives an order to somebody who takes work in the estate, perhaps instead of somebody else.
#[tracing::instrument(name = "usecase.work_orders.assign", skip_all)]
pub(super) async fn assign(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    user: UserId,
    note: Option<&str>,
) -> Result<WorkOrder, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut order = written::held(&scope, caller, WORK_ORDER_ASSIGN, which).await?;
    let note = input::optional("note", note, 500)?;
    let known = responders::repo::find(&scope, order.estate, user).await?;
    if known.is_none() {
        return Err(Refused::invalid("assigneeId", errors::expected::existing()));
    }
    order.assignee = Some(user);
    written::moved(&scope, caller, &mut order, Action::Assign, note).await?;
    scope.commit().await?;
    Ok(order)
}
