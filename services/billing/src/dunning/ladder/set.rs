//! Setting an estate's ladder.

use super::{Ladder, Versioned, repo};
use crate::{
    dunning::{DUNNING_POLICY_MANAGE, DUNNING_POLICY_READ},
    error::Refused,
    estates,
};
use authz::{AuditFact, Caller, Denied, audit};
use db::Db;
use ids::EstateId;

/// Sets a new version of an estate's ladder; cases that are open go on with theirs.
#[tracing::instrument(name = "usecase.dunning.set_ladder", skip_all, fields(estate.id = %estate))]
pub(crate) async fn set(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    ladder: Ladder,
) -> Result<Versioned, Refused> {
    let estate = caller.act(DUNNING_POLICY_MANAGE, DUNNING_POLICY_READ, estate)?.estate();
    let ladder = ladder.checked()?;
    let scope = db.write(caller.tenant()).await?;
    estates::lock(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let before = repo::in_force(&scope, estate).await?;
    if before.ladder == ladder && before.version > 0 {
        return Ok(before);
    }
    let version = before.version + 1;
    let id = repo::insert(&scope, estate, version, &ladder, caller.user()).await?;
    let fact = AuditFact {
        action: "dunning_ladder.set",
        object: id.to_string(),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({ "version": version, "ladder": &ladder }),
    };
    audit(&scope, caller, fact).await?;
    let set = repo::in_force(&scope, estate).await?;
    scope.commit().await?;
    Ok(set)
}
