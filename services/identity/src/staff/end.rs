//! The end of somebody's work for the company.

use super::{STAFF_MANAGE, Staff, StaffMembers, events};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    credentials::Accounts,
    policy, roles, say, sessions,
};
use authz::{AuditFact, Caller, Denied, UserId, audit};

/// Ends it: grants are gone, sessions ended and the account closed in one transaction.
#[tracing::instrument(name = "usecase.staff.end", skip_all, fields(user.id = %user))]
pub async fn end(identity: &Identity, caller: &Caller, user: UserId) -> Outcome<Staff> {
    let leave = caller.act_company(STAFF_MANAGE)?;
    if user == caller.user() {
        return Err(Denied::SamePerson(say::not_own_employment()).into());
    }
    let scope = identity.db.write(caller.tenant()).await?;
    let members = StaffMembers::new(&scope, &leave);
    let mut staff = members.lock_active(user).await?.ok_or_else(IdentityError::hidden)?;
    staff.ended_at = Some(scope.now());
    members.save(&staff).await?;
    events::tell(&scope, &staff).await?;
    roles::revoke_all(&scope, user).await?;
    sessions::end_all(&scope, user, "employment ended").await?;
    Accounts(&scope).disable(user).await?;
    let fact = AuditFact {
        action: "staff.ended",
        object: user.to_string(),
        estate: None,
        reason: None,
        detail: (),
    };
    audit(&scope, caller, fact).await?;
    policy::bump(&scope).await?;
    scope.commit().await?;
    Ok(staff)
}
