//! Forms that come back: in the app, or on paper by an officer.

use super::{
    SURVEY_ANSWER, SURVEY_COLLECT, SurveyId,
    domain::{
        Answers, Channel, Form, Given, Invite, InviteState, RawAnswer, Step, Survey,
        checked_answers,
    },
    draw::in_zone,
    forms_repo::{self, Comment, Kept},
    invites_repo, repo, say,
    sight::{held, note, saved, stepped},
};
use crate::{Refused, homes};
use authz::{Caller, UserId, keyed};
use contracts::{PersonId, UnitId};
use db::{Db, IdempotencyKey, TenantScope};
use errors::expected;
use serde::Serialize;
use std::collections::HashSet;

/// The most forms that are entered, or keyed again, at once.
pub(super) const MOST: usize = 100;

/// One home's answers.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Filled {
    pub unit: UnitId,
    pub answers: Vec<RawAnswer>,
    /// Whether nobody shall be told who wrote the comment; then nobody is visited about it.
    pub anonymous: bool,
}

/// A form ready to be kept.
struct Ready {
    invite: Invite,
    answers: Answers,
    anonymous: bool,
    entered_by: Option<UserId>,
    person: Option<PersonId>,
}

/// A resident answers for their home, once.
#[tracing::instrument(name = "usecase.surveys.answer", skip_all)]
pub(super) async fn answer(
    db: &Db,
    caller: &Caller,
    (id, filled): (SurveyId, Filled),
    key: &IdempotencyKey,
) -> Result<(), Refused> {
    let (actor, input) = (caller.clone(), (id, filled.clone()));
    keyed(db, caller, "answer_survey", key, &input, move |scope| {
        Box::pin(async move { answered(scope, &actor, id, filled).await })
    })
    .await
}

async fn answered(
    scope: &TenantScope,
    caller: &Caller,
    id: SurveyId,
    filled: Filled,
) -> Result<(), Refused> {
    let survey = repo::lock(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.act(SURVEY_ANSWER, SURVEY_ANSWER, survey.estate)?;
    let unit = homes::covered(scope, &right, filled.unit).await?;
    let mut found = in_zone(scope, (id, None), &[unit.id]).await?;
    let invite = found.remove(&unit.id).ok_or_else(Refused::not_found)?;
    if survey.state == super::domain::SurveyState::Sampled {
        return Err(Refused::not_found());
    }
    let answers = checked_answers(&survey.questions, filled.answers, true)?;
    let ready = Ready {
        invite,
        answers,
        anonymous: filled.anonymous,
        entered_by: None,
        person: right.own_person().map(PersonId::from_uuid),
    };
    let at = (id, survey.estate);
    keep(scope, survey, vec![ready]).await?;
    note(scope, caller, "survey.answered", at, ()).await
}

/// An officer enters paper forms of their zone and gets a code for each, to be written on it.
#[tracing::instrument(name = "usecase.surveys.enter", skip_all)]
pub(super) async fn enter(
    db: &Db,
    caller: &Caller,
    (id, forms): (SurveyId, Vec<Filled>),
    key: &IdempotencyKey,
) -> Result<Vec<String>, Refused> {
    if !(1..=MOST).contains(&forms.len()) {
        return Err(Refused::invalid("forms", expected::items(1, MOST)));
    }
    let (actor, input) = (caller.clone(), (id, forms.clone()));
    keyed(db, caller, "enter_survey_forms", key, &input, move |scope| {
        Box::pin(async move { entered(scope, &actor, id, forms).await })
    })
    .await
}

async fn entered(
    scope: &TenantScope,
    caller: &Caller,
    id: SurveyId,
    forms: Vec<Filled>,
) -> Result<Vec<String>, Refused> {
    let (survey, right) = held(scope, caller, id, SURVEY_COLLECT).await?;
    let units: Vec<UnitId> = forms.iter().map(|form| form.unit).collect();
    if units.iter().collect::<HashSet<_>>().len() < units.len() {
        return Err(Refused::invalid("forms", say::form_twice()));
    }
    let mut invites = in_zone(scope, (id, right.zone()), &units).await?;
    let mut ready = Vec::with_capacity(forms.len());
    for form in forms {
        ready.push(Ready {
            invite: invites.remove(&form.unit).ok_or_else(Refused::not_found)?,
            answers: checked_answers(&survey.questions, form.answers, false)?,
            anonymous: form.anonymous,
            entered_by: Some(caller.user()),
            person: None,
        });
    }
    let at = (id, survey.estate);
    let codes = keep(scope, survey, ready).await?;
    note(scope, caller, "survey.forms_entered", at, codes.len()).await?;
    Ok(codes)
}

/// Keeps forms, and of their homes only that they answered; gives the forms' codes in order.
async fn keep(
    scope: &TenantScope,
    survey: Survey,
    ready: Vec<Ready>,
) -> Result<Vec<String>, Refused> {
    let before = survey.state;
    let survey = stepped(survey, Step::Answer)?;
    if survey.state != before {
        saved(scope, &survey).await?;
    }
    let units: Vec<UnitId> = ready.iter().map(|form| form.invite.unit).collect();
    let way: (&[_], _) = (&[InviteState::Sent, InviteState::Reminded], InviteState::Answered);
    let marked = invites_repo::mark(scope, survey.id, Some(&units), way).await?;
    if marked != u64::try_from(units.len()).unwrap_or(u64::MAX) {
        return Err(Refused::Conflict(say::not_open()));
    }
    let comments = ready.iter().filter(|form| !form.anonymous).filter_map(|form| {
        let text = written(&form.answers)?;
        let (unit, person) = (form.invite.unit, form.person);
        Some(Comment { id: scope.new_id(), unit, person, text })
    });
    forms_repo::insert_comments(scope, survey.id, comments.collect()).await?;
    let mut kept: Vec<Kept> = ready.into_iter().map(|form| kept(scope, form)).collect();
    let codes = kept.iter().map(|form| form.code.clone()).collect();
    // By code, which is random: not even the order of the rows tells whose form is whose.
    kept.sort_by(|a, b| a.code.cmp(&b.code));
    forms_repo::insert(scope, survey.id, &kept).await?;
    Ok(codes)
}

fn kept(scope: &TenantScope, form: Ready) -> Kept {
    let channel = if form.entered_by.is_some() { Channel::Paper } else { Channel::App };
    let building = (form.invite.building.as_uuid(), form.invite.building_code);
    Kept {
        code: hex::encode_upper(scope.clock().bytes::<5>()),
        channel,
        entered_by: form.entered_by,
        form: Form { building, answers: form.answers },
    }
}

/// What was written in own words.
fn written(answers: &Answers) -> Option<String> {
    let text = |given: &Given| match given {
        Given::Text(text) => Some(text.clone()),
        Given::Score(_) | Given::Choice(_) => None,
    };
    let all: Vec<String> = answers.values().filter_map(text).collect();
    (!all.is_empty()).then(|| all.join("\n"))
}
