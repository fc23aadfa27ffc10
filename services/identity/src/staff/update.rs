//! Changing a member of staff.

use super::{PositionId, STAFF_MANAGE, Staff, StaffMembers, add::check_position, events};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    check,
};
use authz::{AuditFact, Caller, UserId, audit};

/// A member of staff as they shall be.
#[derive(Clone, Debug)]
pub struct UpdateStaff {
    pub user: UserId,
    pub name: String,
    pub phone: Option<String>,
    pub position: Option<PositionId>,
}

/// Writes name, phone and position.
#[tracing::instrument(name = "usecase.staff.update", skip_all, fields(user.id = %cmd.user))]
pub async fn update(identity: &Identity, caller: &Caller, cmd: UpdateStaff) -> Outcome<Staff> {
    let leave = caller.act_company(STAFF_MANAGE)?;
    let scope = identity.db.write(caller.tenant()).await?;
    let members = StaffMembers::new(&scope, &leave);
    let mut staff = members.lock_active(cmd.user).await?.ok_or_else(IdentityError::hidden)?;
    check_position(&members, cmd.position).await?;
    staff.name = check::text("name", &cmd.name, 50)?;
    staff.phone = check::optional("phone", cmd.phone.as_deref(), 20)?;
    staff.position = cmd.position;
    members.save(&staff).await?;
    events::tell(&scope, &staff).await?;
    let fact = AuditFact {
        action: "staff.updated",
        object: cmd.user.to_string(),
        estate: None,
        reason: None,
        detail: (),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(staff)
}
