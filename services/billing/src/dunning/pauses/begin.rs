//! Beginning a pause: by staff, or because a debtor says that a bill is wrong.

use super::{
    domain::PauseKind,
    repo::{self, Pause},
};
use crate::{
    bills,
    dunning::{DUNNING_DISPUTE, DUNNING_MANAGE, DUNNING_READ, cases, right::act_on},
    error::{Refused, checked_reason},
    estates,
    ids::{BillId, BillingAccountId, DunningPauseId},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use serde::Serialize;

/// The most bills that a pause names.
const MAX_BILLS: usize = 100;

/// Hold an account, or some of its bills.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct BeginPause {
    pub account: BillingAccountId,
    pub kind: PauseKind,
    pub bills: Vec<BillId>,
    pub reason: String,
}

/// Begins a pause; a dispute names the bills that are said to be wrong.
#[tracing::instrument(name = "usecase.dunning.pause", skip_all, fields(account.id = %command.account))]
pub(crate) async fn begin(
    db: &Db,
    caller: &Caller,
    command: BeginPause,
    key: &IdempotencyKey,
) -> Result<DunningPauseId, Refused> {
    let right = if command.kind == PauseKind::Dispute { DUNNING_DISPUTE } else { DUNNING_MANAGE };
    let scope = db.read(caller.tenant()).await?;
    act_on(&scope, caller, command.account, (right, DUNNING_READ)).await?;
    for bill in &command.bills {
        let bill = bills::find(&scope, *bill).await?.ok_or(Denied::Hidden)?;
        if bill.account != command.account {
            return Err(Denied::Hidden.into());
        }
    }
    drop(scope);
    checked_reason(&command.reason)?;
    let least = usize::from(command.kind == PauseKind::Dispute);
    if !(least..=MAX_BILLS).contains(&command.bills.len()) {
        return Err(Invalid::new("billIds", expected::items(least, MAX_BILLS)).into());
    }
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "pause_dunning", key, &input, move |scope| {
        Box::pin(async move { keep(scope, &actor, command).await })
    })
    .await
}

async fn keep(
    scope: &TenantScope,
    actor: &Caller,
    command: BeginPause,
) -> Result<DunningPauseId, Refused> {
    let account = crate::accounts::lock(scope, command.account).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
    let today = estate.today(scope.clock());
    let mut named = command.bills;
    named.sort_unstable();
    named.dedup();
    let hold = repo::of_account(scope, &account, today).await?;
    let held = if named.is_empty() { hold.all } else { named.iter().all(|bill| !hold.lets(*bill)) };
    if held {
        return Err(Refused::Conflict(say::dunning_held_already()));
    }
    let pause = Pause {
        id: DunningPauseId::from_uuid(scope.new_id()),
        estate: account.estate,
        account: Some(account.id),
        unit: None,
        building: account.building,
        kind: command.kind,
        reference: None,
        reason: command.reason.trim().to_owned(),
        started_on: today,
        started_by: Some(actor.user()),
        ended_on: None,
        ended_by: None,
        end_reason: None,
    };
    repo::insert(scope, &pause, &named).await?;
    let fact = AuditFact {
        action: "dunning.paused",
        object: account.id.to_string(),
        estate: Some(account.estate),
        reason: Some(&pause.reason),
        detail: serde_json::json!({ "kind": pause.kind, "pause": pause.id.to_string(),
            "bills": named.iter().map(ToString::to_string).collect::<Vec<_>>() }),
    };
    audit(scope, actor, fact).await?;
    cases::advance(scope, &estate, &account).await?;
    Ok(pause.id)
}
