//! Recording a contact, and a call that nobody picked up.

use super::{
    CONTACT_READ, CONTACT_RECORD, CallBackId, Contact, ContactId, call_backs,
    domain::{
        Channel, Class, Direction, Phone, State, Suggestion, Urgency, checked_phone, checked_time,
    },
    repo, say,
};
use crate::{Refused, homes};
use authz::{AuditFact, Caller, EstateScope, audit, keyed};
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId};
use db::{Db, IdempotencyKey, TenantScope};
use errors::input;
use ids::EstateId;
use personal::{CompanyKey, Keyring, digits, mask_phone, seal, tail};
use serde::Serialize;

/// The most characters of a summary, an answer or a reply.
pub(super) const LONGEST: usize = 2000;

/// Somebody turned to the estate, or the estate to somebody.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LogContact {
    pub estate: EstateId,
    pub channel: Channel,
    pub direction: Direction,
    pub at: Option<DateTime<Utc>>,
    pub unit: Option<UnitId>,
    pub person: Option<PersonId>,
    pub caller_name: Option<String>,
    pub phone: Option<String>,
    pub summary: String,
    pub class: Class,
    pub urgency: Urgency,
    /// The answer that was given at once.
    pub answer: Option<String>,
}

/// A call that nobody picked up.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LogMissedCall {
    pub estate: EstateId,
    pub at: Option<DateTime<Utc>>,
    pub phone: String,
    pub caller_name: Option<String>,
    pub unit: Option<UnitId>,
    pub person: Option<PersonId>,
}

/// What is the same for both.
struct Taken {
    command: LogContact,
    missed: bool,
}

/// Records a contact; who records it was asked first and owns it. Residents record what they send
/// themselves, which is nobody's until somebody of the staff takes it.
#[tracing::instrument(name = "usecase.contacts.log", skip_all)]
pub(super) async fn log(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    command: LogContact,
    key: &IdempotencyKey,
) -> Result<ContactId, Refused> {
    let right = caller.act(CONTACT_RECORD, CONTACT_READ, command.estate)?;
    let own_key = keys.of(db, caller.tenant()).await?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "log_contact", key, &input, move |scope| {
        Box::pin(async move {
            let taken = Taken { command, missed: false };
            let contact = contact(scope, &right, &own_key, taken).await?;
            repo::insert(scope, &contact).await?;
            note(scope, &actor, "contact.logged", &contact, None).await?;
            if contact.answer.is_some() {
                note(scope, &actor, "contact.answered", &contact, None).await?;
            }
            Ok(contact.id)
        })
    })
    .await
}

/// Records a call that nobody picked up, and that it is to be returned.
#[tracing::instrument(name = "usecase.contacts.log_missed", skip_all)]
pub(super) async fn log_missed(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    command: LogMissedCall,
    key: &IdempotencyKey,
) -> Result<CallBackId, Refused> {
    let right = caller.act(CONTACT_RECORD, CONTACT_READ, command.estate)?;
    if right.own_person().is_some() {
        return Err(Refused::not_found());
    }
    let own_key = keys.of(db, caller.tenant()).await?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "log_missed_call", key, &input, move |scope| {
        Box::pin(async move {
            let taken = Taken { command: missed(command), missed: true };
            let mut contact = contact(scope, &right, &own_key, taken).await?;
            let id = call_backs::open(scope, &mut contact).await?;
            note(scope, &actor, "contact.missed", &contact, None).await?;
            Ok(id)
        })
    })
    .await
}

fn missed(command: LogMissedCall) -> LogContact {
    LogContact {
        estate: command.estate,
        channel: Channel::Phone,
        direction: Direction::Inbound,
        at: command.at,
        unit: command.unit,
        person: command.person,
        caller_name: command.caller_name,
        phone: Some(command.phone),
        summary: say::missed_call().bilingual(),
        class: Class::Inquiry,
        urgency: Urgency::Normal,
        answer: None,
    }
}

async fn contact(
    scope: &TenantScope,
    right: &EstateScope,
    key: &CompanyKey,
    taken: Taken,
) -> Result<Contact, Refused> {
    let Taken { command, missed } = taken;
    homes::estate(scope, command.estate).await?;
    let person = person(scope, right, &command).await?;
    let unit = match command.unit {
        Some(unit) => Some(homes::covered(scope, right, unit).await?),
        None => None,
    };
    let id = ContactId::from_uuid(scope.new_id());
    let at = checked_time(command.at, scope.now())?;
    let user = right.subject().user();
    let mut contact = Contact {
        id,
        estate: command.estate,
        channel: command.channel,
        direction: command.direction,
        at,
        unit: unit.as_ref().map(|unit| unit.id),
        building: unit.as_ref().map(|unit| unit.building),
        person,
        caller_name: input::optional("callerName", command.caller_name.as_deref(), 60)?,
        phone: command.phone.as_deref().map(|phone| sealed(key, id, phone)).transpose()?,
        summary: input::lines("summary", &command.summary, LONGEST)?,
        class: command.class,
        urgency: command.urgency,
        missed,
        state: State::Open,
        recorded_by: user,
        recorded_at: scope.now(),
        owner: right.own_person().is_none().then_some(user),
        offered_to: None,
        accepted_at: None,
        due_at: command.urgency.due(at),
        answer: None,
        answered_at: None,
        answered_by: None,
        became: None,
        reference: None,
        converted_at: None,
        suggestion: (command.class == Class::Suggestion).then_some(Suggestion::Received),
        nameless: false,
        version: 1,
    };
    if let Some(answer) = command.answer {
        at_once(&mut contact, &answer)?;
    }
    Ok(contact)
}

/// The answer that the desk gave while it recorded the question (首问负责制): nothing is left to do.
fn at_once(contact: &mut Contact, answer: &str) -> Result<(), Refused> {
    let answer = input::lines("answer", answer, LONGEST)?;
    if contact.suggestion.is_some() {
        return Err(Refused::invalid("answer", say::suggestion_is_decided()));
    }
    contact.answer(answer, contact.recorded_by, contact.recorded_at)
}

/// Who it was. Residents are themselves and write in the app; what staff record is of somebody who
/// has to do with the estate, and with the zone for who has one.
async fn person(
    scope: &TenantScope,
    right: &EstateScope,
    command: &LogContact,
) -> Result<Option<PersonId>, Refused> {
    if let Some(own) = right.own_person() {
        let own = PersonId::from_uuid(own);
        if homes::own_units(scope, command.estate, own).await?.is_empty()
            || command.person.is_some_and(|person| person != own)
        {
            return Err(Refused::not_found());
        }
        let filled = [
            ("channel", command.channel != Channel::App),
            ("direction", command.direction != Direction::Inbound),
            ("at", command.at.is_some()),
            ("phone", command.phone.is_some()),
            ("callerName", command.caller_name.is_some()),
            ("answer", command.answer.is_some()),
        ];
        return match filled.iter().find(|(_, filled)| *filled) {
            Some((field, _)) => Err(Refused::invalid(*field, say::for_the_desk())),
            None => Ok(Some(own)),
        };
    }
    if command.channel == Channel::App {
        return Err(Refused::invalid("channel", say::for_residents()));
    }
    match command.person {
        Some(person) => known_person(scope, right, person).await.map(Some),
        None => Ok(None),
    }
}

/// Somebody who has to do with the estate, and with the zone for who has one.
pub(super) async fn known_person(
    scope: &TenantScope,
    right: &EstateScope,
    person: PersonId,
) -> Result<PersonId, Refused> {
    let ties = places::homes::of_person(scope, right.estate(), person).await?;
    let units = places::homes::units(scope, ties.iter().map(|tie| tie.unit)).await?;
    let near = |building: uuid::Uuid| right.zone().is_none_or(|zone| zone.contains(&building));
    if units.values().any(|unit| near(unit.building.as_uuid())) {
        Ok(person)
    } else {
        Err(Refused::not_found())
    }
}

fn sealed(key: &CompanyKey, id: ContactId, phone: &str) -> Result<Phone, Refused> {
    let phone = checked_phone(phone)?;
    let plain = digits(&phone);
    Ok(Phone {
        sealed: seal(key, &place(id), &phone),
        hash: key.keyed_hash(&plain),
        tail: tail(&plain).to_owned(),
        masked: mask_phone(&phone),
    })
}

/// What a sealed phone is bound to: it opens in no other contact.
pub(super) fn place(id: ContactId) -> String {
    format!("contact/{}/phone", id.as_uuid().simple())
}

/// Writes down who did what to a contact.
pub(super) async fn note(
    scope: &TenantScope,
    caller: &Caller,
    action: &'static str,
    contact: &Contact,
    reason: Option<&str>,
) -> Result<(), Refused> {
    let fact = AuditFact {
        action,
        object: contact.id.to_string(),
        estate: Some(contact.estate),
        reason,
        detail: (contact.channel, contact.class, contact.urgency, contact.state),
    };
    Ok(audit(scope, caller, fact).await?)
}
