//! Registering a position.

use super::{PositionId, STAFF_MANAGE, StaffMembers, repo::Position};
use crate::{
    app::{Identity, Outcome},
    check,
};
use authz::{AuditFact, Caller, audit};
use errors::{Invalid, expected};

/// A position to be.
#[derive(Clone, Debug)]
pub struct NewPosition {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub headcount: Option<i32>,
}

/// Registers it.
#[tracing::instrument(name = "usecase.staff.create_position", skip_all)]
pub async fn create_position(
    identity: &Identity,
    caller: &Caller,
    new: NewPosition,
) -> Outcome<Position> {
    let leave = caller.act_company(STAFF_MANAGE)?;
    if new.headcount.is_some_and(|count| count < 0) {
        return Err(Invalid::new("headcount", expected::not_negative()).into());
    }
    let scope = identity.db.write(caller.tenant()).await?;
    let position = Position {
        id: PositionId::from_uuid(scope.new_id()),
        code: check::code(&new.code)?,
        name_zh: check::text("nameZh", &new.name_zh, 50)?,
        name_en: check::text("nameEn", &new.name_en, 50)?,
        headcount: new.headcount,
    };
    match StaffMembers::new(&scope, &leave).insert_position(position.clone()).await {
        Err(error) if error.is_unique_violation() => {
            return Err(Invalid::new("code", expected::unused()).into());
        }
        other => other?,
    }
    let fact = AuditFact {
        action: "position.created",
        object: position.id.to_string(),
        estate: None,
        reason: None,
        detail: (),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(position)
}
