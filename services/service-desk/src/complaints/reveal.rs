//! Learning who an anonymous complainant is.

use super::{
    COMPLAINT_GRADE, ComplaintId,
    domain::Complaint,
    held::{Done, known, note},
    kinds::ActKind,
    say,
};
use crate::Refused;
use authz::Caller;
use db::{Db, TenantScope};
use errors::input;

/// Who complained.
#[derive(Clone, Debug)]
pub(super) struct Revealed {
    pub complaint: Complaint,
    /// What they are called, in full; `None` where nobody knows.
    pub name: Option<String>,
    pub unit_label: Option<String>,
}

/// Tells who complained anonymously, for a reason that is kept. Only who grades complaints may,
/// the supervisor and the director: the handbook lets these two unmask a person (Part 2 (b),
/// "Unmask"), the front desk only a telephone number. Never for whom it is about.
#[tracing::instrument(name = "usecase.complaints.reveal", skip_all)]
pub(super) async fn reveal(
    db: &Db,
    caller: &Caller,
    id: ComplaintId,
    reason: &str,
) -> Result<Revealed, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let complaint = known(&scope, caller, id).await?;
    caller.act(COMPLAINT_GRADE, super::COMPLAINT_READ, complaint.estate)?;
    let reason = input::lines("reason", reason, 500)?;
    if !complaint.complainant.anonymous {
        return Err(Refused::Conflict(say::not_anonymous()));
    }
    note(&scope, caller, &complaint, Done::inside(ActKind::Revealed, reason)).await?;
    let (name, unit_label) = names(&scope, &complaint).await?;
    scope.commit().await?;
    Ok(Revealed { complaint, name, unit_label })
}

/// The complainant's name in full and unit.
pub(super) async fn names(
    scope: &TenantScope,
    complaint: &Complaint,
) -> Result<(Option<String>, Option<String>), Refused> {
    let who = &complaint.complainant;
    let mut name = who.name.clone();
    if let Some(person) = who.person {
        let names = places::homes::names(scope, [person]).await?;
        name = names.get(&person).map(|name| name.full.clone());
    }
    let label = match who.unit {
        Some(unit) => places::homes::unit(scope, unit).await?.map(|unit| unit.label),
        None => None,
    };
    Ok((name, label))
}
