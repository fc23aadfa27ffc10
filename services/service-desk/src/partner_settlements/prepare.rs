//! Preparing a partner's month.

use super::{
    PartnerId, SETTLEMENT_PREPARE, SETTLEMENT_READ, SettlementId,
    domain::{Line, Settlement, SettlementState, Sums},
    repo, say,
};
use crate::{
    Refused, homes,
    month::Month,
    say as shared,
    special_services::orders::{self, domain::Order},
};
use authz::{AuditFact, Caller, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use serde::Serialize;

/// Settle a partner's month like `2026-07`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Prepare {
    pub partner: PartnerId,
    pub month: String,
}

/// Takes every order of the partner that is done and was paid by the end of the month and every
/// claim by then, as far as no settlement has them. Preparing a month again answers the settlement
/// that there is.
#[tracing::instrument(name = "usecase.partner_settlements.prepare", skip_all)]
pub(super) async fn prepare(
    db: &Db,
    caller: &Caller,
    command: Prepare,
    key: &IdempotencyKey,
) -> Result<SettlementId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let partner = repo::find_partner(&scope, command.partner).await?;
    let partner = partner.ok_or_else(Refused::not_found)?;
    drop(scope);
    caller.act(SETTLEMENT_PREPARE, SETTLEMENT_READ, partner.estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "prepare_partner_settlement", key, &input, move |scope| {
        Box::pin(async move { prepared(scope, &actor, command).await })
    })
    .await
}

async fn prepared(
    scope: &TenantScope,
    caller: &Caller,
    command: Prepare,
) -> Result<SettlementId, Refused> {
    let month = Month::read("month", &command.month)?;
    let (first, last) = (month.first(), month.last());
    // Whoever settles the same partner at the same time waits here.
    let partner = repo::lock_partner(scope, command.partner).await?;
    let partner = partner.ok_or_else(Refused::not_found)?;
    if let Some(there) = repo::of_month(scope, partner.id, first).await? {
        return Ok(there);
    }
    let estate = homes::estate(scope, partner.estate).await?;
    if estate.today(scope) <= last {
        return Err(Refused::invalid("month", shared::month_not_over()));
    }
    let orders = orders::repo::lock_unsettled(scope, partner.id, last).await?;
    let claims = repo::lock_open_claims(scope, partner.id, last).await?;
    let mut lines: Vec<Line> = orders.iter().filter_map(line).collect();
    lines.extend(claims.iter().map(Line::of_claim));
    if lines.is_empty() {
        return Err(Refused::Conflict(say::nothing_to_settle()));
    }
    let settlement = Settlement {
        id: SettlementId::from_uuid(scope.new_id()),
        estate: partner.estate,
        partner: partner.id,
        month: first,
        state: SettlementState::Prepared,
        version: 1,
        sums: Sums::of(&lines),
        prepared_by: caller.user(),
        prepared_at: scope.now(),
        decided: None,
        decision: None,
    };
    repo::insert(scope, &settlement, &lines).await?;
    let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
    orders::repo::settle(scope, &ids, Some(settlement.id)).await?;
    let ids: Vec<_> = claims.iter().map(|claim| claim.id).collect();
    repo::settle_claims(scope, &ids, Some(settlement.id)).await?;
    let fact = AuditFact {
        action: "partner_settlement.prepared",
        object: settlement.id.to_string(),
        estate: Some(settlement.estate),
        reason: None,
        detail: (settlement.month, settlement.sums.orders, settlement.sums.net()),
    };
    audit(scope, caller, fact).await?;
    Ok(settlement.id)
}

/// The share of an order by the terms it was quoted with.
fn line(order: &Order) -> Option<Line> {
    let (_, terms) = order.details.terms.as_ref()?;
    Some(Line::of_order(order.id, order.labour(), terms.partner_share))
}
