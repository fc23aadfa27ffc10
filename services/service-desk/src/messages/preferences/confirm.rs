//! Giving an address, confirming it by the code that was sent there, and taking it back.

use super::{
    change::oneself,
    repo::{self, Address},
};
use crate::{
    Refused,
    messages::{
        Channel, DeliveryId,
        address::{CODE_LASTS, CODE_PAUSE, MAX_WRONG, checked, code, place, shown},
        delivery::{self, Delivery},
        say,
    },
};
use authz::{AuditFact, Caller, audit};
use contracts::PersonId;
use db::{Db, TenantScope, enqueue_job};
use personal::{CompanyKey, Keyring, seal};

/// Sends a code to an address, which takes the place of the confirmed one when the code comes back.
#[tracing::instrument(name = "usecase.messages.give_address", skip_all)]
pub(super) async fn give(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    (channel, text): (Channel, &str),
) -> Result<PersonId, Refused> {
    let person = oneself(caller)?;
    caller.writable()?;
    let plain = checked(channel, text)?;
    let key = keys.of(db, caller.tenant()).await?;
    let scope = db.write(caller.tenant()).await?;
    let held = repo::lock(&scope, person, channel).await?;
    let mut address = held.unwrap_or(Address::none(person, channel));
    if address.asked_at.is_some_and(|asked| scope.now() < asked + CODE_PAUSE) {
        return Err(Refused::Conflict(say::code_too_soon()));
    }
    address.pending = Some(seal(&key, &place(person, channel), &plain));
    address.pending_shown = Some(shown(channel, &plain));
    address.nonce = Some(scope.new_id());
    address.asked_at = Some(scope.now());
    address.wrong_codes = 0;
    repo::put(&scope, &address).await?;
    let id = DeliveryId::from_uuid(scope.new_id());
    let shown = address.pending_shown.unwrap_or_default();
    delivery::insert(&scope, vec![Delivery::of_code(id, person, (channel, shown), scope.now())])
        .await?;
    enqueue_job(&scope, delivery::JOB, id.as_uuid()).await?;
    note(&scope, caller, "message_address.given", (person, channel)).await?;
    scope.commit().await?;
    Ok(person)
}

/// Confirms the address that waits. A wrong code counts even though it is refused.
#[tracing::instrument(name = "usecase.messages.confirm_address", skip_all)]
pub(super) async fn confirm(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    (channel, given): (Channel, &str),
) -> Result<PersonId, Refused> {
    let person = oneself(caller)?;
    caller.writable()?;
    let key = keys.of(db, caller.tenant()).await?;
    let scope = db.write(caller.tenant()).await?;
    let found = repo::lock(&scope, person, channel).await?;
    let mut address = found.ok_or_else(Refused::not_found)?;
    let lasts = address.asked_at.is_some_and(|asked| scope.now() < asked + CODE_LASTS);
    if address.pending.is_none() || !lasts || address.wrong_codes >= MAX_WRONG {
        return Err(Refused::Conflict(say::code_gone()));
    }
    if !is_code(&key, &address, given) {
        address.wrong_codes += 1;
        repo::put(&scope, &address).await?;
        scope.commit().await?;
        return Err(Refused::invalid("code", say::wrong_code()));
    }
    address.sealed = address.pending.take();
    address.shown = address.pending_shown.take();
    address.confirmed_at = Some(scope.now());
    address.nonce = None;
    address.wrong_codes = 0;
    repo::put(&scope, &address).await?;
    note(&scope, caller, "message_address.confirmed", (person, channel)).await?;
    scope.commit().await?;
    Ok(person)
}

/// Forgets an address; what waits to go there is not sent. Doing it again changes nothing.
#[tracing::instrument(name = "usecase.messages.remove_address", skip_all)]
pub(super) async fn remove(
    db: &Db,
    caller: &Caller,
    channel: Channel,
) -> Result<PersonId, Refused> {
    let person = oneself(caller)?;
    caller.writable()?;
    let scope = db.write(caller.tenant()).await?;
    if repo::remove(&scope, person, channel).await? {
        note(&scope, caller, "message_address.removed", (person, channel)).await?;
        scope.commit().await?;
    }
    Ok(person)
}

fn is_code(key: &CompanyKey, address: &Address, given: &str) -> bool {
    let place = place(address.person, address.channel);
    address.nonce.is_some_and(|nonce| code(key, &place, nonce) == given.trim())
}

async fn note(
    scope: &TenantScope,
    caller: &Caller,
    action: &'static str,
    (person, channel): (PersonId, Channel),
) -> Result<(), Refused> {
    let object = person.to_string();
    let fact = AuditFact { action, object, estate: None, reason: None, detail: channel };
    Ok(audit(scope, caller, fact).await?)
}
