//! Setting the text of a step.

use super::{Template, Wording, repo};
use crate::{
    dunning::{DUNNING_POLICY_MANAGE, DUNNING_POLICY_READ, domain::Step},
    error::Refused,
    estates,
    ids::DunningTemplateId,
};
use authz::{AuditFact, Caller, Denied, audit};
use db::Db;
use ids::EstateId;

/// The text of a step.
#[derive(Clone, Debug)]
pub(crate) struct SetTemplate {
    pub estate: EstateId,
    pub step: Step,
    pub wording: Wording,
}

/// Sets a new version of a step's text; one that names an unlawful step is refused with the law.
#[tracing::instrument(name = "usecase.dunning.set_template", skip_all, fields(estate.id = %command.estate))]
pub(crate) async fn set(
    db: &Db,
    caller: &Caller,
    command: SetTemplate,
) -> Result<Template, Refused> {
    let permit = caller.act(DUNNING_POLICY_MANAGE, DUNNING_POLICY_READ, command.estate)?;
    let estate = permit.estate();
    let wording = command.wording.checked()?;
    let scope = db.write(caller.tenant()).await?;
    estates::lock(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let (before, _) = repo::in_force(&scope, estate, command.step).await?;
    let template = Template {
        id: DunningTemplateId::from_uuid(scope.new_id()),
        step: command.step,
        version: before + 1,
        wording,
        made_by: caller.user(),
        made_at: scope.now(),
    };
    repo::insert(&scope, estate, &template).await?;
    let fact = AuditFact {
        action: "dunning_template.set",
        object: template.id.to_string(),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({ "step": template.step, "version": template.version }),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(template)
}
