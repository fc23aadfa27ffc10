//! Suspending, resuming and closing a company.

use super::repo;
use crate::{IdentityError, app::Outcome, policy, say};
use authz::{Actor, AuditFact, TenantState, audit_as};
use db::Db;

/// Moves the company with this code to another state. A closed company stays closed.
#[tracing::instrument(name = "usecase.companies.change_state", skip_all)]
pub async fn change_state(
    db: &Db,
    actor: Actor<'_>,
    code: &str,
    state: TenantState,
    reason: &str,
) -> Outcome<()> {
    let company = repo::by_code(db, code).await?.ok_or_else(IdentityError::hidden)?;
    if company.state == TenantState::Closed && state != TenantState::Closed {
        return Err(IdentityError::Conflict(say::closed_stays()));
    }
    let scope = db.write(company.tenant).await?;
    repo::set_state(&scope, state).await?;
    let action = match state {
        TenantState::Active => "company.resumed",
        TenantState::Suspended => "company.suspended",
        TenantState::Closed => "company.closed",
    };
    let object = company.tenant.to_string();
    let fact = AuditFact { action, object, estate: None, reason: Some(reason), detail: () };
    audit_as(&scope, actor, fact).await?;
    policy::bump(&scope).await?;
    Ok(scope.commit().await?)
}
