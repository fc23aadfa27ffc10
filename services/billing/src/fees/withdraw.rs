//! Giving up a price before it takes effect.

use super::{FEE_PROPOSE, FEE_READ, repo};
use crate::{
    error::{Refused, checked_reason},
    estates,
    ids::FeeStandardId,
};
use authz::{AuditFact, Caller, Denied};
use db::Db;

/// Withdraws a price that is not yet in effect; the version it had ended goes on.
#[tracing::instrument(name = "usecase.fees.withdraw", skip_all, fields(fee_standard.id = %id))]
pub(crate) async fn withdraw(
    db: &Db,
    caller: &Caller,
    id: FeeStandardId,
    reason: &str,
) -> Result<repo::StoredStandard, Refused> {
    let reason = checked_reason(reason)?;
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find_standard(&scope, id).await?.ok_or(Denied::Hidden)?;
    let estate = caller.act(FEE_PROPOSE, FEE_READ, found.estate)?.estate();
    repo::lock_item(&scope, found.standard.terms.item).await?.ok_or(Denied::Hidden)?;
    let mut found = repo::find_standard(&scope, id).await?.ok_or(Denied::Hidden)?;
    let zone = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let others = repo::standards_of(&scope, found.standard.terms.item).await?;
    let withdrawal = found.standard.withdraw(zone.today(scope.clock()), &others)?;
    for standard in withdrawal.reopened.iter().chain([&withdrawal.withdrawn]) {
        repo::save_standard(&scope, standard).await?;
    }
    let fact = AuditFact {
        action: "fee_standard.withdrawn",
        object: id.to_string(),
        estate: Some(estate),
        reason: Some(reason),
        detail: (),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    found.standard = withdrawal.withdrawn;
    Ok(found)
}
