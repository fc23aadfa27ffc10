//! Whom a complaint is about.

use super::{
    COMPLAINT_HANDLE, ComplaintId,
    domain::{Complainant, Complaint},
    held::{Done, clock, held, keep},
    kinds::ActKind,
    say,
};
use crate::{Refused, secrecy, sla};
use authz::{Caller, EstateScope, Subject, UserId};
use contracts::UnitId;
use db::{Db, TenantScope};
use errors::expected;
use uuid::Uuid;

/// The most staff that one complaint is about.
const MOST: usize = 10;

/// Staff and a unit that a complaint is about.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub staff: Vec<UserId>,
    pub unit: Option<UnitId>,
}

/// Staff that identity told of, and a unit of the estate. A resident names a unit of the estate as
/// well as staff do; what it is called is no secret among neighbours.
///
/// # Errors
/// `NOT_FOUND` for one that is neither; wrong input for too many, or for oneself.
pub(super) async fn checked(
    scope: &TenantScope,
    right: &EstateScope,
    about: About,
) -> Result<About, Refused> {
    let mut staff = about.staff;
    staff.sort_unstable();
    staff.dedup();
    if staff.len() > MOST {
        return Err(Refused::invalid("aboutStaffIds", expected::items(0, MOST)));
    }
    let known = places::staff::by_id(scope, staff.iter().map(|user| user.as_uuid())).await?;
    if known.len() != staff.len() {
        return Err(Refused::not_found());
    }
    let resident = matches!(right.subject(), Subject::Resident { .. });
    if !resident && staff.contains(&right.subject().user()) {
        return Err(Refused::invalid("aboutStaffIds", say::not_oneself()));
    }
    if let Some(unit) = about.unit {
        let unit = places::homes::unit(scope, unit).await?;
        if unit.is_none_or(|unit| unit.estate != right.estate()) {
            return Err(Refused::not_found());
        }
    }
    Ok(About { staff, unit: about.unit })
}

/// Where it is: the building of the unit that it is about, else the complainant's, unless that
/// would help to tell who they are.
pub(super) async fn place(
    scope: &TenantScope,
    complainant: &Complainant,
    about: Option<UnitId>,
) -> Result<Option<Uuid>, Refused> {
    let own = complainant.unit.filter(|_| !complainant.anonymous);
    let Some(unit) = about.or(own) else { return Ok(None) };
    let unit = places::homes::unit(scope, unit).await?;
    Ok(unit.map(|unit| unit.building.as_uuid()))
}

/// Says whom it is about. For the staff among them it is gone from now on; one of them who handles
/// it handles it no more. Its clock runs on.
#[tracing::instrument(name = "usecase.complaints.set_about", skip_all)]
pub(super) async fn set_about(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    about: About,
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_HANDLE, which).await?;
    if !complaint.state.is_open() {
        return Err(Refused::Conflict(say::over()));
    }
    let right = caller.act(COMPLAINT_HANDLE, super::COMPLAINT_READ, complaint.estate)?;
    let about = checked(&scope, &right, about).await?;
    let place = place(&scope, &complaint.complainant, about.unit).await?;
    let outside = |zone: &[Uuid]| place.is_none_or(|place| !zone.contains(&place));
    if right.zone().is_some_and(outside) {
        return Err(Refused::not_found());
    }
    complaint.is_about(about.staff);
    complaint.about_unit = about.unit;
    complaint.building = place;
    keep(&scope, caller, &mut complaint, Done::inside(ActKind::About, None)).await?;
    secrecy::keep_from(&scope, complaint.id.as_uuid(), &complaint.subjects).await?;
    sla::assigned(&scope, clock(&complaint), complaint.handler).await?;
    scope.commit().await?;
    Ok(complaint)
}
