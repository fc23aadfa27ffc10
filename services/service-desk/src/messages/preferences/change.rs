//! Saying in which language and by which ways one wants to be written to.

use super::repo;
use crate::{
    Refused,
    messages::{Channel, INBOX_READ, MessageKind, domain::MessageLanguage, domain::Wishes, say},
};
use authz::{AuditFact, Caller, Denied, Subject, audit};
use contracts::PersonId;
use db::Db;
use std::collections::{BTreeMap, BTreeSet};

/// The person behind the caller, who must be a resident with an inbox.
///
/// # Errors
/// `NOT_FOUND`.
pub(in crate::messages) fn oneself(caller: &Caller) -> Result<PersonId, Refused> {
    match caller.subject() {
        Subject::Resident { person, .. } if caller.may_somewhere(INBOX_READ) => {
            Ok(PersonId::from_uuid(person))
        }
        _ => Err(Denied::Hidden.into()),
    }
}

/// What somebody wants from now on.
#[derive(Clone, Debug)]
pub(super) struct SetPreferences {
    pub language: MessageLanguage,
    pub channels: Vec<(MessageKind, BTreeSet<Channel>)>,
    pub expected: i32,
}

/// Keeps what the caller wants.
#[tracing::instrument(name = "usecase.messages.set_preferences", skip_all)]
pub(super) async fn set(
    db: &Db,
    caller: &Caller,
    command: SetPreferences,
) -> Result<PersonId, Refused> {
    let person = oneself(caller)?;
    caller.writable()?;
    let mut channels = BTreeMap::new();
    for (kind, wanted) in command.channels {
        // What is essential comes by every way there is; to choose all of them is no refusal.
        if kind.is_essential() && wanted.len() < Channel::ALL.len() {
            return Err(Refused::invalid("kinds", say::essential()));
        }
        if !kind.is_essential() {
            channels.insert(kind, wanted);
        }
    }
    let wishes = Wishes { language: command.language, channels };
    let scope = db.write(caller.tenant()).await?;
    if !repo::save(&scope, person, &wishes, command.expected).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    let fact = AuditFact {
        action: "message_preferences.set",
        object: person.to_string(),
        estate: None,
        reason: None,
        detail: (wishes.language, wishes.channels.keys().collect::<Vec<_>>()),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(person)
}
