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

/// Who of those who work here and are on duty suits an order by skill and zone and has the least to do.
pub(super) async fn suitable(
    scope: &TenantScope,
    order: &WorkOrder,
    category: &Category,
) -> Result<Option<UserId>, Refused> {
    let all = responders::repo::of_estate(scope, order.estate).await?;
    let loads = repo::loads(scope, order.estate).await?;
    let known = places::staff::by_id(scope, all.iter().map(|one| one.user.as_uuid())).await?;
    let works = |user: UserId| known.get(&user.as_uuid()).is_none_or(|one| one.active);
    let skill = category.skill.as_deref();
    let fit = all.into_iter().filter(|one| {
        let on_duty = one.level == Level::Staff && one.on_duty_since.is_some();
        on_duty && works(one.user) && one.suits(skill, order.building)
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
    if to_whom_suits(scope, caller, order, category).await? {
        return Ok(());
    }
    sla::nobody_suits(scope, written::subject(order.id)).await
}

/// Gives a held order to whoever suits; whether anybody does.
pub(super) async fn to_whom_suits(
    scope: &TenantScope,
    caller: &Caller,
    order: &mut WorkOrder,
    category: &Category,
) -> Result<bool, Refused> {
    let Some(user) = suitable(scope, order, category).await? else { return Ok(false) };
    order.assignee = Some(user);
    written::moved(scope, caller, order, Action::Assign, None).await?;
    Ok(true)
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
    let gone = places::staff::find(&scope, user.as_uuid()).await?.is_some_and(|one| !one.active);
    if known.is_none() || gone {
        return Err(Refused::invalid("assigneeId", errors::expected::existing()));
    }
    order.assignee = Some(user);
    written::moved(&scope, caller, &mut order, Action::Assign, note).await?;
    scope.commit().await?;
    Ok(order)
}
