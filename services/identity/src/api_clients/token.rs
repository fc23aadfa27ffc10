//! A client's access token for its secret.

use super::repo::ApiClients;
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    companies,
    opaque::OpaqueToken,
    sessions::{access_token, throttle::Attempt},
};
use authz::{Actor, AuditFact, SessionId, SubjectKind, TenantState, UserId, audit_as};

/// Signs an access token for whoever has the client's secret.
#[tracing::instrument(name = "usecase.api_clients.token", skip_all)]
pub async fn client_token(
    identity: &Identity,
    client_id: &str,
    secret: &str,
    origin: &str,
) -> Outcome<String> {
    let attempt = Attempt::begin_address(&identity.db, origin).await?;
    let wrong = || IdentityError::NotSignedIn;
    let token = OpaqueToken::read(secret).ok_or_else(wrong)?;
    let id = UserId::from_uuid(token.id);
    let scope = identity.db.write(token.tenant).await?;
    let company = companies::own(&scope).await?.ok_or_else(wrong)?;
    let clients = ApiClients(&scope);
    let client = clients.by_id(id).await?.ok_or_else(wrong)?;
    let right = client_id == id.to_string() && token.matches(&client.secret_hash);
    if !right || !client.is_active(scope.now()) || company.state == TenantState::Closed {
        return Err(wrong());
    }
    clients.used(id).await?;
    let user = id.to_string();
    let fact = AuditFact {
        action: "api_client.token_issued",
        object: user.clone(),
        estate: None,
        reason: None,
        detail: (),
    };
    audit_as(&scope, Actor { kind: "client", id: &user, origin }, fact).await?;
    scope.commit().await?;
    attempt.succeeded().await?;
    // A client has no session of its own: revoking the client ends all its tokens.
    let session = SessionId::from_uuid(token.id);
    access_token(identity, token.tenant, id, SubjectKind::Client, None, session).await
}
