//! Giving a survey up.

use super::{
    SurveyId,
    domain::{InviteState, Step, Survey},
    invites_repo,
    sight::{managed, saved, stepped},
};
use crate::Refused;
use authz::{AuditFact, Caller, audit};
use db::Db;
use errors::input;

/// Gives a survey up that is not closed: a mistake was found, say. Its homes count as not asked, and
/// what came back is kept but never reported.
#[tracing::instrument(name = "usecase.surveys.cancel", skip_all)]
pub(super) async fn cancel(
    db: &Db,
    caller: &Caller,
    which: (SurveyId, i32),
    reason: &str,
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let survey = managed(&scope, caller, which).await?;
    let reason = input::lines("reason", reason, 500)?;
    let survey = stepped(survey, Step::Cancel)?;
    let survey = Survey { cancelled_because: Some(reason.clone()), ..survey };
    saved(&scope, &survey).await?;
    let all = [
        InviteState::Drawn,
        InviteState::Sent,
        InviteState::Reminded,
        InviteState::Answered,
        InviteState::Refused,
    ];
    let asked = invites_repo::mark(&scope, survey.id, None, (&all, InviteState::Withdrawn)).await?;
    let fact = AuditFact {
        action: "survey.cancelled",
        object: survey.id.to_string(),
        estate: Some(survey.estate),
        reason: Some(&reason),
        detail: asked,
    };
    audit(&scope, caller, fact).await?;
    Ok(scope.commit().await?)
}
