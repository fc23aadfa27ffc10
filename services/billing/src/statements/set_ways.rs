//! Naming the ways to pay in an estate.

use super::{
    domain::{Way, checked},
    repo,
};
use crate::{accounts::TERMS_MANAGE, error::Refused, estates, fees::FEE_READ};
use authz::{AuditFact, Caller, Denied};
use db::Db;
use ids::EstateId;

/// Replaces what the estate says about paying; residents read it on their statements.
#[tracing::instrument(name = "usecase.statements.set_ways", skip_all, fields(estate.id = %estate))]
pub(crate) async fn set_ways(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    ways: Vec<Way>,
) -> Result<Vec<Way>, Refused> {
    let estate = caller.act(TERMS_MANAGE, FEE_READ, estate)?.estate();
    let ways = checked(ways)?;
    let scope = db.write(caller.tenant()).await?;
    estates::lock(&scope, estate).await?.ok_or(Denied::Hidden)?;
    repo::replace_ways(&scope, estate, &ways).await?;
    let fact = AuditFact {
        action: "payment_ways.set",
        object: estate.to_string(),
        estate: Some(estate),
        reason: None,
        detail: &ways,
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(ways)
}
