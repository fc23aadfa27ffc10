//! An operator's access token for a company that lets them in.

use super::repo::SupportGrants;
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    companies::{self, Operator},
    sessions::access_token,
};
use authz::{Actor, AuditFact, SessionId, SubjectKind, audit_as};

/// Signs an access token; services ask the policy at every request whether the grant still holds.
#[tracing::instrument(name = "usecase.support.open_session", skip_all)]
pub async fn open_session(
    identity: &Identity,
    operator: &Operator,
    company: &str,
) -> Outcome<String> {
    let company = companies::by_code(&identity.db, company).await?;
    let tenant = company.ok_or_else(IdentityError::hidden)?.tenant;
    let scope = identity.db.write(tenant).await?;
    let grants = SupportGrants(&scope).in_force().await?.into_iter();
    let grant = grants.filter(|grant| grant.operator == operator.id).max_by_key(|g| g.until);
    let grant = grant.ok_or_else(IdentityError::hidden)?;
    let id = operator.id.to_string();
    let fact = AuditFact {
        action: "support.session_opened",
        object: grant.id.to_string(),
        estate: None,
        reason: Some(&grant.reason),
        detail: (),
    };
    audit_as(&scope, Actor { kind: "support", id: &id, origin: &operator.origin }, fact).await?;
    scope.commit().await?;
    let session = SessionId::from_uuid(grant.id.as_uuid());
    access_token(identity, tenant, operator.id, SubjectKind::Support, None, session).await
}
