//! Giving a case to somebody.

use super::repo;
use crate::{
    accounts,
    dunning::{
        DUNNING_MANAGE, DUNNING_READ,
        right::{act_on, colleague},
    },
    error::Refused,
    ids::DunningCaseId,
    say,
};
use authz::{AuditFact, Caller, Denied, PolicyStore, UserId, audit};
use db::Db;

/// Gives an open case with its open tasks to a member of staff, or back to everybody.
#[tracing::instrument(name = "usecase.dunning.assign", skip_all, fields(case.id = %id))]
pub(crate) async fn assign(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    id: DunningCaseId,
    to: Option<UserId>,
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let (_, right) = act_on(&scope, caller, found.account, (DUNNING_MANAGE, DUNNING_READ)).await?;
    if let Some(user) = to {
        colleague(policy, &right, user, DUNNING_READ)?;
    }
    accounts::lock(&scope, found.account).await?.ok_or(Denied::Hidden)?;
    let mut case = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    if case.closed_on.is_some() {
        return Err(Refused::Conflict(say::dunning_case_over()));
    }
    case.assigned_to = to;
    repo::save(&scope, &case).await?;
    repo::assign_open(&scope, id, to).await?;
    let fact = AuditFact {
        action: "dunning_case.assigned",
        object: id.to_string(),
        estate: Some(case.estate),
        reason: None,
        detail: serde_json::json!({ "to": to.map(|user| user.to_string()) }),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(())
}
