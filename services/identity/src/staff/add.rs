//! Adding a member of staff.

use super::{PositionId, STAFF_MANAGE, Staff, StaffMembers, events, repo};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    check,
    credentials::{AccountKind, Accounts, new_reset_token},
};
use authz::{AuditFact, Caller, audit};
use db::TenantScope;
use errors::{Invalid, expected};

/// Somebody who begins to work for the company.
#[derive(Clone, Debug)]
pub struct NewStaff {
    pub login: String,
    pub name: String,
    pub phone: Option<String>,
    pub position: Option<PositionId>,
}

/// Adds them; the token lets them set their first password.
#[tracing::instrument(name = "usecase.staff.add", skip_all)]
pub async fn add(identity: &Identity, caller: &Caller, new: NewStaff) -> Outcome<(Staff, String)> {
    let leave = caller.act_company(STAFF_MANAGE)?;
    let scope = identity.db.write(caller.tenant()).await?;
    check_position(&StaffMembers::new(&scope, &leave), new.position).await?;
    let (staff, token) = insert(&scope, new).await?;
    let fact = AuditFact {
        action: "staff.added",
        object: staff.id.to_string(),
        estate: None,
        reason: None,
        detail: (),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok((staff, token))
}

/// Checks and keeps a new member of staff with an account that has no password yet, in the
/// transaction; the token lets them set one.
pub async fn insert(scope: &TenantScope, new: NewStaff) -> Outcome<(Staff, String)> {
    let login = check::login(&new.login)?;
    let name = check::text("name", &new.name, 50)?;
    let phone = check::optional("phone", new.phone.as_deref(), 20)?;
    let id = match Accounts(scope).insert(AccountKind::Staff, &login, None).await {
        Err(error) if error.is_unique_violation() => {
            return Err(Invalid::new("login", expected::unused()).into());
        }
        other => other?,
    };
    let position = new.position;
    let staff = Staff { id, name, phone, position, ended_at: None };
    repo::insert(scope, staff.clone()).await?;
    events::tell(scope, &staff).await?;
    Ok((staff, new_reset_token(scope, id).await?))
}

/// An unknown position reads as not found.
pub async fn check_position(staff: &StaffMembers<'_>, position: Option<PositionId>) -> Outcome<()> {
    let Some(wanted) = position else { return Ok(()) };
    let known = staff.positions().await?.iter().any(|position| position.id == wanted);
    if known { Ok(()) } else { Err(IdentityError::hidden()) }
}
