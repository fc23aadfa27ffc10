//! Recording an item of common income or cost.

use super::{
    COMMON_READ, COMMON_RECORD,
    domain::{CommonItem, Direction, ItemState},
    repo,
};
use crate::{error::Refused, estates, ids::CommonItemId};
use authz::{AuditFact, Caller, Denied, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use money::Fen;

/// Record this.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Record {
    pub(crate) estate: EstateId,
    pub(crate) direction: Direction,
    pub(crate) source: String,
    pub(crate) amount: Fen,
    pub(crate) document: String,
}

/// Records an item; it is in the books once somebody else approves it.
#[tracing::instrument(name = "usecase.common_income.record", skip_all, fields(estate.id = %command.estate))]
pub(crate) async fn record(
    db: &Db,
    caller: &Caller,
    command: Record,
    key: &IdempotencyKey,
) -> Result<CommonItem, Refused> {
    let scope = db.read(caller.tenant()).await?;
    estates::find(&scope, command.estate).await?.ok_or(Denied::Hidden)?;
    drop(scope);
    caller.act(COMMON_RECORD, COMMON_READ, command.estate)?;
    if !command.amount.is_positive() {
        return Err(Invalid::new("amount", expected::above_zero()).into());
    }
    let (actor, input) = (caller.clone(), command.clone());
    let id = keyed(db, caller, "record_common_item", key, &input, move |scope| {
        Box::pin(async move { recorded(scope, &actor, &command).await })
    })
    .await?;
    let scope = db.read(caller.tenant()).await?;
    Ok(repo::find(&scope, id).await?.ok_or(Denied::Hidden)?)
}

async fn recorded(
    scope: &TenantScope,
    caller: &Caller,
    command: &Record,
) -> Result<CommonItemId, Refused> {
    let item = CommonItem {
        id: CommonItemId::from_uuid(scope.new_id()),
        estate: command.estate,
        direction: command.direction,
        source: text("source", &command.source, 100)?,
        amount: command.amount,
        document: text("document", &command.document, 200)?,
        state: ItemState::Recorded,
        recorded: (caller.user(), scope.now()),
        decided: None,
        decision: None,
        entry: None,
    };
    repo::insert(scope, &item).await?;
    let fact = AuditFact {
        action: "common_item.recorded",
        object: item.id.to_string(),
        estate: Some(item.estate),
        reason: Some(&item.source),
        detail: serde_json::json!({ "direction": item.direction, "amount": item.amount }),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(item.id)
}

/// A text of 1 to `most` characters.
pub(in crate::owners_funds) fn text(
    field: &str,
    given: &str,
    most: usize,
) -> Result<String, Invalid> {
    let given = given.trim();
    if (1..=most).contains(&given.chars().count()) {
        Ok(given.to_owned())
    } else {
        Err(Invalid::new(field, expected::length(1, most)))
    }
}
