//! What a household says to an order without the app: on the phone, or signed on paper.

use super::{
    act::{held, stepped},
    domain::{Answer, Order, Said, Step, Way},
    notes,
    reach::{Reached, speaks_for},
    repo,
};
use crate::{
    Refused,
    attachments::{self, AttachmentId, Parent},
    special_services::{ORDER_READ, ORDER_RECORD, OrderId, say},
};
use authz::{AuditFact, Caller, Denied, Reach, audit, keyed};
use contracts::PersonId;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use serde::Serialize;

/// What was heard or signed, and by whom.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Heard {
    pub order: OrderId,
    pub expected_version: i32,
    pub person: PersonId,
    pub said: Said,
    /// The picture of what was signed; without one it was said on the phone.
    pub picture: Option<AttachmentId>,
    /// What was said besides; of a dispute, why.
    pub note: Option<String>,
}

/// Takes down what somebody of the household said. Who priced the order or does the work does not,
/// but for a signature that everybody can look at; and the household gets a letter.
#[tracing::instrument(name = "usecase.special_orders.record", skip_all, fields(order.id = %heard.order))]
pub(super) async fn record(
    db: &Db,
    caller: &Caller,
    heard: Heard,
    key: &IdempotencyKey,
) -> Result<OrderId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let order = repo::find(&scope, heard.order).await?.ok_or_else(Refused::not_found)?;
    let right = caller.act(ORDER_RECORD, ORDER_READ, order.estate)?;
    if !Reached::of(&scope, &right).await?.covers(&order) {
        return Err(Refused::not_found());
    }
    drop(scope);
    if matches!(right.reach(), Reach::Assigned) && heard.picture.is_none() {
        return Err(Denied::SamePerson(say::worker_does_not_answer()).into());
    }
    let (actor, input) = (caller.clone(), heard.clone());
    keyed(db, caller, "record_special_order_answer", key, &input, move |scope| {
        Box::pin(async move { recorded(scope, &actor, heard).await })
    })
    .await
}

async fn recorded(scope: &TenantScope, caller: &Caller, heard: Heard) -> Result<OrderId, Refused> {
    let mut order = held(scope, (heard.order, heard.expected_version)).await?;
    let note = checked(scope, caller, &order, &heard).await?;
    let step = match heard.said {
        Said::Confirms => Step::Confirm,
        Said::Accepts => Step::Accept,
        Said::Disputes => {
            let missing = || Refused::invalid("note", expected::length(1, 500));
            Step::Dispute(note.clone().ok_or_else(missing)?)
        }
    };
    let answer = Answer {
        said: heard.said,
        way: if heard.picture.is_some() { Way::Signature } else { Way::Phone },
        person: Some(heard.person),
        recorded_by: Some(caller.user()),
        at: scope.now(),
        note,
    };
    order.details.answers.push(answer.clone());
    stepped(scope, &mut order, step).await?;
    notes::answered(scope, &order, &answer).await?;
    let fact = AuditFact {
        action: "special_order.answer_recorded",
        object: order.id.to_string(),
        estate: Some(order.estate),
        reason: None,
        detail: (heard.person.to_string(), heard.said, answer.way),
    };
    audit(scope, caller, fact).await?;
    Ok(order.id)
}

/// Whether the caller may take it down, of this person; the note, checked.
async fn checked(
    scope: &TenantScope,
    caller: &Caller,
    order: &Order,
    heard: &Heard,
) -> Result<Option<String>, Refused> {
    match heard.picture {
        None => independent(caller, order, heard.said)?,
        Some(id) => {
            let parent = Parent::SpecialOrder(order.id);
            if !attachments::is_signature(scope, parent, id).await? {
                return Err(Refused::invalid("attachmentId", say::picture_of_signature()));
            }
        }
    }
    if !speaks_for(scope, order, heard.person).await? {
        return Err(Refused::not_found());
    }
    Ok(input::optional("note", heard.note.as_deref(), 500)?)
}

fn independent(caller: &Caller, order: &Order, said: Said) -> Result<(), Denied> {
    let priced = said == Said::Confirms && order.details.quoted_by == Some(caller.user());
    if priced {
        return Err(Denied::SamePerson(say::pricer_does_not_confirm()));
    }
    if order.is_worker(caller.user()) {
        return Err(Denied::SamePerson(say::worker_does_not_answer()));
    }
    Ok(())
}
