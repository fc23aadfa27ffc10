//! Closing a survey: what weak items and comments lead to, and whom the audit asks.

use super::{
    ImprovementId, SurveyId,
    audit_repo::{self, Call},
    domain::{
        CALLS, Improvement, ImprovementState, Invite, InviteState, Report, Step, Survey, pick,
    },
    forms_repo, invites_repo, plans_repo, report, say,
    sight::{managed, note, saved, stepped},
};
use crate::{
    Refused, homes,
    revisits::{self, Finished, Source},
    sla,
};
use authz::Caller;
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use texts::Language;

/// How many working days an improvement may take (handbook S11).
const IMPROVE_WITHIN: u32 = 10;

/// Closes a survey: weak items become plans, comments become revisits, and the forms to key again
/// and the homes to phone follow from a seed that is kept.
#[tracing::instrument(name = "usecase.surveys.close", skip_all)]
pub(super) async fn close(
    db: &Db,
    caller: &Caller,
    (id, version): (SurveyId, i32),
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let survey = managed(&scope, caller, (id, version)).await?;
    let estate = survey.estate;
    let visits = closed(&scope, survey).await?;
    note(&scope, caller, "survey.closed", (id, estate), visits).await?;
    Ok(scope.commit().await?)
}

/// Closes a survey that is held; how many comments are asked about.
pub(super) async fn closed(scope: &TenantScope, survey: Survey) -> Result<usize, Refused> {
    let now = scope.now();
    let survey = Survey {
        closed_at: Some(now),
        audit_seed: Some(hex::encode(scope.clock().bytes::<16>())),
        ..stepped(survey, Step::Close)?
    };
    saved(scope, &survey).await?;
    let open = [InviteState::Drawn, InviteState::Sent, InviteState::Reminded];
    invites_repo::mark(scope, survey.id, None, (&open, InviteState::NotReturned)).await?;
    audit_repo::insert_calls(scope, &calls(scope, &survey).await?).await?;
    plan(scope, &survey, now).await?;
    visit(scope, &survey, now).await
}

/// Homes that returned nothing, drawn to be phoned.
async fn calls(scope: &TenantScope, survey: &Survey) -> Result<Vec<Call>, Refused> {
    let all = invites_repo::of_survey(scope, survey.id).await?;
    let silent: Vec<Invite> =
        all.into_iter().filter(|invite| invite.state == InviteState::NotReturned).collect();
    let seed = survey.audit_seed.as_deref().unwrap_or_default();
    let key = |invite: &Invite| invite.unit.as_uuid().as_bytes().to_vec();
    let call = |invite: Invite| Call {
        survey: survey.id,
        unit: invite.unit,
        label: invite.label,
        called: None,
        note: None,
    };
    Ok(pick(seed, &silent, key, CALLS.1).into_iter().map(call).collect())
}

/// Makes a plan for each weak item that has none; one that nobody began goes when its item turns
/// out not to be weak.
pub(super) async fn plan(
    scope: &TenantScope,
    survey: &Survey,
    closed: DateTime<Utc>,
) -> Result<(), Refused> {
    plans_repo::remove_untouched(scope, survey.id).await?;
    let estate = homes::estate(scope, survey.estate).await?;
    let calendar = sla::calendar(scope, &estate).await?;
    let due = calendar.working_days_after(estate.day_of(closed), IMPROVE_WITHIN);
    let found = report::of(scope, survey).await?;
    let plans: Vec<Improvement> = weak(survey, &found)
        .map(|(question, rate)| Improvement {
            id: ImprovementId::from_uuid(scope.new_id()),
            survey: survey.id,
            estate: survey.estate,
            question: question.code.clone(),
            item: (question.zh.clone(), question.en.clone()),
            rate,
            due,
            owner: None,
            cause: None,
            action: None,
            effect: None,
            state: ImprovementState::Open,
            measured_in: None,
            later_rate: None,
            version: 1,
        })
        .collect();
    Ok(plans_repo::insert(scope, &plans).await?)
}

/// The weak items and their rates; of too few answers nothing is concluded.
fn weak<'s>(
    survey: &'s Survey,
    found: &Report,
) -> impl Iterator<Item = (&'s super::domain::Question, u32)> {
    found.items.iter().filter(|item| item.low).filter_map(|item| {
        let rate = item.tally.as_ref()?.rate()?;
        Some((survey.questions.get(item.question)?, rate))
    })
}

/// Asks for a revisit about each comment whose writer may be known; how many.
async fn visit(scope: &TenantScope, survey: &Survey, at: DateTime<Utc>) -> Result<usize, Refused> {
    let comments = forms_repo::comments(scope, survey.id).await?;
    let many = comments.len();
    let (zh, en) = survey.title.clone();
    let (zh, en) = (say::comment(zh).say(Language::Zh), say::comment(en).say(Language::En));
    for comment in comments {
        let fact = Finished {
            source: Source::SurveyComment,
            reference: comment.id,
            estate: survey.estate,
            unit: Some(comment.unit),
            person: comment.person,
            workers: Vec::new(),
            summary: format!("{zh} / {en}：{}", comment.text),
            at,
        };
        revisits::finished(scope, fact).await?;
    }
    Ok(many)
}
