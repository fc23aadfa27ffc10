//! Who sees what of a survey, and who may move it.

use super::{
    SURVEY_ANSWER, SURVEY_COLLECT, SURVEY_IMPROVE, SURVEY_MANAGE, SURVEY_READ, SurveyId,
    domain::{Step, Survey},
    invites_repo, repo, say,
};
use crate::{Refused, homes};
use authz::{AuditFact, Caller, Denied, EstateScope, Permission, audit};
use contracts::{PersonId, UnitId};
use db::TenantScope;
use ids::EstateId;
use serde::Serialize;

/// A survey that the caller may change so, held until the transaction ends.
pub(super) async fn held(
    scope: &TenantScope,
    caller: &Caller,
    id: SurveyId,
    permission: Permission,
) -> Result<(Survey, EstateScope), Refused> {
    let survey = repo::lock(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.act(permission, SURVEY_READ, survey.estate)?;
    Ok((survey, right))
}

/// The same for an act of the quality department, on the survey as the caller has read it.
pub(super) async fn managed(
    scope: &TenantScope,
    caller: &Caller,
    (id, version): (SurveyId, i32),
) -> Result<Survey, Refused> {
    let (survey, _) = held(scope, caller, id, SURVEY_MANAGE).await?;
    independent(caller, survey.estate)?;
    if survey.version != version {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    Ok(survey)
}

/// The sampler is not the estate (handbook Part 2 (b), separation of duties 5): the right must be
/// held for the company, by somebody who does not collect forms there.
pub(super) fn independent(caller: &Caller, estate: EstateId) -> Result<(), Refused> {
    let of_company = caller.read_company(SURVEY_MANAGE).is_ok();
    if of_company && caller.read(SURVEY_COLLECT, estate).is_err() {
        Ok(())
    } else {
        Err(Denied::SamePerson(say::sampler_is_estate()).into())
    }
}

/// The survey one step on, not yet written.
pub(super) fn stepped(survey: Survey, step: Step) -> Result<Survey, Refused> {
    let state = survey.state.after(step).ok_or_else(wrong_state)?;
    Ok(Survey { state, ..survey })
}

/// The survey is at another point.
pub(super) fn wrong_state() -> Refused {
    Refused::Conflict(say::wrong_state())
}

/// Writes a survey that nobody else changed meanwhile.
pub(super) async fn saved(scope: &TenantScope, survey: &Survey) -> Result<(), Refused> {
    if repo::save(scope, survey).await? {
        Ok(())
    } else {
        Err(Refused::Conflict(crate::say::changed_meanwhile()))
    }
}

/// Whether the caller may know of a survey: staff who read or collect, residents who are asked or
/// when it is published.
pub(super) async fn visible(
    scope: &TenantScope,
    caller: &Caller,
    survey: &Survey,
) -> Result<(), Refused> {
    let staff = [SURVEY_READ, SURVEY_COLLECT, SURVEY_MANAGE];
    if staff.iter().any(|permission| caller.read(*permission, survey.estate).is_ok()) {
        return Ok(());
    }
    let units = own_units(scope, caller, survey.estate).await?;
    let lives_here = !units.is_empty();
    let published = survey.state.is_reported();
    let asked = !invites_repo::of_units(scope, survey.id, &units).await?.is_empty();
    let issued = survey.state > super::domain::SurveyState::Sampled;
    if lives_here && (published || (asked && issued)) { Ok(()) } else { Err(Refused::not_found()) }
}

/// The units of the resident who asks.
pub(super) async fn own_units(
    scope: &TenantScope,
    caller: &Caller,
    estate: EstateId,
) -> Result<Vec<UnitId>, Refused> {
    let right = caller.read(SURVEY_ANSWER, estate)?;
    let person = right.own_person().ok_or_else(Refused::not_found)?;
    homes::own_units(scope, estate, PersonId::from_uuid(person)).await
}

/// Whether the caller may see the totals of a survey: who improves when it is closed, everybody
/// else who may know of it when it is published.
pub(super) fn totals(caller: &Caller, survey: &Survey) -> bool {
    let improves = caller.read(SURVEY_IMPROVE, survey.estate).is_ok();
    survey.state.is_reported() || (survey.state.is_closed() && improves)
}

/// Writes down who did what to a survey.
pub(super) async fn note(
    scope: &TenantScope,
    caller: &Caller,
    action: &'static str,
    (survey, estate): (SurveyId, EstateId),
    detail: impl Serialize,
) -> Result<(), Refused> {
    let object = survey.to_string();
    let fact = AuditFact { action, object, estate: Some(estate), reason: None, detail };
    Ok(audit(scope, caller, fact).await?)
}
