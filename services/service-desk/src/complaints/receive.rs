//! Receiving a complaint.

use super::{
    COMPLAINT_CREATE, COMPLAINT_READ, ComplaintId,
    about::{self, About},
    domain::{Complainant, Complaint, REPEAT},
    held::{Done, note, start_clock, tell_opened},
    kinds::{ActKind, Channel, Class, State},
    repo, say,
};
use crate::{
    Refused,
    contacts::{self, ContactId, Outcome},
    homes,
    month::Month,
    secrecy,
    sla::{self, SubjectKind},
};
use authz::{Caller, EstateScope, Subject, UserId, keyed};
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use ids::EstateId;
use places::estates::Estate;
use serde::Serialize;
use uuid::Uuid;

/// Somebody complains.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ReceiveComplaint {
    pub estate: EstateId,
    pub channel: Channel,
    pub person: Option<PersonId>,
    pub unit: Option<UnitId>,
    pub name: Option<String>,
    pub anonymous: bool,
    pub about_staff: Vec<UserId>,
    pub about_unit: Option<UnitId>,
    pub class: Class,
    pub facts: String,
    pub demand: Option<String>,
    /// The contact by which it came, which becomes this complaint.
    pub contact: Option<ContactId>,
    /// When it came, where a desk types it in later.
    pub received_at: Option<DateTime<Utc>>,
}

/// Takes a complaint down; its clock runs from its first receipt on and nothing stops it. A resident complains
/// themself, by the app, for their own unit.
#[tracing::instrument(name = "usecase.complaints.receive", skip_all)]
pub(super) async fn receive(
    db: &Db,
    caller: &Caller,
    command: ReceiveComplaint,
    key: &IdempotencyKey,
) -> Result<ComplaintId, Refused> {
    let right = caller.act(COMPLAINT_CREATE, COMPLAINT_READ, command.estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "receive_complaint", key, &input, move |scope| {
        Box::pin(async move {
            let estate = homes::estate(scope, command.estate).await?;
            let contact = command.contact;
            let complaint = taken_down(scope, &actor, (&right, &estate), command).await?;
            add(scope, &actor, &complaint).await?;
            if let Some(contact) = contact {
                became(scope, &actor, contact, &complaint).await?;
            }
            Ok(complaint.id)
        })
    })
    .await
}

/// The contact by which it came is answered by it, and kept from the same people.
async fn became(
    scope: &TenantScope,
    caller: &Caller,
    contact: ContactId,
    complaint: &Complaint,
) -> Result<(), Refused> {
    if contacts::seen(scope, caller, contact).await? != complaint.estate {
        return Err(Refused::not_found());
    }
    let thing = (contact.as_uuid(), contact.to_string());
    secrecy::belongs(scope, complaint.id.as_uuid(), thing).await?;
    let id = complaint.id.to_string();
    let anonymous = complaint.complainant.anonymous;
    let into = if anonymous { Outcome::AnonymousComplaint(id) } else { Outcome::Complaint(id) };
    contacts::converted(scope, contact, into).await
}

/// Keeps a new complaint, with the first act of its timeline.
pub(super) async fn add(
    scope: &TenantScope,
    caller: &Caller,
    complaint: &Complaint,
) -> Result<(), Refused> {
    repo::insert(scope, complaint).await?;
    note(scope, caller, complaint, Done::shared(ActKind::Received, None)).await?;
    start_clock(scope, complaint).await?;
    tell_opened(scope, complaint).await
}

async fn taken_down(
    scope: &TenantScope,
    caller: &Caller,
    (right, estate): (&EstateScope, &Estate),
    command: ReceiveComplaint,
) -> Result<Complaint, Refused> {
    let came = (command.contact, command.received_at);
    let received_at = contacts::first_receipt(scope, caller, estate.id, came).await?;
    let facts = input::lines("facts", &command.facts, 4_000)?;
    let demand = input::optional("demand", command.demand.as_deref(), 1_000)?;
    let complainant = complainant(scope, right, &command).await?;
    let channel = match right.subject() {
        Subject::Resident { .. } => Channel::App,
        _ if matches!(command.channel, Channel::App | Channel::Revisit) => {
            return Err(Refused::invalid("channel", expected::existing()));
        }
        _ => command.channel,
    };
    let about = About { staff: command.about_staff, unit: command.about_unit };
    let about = about::checked(scope, right, about).await?;
    let building = about::place(scope, &complainant, about.unit).await?;
    let outside = |zone: &[Uuid]| building.is_none_or(|building| !zone.contains(&building));
    if right.zone().is_some_and(outside) {
        return Err(Refused::not_found());
    }
    let new = New {
        channel,
        complainant,
        about,
        building,
        class: command.class,
        facts,
        demand,
        recorded_by: right.subject().user(),
        received_at,
    };
    begin(scope, estate, new).await
}

/// Who complains: residents themselves, otherwise somebody by person, unit or name.
async fn complainant(
    scope: &TenantScope,
    right: &EstateScope,
    command: &ReceiveComplaint,
) -> Result<Complainant, Refused> {
    let (mut person, mut unit, anonymous) = (command.person, command.unit, command.anonymous);
    if let Some(unit) = unit {
        homes::covered(scope, right, unit).await?;
    }
    if let Subject::Resident { person: own, .. } = right.subject() {
        let own = PersonId::from_uuid(own);
        let units = homes::own_units(scope, right.estate(), own).await?;
        let first = units.first().copied().ok_or_else(Refused::not_found)?;
        unit = unit.or((units.len() == 1).then_some(first));
        if let Some(person) = person {
            homes::person(scope, right, person).await?;
        }
        person = person.or(Some(own));
    } else if let Some(person) = person {
        let ties = places::homes::of_person(scope, right.estate(), person).await?;
        if !ties.iter().any(|tie| unit.is_none_or(|unit| tie.unit == unit)) {
            return Err(Refused::not_found());
        }
    }
    let name = input::optional("complainantName", command.name.as_deref(), 50)?;
    let name = name.filter(|_| person.is_none());
    if person.is_none() && unit.is_none() && name.is_none() && !anonymous {
        return Err(Refused::invalid("complainantName", say::somebody()));
    }
    Ok(Complainant { person, unit, name, anonymous })
}

/// A complaint before it has a number.
pub(super) struct New {
    pub channel: Channel,
    pub complainant: Complainant,
    pub about: About,
    pub building: Option<Uuid>,
    pub class: Class,
    pub facts: String,
    pub demand: Option<String>,
    pub recorded_by: UserId,
    pub received_at: DateTime<Utc>,
}

/// A complaint that begins, with what is promised of its times.
pub(super) async fn begin(
    scope: &TenantScope,
    estate: &Estate,
    new: New,
) -> Result<Complaint, Refused> {
    let at = new.received_at;
    let month = Month::of(estate.day_of(at));
    let same = (&new.complainant, new.class);
    let repeat_of = repo::earlier(scope, estate.id, same, at - REPEAT).await?;
    let code = db::stored::word(new.class)?;
    let promised = sla::times(scope, estate, (SubjectKind::Complaint, &code), at).await?;
    Ok(Complaint {
        id: ComplaintId::from_uuid(scope.new_id()),
        estate: estate.id,
        month,
        number: repo::next_number(scope, estate.id, month).await?,
        channel: new.channel,
        complainant: new.complainant,
        subjects: new.about.staff,
        about_unit: new.about.unit,
        building: new.building,
        class: new.class,
        facts: new.facts,
        demand: new.demand,
        recorded_by: new.recorded_by,
        received_at: at,
        first_due_at: promised.respond_by,
        first_responded_at: None,
        ground: None,
        valid: None,
        handler: None,
        due_at: promised.resolve_by,
        proposal: None,
        state: State::Received,
        escalated_to: None,
        resolution: None,
        resolved_at: None,
        revisit_reference: None,
        rating: None,
        outcome: None,
        closed_at: None,
        reopened: 0,
        repeat_of,
        same_cause: None,
        version: 1,
    })
}
