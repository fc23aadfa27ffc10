//! Proposing to pay bills in instalments.

use super::{
    PLAN_PROPOSE,
    domain::{MAX_BILLS, Plan, PlanBill, PlanState, schedule},
    repo,
    standing::is_planned,
};
use crate::{
    accounts,
    bills::{self, BILL_READ},
    error::checked_reason,
    estates::{self, Estate},
    ids::{BillId, PlanId},
    late_fees,
    payments::{PayError, covers},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use money::Fen;
use serde::Serialize;
use std::collections::BTreeSet;

/// Pay these bills of one account on these days.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ProposePlan {
    pub bills: Vec<BillId>,
    pub due_dates: Vec<NaiveDate>,
    pub reason: String,
}

/// Proposes a plan over all that is owed of the bills today; the late fee stays as it is from today
/// on, should somebody else agree.
#[tracing::instrument(name = "usecase.instalments.propose", skip_all)]
pub(crate) async fn propose(
    db: &Db,
    caller: &Caller,
    command: ProposePlan,
    key: &IdempotencyKey,
) -> Result<PlanId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let estate = estate_of(&scope, caller, &command.bills).await?;
    drop(scope);
    let reason = checked_reason(&command.reason)?.to_owned();
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "propose_instalment_plan", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, estate).await?.ok_or(Denied::Hidden)?;
            let plan = plan(scope, &estate, &actor, (command, reason)).await?;
            repo::insert(scope, &plan).await?;
            let fact = AuditFact {
                action: "instalment_plan.proposed",
                object: plan.id.to_string(),
                estate: Some(estate.id),
                reason: Some(&plan.reason),
                detail: (plan.total(), plan.instalments.len()),
            };
            audit(scope, &actor, fact).await?;
            Ok(plan.id)
        })
    })
    .await
}

/// The estate of the bills, all of one account that the caller's right covers.
async fn estate_of(
    scope: &TenantScope,
    caller: &Caller,
    ids: &[BillId],
) -> Result<EstateId, PayError> {
    if !(1..=MAX_BILLS).contains(&ids.len()) {
        return Err(Invalid::new("billIds", expected::items(1, MAX_BILLS)).into());
    }
    let mut accounts = BTreeSet::new();
    let mut estate = None;
    for id in ids {
        let bill = bills::find(scope, *id).await?.ok_or(Denied::Hidden)?;
        let right = caller.act(PLAN_PROPOSE, BILL_READ, bill.estate)?;
        let account = accounts::find(scope, bill.account).await?.ok_or(Denied::Hidden)?;
        if !covers(&right, &account) {
            return Err(Denied::Hidden.into());
        }
        accounts.insert(account.id);
        estate = Some(bill.estate);
    }
    if accounts.len() > 1 || ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
        return Err(Invalid::new("billIds", say::bills_of_one_account()).into());
    }
    estate.ok_or_else(|| Denied::Hidden.into())
}

async fn plan(
    scope: &TenantScope,
    estate: &Estate,
    caller: &Caller,
    (command, reason): (ProposePlan, String),
) -> Result<Plan, PayError> {
    let found = bills::by_id(scope, &command.bills).await?;
    let account = found.first().map(|bill| bill.account).ok_or(Denied::Hidden)?;
    accounts::lock(scope, account).await?.ok_or(Denied::Hidden)?;
    // Read anew, now that nobody else changes what the account owes.
    let found = bills::by_id(scope, &command.bills).await?;
    if is_planned(scope, estate, &command.bills).await? {
        return Err(PayError::Conflict(say::bill_in_plan()));
    }
    let today = estate.today(scope.clock());
    let quotes = late_fees::quote(scope, estate, &found, today).await?;
    let mut spread = Vec::with_capacity(found.len());
    for bill in &found {
        let late_fee = quotes.get(&bill.id).map_or(Fen::ZERO, |quote| quote.due);
        let principal = bill.outstanding();
        if !(principal + late_fee).is_positive() {
            return Err(PayError::Conflict(say::nothing_open()));
        }
        spread.push(PlanBill { bill: bill.id, principal, late_fee });
    }
    let total: Fen = spread.iter().map(|it| it.principal + it.late_fee).sum();
    Ok(Plan {
        id: PlanId::from_uuid(scope.new_id()),
        estate: estate.id,
        account,
        currency: estate.currency,
        reason,
        state: PlanState::Proposed,
        proposed_by: caller.user(),
        proposed_at: scope.now(),
        proposed_on: today,
        decided_by: None,
        decided_at: None,
        cancelled_on: None,
        decision: None,
        instalments: schedule(total, &command.due_dates, today)?,
        bills: spread,
    })
}
