//! Registering an estate.

use super::{ESTATE_MANAGE, Estate, EstateData, events, repo};
use crate::{
    app::{Identity, Outcome},
    check,
};
use authz::{AuditFact, Caller, audit};
use db::TenantScope;
use errors::{Invalid, expected};
use ids::EstateId;

/// Registers an estate in the caller's company.
#[tracing::instrument(name = "usecase.estates.create", skip_all)]
pub async fn create(
    identity: &Identity,
    caller: &Caller,
    code: &str,
    data: EstateData,
) -> Outcome<Estate> {
    caller.act_company(ESTATE_MANAGE)?;
    let scope = identity.db.write(caller.tenant()).await?;
    let estate = insert(&scope, code, data).await?;
    let fact = AuditFact {
        action: "estate.created",
        object: estate.id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: serde_json::json!({ "code": estate.code, "name": estate.data.name }),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(estate)
}

/// Checks, keeps and tells a new estate, in the transaction.
pub async fn insert(scope: &TenantScope, code: &str, data: EstateData) -> Outcome<Estate> {
    let id = EstateId::from_uuid(scope.new_id());
    let estate = Estate { id, code: check::code(code)?, data: data.checked()? };
    match repo::insert(scope, estate.clone()).await {
        Err(error) if error.is_unique_violation() => {
            return Err(Invalid::new("code", expected::unused()).into());
        }
        other => other?,
    }
    events::tell(scope, &estate).await?;
    Ok(estate)
}
