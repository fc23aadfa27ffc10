//! Approving a price that somebody else proposed.

use super::{FEE_APPROVE, FEE_READ, repo};
use crate::{error::Refused, estates, ids::FeeStandardId};
use authz::{AuditFact, Caller, Denied};
use db::Db;

/// Approves and publishes a price and ends the versions it follows.
#[tracing::instrument(name = "usecase.fees.approve", skip_all, fields(fee_standard.id = %id))]
pub(crate) async fn approve(
    db: &Db,
    caller: &Caller,
    id: FeeStandardId,
) -> Result<repo::StoredStandard, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find_standard(&scope, id).await?.ok_or(Denied::Hidden)?;
    let estate = caller.act(FEE_APPROVE, FEE_READ, found.estate)?.estate();
    // Held before the standards are read, so that two approvals of one item do not cross.
    repo::lock_item(&scope, found.standard.terms.item).await?.ok_or(Denied::Hidden)?;
    let mut found = repo::find_standard(&scope, id).await?.ok_or(Denied::Hidden)?;
    let zone = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let others = repo::standards_of(&scope, found.standard.terms.item).await?;
    let today = zone.today(scope.clock());
    let approval = found.standard.approve(caller.user(), today, &others)?;
    for standard in approval.ended.iter().chain([&approval.approved]) {
        repo::save_standard(&scope, standard).await?;
    }
    let fact = AuditFact {
        action: "fee_standard.approved",
        object: id.to_string(),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({ "proposed_by": approval.approved.proposed_by }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    found.standard = approval.approved;
    Ok(found)
}
