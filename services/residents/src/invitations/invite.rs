//! Making the one-time code.

use super::RESIDENT_INVITE;
use crate::{
    ResidentsError, estates, occupancy,
    people::{self, Keyring},
    say,
    structure::{UNIT_READ, visible_units},
};
use authz::{AuditFact, Caller, audit};
use chrono::{DateTime, Duration, Utc};
use contracts::{PersonId, UnitId, residents::ResidentInvited};
use db::Db;
use sha2::{Digest as _, Sha256};

/// How long a code is good.
const DAYS: i64 = 7;

/// A code, shown this once.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The code; only its hash is kept.
    pub code: String,
    /// Good until.
    pub expires: DateTime<Utc>,
}

/// Invites a person who belongs to a unit today; identity hears the hash of the code.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.invitations.invite", skip_all, fields(unit.id = %unit))]
pub async fn invite(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    unit: UnitId,
    person: PersonId,
) -> Result<Invitation, ResidentsError> {
    let key = keys.of(db, caller.tenant()).await?;
    let scope = db.write(caller.tenant()).await?;
    let seen = visible_units(&scope, caller, UNIT_READ, [unit.as_uuid()]).await?;
    let estate = seen.first().ok_or(ResidentsError::not_found())?.estate;
    caller.act(RESIDENT_INVITE, UNIT_READ, estate)?;
    let today = estates::today(&scope, estate).await?;
    let ties = occupancy::repo::of_units(&scope, [unit.as_uuid()]).await?;
    if !ties.iter().any(|tie| tie.person == person && tie.lasts_on(today)) {
        return Err(ResidentsError::not_found());
    }
    let plain = people::repo::plain_one(&scope, &key, person).await?;
    let plain = plain.ok_or(ResidentsError::not_found())?;
    let phone = plain.phone.as_deref().map(people::digits);
    let phone = phone.ok_or(ResidentsError::invalid("personId", say::no_phone()))?;
    let code = hex::encode(scope.clock().bytes::<10>());
    let expires = scope.now() + Duration::days(DAYS);
    let event = ResidentInvited {
        estate,
        unit,
        person,
        name: plain.name,
        phone,
        code_hash: hex::encode(Sha256::digest(code.as_bytes())),
        expires,
    };
    events::publish(&scope, &event).await?;
    let detail = serde_json::json!({ "unit": unit, "expires": expires });
    let (object, estate) = (person.to_string(), Some(estate));
    let fact = AuditFact { action: "resident.invited", object, estate, reason: None, detail };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(Invitation { code, expires })
}
