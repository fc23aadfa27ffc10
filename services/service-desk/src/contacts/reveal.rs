//! Showing a caller's phone whole, for a reason that is kept.

use super::{
    CONTACT_READ, ContactId,
    log::{note, place},
    reading::{covers, visible},
};
use crate::Refused;
use authz::{Caller, Permission};
use db::Db;
use errors::expected;
use personal::{Keyring, open};

/// See phones whole.
const REVEAL_PHONE: Permission = Permission::new("person.reveal_phone");

/// The caller's phone of a contact, e.g. to call back; who saw it, when and why is written down in
/// the same transaction.
#[tracing::instrument(name = "usecase.contacts.reveal", skip_all, fields(contact.id = %id))]
pub(super) async fn reveal(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    id: ContactId,
    reason: &str,
) -> Result<Option<String>, Refused> {
    let key = keys.of(db, caller.tenant()).await?;
    let scope = db.write(caller.tenant()).await?;
    let contact = visible(&scope, caller, id).await?;
    let right = caller.act(REVEAL_PHONE, CONTACT_READ, contact.estate)?;
    if !covers(&right, &contact) {
        return Err(Refused::not_found());
    }
    let reason = reason.trim();
    if !(2..=500).contains(&reason.chars().count()) {
        return Err(Refused::invalid("reason", expected::length(2, 500)));
    }
    // Whose an anonymous complaint is, is learnt there, by who grades it.
    let told = contact.phone.as_ref().filter(|_| !contact.nameless);
    let Some(phone) = told else { return Ok(None) };
    let plain = open(&key, &place(id), &phone.sealed)?;
    note(&scope, caller, "contact.phone_revealed", &contact, Some(reason)).await?;
    scope.commit().await?;
    Ok(Some(plain))
}
