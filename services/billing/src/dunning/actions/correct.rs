//! Undoing a wrong contact by a row of its own.

use super::repo::{self, Action, NewAction};
use crate::{
    accounts,
    dunning::{
        DUNNING_MANAGE, DUNNING_READ, cases,
        domain::{Stage, Step},
        right::act_on,
    },
    error::{Refused, checked_reason},
    estates,
    ids::DunningActionId,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use money::Fen;

/// Says that a contact was recorded wrongly: it counts for nothing, and its task is open again.
#[tracing::instrument(name = "usecase.dunning.correct", skip_all, fields(action.id = %id))]
pub(crate) async fn correct(
    db: &Db,
    caller: &Caller,
    (id, reason): (DunningActionId, String),
    key: &IdempotencyKey,
) -> Result<DunningActionId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let action = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    act_on(&scope, caller, action.account, (DUNNING_MANAGE, DUNNING_READ)).await?;
    drop(scope);
    let reason = checked_reason(&reason)?.to_owned();
    let (actor, input) = (caller.clone(), (id, reason.clone()));
    keyed(db, caller, "correct_dunning_action", key, &input, move |scope| {
        Box::pin(async move { keep(scope, &actor, action, reason).await })
    })
    .await
}

async fn keep(
    scope: &TenantScope,
    actor: &Caller,
    wrong: Action,
    reason: String,
) -> Result<DunningActionId, Refused> {
    accounts::lock(scope, wrong.account).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(scope, wrong.estate).await?.ok_or(Denied::Hidden)?;
    if wrong.corrects.is_some() || repo::is_corrected(scope, wrong.id).await? {
        return Err(Refused::Conflict(say::dunning_corrected_already()));
    }
    let counter = Action {
        id: DunningActionId::from_uuid(scope.new_id()),
        staff: Some(actor.user()),
        second: None,
        script: String::new(),
        happened_at: scope.now(),
        happened_on: estate.today(scope.clock()),
        demanded: Fen::ZERO,
        text: None,
        reply: None,
        reason: None,
        acknowledged_on: None,
        note: Some(reason.clone()),
        corrects: Some(wrong.id),
        ..wrong.clone()
    };
    let new = NewAction {
        action: &counter,
        demands: &[],
        delivered: None,
        zone: estate.zone,
        promise: None,
    };
    repo::insert(scope, &new).await?;
    let mut case = cases::lock(scope, wrong.case).await?.ok_or(Denied::Hidden)?;
    if case.closed_on.is_none() {
        cases::reopen(scope, wrong.id).await?;
        let standing = repo::of_case(scope, case.id).await?;
        let done = standing.iter().filter_map(|action| action.step).collect::<Vec<Step>>();
        case.stage = Stage::of(done, case.stage == Stage::Litigation);
        case.reason_class = standing.iter().rev().find_map(|action| action.reason);
        cases::save(scope, &case).await?;
    }
    let fact = AuditFact {
        action: "dunning_action.corrected",
        object: wrong.id.to_string(),
        estate: Some(wrong.estate),
        reason: Some(&reason),
        detail: serde_json::json!({ "by": counter.id.to_string() }),
    };
    audit(scope, actor, fact).await?;
    Ok(counter.id)
}
