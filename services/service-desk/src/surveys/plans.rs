//! Improving weak items.

use super::{
    ImprovementId, SURVEY_IMPROVE, SURVEY_MANAGE, SURVEY_READ, SurveyId,
    domain::{Improvement, ImprovementState, Step, Survey, SurveyState},
    plans_repo, repo, report, say,
    sight::{note, saved, stepped, wrong_state},
};
use crate::Refused;
use authz::{Caller, Denied, Permission, UserId};
use db::{Db, TenantScope};
use errors::input;

/// The longest cause, action and effect, characters.
const LONGEST: usize = 1_000;

/// The plan and its survey, which is held, as the caller has read the plan.
async fn held(
    scope: &TenantScope,
    caller: &Caller,
    (id, version): (ImprovementId, i32),
    permission: Permission,
) -> Result<(Improvement, Survey), Refused> {
    let plan = plans_repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.act(permission, SURVEY_READ, plan.estate)?;
    let survey = repo::lock(scope, plan.survey).await?.ok_or_else(Refused::not_found)?;
    let plan = plans_repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    if plan.version != version {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    Ok((plan, survey))
}

async fn save(scope: &TenantScope, plan: &Improvement) -> Result<(), Refused> {
    if plans_repo::save(scope, plan).await? {
        Ok(())
    } else {
        Err(Refused::Conflict(crate::say::changed_meanwhile()))
    }
}

/// Says why an item is weak, what is done about it, and who answers for it.
#[tracing::instrument(name = "usecase.surveys.plan_improvement", skip_all)]
pub(super) async fn plan(
    db: &Db,
    caller: &Caller,
    which: (ImprovementId, i32),
    (cause, action, owner): (String, String, UserId),
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let (plan, survey) = held(&scope, caller, which, SURVEY_IMPROVE).await?;
    let known = places::staff::find(&scope, owner.as_uuid()).await?;
    if !known.is_some_and(|colleague| colleague.active) {
        return Err(Refused::not_found());
    }
    let cause = input::lines("cause", &cause, LONGEST)?;
    let action = input::lines("action", &action, LONGEST)?;
    if plan.state != ImprovementState::Open {
        return Err(wrong_state());
    }
    let before = survey.state;
    let survey = stepped(survey, Step::Improve)?;
    if survey.state != before {
        saved(&scope, &survey).await?;
    }
    let plan =
        Improvement { cause: Some(cause), action: Some(action), owner: Some(owner), ..plan };
    save(&scope, &plan).await?;
    let at = (survey.id, survey.estate);
    note(&scope, caller, "survey.improvement_planned", at, (&plan.question, owner)).await?;
    Ok(scope.commit().await?)
}

/// Says what came of a plan.
#[tracing::instrument(name = "usecase.surveys.complete_improvement", skip_all)]
pub(super) async fn complete(
    db: &Db,
    caller: &Caller,
    which: (ImprovementId, i32),
    effect: &str,
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let (plan, survey) = held(&scope, caller, which, SURVEY_IMPROVE).await?;
    let effect = input::lines("effect", effect, LONGEST)?;
    if plan.state != ImprovementState::Open || plan.action.is_none() {
        return Err(wrong_state());
    }
    let plan = Improvement { effect: Some(effect), state: ImprovementState::Done, ..plan };
    save(&scope, &plan).await?;
    let at = (survey.id, survey.estate);
    note(&scope, caller, "survey.improvement_done", at, &plan.question).await?;
    Ok(scope.commit().await?)
}

/// Measures the effect of a plan in a later survey that asks the same; after the last of them the
/// survey is verified.
#[tracing::instrument(name = "usecase.surveys.verify_improvement", skip_all)]
pub(super) async fn verify(
    db: &Db,
    caller: &Caller,
    which: (ImprovementId, i32),
    later: SurveyId,
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let (plan, survey) = held(&scope, caller, which, SURVEY_MANAGE).await?;
    if plan.owner == Some(caller.user()) {
        return Err(Denied::SamePerson(say::own_effect()).into());
    }
    if plan.state != ImprovementState::Done {
        return Err(Refused::Conflict(say::not_done()));
    }
    let later_rate = measured(&scope, &survey, &plan, later).await?;
    let plan = Improvement {
        state: ImprovementState::Verified,
        measured_in: Some(later),
        later_rate: Some(later_rate),
        ..plan
    };
    save(&scope, &plan).await?;
    let all = plans_repo::of_surveys(&scope, [survey.id]).await?;
    if all.iter().all(|plan| plan.state == ImprovementState::Verified) {
        saved(&scope, &stepped(survey.clone(), Step::Verify)?).await?;
    }
    let at = (survey.id, survey.estate);
    let detail = (&plan.question, plan.rate, later_rate);
    note(&scope, caller, "survey.improvement_verified", at, detail).await?;
    Ok(scope.commit().await?)
}

/// How many were satisfied with the plan's item in a later survey.
async fn measured(
    scope: &TenantScope,
    survey: &Survey,
    plan: &Improvement,
    later: SurveyId,
) -> Result<u32, Refused> {
    let other = repo::find(scope, later).await?.filter(|it| it.estate == survey.estate);
    let other = other.ok_or_else(Refused::not_found)?;
    let after = other.drawn_at > survey.closed_at && other.state >= SurveyState::Audited;
    let found = report::of(scope, &other).await?;
    let item = found.items.iter().find(|it| other.questions[it.question].code == plan.question);
    let rate = item.and_then(|item| item.tally.as_ref()?.rate());
    rate.filter(|_| after).ok_or_else(|| Refused::Conflict(say::not_measured()))
}
