//! Answering a contact: classing it, answering it, deciding the suggestion it is, handing it over.

use super::{
    Contact, ContactId,
    domain::{Class, Suggestion, Urgency},
    log::{LONGEST, note},
    reading::{held, written},
    say,
};
use crate::{
    Refused,
    messages::{MessageKind, Words, Written, post_all},
};
use authz::{Caller, UserId};
use db::{Db, TenantScope};
use errors::input;

/// A contact as the caller saw it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of {
    pub contact: ContactId,
    pub version: i32,
}

/// Says what a contact is about and how soon it wants an answer.
#[tracing::instrument(name = "usecase.contacts.classify", skip_all, fields(contact.id = %of.contact))]
pub(super) async fn classify(
    db: &Db,
    caller: &Caller,
    of: Of,
    (class, urgency): (Class, Urgency),
) -> Result<Contact, Refused> {
    let (scope, mut contact) = begun(db, caller, of).await?;
    contact.classify(class, urgency)?;
    done(scope, caller, "contact.classified", contact).await
}

/// Answers a contact; who asked is told.
#[tracing::instrument(name = "usecase.contacts.answer", skip_all, fields(contact.id = %of.contact))]
pub(super) async fn answer(
    db: &Db,
    caller: &Caller,
    of: Of,
    answer: &str,
) -> Result<Contact, Refused> {
    let (scope, mut contact) = begun(db, caller, of).await?;
    let answer = input::lines("answer", answer, LONGEST)?;
    contact.answer(answer, caller.user(), scope.now())?;
    tell(&scope, &contact).await?;
    done(scope, caller, "contact.answered", contact).await
}

/// Whoever asked reads the answer in their inbox, if it is known who that is.
async fn tell(scope: &TenantScope, contact: &Contact) -> Result<(), Refused> {
    let (Some(person), Some(answer)) = (contact.person, contact.answer.clone()) else {
        return Ok(());
    };
    let letter = Written {
        estate: contact.estate,
        person,
        unit: contact.unit,
        kind: MessageKind::Service,
        title: Words::from(&say::letter_answer_title()),
        body: Words { zh: answer.clone(), en: answer },
        reference: contact.id.to_string(),
    };
    post_all(scope, vec![letter]).await.map(drop)
}

/// Adopts a suggestion or explains why not; the reply is the answer.
#[tracing::instrument(name = "usecase.contacts.decide", skip_all, fields(contact.id = %of.contact))]
pub(super) async fn decide(
    db: &Db,
    caller: &Caller,
    of: Of,
    (decision, reply): (Suggestion, &str),
) -> Result<Contact, Refused> {
    let (scope, mut contact) = begun(db, caller, of).await?;
    let reply = input::lines("reply", reply, LONGEST)?;
    contact.decide(decision, reply, caller.user(), scope.now())?;
    tell(&scope, &contact).await?;
    let action = match decision {
        Suggestion::Adopted => "contact.suggestion_adopted",
        Suggestion::Received | Suggestion::Explained => "contact.suggestion_explained",
    };
    done(scope, caller, action, contact).await
}

/// Hands a contact over to a colleague, who must accept it; until then it stays whose it is.
#[tracing::instrument(name = "usecase.contacts.hand_over", skip_all, fields(contact.id = %of.contact))]
pub(super) async fn hand_over(
    db: &Db,
    caller: &Caller,
    of: Of,
    to: UserId,
) -> Result<Contact, Refused> {
    let (scope, mut contact) = begun(db, caller, of).await?;
    let known = places::staff::find(&scope, to.as_uuid()).await?;
    if !known.is_some_and(|colleague| colleague.active) {
        return Err(Refused::not_found());
    }
    contact.offer(to)?;
    done(scope, caller, "contact.handed_over", contact).await
}

/// Accepts a contact that was handed over, or takes one that is nobody's.
#[tracing::instrument(name = "usecase.contacts.accept", skip_all, fields(contact.id = %of.contact))]
pub(super) async fn accept(db: &Db, caller: &Caller, of: Of) -> Result<Contact, Refused> {
    let (scope, mut contact) = begun(db, caller, of).await?;
    contact.accept(caller.user(), scope.now())?;
    done(scope, caller, "contact.accepted", contact).await
}

/// A contact that is about to be changed, with the transaction that holds it.
pub(super) async fn begun(
    db: &Db,
    caller: &Caller,
    of: Of,
) -> Result<(TenantScope, Contact), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let contact = held(&scope, caller, of.contact, of.version).await?;
    Ok((scope, contact))
}

/// Writes a contact that was changed, and who changed it.
pub(super) async fn done(
    scope: TenantScope,
    caller: &Caller,
    action: &'static str,
    mut contact: Contact,
) -> Result<Contact, Refused> {
    written(&scope, &mut contact).await?;
    note(&scope, caller, action, &contact, None).await?;
    scope.commit().await?;
    Ok(contact)
}
