//! How an order ends, and begins again.

use super::{
    WORK_ORDER_ASSIGN, WORK_ORDER_CONFIRM, WORK_ORDER_CREATE, WORK_ORDER_WORK, WorkOrderId,
    assignment, catalogue,
    domain::{Action, QuoteState, REOPEN_DAYS, Signature, WorkOrder},
    repo, say, told, written,
};
use crate::{
    Refused,
    attachments::{self, AttachmentId, Parent},
    charges::{self, ChargeAsk},
    homes,
    revisits::{self, Finished, Source},
};
use authz::{Caller, Permission, UserId};
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use errors::input;

/// The code of billing's fee item for repairs.
const FEE_ITEM: &str = "REPAIR";

/// Who signed for the work.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub name: String,
    pub attachment: Option<AttachmentId>,
}

/// The work is done and signed for. What the resident agreed to is charged now, its warranty begins,
/// and the household may be asked about it.
#[tracing::instrument(name = "usecase.work_orders.complete", skip_all)]
pub(super) async fn complete(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    signed: Signed,
    note: Option<&str>,
) -> Result<WorkOrder, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut order = written::held(&scope, caller, WORK_ORDER_WORK, which).await?;
    let (note, now) = (input::optional("note", note, 500)?, scope.now());
    if let Some(picture) = signed.attachment {
        signature(&scope, &order, picture).await?;
    }
    order.signature = Some(Signature {
        name: input::text("signatureName", &signed.name, 100)?,
        at: now,
        attachment: signed.attachment.map(|id| id.to_string()),
    });
    order.done_at = Some(now);
    let quote = order.quote.as_ref();
    order.warranty_until = quote.and_then(|quote| quote.warranty_until(now));
    written::moved(&scope, caller, &mut order, Action::Complete, note).await?;
    charge(&scope, &order, now).await?;
    told::done(&scope, &order).await?;
    let fact = Finished {
        source: Source::WorkOrder,
        reference: order.id.as_uuid(),
        estate: order.estate,
        unit: order.unit,
        person: order.reporter,
        workers: hands(&scope, caller, &order).await?,
        summary: order.number.clone(),
        at: now,
    };
    revisits::finished(&scope, fact).await?;
    scope.commit().await?;
    Ok(order)
}

/// Everybody who had a hand in the work: who has it, who completes it, and whoever began it before.
async fn hands(
    scope: &TenantScope,
    caller: &Caller,
    order: &WorkOrder,
) -> Result<Vec<UserId>, Refused> {
    let steps = repo::steps(scope, [order.id]).await?.remove(&order.id).unwrap_or_default();
    let at_it = [Action::Start, Action::Quote, Action::Complete];
    let steps = steps.into_iter().filter(|step| at_it.contains(&step.action));
    let before = steps.flat_map(|step| step.assignee.into_iter().chain([step.by]));
    let mut all: Vec<UserId> = before.chain(order.assignee).chain([caller.user()]).collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The picture of a signature on this very order.
async fn signature(
    scope: &TenantScope,
    order: &WorkOrder,
    id: AttachmentId,
) -> Result<(), Refused> {
    if attachments::is_signature(scope, Parent::WorkOrder(order.id), id).await? {
        Ok(())
    } else {
        Err(Refused::invalid("signatureAttachmentId", say::picture_of_signature()))
    }
}

async fn charge(scope: &TenantScope, order: &WorkOrder, now: DateTime<Utc>) -> Result<(), Refused> {
    let agreed = order.quote.as_ref().filter(|quote| quote.state == QuoteState::Accepted);
    let Some((quote, payer)) = agreed.and_then(|quote| Some((quote, quote.answered_by?))) else {
        return Ok(());
    };
    let Some(amount) = quote.total().filter(|total| total.is_positive()) else { return Ok(()) };
    let ask = ChargeAsk {
        reference: reference(order),
        estate: order.estate,
        unit: order.unit,
        payer,
        fee_item: FEE_ITEM.to_owned(),
        amount,
        on: homes::estate(scope, order.estate).await?.day_of(now),
        description: say::charged(order.number.clone()).bilingual(),
    };
    charges::request(scope, ask).await
}

/// Under what the quote of an order is charged: once, however often it is done; another quote, after
/// it was opened again, is another charge.
pub(super) fn reference(order: &WorkOrder) -> String {
    let answered = order.quote.as_ref().and_then(|quote| quote.answered_at);
    let answered = answered.map_or(0, |at| at.timestamp_millis());
    format!("work_order/{}/{answered}", order.id)
}

/// The resident says that it is in order.
#[tracing::instrument(name = "usecase.work_orders.confirm", skip_all)]
pub(super) async fn confirm(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    note: Option<&str>,
) -> Result<WorkOrder, Refused> {
    let how = (Action::Confirm, note);
    written::act(db, caller, WORK_ORDER_CONFIRM, which, how, |_, _| Ok(())).await
}

/// The matter is over.
#[tracing::instrument(name = "usecase.work_orders.close", skip_all)]
pub(super) async fn close(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    note: Option<&str>,
) -> Result<WorkOrder, Refused> {
    written::act(db, caller, WORK_ORDER_ASSIGN, which, (Action::Close, note), |_, _| Ok(())).await
}

/// It was not in order after all: within seven days, by the resident or the desk. What was agreed and
/// charged stays so; what is done now costs nothing unless it is quoted anew. It is given to whoever
/// suits, as a new one is.
#[tracing::instrument(name = "usecase.work_orders.reopen", skip_all)]
pub(super) async fn reopen(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    reason: &str,
) -> Result<WorkOrder, Refused> {
    let reason = input::lines("reason", reason, 500)?;
    let permission = either(caller, WORK_ORDER_CONFIRM, WORK_ORDER_ASSIGN);
    let scope = db.write(caller.tenant()).await?;
    let mut order = written::held(&scope, caller, permission, which).await?;
    if !order.may_reopen(scope.now()) {
        return Err(Refused::Conflict(say::reopen_in_time(REOPEN_DAYS)));
    }
    order.assignee = None;
    order.signature = None;
    order.done_at = None;
    written::moved(&scope, caller, &mut order, Action::Reopen, Some(reason)).await?;
    let categories = catalogue::categories(&scope, order.estate).await?;
    if let Some(category) = categories.get(&order.category) {
        assignment::by_itself(&scope, caller, &mut order, category).await?;
    }
    scope.commit().await?;
    Ok(order)
}

/// There is nothing to do: by the resident who reported it, or the desk.
#[tracing::instrument(name = "usecase.work_orders.cancel", skip_all)]
pub(super) async fn cancel(
    db: &Db,
    caller: &Caller,
    which: (WorkOrderId, i32),
    reason: &str,
) -> Result<WorkOrder, Refused> {
    let reason = input::lines("reason", reason, 500)?;
    let permission = either(caller, WORK_ORDER_CREATE, WORK_ORDER_ASSIGN);
    let how = (Action::Cancel, Some(&*reason));
    written::act(db, caller, permission, which, how, |_, _| Ok(())).await
}

/// What a resident needs for an act that staff may do as well.
fn either(caller: &Caller, resident: Permission, staff: Permission) -> Permission {
    if matches!(caller.subject(), authz::Subject::Resident { .. }) { resident } else { staff }
}
