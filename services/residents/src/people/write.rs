//! Registering and changing people by hand, and who may see whom.

use super::{Keyring, PERSON_MANAGE, PERSON_READ, PartyKind, Person, repo, repo::PlainPerson};
use crate::{
    ResidentsError, estates, imports::is_valid_identity, occupancy, parking, say,
    structure::visible_units,
};
use authz::{AuditFact, Caller, Permission, audit};
use contracts::PersonId;
use db::{Db, TenantScope};
use errors::expected;
use ids::EstateId;
use std::collections::{HashMap, HashSet, hash_map::Entry};
use uuid::Uuid;

/// A person as typed in; on a change `None` leaves a value as it is.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// The whole name.
    pub name: Option<String>,
    /// Whether it is a company.
    pub company: Option<bool>,
    /// The phone.
    pub phone: Option<String>,
    /// The identity number.
    pub identity: Option<String>,
}

/// Those of some people that a caller may see: everybody of an estate they see whole, else those
/// who belong to a unit they see, and always themselves.
///
/// # Errors
/// When reading fails.
pub async fn visible_people(
    scope: &TenantScope,
    caller: &Caller,
    permission: Permission,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Person>, ResidentsError> {
    let permitted = caller.estates(permission);
    let people = repo::by_id(scope, ids).await?;
    let mut doubtful = Vec::new();
    let mut seen = HashSet::new();
    for person in &people {
        let Some(permit) = permitted.in_estate(person.estate) else { continue };
        let whole = permit.zone().is_none() && permit.own_person().is_none();
        if whole || permit.own_person() == Some(person.id.as_uuid()) {
            seen.insert(person.id);
        } else {
            doubtful.push(person.id.as_uuid());
        }
    }
    if !doubtful.is_empty() {
        let ties = occupancy::repo::of_people(scope, doubtful).await?;
        let units = ties.iter().map(|tie| tie.unit.as_uuid());
        let units = visible_units(scope, caller, permission, units).await?;
        let units: HashSet<_> = units.into_iter().map(|unit| unit.id).collect();
        let mut today = HashMap::new();
        for tie in ties.iter().filter(|tie| units.contains(&tie.unit)) {
            if let Entry::Vacant(entry) = today.entry(tie.estate) {
                entry.insert(estates::today(scope, tie.estate).await?);
            }
            // Who moved out is no longer the present household's business.
            let own = permitted.in_estate(tie.estate).is_some_and(|p| p.own_person().is_some());
            if !own || tie.lasts_on_or_after(today[&tie.estate]) {
                seen.insert(tie.person);
            }
        }
    }
    Ok(people.into_iter().filter(|person| seen.contains(&person.id)).collect())
}

fn checked(new: &NewPerson) -> Result<(), ResidentsError> {
    if let Some(name) = &new.name
        && !(1..=100).contains(&name.trim().chars().count())
    {
        return Err(ResidentsError::invalid("name", expected::length(1, 100)));
    }
    if let Some(phone) = &new.phone {
        let digits = super::digits(phone);
        let signs = phone.chars().all(|c| c.is_ascii_digit() || "+- ".contains(c));
        if !signs || !(7..=15).contains(&digits.len()) {
            return Err(ResidentsError::invalid("phone", say::phone_digits(7, 15)));
        }
    }
    if let Some(identity) = &new.identity
        && new.company != Some(true)
        && !is_valid_identity(identity)
    {
        return Err(ResidentsError::invalid("identityNumber", say::identity_number()));
    }
    Ok(())
}

/// Registers a person in an estate.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.people.add", skip_all, fields(estate.id = %estate))]
pub async fn add_person(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    estate: EstateId,
    new: NewPerson,
) -> Result<PersonId, ResidentsError> {
    caller.act(PERSON_MANAGE, PERSON_READ, estate)?;
    checked(&new)?;
    let key = keys.of(db, caller.tenant()).await?;
    let scope = db.write(caller.tenant()).await?;
    estates::known(&scope, estate).await?;
    let id = PersonId::from_uuid(scope.new_id());
    let name = new.name.ok_or(ResidentsError::invalid("name", expected::filled()))?;
    let company = new.company.unwrap_or(false);
    let person = PlainPerson {
        id,
        code: own_code(id),
        name: name.trim().to_owned(),
        kind: if company { PartyKind::Company } else { PartyKind::Person },
        gender: None,
        birth_year: None,
        phone: new.phone,
        identity: new.identity,
    };
    repo::save(&scope, &key, estate, &[person]).await?;
    let (object, estate, detail) = (id.to_string(), Some(estate), ());
    let fact = AuditFact { action: "person.added", object, estate, reason: None, detail };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(id)
}

/// The code of a person that no file named: the random end of its id.
pub fn own_code(id: PersonId) -> String {
    let text = id.as_uuid().simple().to_string();
    format!("P{}", &text[16..])
}

/// Changes a person; the people of their units are told.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.people.update", skip_all, fields(person.id = %id))]
pub async fn update_person(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    id: PersonId,
    new: NewPerson,
) -> Result<PersonId, ResidentsError> {
    let key = keys.of(db, caller.tenant()).await?;
    let scope = db.write(caller.tenant()).await?;
    let seen = visible_people(&scope, caller, PERSON_READ, [id.as_uuid()]).await?;
    let estate = seen.first().ok_or(ResidentsError::not_found())?.estate;
    caller.act(PERSON_MANAGE, PERSON_READ, estate)?;
    if visible_people(&scope, caller, PERSON_MANAGE, [id.as_uuid()]).await?.is_empty() {
        return Err(authz::Denied::Missing(PERSON_MANAGE).into());
    }
    let mut person = repo::plain_one(&scope, &key, id).await?.ok_or(ResidentsError::not_found())?;
    let was_company = person.kind == PartyKind::Company;
    checked(&NewPerson { company: new.company.or(Some(was_company)), ..new.clone() })?;
    let mut changed = Vec::new();
    if let Some(name) = new.name {
        name.trim().clone_into(&mut person.name);
        changed.push("name");
    }
    if let Some(company) = new.company {
        person.kind = if company { PartyKind::Company } else { PartyKind::Person };
        changed.push("kind");
    }
    if let Some(phone) = new.phone {
        person.phone = Some(phone);
        changed.push("phone");
    }
    if let Some(identity) = new.identity {
        person.identity = Some(identity);
        changed.push("identity");
    }
    repo::save(&scope, &key, estate, &[person]).await?;
    let ties = occupancy::repo::of_people(&scope, [id.as_uuid()]).await?;
    let units: HashSet<Uuid> = ties.iter().map(|tie| tie.unit.as_uuid()).collect();
    occupancy::repo::tell(&scope, estate, units).await?;
    parking::repo::tell_of_holder(&scope, estate, id).await?;
    let detail = serde_json::json!({ "changed": changed });
    let (object, estate) = (id.to_string(), Some(estate));
    let fact = AuditFact { action: "person.changed", object, estate, reason: None, detail };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(id)
}
