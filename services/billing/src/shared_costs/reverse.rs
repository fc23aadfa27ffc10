//! Reversing a charged cost: all of its bills are voided, or none.

use super::{SHARED_COST_APPROVE, SHARED_COST_READ, domain::SharedCostState, repo};
use crate::{
    accounts, bills,
    error::{Refused, checked_reason},
    estates,
    ids::SharedCostId,
    say,
};
use authz::{AuditFact, Caller, Denied, keyed};
use db::{Db, IdempotencyKey};

/// Voids every bill of a cost that stands; what payments have met must be refunded first.
#[tracing::instrument(name = "usecase.shared_costs.reverse", skip_all, fields(shared_cost.id = %id))]
pub(crate) async fn reverse(
    db: &Db,
    caller: &Caller,
    (id, reason): (SharedCostId, String),
    key: &IdempotencyKey,
) -> Result<SharedCostId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let found = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let permit = caller.act(SHARED_COST_APPROVE, SHARED_COST_READ, found.estate)?;
    drop(scope);
    let reason = checked_reason(&reason)?.to_owned();
    let (actor, input) = (caller.clone(), (id, reason.clone()));
    keyed(db, caller, "reverse_shared_cost", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::lock(scope, permit.estate()).await?.ok_or(Denied::Hidden)?;
            let mut cost = repo::lock(scope, id).await?.ok_or(Denied::Hidden)?;
            if cost.state != SharedCostState::Charged {
                return Err(Refused::Conflict(say::shared_cost_not_charged()));
            }
            permit.covers(cost.total)?;
            for bill in repo::bills(scope, id).await? {
                let found = bills::find(scope, bill).await?.ok_or(Denied::Hidden)?;
                // Whoever pays holds the account: the bill is read anew once nobody does.
                accounts::lock(scope, found.account).await?.ok_or(Denied::Hidden)?;
                let found = bills::find(scope, bill).await?.ok_or(Denied::Hidden)?;
                if found.voided_on.is_none() {
                    bills::undo(scope, &actor, &estate, &found, &reason).await?;
                }
            }
            cost.state = SharedCostState::Reversed;
            cost.reason = Some(reason);
            repo::save(scope, &cost).await?;
            let fact = AuditFact {
                action: "shared_cost.reversed",
                object: id.to_string(),
                estate: Some(estate.id),
                reason: cost.reason.as_deref(),
                detail: serde_json::json!({ "total": cost.total }),
            };
            authz::audit(scope, &actor, fact).await?;
            Ok(id)
        })
    })
    .await
}
