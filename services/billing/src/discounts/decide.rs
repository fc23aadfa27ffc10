//! Approving a discount that somebody else proposed, and ending one.

use super::{DISCOUNT_APPROVE, DISCOUNT_READ, domain::Discount, repo};
use crate::{
    error::{Refused, checked_reason},
    estates,
    ids::DiscountId,
};
use authz::{AuditFact, Caller, Denied};
use db::Db;

/// Approves a discount, or gives it up or ends it with the day when a reason is given.
#[tracing::instrument(name = "usecase.discounts.decide", skip_all, fields(discount.id = %id))]
pub(crate) async fn decide(
    db: &Db,
    caller: &Caller,
    id: DiscountId,
    end_because: Option<String>,
) -> Result<Discount, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let estate = caller.act(DISCOUNT_APPROVE, DISCOUNT_READ, found.estate)?.estate();
    let reason = end_because.as_deref().map(checked_reason).transpose()?;
    let found = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    let today = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?.today(scope.clock());
    let changed = match reason {
        None => found.approve(caller.user(), today)?,
        Some(_) => found.end(today)?,
    };
    repo::save(&scope, &changed).await?;
    let fact = AuditFact {
        action: if reason.is_some() { "discount.ended" } else { "discount.approved" },
        object: id.to_string(),
        estate: Some(estate),
        reason,
        detail: serde_json::json!({ "last_day": changed.last_day() }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(changed)
}
