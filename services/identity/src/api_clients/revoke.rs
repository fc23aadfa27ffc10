//! Letting a program in no longer.

use super::{
    API_CLIENT_MANAGE,
    repo::{ApiClient, ApiClients},
};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    policy, roles,
};
use authz::{AuditFact, Caller, UserId, audit};

/// Revokes a client and its grants; its tokens stop working within a second.
#[tracing::instrument(name = "usecase.api_clients.revoke", skip_all, fields(client.id = %id))]
pub async fn revoke(identity: &Identity, caller: &Caller, id: UserId) -> Outcome<ApiClient> {
    caller.act_company(API_CLIENT_MANAGE)?;
    let scope = identity.db.write(caller.tenant()).await?;
    let clients = ApiClients(&scope);
    let client = clients.by_id(id).await?.ok_or_else(IdentityError::hidden)?;
    if client.revoked_at.is_none() {
        clients.revoke(id).await?;
        roles::revoke_all(&scope, id).await?;
        let fact = AuditFact {
            action: "api_client.revoked",
            object: id.to_string(),
            estate: None,
            reason: None,
            detail: (),
        };
        audit(&scope, caller, fact).await?;
        policy::bump(&scope).await?;
    }
    let client = clients.by_id(id).await?.ok_or_else(IdentityError::hidden)?;
    scope.commit().await?;
    Ok(client)
}
