//! Taking a role back.

use super::{
    GrantId, ROLE_MANAGE,
    repo::{Grants, StoredGrant},
};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    policy, say,
};
use authz::{AuditFact, Caller, audit};
use db::TenantScope;

/// Takes it back; every service refuses within a second.
#[tracing::instrument(name = "usecase.roles.revoke", skip_all, fields(grant.id = %id))]
pub async fn revoke(identity: &Identity, caller: &Caller, id: GrantId) -> Outcome<StoredGrant> {
    caller.act_company(ROLE_MANAGE)?;
    let scope = identity.db.write(caller.tenant()).await?;
    let grants = Grants(&scope);
    let grant = grants.by_id(id).await?.ok_or_else(IdentityError::hidden)?;
    keep_an_administrator(&scope, |other| other.id == id).await?;
    grants.delete(id).await?;
    let fact = AuditFact {
        action: "role.revoked",
        object: grant.user.to_string(),
        estate: grant.estate,
        reason: None,
        detail: serde_json::json!({ "role": grant.role }),
    };
    audit(&scope, caller, fact).await?;
    policy::bump(&scope).await?;
    scope.commit().await?;
    Ok(grant)
}

/// Refuses to take the grants that `leaving` picks when nobody would be left to administrate.
pub async fn keep_an_administrator(
    scope: &TenantScope,
    leaving: impl Fn(&StoredGrant) -> bool,
) -> Outcome<()> {
    let administrators = Grants(scope).lock_role("CADM").await?;
    let (gone, left): (Vec<_>, Vec<_>) =
        administrators.into_iter().filter(|grant| grant.estate.is_none()).partition(&leaving);
    if left.is_empty() && !gone.is_empty() {
        return Err(IdentityError::Conflict(say::last_administrator()));
    }
    Ok(())
}
