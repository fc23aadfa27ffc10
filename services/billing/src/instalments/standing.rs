//! How plans stand after what was paid.

use super::{
    domain::{Plan, PlanStatus, Standing},
    repo,
};
use crate::{
    bills::{self, Settlement},
    estates::Estate,
    ids::{BillId, BillingAccountId, PlanId},
    late_fees::Pause,
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use money::Fen;
use std::collections::{BTreeSet, HashMap};

/// What the bills of plans got.
pub(super) struct Paid(HashMap<BillId, Vec<Settlement>>);

impl Paid {
    /// Of all of some plans, in one statement.
    pub(super) async fn of(scope: &TenantScope, plans: &[Plan]) -> Result<Self, StorageError> {
        let bills: BTreeSet<BillId> =
            plans.iter().flat_map(|plan| plan.bills.iter().map(|it| it.bill)).collect();
        if bills.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        Ok(Self(bills::history(scope, bills).await?))
    }

    /// What the bills of one plan got since it was proposed, principal and late fee, by day.
    fn since(&self, plan: &Plan, estate: &Estate) -> Vec<(NaiveDate, Fen)> {
        let all = plan.bills.iter().filter_map(|it| self.0.get(&it.bill)).flatten();
        all.filter(|it| it.at > plan.proposed_at)
            .map(|it| (estate.day_of(it.at), it.amount))
            .collect()
    }

    /// How a plan stands on a day.
    pub(super) fn standing(&self, plan: &Plan, estate: &Estate, on: NaiveDate) -> Standing {
        plan.standing(&self.since(plan, estate), on)
    }
}

/// The days on which the late fees of bills rest because of plans.
pub(crate) async fn pauses(
    scope: &TenantScope,
    estate: &Estate,
    bills: &[BillId],
    on: NaiveDate,
) -> Result<HashMap<BillId, Vec<Pause>>, StorageError> {
    let plans = repo::of_bills(scope, bills).await?;
    let paid = Paid::of(scope, &plans).await?;
    let mut found: HashMap<BillId, Vec<Pause>> = HashMap::new();
    for plan in &plans {
        if let Some(pause) = plan.pause(&paid.since(plan, estate), on) {
            for it in &plan.bills {
                found.entry(it.bill).or_default().push(pause);
            }
        }
    }
    Ok(found)
}

/// The bills of some accounts that are under a plan which is kept on a day: nobody demands them
/// meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn kept_plans(
    scope: &TenantScope,
    estate: &Estate,
    accounts: &[BillingAccountId],
    on: NaiveDate,
) -> Result<HashMap<BillId, PlanId>, StorageError> {
    let plans = repo::of_accounts(scope, accounts).await?;
    let paid = Paid::of(scope, &plans).await?;
    let kept = plans.iter().filter(|plan| {
        let status = paid.standing(plan, estate, on).status;
        matches!(status, PlanStatus::Agreed | PlanStatus::Kept)
    });
    Ok(kept.flat_map(|plan| plan.bills.iter().map(|it| (it.bill, plan.id))).collect())
}

/// Whether one of these bills is in a plan that is proposed, or agreed and not over.
pub(crate) async fn is_planned(
    scope: &TenantScope,
    estate: &Estate,
    bills: &[BillId],
) -> Result<bool, StorageError> {
    let plans = repo::of_bills(scope, bills).await?;
    let paid = Paid::of(scope, &plans).await?;
    let today = estate.today(scope.clock());
    let stands = |plan: &Plan| {
        let status = paid.standing(plan, estate, today).status;
        matches!(status, PlanStatus::Proposed | PlanStatus::Agreed)
    };
    Ok(plans.iter().any(stands))
}
