//! What the features tell of their tickets: begun, answered, waiting, ended.

use super::{
    ClockId, SlaState, Subject, SubjectKind,
    domain::{Clock, Facts, Pause},
    escalate::reached,
    escalations_repo, policies,
    repo::{self, Kept},
    settings_repo, timer,
};
use crate::{Refused, homes};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{TenantScope, reschedule_job, withdraw_job};
use places::estates::Estate;
use std::collections::HashMap;

/// Why a clock stands until somebody comes at the time that was agreed.
const APPOINTMENT: &str = "APPOINTMENT";

/// Starts the clock of a ticket by the policy that holds on its first day. `code` is its class,
/// grade or urgency, in upper case; `at` is its first receipt.
///
/// # Errors
/// When writing fails, or the ticket has a clock already.
pub async fn start(
    scope: &TenantScope,
    estate: &Estate,
    subject: Subject,
    code: &str,
    at: DateTime<Utc>,
    assignee: Option<UserId>,
) -> Result<(), Refused> {
    let (policy, promise) = policies::promised(scope, estate, (subject.kind, code), at).await?;
    let facts = Facts::begun(promise, at);
    let mut kept = Kept {
        id: ClockId::from_uuid(scope.new_id()),
        estate: estate.id,
        subject,
        code: code.to_owned(),
        policy,
        assignee,
        facts,
        cancelled: false,
        open: true,
        respond_by: None,
        resolve_by: None,
        next_at: None,
        warned: 0,
    };
    repo::insert(scope, std::slice::from_ref(&kept)).await?;
    settle(scope, estate, &mut kept).await
}

/// Until when a ticket is answered and ended in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The last instant of a timely first answer.
    pub respond_by: DateTime<Utc>,
    /// The last instant of a timely end.
    pub resolve_by: DateTime<Utc>,
}

/// What is promised of the times of a ticket that begins at an instant: the same that its clock
/// will measure, for who keeps them with the ticket.
///
/// # Errors
/// When reading fails.
pub async fn times(
    scope: &TenantScope,
    estate: &Estate,
    which: (SubjectKind, &str),
    at: DateTime<Utc>,
) -> Result<Times, Refused> {
    let (_, promise) = policies::promised(scope, estate, which, at).await?;
    let (calendar, _) = settings_repo::calendar(scope, estate).await?;
    let facts = Facts::begun(promise, at);
    let clock = Clock::new(&facts, &calendar);
    // Without a pause, only a calendar without end of holidays promises nothing.
    Ok(Times {
        respond_by: clock.respond_by().unwrap_or(at),
        resolve_by: clock.resolve_by().unwrap_or(at),
    })
}

/// The ticket is of another class, grade or urgency after all: what is promised for that holds, as
/// if it had been from its first receipt. What ended, or has that code already, stays as it is.
///
/// # Errors
/// When writing fails.
pub async fn revised(scope: &TenantScope, subject: Subject, code: &str) -> Result<(), Refused> {
    let Some(mut kept) = repo::lock(scope, subject).await? else { return Ok(()) };
    if !kept.open || kept.code == code {
        return Ok(());
    }
    let estate = homes::estate(scope, kept.estate).await?;
    let at = kept.facts.started_at;
    let (policy, promise) = policies::promised(scope, &estate, (subject.kind, code), at).await?;
    (kept.policy, kept.facts.promise) = (policy, promise);
    code.clone_into(&mut kept.code);
    // The steps are others now, so that who was told before may be told again; it began when it did.
    kept.facts.round += 1;
    kept.warned = 0;
    settle(scope, &estate, &mut kept).await
}

/// Somebody else has the ticket now, or nobody.
///
/// # Errors
/// When writing fails.
pub async fn assigned(
    scope: &TenantScope,
    subject: Subject,
    assignee: Option<UserId>,
) -> Result<(), Refused> {
    change(scope, subject, |kept| kept.assignee = assignee).await
}

/// The ticket was answered for the first time; a second answer changes nothing.
///
/// # Errors
/// When writing fails.
pub async fn responded(
    scope: &TenantScope,
    subject: Subject,
    at: DateTime<Utc>,
) -> Result<(), Refused> {
    change(scope, subject, |kept| {
        kept.facts.responded_at.get_or_insert(at);
    })
    .await
}

/// The clock stands from now on, for a reason, e.g. `WAITING_PARTS`. One that stands keeps its
/// first reason.
///
/// # Errors
/// When writing fails.
pub async fn pause(scope: &TenantScope, subject: Subject, reason: &str) -> Result<(), Refused> {
    let from = scope.now();
    change(scope, subject, |kept| {
        if !stands(kept) {
            let pause = Pause { reason: reason.to_owned(), from, to: None };
            kept.facts.pauses.push(pause);
        }
    })
    .await
}

/// The clock runs on from now on.
///
/// # Errors
/// When writing fails.
pub async fn resume(scope: &TenantScope, subject: Subject) -> Result<(), Refused> {
    let now = scope.now();
    change(scope, subject, |kept| end_pause(kept, now)).await
}

/// Somebody comes at a time that the resident chose: until then the clock stands, unless they come
/// earlier ([`resume`]). Another time takes the place of the one before.
///
/// # Errors
/// When writing fails.
pub async fn waits_until(
    scope: &TenantScope,
    subject: Subject,
    appointment: DateTime<Utc>,
) -> Result<(), Refused> {
    let from = scope.now();
    change(scope, subject, |kept| {
        let before = kept.facts.pauses.iter_mut().filter(|pause| pause.reason == APPOINTMENT);
        before.for_each(|pause| end(pause, from));
        if from < appointment {
            let pause = Pause { reason: APPOINTMENT.to_owned(), from, to: Some(appointment) };
            kept.facts.pauses.push(pause);
        }
    })
    .await
}

/// Another end was agreed with the resident; the steps are climbed anew towards it.
///
/// # Errors
/// When it is not later than now, or writing fails.
pub async fn extended(
    scope: &TenantScope,
    subject: Subject,
    until: DateTime<Utc>,
) -> Result<(), Refused> {
    let now = scope.now();
    if until <= now {
        return Err(Refused::invalid("until", super::say::after_now()));
    }
    change(scope, subject, |kept| {
        end_pause(kept, now);
        begin_round(kept, now, Some(until));
    })
    .await
}

/// The ticket ended; if nobody answered before, that was the answer. What is measured stays as it
/// is now, whatever becomes of policies and calendars.
///
/// # Errors
/// When writing fails.
pub async fn resolved(
    scope: &TenantScope,
    subject: Subject,
    at: DateTime<Utc>,
) -> Result<(), Refused> {
    change(scope, subject, |kept| {
        kept.facts.responded_at.get_or_insert(at);
        kept.facts.ended_at = Some(at);
        end_pause(kept, at);
    })
    .await
}

/// A ticket that had ended goes on: its time to the end begins anew, with the same promise.
///
/// # Errors
/// When writing fails.
pub async fn reopened(scope: &TenantScope, subject: Subject) -> Result<(), Refused> {
    let Some(mut kept) = repo::lock(scope, subject).await? else { return Ok(()) };
    if kept.open {
        return Ok(());
    }
    let estate = homes::estate(scope, kept.estate).await?;
    kept.open = true;
    kept.cancelled = false;
    kept.facts.ended_at = None;
    begin_round(&mut kept, scope.now(), None);
    settle(scope, &estate, &mut kept).await
}

/// The ticket is void: nothing is promised any more, and nothing is measured.
///
/// # Errors
/// When writing fails.
pub async fn cancelled(scope: &TenantScope, subject: Subject) -> Result<(), Refused> {
    let now = scope.now();
    change(scope, subject, |kept| {
        kept.cancelled = true;
        kept.facts.ended_at = Some(now);
        end_pause(kept, now);
    })
    .await
}

/// Where tickets stand; one statement, whatever their number. One that has no clock is missing.
///
/// # Errors
/// When reading fails.
pub async fn states(
    scope: &TenantScope,
    subjects: impl IntoIterator<Item = Subject>,
) -> Result<HashMap<Subject, SlaState>, Refused> {
    let subjects: Vec<Subject> = subjects.into_iter().collect();
    Ok(repo::states(scope, &subjects, scope.now()).await?)
}

/// Changes what is known of a ticket whose clock runs; one that ended stays as it is.
async fn change(
    scope: &TenantScope,
    subject: Subject,
    with: impl FnOnce(&mut Kept),
) -> Result<(), Refused> {
    let Some(mut kept) = repo::lock(scope, subject).await? else { return Ok(()) };
    if !kept.open {
        return Ok(());
    }
    let estate = homes::estate(scope, kept.estate).await?;
    with(&mut kept);
    repo::save_pauses(scope, &kept).await?;
    settle(scope, &estate, &mut kept).await
}

fn stands(kept: &Kept) -> bool {
    kept.facts.pauses.iter().any(|pause| pause.to.is_none())
}

/// Ends what stands, and what would for an appointment that is kept or needed no more.
fn end_pause(kept: &mut Kept, at: DateTime<Utc>) {
    let ends = |pause: &&mut Pause| pause.to.is_none() || pause.reason == APPOINTMENT;
    kept.facts.pauses.iter_mut().filter(ends).for_each(|pause| end(pause, at));
}

/// A clock set back meanwhile leaves a pause of no length rather than one without sense.
fn end(pause: &mut Pause, at: DateTime<Utc>) {
    pause.to = Some(pause.to.map_or(at, |to| to.min(at)).max(pause.from));
}

fn begin_round(kept: &mut Kept, at: DateTime<Utc>, until: Option<DateTime<Utc>>) {
    kept.facts.round += 1;
    kept.facts.round_from = at;
    kept.facts.agreed_until = until;
    kept.warned = 0;
}

/// Brings a held clock to what its facts mean now: tells of every step that was reached, once, and
/// sets the timer to the next one.
pub(super) async fn settle(
    scope: &TenantScope,
    estate: &Estate,
    kept: &mut Kept,
) -> Result<(), Refused> {
    let (calendar, _) = settings_repo::calendar(scope, estate).await?;
    let facts = kept.facts.clone();
    let clock = Clock::new(&facts, &calendar);
    // What was answered in time stays so when the calendar changes later.
    if kept.respond_by.is_none() || facts.responded_at.is_none() {
        kept.respond_by = clock.respond_by();
    }
    kept.resolve_by = clock.resolve_by();
    let mut told = escalations_repo::told(scope, kept.id, facts.round).await?;
    reached(scope, kept, &clock.reached_by(scope.now()), &mut told).await?;
    kept.next_at = clock.next(&told).map(|due| due.at);
    if facts.ended_at.is_some() {
        kept.open = false;
        kept.next_at = None;
    }
    repo::save(scope, kept).await?;
    let id = kept.id.as_uuid();
    match kept.next_at {
        Some(at) => reschedule_job(scope, timer::SLA, id, at).await?,
        None => withdraw_job(scope, timer::SLA, id).await?,
    }
    Ok(())
}
