//! Proposing a shared cost.

use super::{
    SHARED_COST_PROPOSE, SHARED_COST_READ,
    domain::{SharedCost, SharedCostState},
    repo,
};
use crate::{
    charges::SharedBy,
    error::Refused,
    estates,
    fees::{self, FeeKind, Scope},
    ids::{BuildingId, FeeItemId, SharedCostId},
    meters::domain::MeterKind,
    say,
};
use authz::{AuditFact, Caller, Denied, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey};
use errors::{Invalid, expected};
use ids::EstateId;
use money::Fen;

/// A shared cost to propose.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct NewCost {
    pub(crate) estate: EstateId,
    pub(crate) item: FeeItemId,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
    pub(crate) total: Fen,
    pub(crate) by: SharedBy,
    pub(crate) kind: Option<MeterKind>,
    pub(crate) building: Option<BuildingId>,
    pub(crate) supplier_ref: String,
    pub(crate) description: String,
}

impl NewCost {
    fn checked(mut self) -> Result<Self, Invalid> {
        self.supplier_ref = self.supplier_ref.trim().to_owned();
        self.description = self.description.trim().to_owned();
        if !(1..=60).contains(&self.supplier_ref.chars().count()) {
            return Err(Invalid::new("supplierRef", expected::length(1, 60)));
        }
        if !(1..=200).contains(&self.description.chars().count()) {
            return Err(Invalid::new("description", expected::length(1, 200)));
        }
        if !self.total.is_positive() || self.total.0 > 100_000_000_000 {
            return Err(Invalid::new("total", say::at_most(Fen(100_000_000_000))));
        }
        if self.to < self.from {
            return Err(Invalid::new("to", expected::not_before("from")));
        }
        if (self.to - self.from).num_days() > 366 {
            return Err(Invalid::new("to", say::a_year_at_most()));
        }
        if (self.by == SharedBy::Usage) != self.kind.is_some() {
            return Err(Invalid::new("meterKind", say::kind_for_usage()));
        }
        Ok(self)
    }
}

/// Writes a shared cost down for another person's approval.
#[tracing::instrument(name = "usecase.shared_costs.propose", skip_all, fields(estate.id = %new.estate))]
pub(crate) async fn propose(
    db: &Db,
    caller: &Caller,
    new: NewCost,
    key: &IdempotencyKey,
) -> Result<SharedCostId, Refused> {
    let permit = caller.act(SHARED_COST_PROPOSE, SHARED_COST_READ, new.estate)?;
    let (actor, input) = (caller.clone(), new.clone());
    keyed(db, caller, "propose_shared_cost", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, permit.estate()).await?.ok_or(Denied::Hidden)?;
            let item = fees::find_item(scope, new.item).await?.ok_or(Denied::Hidden)?;
            let place = Scope { building: new.building, ..Scope::default() };
            let here = fees::repo::is_in_estate(scope, estate.id, &place).await?;
            if item.estate != estate.id || !here {
                return Err(Denied::Hidden.into());
            }
            if item.kind == FeeKind::LateFee {
                return Err(Invalid::new("feeItemId", say::late_fee_not_by_hand()).into());
            }
            let new = new.checked()?;
            let cost = SharedCost {
                id: SharedCostId::from_uuid(scope.new_id()),
                estate: estate.id,
                item: item.id,
                from: new.from,
                to: new.to,
                total: new.total,
                by: new.by,
                kind: new.kind,
                building: new.building,
                supplier_ref: new.supplier_ref,
                description: new.description,
                state: SharedCostState::Proposed,
                proposed_by: actor.user(),
                proposed_at: scope.now(),
                decided_by: None,
                decided_at: None,
                reason: None,
            };
            repo::insert(scope, &cost).await?;
            let fact = AuditFact {
                action: "shared_cost.proposed",
                object: cost.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: serde_json::json!({ "total": cost.total, "by": cost.by,
                    "supplier_ref": cost.supplier_ref }),
            };
            authz::audit(scope, &actor, fact).await?;
            Ok(cost.id)
        })
    })
    .await
}
