//! The second person: approving a shared cost, which charges it, or rejecting it.

use super::{
    SHARED_COST_APPROVE, SHARED_COST_READ,
    domain::{SharedCost, SharedCostState},
    plan::{self, Part},
    repo,
};
use crate::{
    accounts::{self, BillingAccount, Debtor},
    bills::{self, NewBill, NewLine},
    charges::{Arithmetic, BillingMonth},
    error::{Refused, checked_reason},
    estates::{self, Estate},
    fees,
    ids::SharedCostId,
    ledger::Account,
    say,
};
use authz::{AuditFact, Caller, Denied, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use money::Fen;
use std::collections::{BTreeMap, HashMap};

/// Approves a shared cost, which issues its bills, or rejects it when a reason is given.
#[tracing::instrument(name = "usecase.shared_costs.decide", skip_all, fields(shared_cost.id = %id))]
pub(crate) async fn decide(
    db: &Db,
    caller: &Caller,
    (id, reject_because): (SharedCostId, Option<String>),
    key: &IdempotencyKey,
) -> Result<SharedCostId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let found = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let permit = caller.act(SHARED_COST_APPROVE, SHARED_COST_READ, found.estate)?;
    drop(scope);
    let reason = reject_because.as_deref().map(checked_reason).transpose()?.map(str::to_owned);
    let (actor, input) = (caller.clone(), (id, reason.clone()));
    let operation = if reason.is_some() { "reject_shared_cost" } else { "approve_shared_cost" };
    keyed(db, caller, operation, key, &input, move |scope| {
        Box::pin(async move {
            // Held until the bills are kept: a run and a shared cost take turns.
            let estate = estates::lock(scope, permit.estate()).await?.ok_or(Denied::Hidden)?;
            let mut cost = repo::lock(scope, id).await?.ok_or(Denied::Hidden)?;
            if cost.state != SharedCostState::Proposed {
                return Err(Refused::Conflict(say::shared_cost_decided()));
            }
            if cost.proposed_by == actor.user() {
                return Err(Denied::SamePerson(say::another_must_approve()).into());
            }
            permit.covers(cost.total)?;
            (cost.decided_by, cost.decided_at) = (Some(actor.user()), Some(scope.now()));
            cost.reason = reason;
            let rejected = cost.reason.is_some();
            cost.state =
                if rejected { SharedCostState::Rejected } else { SharedCostState::Charged };
            let charged = if rejected { Fen::ZERO } else { issue(scope, &estate, &cost).await? };
            repo::save(scope, &cost).await?;
            let fact = AuditFact {
                action: if rejected { "shared_cost.rejected" } else { "shared_cost.charged" },
                object: id.to_string(),
                estate: Some(estate.id),
                reason: cost.reason.as_deref(),
                detail: serde_json::json!({ "total": cost.total, "charged": charged }),
            };
            authz::audit(scope, &actor, fact).await?;
            Ok(id)
        })
    })
    .await
}

/// Issues a bill to everybody who owes a part; answers how much is charged.
async fn issue(scope: &TenantScope, estate: &Estate, cost: &SharedCost) -> Result<Fen, Refused> {
    let parts = plan::parts(scope, cost).await?;
    let item = fees::find_item(scope, cost.item).await?.ok_or(Denied::Hidden)?;
    if !parts.iter().any(|part| part.weight > 0) {
        return Err(Refused::Conflict(say::nothing_to_share_by()));
    }
    let lines = lines(cost, &parts, item.income_account())?;
    let mut accounts = accounts::of_debtors(scope, estate.id, lines.keys().copied()).await?;
    let payers = parts.iter().flat_map(|part| {
        part.site.payers.iter().map(|payer| (payer.debtor, payer.name.clone(), part.site.building))
    });
    let new: HashMap<_, _> = payers
        .filter(|(debtor, ..)| lines.contains_key(debtor) && !accounts.contains_key(debtor))
        .map(|(debtor, name, building)| (debtor, (name, building)))
        .collect();
    accounts.extend(accounts::open(scope, estate.id, &new).await?);
    let made = lines.into_iter().filter_map(|(debtor, lines)| {
        let account: &BillingAccount = accounts.get(&debtor)?;
        Some(bill(scope, (estate, account), lines))
    });
    let made: Vec<NewBill> = made.collect();
    let charged = made.iter().map(NewBill::total).sum();
    let owing: Vec<_> = made.iter().map(|bill| bill.account).collect();
    let issued = bills::issue(scope, made).await?;
    repo::keep_bills(scope, cost.id, &issued).await?;
    let today = estate.today(scope.clock());
    bills::apply_prepayments(scope, estate, &owing, today).await?;
    Ok(charged)
}

type Lines = BTreeMap<Debtor, Vec<(NewLine, Account)>>;

fn lines(cost: &SharedCost, parts: &[Part], income: Account) -> Result<Lines, Refused> {
    let month = BillingMonth::of(cost.to)?;
    let of_weight = parts.iter().map(|part| part.weight).sum();
    let mut lines: Lines = BTreeMap::new();
    for part in parts {
        for share in part.shares.iter().filter(|share| share.amount.is_positive()) {
            let payer = &part.site.payers[share.payer];
            let explanation = part.explanation(cost, of_weight, share);
            let line = NewLine {
                item: cost.item,
                source: format!("shared/{}/{}", cost.id, part.site.name),
                standard: None,
                payer: payer.kind,
                month,
                from: share.from,
                to: share.to,
                amount: share.amount,
                explanation: Some(Arithmetic::Shared(explanation)),
                description: Some(cost.description.clone()),
            };
            lines.entry(payer.debtor).or_default().push((line, income));
        }
    }
    Ok(lines)
}

fn bill(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    lines: Vec<(NewLine, Account)>,
) -> NewBill {
    let today = estate.today(scope.clock());
    let terms = account.terms.unwrap_or(estate.terms);
    let due = BillingMonth::of(today).map_or(today, |month| terms.due.due_date(month, today));
    NewBill {
        estate: estate.id,
        account: account.id,
        unit: account.debtor.unit,
        building: account.building,
        run: None,
        replaces: None,
        issued_on: today,
        due,
        currency: estate.currency,
        lines,
    }
}
