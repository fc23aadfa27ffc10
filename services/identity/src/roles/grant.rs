//! Giving a role.

use super::{
    ROLE_MANAGE, domain, insert_grant,
    repo::{Roles, StoredGrant},
};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    estates::{Estates, Visible},
    policy, say,
    staff::StaffMembers,
};
use authz::{AuditFact, Caller, Denied, UserId, audit, role_templates};
use db::TenantScope;
use errors::{Invalid, expected};
use ids::EstateId;
use uuid::Uuid;

/// Who shall have which role where.
#[derive(Clone, Debug)]
pub struct GiveRole {
    pub user: UserId,
    pub role: String,
    /// `None`: in all estates.
    pub estate: Option<EstateId>,
    /// The buildings of a zone role.
    pub zone: Vec<Uuid>,
}

/// Gives it. Nobody gives themselves a role, not even an administrator: otherwise no duty would be
/// separate.
#[tracing::instrument(name = "usecase.roles.grant", skip_all, fields(user.id = %cmd.user))]
pub async fn grant(identity: &Identity, caller: &Caller, cmd: GiveRole) -> Outcome<StoredGrant> {
    let leave = caller.act_company(ROLE_MANAGE)?;
    if cmd.user == caller.user() {
        return Err(Denied::SamePerson(say::not_own_rights()).into());
    }
    let scope = identity.db.write(caller.tenant()).await?;
    let staff = StaffMembers::new(&scope, &leave).lock_active(cmd.user).await?;
    staff.ok_or_else(IdentityError::hidden)?;
    check_role(&scope, &cmd.role, cmd.estate).await?;
    let (user, by) = (cmd.user, Some(caller.user()));
    let given = insert_grant(&scope, user, &cmd.role, cmd.estate, &cmd.zone, by).await?;
    let fact = AuditFact {
        action: "role.granted",
        object: cmd.user.to_string(),
        estate: cmd.estate,
        reason: None,
        detail: serde_json::json!({ "role": cmd.role, "buildings": cmd.zone.len() }),
    };
    audit(&scope, caller, fact).await?;
    policy::bump(&scope).await?;
    scope.commit().await?;
    Ok(given)
}

/// The role exists and can be given, and so does the estate.
pub async fn check_role(scope: &TenantScope, role: &str, estate: Option<EstateId>) -> Outcome<()> {
    let template = role_templates().iter().any(|template| template.code == role);
    if template && !domain::is_grantable(role) {
        return Err(Invalid::new("role", say::role_not_given()).into());
    }
    if !template && Roles(scope).by_code(role).await?.is_none() {
        return Err(Invalid::new("role", expected::existing()).into());
    }
    if let Some(estate) = estate {
        let found = Estates::new(scope, &Visible::All).by_ids(&[estate]).await?;
        if found.is_empty() {
            return Err(IdentityError::hidden());
        }
    }
    Ok(())
}
