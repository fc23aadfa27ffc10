//! The second person: approving or rejecting a settlement.

use super::{
    SETTLEMENT_APPROVE, SETTLEMENT_READ, SettlementId,
    domain::{Line, SettlementState},
    repo, say,
};
use crate::{Refused, say as shared, special_services::orders};
use authz::{AuditFact, Caller, audit, keyed};
use db::{Db, IdempotencyKey};
use errors::input;
use serde::Serialize;

/// Decide this settlement.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Decide {
    pub settlement: SettlementId,
    pub expected_version: i32,
    /// Why it is rejected; `None` approves it.
    pub rejected: Option<String>,
}

/// Approves a settlement, or rejects it so that its orders and claims can be settled anew.
#[tracing::instrument(name = "usecase.partner_settlements.decide", skip_all)]
pub(super) async fn decide(
    db: &Db,
    caller: &Caller,
    command: Decide,
    key: &IdempotencyKey,
) -> Result<SettlementId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let found = repo::find(&scope, command.settlement).await?.ok_or_else(Refused::not_found)?;
    drop(scope);
    caller.act(SETTLEMENT_APPROVE, SETTLEMENT_READ, found.estate)?;
    let action = match command.rejected {
        None => "partner_settlement.approved",
        Some(_) => "partner_settlement.rejected",
    };
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, action, key, &input, move |scope| {
        Box::pin(async move {
            let found = repo::lock(scope, command.settlement).await?;
            let mut settlement = found.ok_or_else(Refused::not_found)?;
            settlement.may_be_decided_by(actor.user())?;
            if settlement.version != command.expected_version {
                return Err(Refused::Conflict(shared::changed_meanwhile()));
            }
            if settlement.state != SettlementState::Prepared {
                return Err(Refused::Conflict(say::already_decided()));
            }
            let reason = command.rejected.as_deref();
            let reason = reason.map(|it| input::lines("reason", it, 500)).transpose()?;
            settlement.state = match reason {
                None => SettlementState::Approved,
                Some(_) => SettlementState::Rejected,
            };
            if reason.is_some() {
                let lines = repo::lines(scope, settlement.id, None, u64::MAX >> 1).await?;
                release(scope, &lines).await?;
            }
            settlement.decided = Some((actor.user(), scope.now()));
            settlement.decision.clone_from(&reason);
            if !repo::save(scope, &settlement).await? {
                return Err(Refused::Conflict(shared::changed_meanwhile()));
            }
            let fact = AuditFact {
                action,
                object: settlement.id.to_string(),
                estate: Some(settlement.estate),
                reason: reason.as_deref(),
                detail: settlement.sums.net(),
            };
            audit(scope, &actor, fact).await?;
            Ok(settlement.id)
        })
    })
    .await
}

/// Orders and claims of a rejected settlement are in none any more.
async fn release(scope: &db::TenantScope, lines: &[(i32, Line)]) -> Result<(), Refused> {
    let of_orders = lines.iter().filter(|(_, line)| line.claim.is_none());
    let ids: Vec<_> = of_orders.map(|(_, line)| line.order).collect();
    orders::repo::settle(scope, &ids, None).await?;
    let claims: Vec<_> = lines.iter().filter_map(|(_, line)| line.claim).collect();
    Ok(repo::settle_claims(scope, &claims, None).await?)
}
