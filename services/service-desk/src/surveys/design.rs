//! Designing a survey.

use super::{
    SURVEY_MANAGE, SURVEY_READ, SurveyId,
    domain::{Question, Survey, SurveyState, Targets, checked_questions},
    repo,
    sight::{managed, note, saved, wrong_state},
};
use crate::{Refused, homes};
use authz::{Caller, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected, input};
use ids::EstateId;
use serde::Serialize;

/// The longest title, characters.
const LONGEST_TITLE: usize = 100;
/// The longest name of a period, characters.
const LONGEST_PERIOD: usize = 20;

/// What a survey asks, of how many, and what is aimed at.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Draft {
    pub period: String,
    pub title: (String, String),
    pub questions: Vec<Question>,
    pub targets: Targets,
    /// The last day to answer.
    pub closes_on: Option<NaiveDate>,
}

impl Draft {
    fn checked(self, today: NaiveDate) -> Result<Self, Invalid> {
        if self.closes_on.is_some_and(|day| day < today) {
            return Err(Invalid::new("closesOn", expected::not_before("today")));
        }
        let bound = |field: &str, points: u32, least: u32| {
            let fits = (least..=10_000).contains(&points);
            let reason = || expected::between(least.into(), 10_000);
            if fits { Ok(()) } else { Err(Invalid::new(field, reason())) }
        };
        bound("sampleRate", self.targets.rate, 1)?;
        bound("returnTarget", self.targets.returns, 0)?;
        bound("satisfiedTarget", self.targets.satisfied, 0)?;
        Ok(Self {
            period: input::text("period", &self.period, LONGEST_PERIOD)?,
            title: (
                input::text("titleZh", &self.title.0, LONGEST_TITLE)?,
                input::text("titleEn", &self.title.1, LONGEST_TITLE)?,
            ),
            questions: checked_questions(self.questions)?,
            targets: self.targets,
            closes_on: self.closes_on,
        })
    }
}

/// Begins a survey.
#[tracing::instrument(name = "usecase.surveys.design", skip_all)]
pub(super) async fn design(
    db: &Db,
    caller: &Caller,
    (estate, draft): (EstateId, Draft),
    key: &IdempotencyKey,
) -> Result<SurveyId, Refused> {
    caller.act(SURVEY_MANAGE, SURVEY_READ, estate)?;
    let input = (estate, draft.clone());
    let actor = caller.clone();
    keyed(db, caller, "design_survey", key, &input, move |scope| {
        Box::pin(async move { begin(scope, &actor, estate, draft).await })
    })
    .await
}

async fn begin(
    scope: &TenantScope,
    caller: &Caller,
    estate: EstateId,
    draft: Draft,
) -> Result<SurveyId, Refused> {
    let draft = draft.checked(homes::estate(scope, estate).await?.today(scope))?;
    let survey = Survey {
        id: SurveyId::from_uuid(scope.new_id()),
        estate,
        period: draft.period,
        title: draft.title,
        questions: draft.questions,
        targets: draft.targets,
        state: SurveyState::Designed,
        version: 1,
        seed: None,
        occupied: 0,
        rotation: 0,
        drawn_by: None,
        drawn_at: None,
        closed_at: None,
        audit_seed: None,
        recheck: false,
        closes_on: draft.closes_on,
        cancelled_because: None,
        made_by: caller.user(),
    };
    repo::insert(scope, &survey).await?;
    note(scope, caller, "survey.designed", (survey.id, estate), &survey.period).await?;
    Ok(survey.id)
}

/// Changes a survey of which no sample is drawn.
#[tracing::instrument(name = "usecase.surveys.change", skip_all)]
pub(super) async fn change(
    db: &Db,
    caller: &Caller,
    (id, version): (SurveyId, i32),
    draft: Draft,
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let survey = managed(&scope, caller, (id, version)).await?;
    if survey.state != SurveyState::Designed {
        return Err(wrong_state());
    }
    let draft = draft.checked(homes::estate(&scope, survey.estate).await?.today(&scope))?;
    let survey = Survey {
        closes_on: draft.closes_on,
        period: draft.period,
        title: draft.title,
        questions: draft.questions,
        targets: draft.targets,
        ..survey
    };
    saved(&scope, &survey).await?;
    note(&scope, caller, "survey.changed", (id, survey.estate), survey.questions.len()).await?;
    Ok(scope.commit().await?)
}
