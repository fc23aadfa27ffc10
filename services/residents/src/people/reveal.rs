//! Showing one value whole, for a reason that is kept.

use super::{Keyring, PERSON_READ, REVEAL_IDENTITY, REVEAL_PHONE, repo, visible_people};
use crate::ResidentsError;
use authz::{AuditFact, Caller, audit};
use contracts::PersonId;
use db::Db;
use errors::expected;

/// What is shown whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The name.
    Name,
    /// The phone.
    Phone,
    /// The identity number.
    Identity,
}

/// Shows a value; who, what, when and why is written down in the same transaction.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.people.reveal", skip_all, fields(person.id = %id))]
pub async fn reveal(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    id: PersonId,
    field: Field,
    reason: &str,
) -> Result<Option<String>, ResidentsError> {
    let reason = reason.trim();
    let length = reason.chars().count();
    let key = keys.of(db, caller.tenant()).await?;
    let scope = db.write(caller.tenant()).await?;
    let seen = visible_people(&scope, caller, PERSON_READ, [id.as_uuid()]).await?;
    let person = seen.into_iter().next().ok_or(ResidentsError::not_found())?;
    let permission = if field == Field::Identity { REVEAL_IDENTITY } else { REVEAL_PHONE };
    caller.act(permission, PERSON_READ, person.estate)?;
    if visible_people(&scope, caller, permission, [id.as_uuid()]).await?.is_empty() {
        return Err(authz::Denied::Missing(permission).into());
    }
    if !(2..=500).contains(&length) {
        return Err(ResidentsError::invalid("reason", expected::length(2, 500)));
    }
    let plain = repo::plain_one(&scope, &key, id).await?.ok_or(ResidentsError::not_found())?;
    let (value, name) = match field {
        Field::Name => (Some(plain.name), "name"),
        Field::Phone => (plain.phone, "phone"),
        Field::Identity => (plain.identity, "identity"),
    };
    let fact = AuditFact {
        action: "person.revealed",
        object: id.to_string(),
        estate: Some(person.estate),
        reason: Some(reason),
        detail: serde_json::json!({ "field": name }),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(value)
}
