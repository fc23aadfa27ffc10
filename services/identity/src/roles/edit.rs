//! A company's own roles: making, changing, deleting.

use super::{
    ROLE_MANAGE, domain,
    repo::{CustomRole, Grants, Roles},
};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    check, policy, say,
};
use authz::{AuditFact, Caller, Denied, audit, role_templates};
use db::TenantScope;
use errors::{Invalid, expected};

fn checked(role: CustomRole) -> Result<CustomRole, Invalid> {
    domain::check_permissions(&role.permissions)?;
    let (code, name) = (check::code(&role.code)?, check::text("name", &role.name, 50)?);
    Ok(CustomRole { code, name, ..role })
}

async fn note(scope: &TenantScope, caller: &Caller, action: &str, code: &str) -> Outcome<()> {
    let object = format!("role/{code}");
    let fact = AuditFact { action, object, estate: None, reason: None, detail: () };
    audit(scope, caller, fact).await?;
    Ok(policy::bump(scope).await?)
}

/// Makes a role.
#[tracing::instrument(name = "usecase.roles.create", skip_all)]
pub async fn create(identity: &Identity, caller: &Caller, role: CustomRole) -> Outcome<CustomRole> {
    caller.act_company(ROLE_MANAGE)?;
    let role = checked(role)?;
    let taken = || Invalid::new("code", expected::unused());
    if role_templates().iter().any(|template| template.code == role.code) {
        return Err(taken().into());
    }
    let scope = identity.db.write(caller.tenant()).await?;
    match Roles(&scope).insert(&role).await {
        Err(error) if error.is_unique_violation() => return Err(taken().into()),
        other => other?,
    }
    note(&scope, caller, "role.created", &role.code).await?;
    scope.commit().await?;
    Ok(role)
}

/// Writes a role's name and rights. Nobody widens a role that they have themselves.
#[tracing::instrument(name = "usecase.roles.update", skip_all)]
pub async fn update(identity: &Identity, caller: &Caller, role: CustomRole) -> Outcome<CustomRole> {
    caller.act_company(ROLE_MANAGE)?;
    let role = checked(role)?;
    let scope = identity.db.write(caller.tenant()).await?;
    let held = Grants(&scope).of(&[caller.user()]).await?;
    if held.iter().any(|grant| grant.role == role.code) {
        return Err(Denied::SamePerson(say::not_own_role()).into());
    }
    if !Roles(&scope).save(&role).await? {
        return Err(IdentityError::hidden());
    }
    note(&scope, caller, "role.updated", &role.code).await?;
    scope.commit().await?;
    Ok(role)
}

/// Deletes a role that nobody has.
#[tracing::instrument(name = "usecase.roles.delete", skip_all)]
pub async fn delete(identity: &Identity, caller: &Caller, code: &str) -> Outcome<()> {
    caller.act_company(ROLE_MANAGE)?;
    let scope = identity.db.write(caller.tenant()).await?;
    if !Grants(&scope).lock_role(code).await?.is_empty() {
        return Err(IdentityError::Conflict(say::role_in_use()));
    }
    if !Roles(&scope).delete(code).await? {
        return Err(IdentityError::hidden());
    }
    note(&scope, caller, "role.deleted", code).await?;
    Ok(scope.commit().await?)
}
