//! What a revisit does to complaints: ends one, begins it anew, or begins one.

use super::{
    about::About,
    domain::{Complainant, Complaint},
    held::{Done, keep, note, restart_clock, tell_opened},
    kinds::{ActKind, Channel, Class, State},
    receive::{New, add, begin},
    repo,
};
use crate::{Refused, homes, revisits::Rating, secrecy};
use authz::{Caller, UserId};
use contracts::{PersonId, UnitId};
use db::TenantScope;
use ids::EstateId;
use uuid::Uuid;

/// The complainant rated a resolved complaint: A and B close it, C begins it anew.
///
/// # Errors
/// When writing fails.
pub(crate) async fn rated(
    scope: &TenantScope,
    caller: &Caller,
    reference: Uuid,
    rating: Rating,
) -> Result<(), Refused> {
    let Some(mut complaint) = repo::of_revisit(scope, reference).await? else { return Ok(()) };
    let before = complaint.state;
    complaint.rated(scope.now(), rating);
    if complaint.state == before {
        return Ok(());
    }
    if complaint.state == State::Reopened {
        restart_clock(scope, &mut complaint).await?;
    }
    keep(scope, caller, &mut complaint, Done::shared(ActKind::Revisited, None)).await?;
    let then = if complaint.state == State::Closed { ActKind::Closed } else { ActKind::Reopened };
    note(scope, caller, &complaint, Done::shared(then, None)).await?;
    if then == ActKind::Reopened {
        tell_opened(scope, &complaint).await?;
    }
    Ok(())
}

/// A bad rating of something that is no complaint.
#[derive(Clone, Debug)]
pub(crate) struct BadRating {
    pub estate: EstateId,
    pub person: Option<PersonId>,
    pub unit: Option<UnitId>,
    /// Who did the work; the complaint is about them.
    pub workers: Vec<UserId>,
    /// The revisit at which it was said, and what letters call it.
    pub revisit: (Uuid, String),
    /// What was done.
    pub summary: String,
    /// What the dissatisfied said.
    pub said: Option<String>,
}

/// Opens a complaint about who did the work (handbook ch. 23, "C rating opens a complaint
/// automatically").
///
/// # Errors
/// When writing fails.
pub(crate) async fn from_bad_rating(
    scope: &TenantScope,
    caller: &Caller,
    bad: BadRating,
) -> Result<(), Refused> {
    let estate = homes::estate(scope, bad.estate).await?;
    let complainant =
        Complainant { person: bad.person, unit: bad.unit, name: None, anonymous: false };
    let building = super::about::place(scope, &complainant, None).await?;
    let facts = match bad.said {
        Some(said) => format!("{}\n{said}", bad.summary),
        None => bad.summary,
    };
    let new = New {
        channel: Channel::Revisit,
        complainant,
        about: About { staff: bad.workers, unit: None },
        building,
        class: Class::Service,
        facts,
        demand: None,
        recorded_by: caller.user(),
        received_at: scope.now(),
    };
    let complaint: Complaint = begin(scope, &estate, new).await?;
    add(scope, caller, &complaint).await?;
    // What was said at the revisit is the complaint, so it is kept from the same people.
    Ok(secrecy::belongs(scope, complaint.id.as_uuid(), bad.revisit).await?)
}
