//! Asking for, approving and ending a look into a company.

use super::{
    SUPPORT_APPROVE, SupportGrantId,
    repo::{SupportGrant, SupportGrants},
};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    check,
    companies::{self, Operator},
    policy, say,
};
use authz::{Actor, AuditFact, Caller, audit, audit_as};
use chrono::Duration;
use db::Db;
use errors::{Invalid, expected};

fn fact<'f>(action: &'f str, grant: &'f SupportGrant) -> AuditFact<'f, serde_json::Value> {
    AuditFact {
        action,
        object: grant.id.to_string(),
        estate: None,
        reason: Some(&grant.reason),
        detail: serde_json::json!({ "operator": grant.operator, "hours": grant.hours }),
    }
}

/// An operator asks; nothing is opened by that.
#[tracing::instrument(name = "usecase.support.request", skip_all)]
pub async fn request(
    db: &Db,
    operator: &Operator,
    company: &str,
    reason: &str,
    hours: u8,
) -> Outcome<SupportGrantId> {
    if !(1..=4).contains(&hours) {
        return Err(Invalid::new("hours", expected::between(1, 4)).into());
    }
    let company = companies::by_code(db, company).await?.ok_or_else(IdentityError::hidden)?;
    let scope = db.write(company.tenant).await?;
    let grant = SupportGrant {
        id: SupportGrantId::from_uuid(scope.new_id()),
        operator: operator.id,
        operator_name: operator.name.clone(),
        reason: check::text("reason", reason, 200)?,
        hours: i32::from(hours),
        requested_at: scope.now(),
        approved_by: None,
        until: None,
        ended_at: None,
    };
    SupportGrants(&scope).insert(&grant).await?;
    let id = operator.id.to_string();
    let actor = Actor { kind: "operator", id: &id, origin: &operator.origin };
    audit_as(&scope, actor, fact("support.requested", &grant)).await?;
    scope.commit().await?;
    Ok(grant.id)
}

/// The company lets the operator in, from now for as long as was asked.
#[tracing::instrument(name = "usecase.support.approve", skip_all, fields(support.id = %id))]
pub async fn approve(
    identity: &Identity,
    caller: &Caller,
    id: SupportGrantId,
) -> Outcome<SupportGrant> {
    caller.act_company(SUPPORT_APPROVE)?;
    let scope = identity.db.write(caller.tenant()).await?;
    let grants = SupportGrants(&scope);
    let mut grant = grants.lock(id).await?.ok_or_else(IdentityError::hidden)?;
    if grant.until.is_some() || grant.ended_at.is_some() {
        return Err(IdentityError::Conflict(say::answered_already()));
    }
    grant.until = Some(scope.now() + Duration::hours(i64::from(grant.hours)));
    grant.approved_by = Some(caller.user());
    grants.save(&grant).await?;
    audit(&scope, caller, fact("support.approved", &grant)).await?;
    policy::bump(&scope).await?;
    scope.commit().await?;
    Ok(grant)
}

/// The company ends it, or declines it. Also possible while the company is suspended.
#[tracing::instrument(name = "usecase.support.end", skip_all, fields(support.id = %id))]
pub async fn end(
    identity: &Identity,
    caller: &Caller,
    id: SupportGrantId,
) -> Outcome<SupportGrant> {
    caller.read_company(SUPPORT_APPROVE)?;
    let scope = identity.db.write(caller.tenant()).await?;
    let grants = SupportGrants(&scope);
    let mut grant = grants.lock(id).await?.ok_or_else(IdentityError::hidden)?;
    if grant.ended_at.is_none() {
        grant.ended_at = Some(scope.now());
        grants.save(&grant).await?;
        audit(&scope, caller, fact("support.ended", &grant)).await?;
        policy::bump(&scope).await?;
    }
    scope.commit().await?;
    Ok(grant)
}
