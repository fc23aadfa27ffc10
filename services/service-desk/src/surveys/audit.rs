//! The audit: forms are keyed again by somebody else and compared, silent homes are phoned.

use super::{
    SURVEY_MANAGE, SurveyId,
    answer::MOST,
    audit_repo::{self, Call, Rekey},
    close,
    domain::{
        AUDIT_RATE, CALLS, Channel, RawAnswer, Step, Survey, SurveyState, checked_answers, pick,
        share,
    },
    forms_repo, say,
    sight::{held, independent, managed, note, saved, stepped, wrong_state},
};
use crate::Refused;
use authz::{Caller, Denied, keyed};
use contracts::UnitId;
use db::{Db, IdempotencyKey, StorageError, TenantScope};
use errors::{expected, input};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The longest note of a call, characters.
const LONGEST_NOTE: usize = 500;

/// A form as it was read again.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Again {
    pub code: String,
    pub answers: Vec<RawAnswer>,
}

/// What comparing forms found.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Compared {
    /// How many were compared.
    pub compared: i32,
    /// Of them, how many differ.
    pub different: i32,
}

/// The codes of the paper forms that must be keyed again: a tenth by the audit's seed, all after one
/// of them differed. What a household answered in the app nobody keyed for it.
pub(super) async fn wanted(
    scope: &TenantScope,
    survey: &Survey,
) -> Result<Vec<String>, StorageError> {
    let Some(seed) = &survey.audit_seed else { return Ok(Vec::new()) };
    let forms = forms_repo::of_survey(scope, survey.id).await?;
    let paper = forms.into_iter().filter(|form| form.channel == Channel::Paper);
    let codes: Vec<String> = paper.map(|form| form.code).collect();
    if survey.recheck {
        return Ok(codes);
    }
    let many = share(codes.len(), AUDIT_RATE);
    Ok(pick(seed, &codes, |code| code.as_bytes().to_vec(), many))
}

/// Compares forms with what a second person reads on them; one that differs has all of them read
/// again.
#[tracing::instrument(name = "usecase.surveys.rekey", skip_all)]
pub(super) async fn rekey(
    db: &Db,
    caller: &Caller,
    (id, forms): (SurveyId, Vec<Again>),
    key: &IdempotencyKey,
) -> Result<Compared, Refused> {
    if !(1..=MOST).contains(&forms.len()) {
        return Err(Refused::invalid("forms", expected::items(1, MOST)));
    }
    let (actor, input) = (caller.clone(), (id, forms.clone()));
    keyed(db, caller, "rekey_survey_forms", key, &input, move |scope| {
        Box::pin(async move { compare(scope, &actor, id, forms).await })
    })
    .await
}

async fn compare(
    scope: &TenantScope,
    caller: &Caller,
    id: SurveyId,
    forms: Vec<Again>,
) -> Result<Compared, Refused> {
    let (survey, _) = held(scope, caller, id, SURVEY_MANAGE).await?;
    independent(caller, survey.estate)?;
    if survey.state != SurveyState::Closed {
        return Err(wrong_state());
    }
    let rekeys = compared(scope, caller, &survey, forms).await?;
    let different = rekeys.iter().filter(|rekey| !rekey.same).count();
    audit_repo::insert_rekeys(scope, id, &rekeys).await?;
    if different > 0 && !survey.recheck {
        saved(scope, &Survey { recheck: true, ..survey.clone() }).await?;
    }
    let count = |many: usize| i32::try_from(many).unwrap_or(i32::MAX);
    let done = Compared { compared: count(rekeys.len()), different: count(different) };
    note(scope, caller, "survey.forms_rekeyed", (id, survey.estate), done).await?;
    Ok(done)
}

async fn compared(
    scope: &TenantScope,
    caller: &Caller,
    survey: &Survey,
    forms: Vec<Again>,
) -> Result<Vec<Rekey>, Refused> {
    let codes: Vec<String> = forms.iter().map(|form| form.code.clone()).collect();
    if codes.iter().collect::<HashSet<_>>().len() < codes.len() {
        return Err(Refused::invalid("forms", say::form_twice()));
    }
    let wanted: HashSet<String> = wanted(scope, survey).await?.into_iter().collect();
    let kept = forms_repo::by_code(scope, survey.id, &codes).await?;
    let kept: HashMap<String, _> = kept.into_iter().map(|kept| (kept.code.clone(), kept)).collect();
    let done = audit_repo::rekeys(scope, survey.id).await?;
    let mut rekeys = Vec::with_capacity(forms.len());
    for form in forms {
        let known = kept.get(&form.code).filter(|_| wanted.contains(&form.code));
        let known = known.ok_or_else(|| Refused::invalid("forms", expected::existing()))?;
        if known.entered_by == Some(caller.user()) {
            return Err(Denied::SamePerson(say::keyed_by_oneself()).into());
        }
        if done.contains_key(&form.code) {
            return Err(Refused::Conflict(say::keyed_already()));
        }
        let answers = checked_answers(&survey.questions, form.answers, false)?;
        let same = answers == known.form.answers;
        let (by, at) = (caller.user(), scope.now());
        rekeys.push(Rekey { code: form.code, by, at, answers, same });
    }
    Ok(rekeys)
}

/// Notes what a home that returned nothing said on the phone.
#[tracing::instrument(name = "usecase.surveys.call", skip_all)]
pub(super) async fn call(
    db: &Db,
    caller: &Caller,
    (id, unit): (SurveyId, UnitId),
    said: &str,
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let (survey, _) = held(&scope, caller, id, SURVEY_MANAGE).await?;
    independent(caller, survey.estate)?;
    let said = input::lines("note", said, LONGEST_NOTE)?;
    let known = audit_repo::calls(&scope, [id]).await?;
    let known = known.into_iter().find(|call| call.unit == unit).ok_or_else(Refused::not_found)?;
    if survey.state != SurveyState::Closed {
        return Err(wrong_state());
    }
    let called = Some((caller.user(), scope.now()));
    if !audit_repo::note_call(&scope, &Call { called, note: Some(said), ..known }).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    note(&scope, caller, "survey.home_phoned", (id, survey.estate), ()).await?;
    Ok(scope.commit().await?)
}

/// Completes the audit, when every form it asks for was keyed again and enough homes were phoned.
#[tracing::instrument(name = "usecase.surveys.complete_audit", skip_all)]
pub(super) async fn complete(
    db: &Db,
    caller: &Caller,
    (id, version): (SurveyId, i32),
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let survey = managed(&scope, caller, (id, version)).await?;
    let survey = stepped(survey, Step::Audit)?;
    let done = audit_repo::rekeys(&scope, id).await?;
    let wanted = wanted(&scope, &survey).await?;
    let forms = wanted.iter().filter(|code| !done.contains_key(*code)).count();
    let calls = audit_repo::calls(&scope, [id]).await?;
    let made = calls.iter().filter(|call| call.called.is_some()).count();
    let calls = CALLS.0.min(calls.len()).saturating_sub(made);
    if forms > 0 || calls > 0 {
        return Err(Refused::Conflict(say::audit_incomplete(forms, calls)));
    }
    saved(&scope, &survey).await?;
    if survey.recheck
        && let Some(closed) = survey.closed_at
    {
        close::plan(&scope, &survey, closed).await?;
    }
    note(&scope, caller, "survey.audited", (id, survey.estate), survey.recheck).await?;
    Ok(scope.commit().await?)
}
