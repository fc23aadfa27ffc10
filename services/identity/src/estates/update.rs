//! Changing an estate's master data.

use super::{ESTATE_MANAGE, ESTATE_READ, Estate, EstateData, events, repo};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
};
use authz::{AuditFact, Caller, audit};
use ids::EstateId;

/// Writes the master data, whole; the code stays.
#[tracing::instrument(name = "usecase.estates.update", skip_all, fields(estate.id = %id))]
pub async fn update(
    identity: &Identity,
    caller: &Caller,
    id: EstateId,
    data: EstateData,
) -> Outcome<Estate> {
    let leave = caller.act(ESTATE_MANAGE, ESTATE_READ, id)?;
    let scope = identity.db.write(caller.tenant()).await?;
    let estate = repo::update(&scope, &leave, data.checked()?).await?;
    let estate = estate.ok_or_else(IdentityError::hidden)?;
    let fact = AuditFact {
        action: "estate.updated",
        object: id.to_string(),
        estate: Some(id),
        reason: None,
        detail: serde_json::json!({ "name": estate.data.name, "address": estate.data.address }),
    };
    audit(&scope, caller, fact).await?;
    events::tell(&scope, &estate).await?;
    scope.commit().await?;
    Ok(estate)
}
