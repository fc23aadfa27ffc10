//! An answer: from the resident by the app, or written down by who called.

use super::{
    Channel, Rating, Record, Revisit,
    attempt::may_call,
    held::{held, kept},
};
use crate::{
    Refused, complaints,
    revisits::{REVISIT_RECORD, REVISIT_REPLY, RevisitId, Source, say},
    special_services,
};
use authz::{AuditFact, Caller, Subject, audit};
use contracts::PersonId;
use db::{Db, TenantScope};
use errors::{Invalid, expected, input};

/// What somebody said who was asked.
#[derive(Clone, Debug)]
pub(in crate::revisits) struct RecordRevisit {
    pub revisit: RevisitId,
    pub version: i32,
    pub channel: Channel,
    pub interviewee: String,
    pub rating: Rating,
    pub quality: Rating,
    pub effect: Rating,
    pub manners: Rating,
    pub shoe_covers: Option<bool>,
    pub cleaned_up: Option<bool>,
    pub suggestion: Option<String>,
}

/// The three answers of the short form, and what else a resident wants to say.
#[derive(Clone, Debug)]
pub(in crate::revisits) struct ReplyRevisit {
    pub revisit: RevisitId,
    pub version: i32,
    pub rating: Rating,
    pub effect: Rating,
    pub manners: Rating,
    pub suggestion: Option<String>,
}

/// Writes down what somebody said. Who did the work may not; a bad rating reopens the complaint or
/// opens one (handbook ch. 23).
#[tracing::instrument(name = "usecase.revisits.record", skip_all)]
pub(in crate::revisits) async fn record(
    db: &Db,
    caller: &Caller,
    command: RecordRevisit,
) -> Result<Revisit, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let which = (command.revisit, command.version);
    let mut revisit = held(&scope, caller, REVISIT_RECORD, which).await?;
    may_call(&revisit, caller, scope.now())?;
    if command.channel == Channel::App {
        return Err(Invalid::new("channel", expected::existing()).into());
    }
    let record = Record {
        interviewee: Some(input::text("interviewee", &command.interviewee, 50)?),
        person: None,
        quality: Some(command.quality),
        effect: command.effect,
        manners: command.manners,
        shoe_covers: command.shoe_covers,
        cleaned_up: command.cleaned_up,
        suggestion: input::optional("suggestion", command.suggestion.as_deref(), 500)?,
    };
    revisit.recorded_by = Some(caller.user());
    revisit.answered(scope.now(), command.channel, (command.rating, record));
    finish(scope, caller, revisit, "revisit.recorded").await
}

/// Takes a resident's own answer; nobody needs to call any more.
#[tracing::instrument(name = "usecase.revisits.reply", skip_all)]
pub(in crate::revisits) async fn reply(
    db: &Db,
    caller: &Caller,
    command: ReplyRevisit,
) -> Result<Revisit, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let which = (command.revisit, command.version);
    let mut revisit = held(&scope, caller, REVISIT_REPLY, which).await?;
    let Subject::Resident { person, .. } = caller.subject() else {
        return Err(Refused::not_found());
    };
    if !revisit.takes_reply() {
        return Err(Refused::Conflict(say::already_answered()));
    }
    let record = Record {
        interviewee: None,
        person: Some(PersonId::from_uuid(person)),
        quality: None,
        effect: command.effect,
        manners: command.manners,
        shoe_covers: None,
        cleaned_up: None,
        suggestion: input::optional("suggestion", command.suggestion.as_deref(), 500)?,
    };
    revisit.answered(scope.now(), Channel::App, (command.rating, record));
    finish(scope, caller, revisit, "revisit.replied").await
}

async fn finish(
    scope: TenantScope,
    caller: &Caller,
    mut revisit: Revisit,
    action: &'static str,
) -> Result<Revisit, Refused> {
    kept(&scope, &mut revisit).await?;
    let fact = AuditFact {
        action,
        object: revisit.id.to_string(),
        estate: Some(revisit.estate),
        reason: None,
        detail: (revisit.channel, revisit.rating),
    };
    audit(&scope, caller, fact).await?;
    consequences(&scope, caller, &revisit).await?;
    scope.commit().await?;
    Ok(revisit)
}

/// A complaint ends by its rating, or begins anew; a bad rating of anything else is a complaint.
async fn consequences(
    scope: &TenantScope,
    caller: &Caller,
    revisit: &Revisit,
) -> Result<(), Refused> {
    let Some(rating) = revisit.rating else { return Ok(()) };
    if matches!(revisit.source, Source::SpecialOrder | Source::Housekeeping) {
        special_services::revisited(scope, revisit.reference).await?;
    }
    if revisit.source == Source::Complaint {
        return complaints::rated(scope, caller, revisit.reference, rating).await;
    }
    if rating != Rating::C {
        return Ok(());
    }
    let said = revisit.record.as_ref().and_then(|record| record.suggestion.clone());
    let bad = complaints::BadRating {
        estate: revisit.estate,
        person: revisit.person,
        unit: revisit.unit,
        workers: revisit.workers.clone(),
        revisit: (revisit.id.as_uuid(), revisit.id.to_string()),
        summary: revisit.summary.clone(),
        said,
    };
    complaints::from_bad_rating(scope, caller, bad).await
}
