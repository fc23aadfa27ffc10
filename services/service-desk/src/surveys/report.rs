//! What a survey found, and publishing it.

use super::{
    SurveyId, audit_repo,
    domain::{Form, InviteState, Report, Returns, Step, Survey, report},
    forms_repo, invites_repo,
    sight::{managed, note, saved, stepped},
};
use crate::Refused;
use authz::Caller;
use db::{Db, StorageError, TenantScope};

/// What the forms say; of one that was keyed again, what the second person read.
pub(super) async fn of(scope: &TenantScope, survey: &Survey) -> Result<Report, StorageError> {
    let mut again = audit_repo::rekeys(scope, survey.id).await?;
    let kept = forms_repo::of_survey(scope, survey.id).await?;
    let form = |kept: forms_repo::Kept| match again.remove(&kept.code) {
        Some(rekey) => Form { answers: rekey.answers, ..kept.form },
        None => kept.form,
    };
    let forms: Vec<Form> = kept.into_iter().map(form).collect();
    let asked = invites_repo::of_survey(scope, survey.id).await?;
    let refused = asked.iter().filter(|invite| invite.state == InviteState::Refused).count();
    let sample = Returns { issued: asked.len(), refused };
    Ok(report(&survey.questions, survey.targets, sample, &forms))
}

/// Publishes the result: estate staff who only read, the owners' committee and the residents see
/// it from now on.
#[tracing::instrument(name = "usecase.surveys.publish", skip_all)]
pub(super) async fn publish(
    db: &Db,
    caller: &Caller,
    (id, version): (SurveyId, i32),
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let survey = managed(&scope, caller, (id, version)).await?;
    let survey = stepped(survey, Step::Report)?;
    saved(&scope, &survey).await?;
    note(&scope, caller, "survey.published", (id, survey.estate), ()).await?;
    Ok(scope.commit().await?)
}
