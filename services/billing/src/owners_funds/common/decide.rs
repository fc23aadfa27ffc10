//! The second person: approving or rejecting an item.

use super::{
    COMMON_APPROVE, COMMON_READ,
    domain::{CommonItem, Direction, ItemState},
    repo,
};
use crate::{
    error::{Refused, checked_reason},
    estates::{self, Estate},
    ids::{CommonItemId, EntryId},
    ledger::{self, Account, Posting},
    say,
};
use authz::{AuditFact, Caller, Denied, EstateScope, keyed};
use db::{Db, IdempotencyKey, StorageError, TenantScope};

/// Decide this item.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Decide {
    pub(crate) item: CommonItemId,
    /// `None` approves, a reason rejects.
    pub(crate) reject: Option<String>,
}

/// Approves an item, which posts it dated today, or rejects it.
#[tracing::instrument(name = "usecase.common_income.decide", skip_all, fields(item.id = %command.item))]
pub(crate) async fn decide(
    db: &Db,
    caller: &Caller,
    command: Decide,
    key: &IdempotencyKey,
) -> Result<CommonItem, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let found = repo::find(&scope, command.item).await?.ok_or(Denied::Hidden)?;
    drop(scope);
    let permit = caller.act(COMMON_APPROVE, COMMON_READ, found.estate)?;
    let (actor, input, id) = (caller.clone(), command.clone(), command.item);
    keyed(db, caller, "decide_common_item", key, &input, move |scope| {
        Box::pin(async move { decided(scope, (&actor, &permit), &command).await })
    })
    .await?;
    let scope = db.read(caller.tenant()).await?;
    Ok(repo::find(&scope, id).await?.ok_or(Denied::Hidden)?)
}

async fn decided(
    scope: &TenantScope,
    (caller, permit): (&Caller, &EstateScope),
    command: &Decide,
) -> Result<(), Refused> {
    // One at a time: two costs together do not take more than there is.
    let estate = estates::lock(scope, permit.estate()).await?.ok_or(Denied::Hidden)?;
    let mut item = repo::find(scope, command.item).await?.ok_or(Denied::Hidden)?;
    item.may_be_decided(caller.user())?;
    permit.covers(item.amount)?;
    item.decided = Some((caller.user(), scope.now()));
    if let Some(reason) = &command.reject {
        item.decision = Some(checked_reason(reason)?.to_owned());
        item.state = ItemState::Rejected;
    } else {
        item.entry = Some(post(scope, &estate, &item).await?);
        item.state = ItemState::Approved;
    }
    repo::save(scope, &item).await?;
    let approved = item.state == ItemState::Approved;
    let fact = AuditFact {
        action: if approved { "common_item.approved" } else { "common_item.rejected" },
        object: item.id.to_string(),
        estate: Some(item.estate),
        reason: item.decision.as_deref(),
        detail: serde_json::json!({ "direction": item.direction, "amount": item.amount }),
    };
    Ok(authz::audit(scope, caller, fact).await?)
}

async fn post(scope: &TenantScope, estate: &Estate, item: &CommonItem) -> Result<EntryId, Refused> {
    if item.direction == Direction::Cost {
        let balance = -ledger::balance(scope, estate.id, Account::CommonIncome).await?;
        if item.amount > balance {
            return Err(Refused::Conflict(say::more_than_common_income(balance)));
        }
    }
    let entry = item.posting(estate.currency);
    let posting = Posting {
        estate: estate.id,
        entry: entry.map_err(|error| StorageError::unreadable(error.to_string()))?,
        date: estate.today(scope.clock()),
        source: item.id.to_string(),
        memo: item.source.clone(),
    };
    Ok(ledger::post(scope, posting).await?)
}
