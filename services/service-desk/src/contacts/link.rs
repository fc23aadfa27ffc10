//! Saying afterwards who turned to the estate, and about which unit: a call is recorded before one
//! knows that, and belongs to the household's timeline from then on.

use super::{
    CONTACT_HANDLE, CONTACT_READ, Contact,
    domain::Channel,
    handle::{Of, begun, done},
    log::known_person,
    say,
};
use crate::{Refused, homes};
use authz::Caller;
use contracts::{PersonId, UnitId};
use db::Db;
use errors::expected;

/// Links a contact to a person, a unit, or both; what a resident sent stays theirs.
#[tracing::instrument(name = "usecase.contacts.link", skip_all, fields(contact.id = %of.contact))]
pub(super) async fn link(
    db: &Db,
    caller: &Caller,
    of: Of,
    (person, unit): (Option<PersonId>, Option<UnitId>),
) -> Result<Contact, Refused> {
    let (scope, mut contact) = begun(db, caller, of).await?;
    let right = caller.act(CONTACT_HANDLE, CONTACT_READ, contact.estate)?;
    if person.is_none() && unit.is_none() {
        return Err(Refused::invalid("personId", expected::filled()));
    }
    if let Some(person) = person {
        if contact.channel == Channel::App && contact.person != Some(person) {
            return Err(Refused::invalid("personId", say::sent_by_a_resident()));
        }
        contact.person = Some(known_person(&scope, &right, person).await?);
    }
    if let Some(unit) = unit {
        let unit = homes::covered(&scope, &right, unit).await?;
        (contact.unit, contact.building) = (Some(unit.id), Some(unit.building));
    }
    done(scope, caller, "contact.linked", contact).await
}
