//! Why somebody may, or may not, do something.

use super::{
    ROLE_READ,
    authority::{domain, enforcer},
    custom,
    repo::{Grants, StoredGrant},
};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    credentials::Accounts,
};
use authz::{Caller, UserId, role_templates};
use casbin::CoreApi as _;
use errors::{Invalid, expected};
use ids::EstateId;

/// The answer and what it rests on.
#[derive(Clone, Debug)]
pub struct Explanation {
    pub allowed: bool,
    /// The grants that give the right there.
    pub grants: Vec<StoredGrant>,
}

/// Asks casbin.
#[tracing::instrument(name = "usecase.roles.explain", skip_all, fields(user.id = %user))]
pub async fn explain(
    identity: &Identity,
    caller: &Caller,
    user: UserId,
    permission: &str,
    estate: Option<EstateId>,
) -> Outcome<Explanation> {
    caller.read_company(ROLE_READ)?;
    if !super::domain::permissions().contains(permission) {
        return Err(Invalid::new("permission", expected::existing()).into());
    }
    let scope = identity.db.read(caller.tenant()).await?;
    if Accounts(&scope).by_id(user).await?.is_none() {
        return Err(IdentityError::hidden());
    }
    let mut roles = role_templates();
    roles.extend(custom(&scope).await?);
    let gives = |grant: &StoredGrant| {
        let here = grant.estate.is_none() || grant.estate == estate;
        let role = roles.iter().find(|role| role.code == grant.role);
        let holds = role.is_some_and(|role| {
            role.permissions.iter().any(|right| right.permission == permission)
        });
        here && holds
    };
    let grants = Grants(&scope).of(&[user]).await?.into_iter().filter(gives).collect();
    drop(scope);
    let defect = |error: casbin::Error| IdentityError::Defect(error.to_string());
    let enforcer = enforcer(&identity.db, caller.tenant()).await.map_err(defect)?;
    let question = (user.as_uuid().to_string(), domain(estate), permission);
    let allowed = enforcer.enforce(question).map_err(defect)?;
    Ok(Explanation { allowed, grants })
}
