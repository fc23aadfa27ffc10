//! That a demand arrived, noted when it is known.

use super::{
    domain::{Delivered, arrived},
    repo,
};
use crate::{
    accounts,
    dunning::{DUNNING_READ, DUNNING_WORK, right::act_on},
    error::Refused,
    estates,
    ids::DunningActionId,
    say,
};
use authz::{AuditFact, Caller, Denied, audit};
use db::Db;

/// That a contact's demand arrived.
#[derive(Clone, Debug)]
pub(crate) struct Deliver {
    pub action: DunningActionId,
    pub delivered: Delivered,
}

/// Notes that a demand arrived, with what shows it; the limitation of its debts begins anew.
#[tracing::instrument(name = "usecase.dunning.deliver", skip_all, fields(action.id = %command.action))]
pub(crate) async fn deliver(db: &Db, caller: &Caller, command: Deliver) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let action = repo::find(&scope, command.action).await?.ok_or(Denied::Hidden)?;
    act_on(&scope, caller, action.account, (DUNNING_WORK, DUNNING_READ)).await?;
    arrived(&command.delivered, action.happened_at, scope.now())?;
    accounts::lock(&scope, action.account).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(&scope, action.estate).await?.ok_or(Denied::Hidden)?;
    if repo::is_delivered(&scope, action.id).await? {
        return Err(Refused::Conflict(say::dunning_delivered_already()));
    }
    if action.corrects.is_some() || repo::is_corrected(&scope, action.id).await? {
        return Err(Refused::Conflict(say::dunning_corrected_already()));
    }
    let by = caller.user();
    repo::insert_delivery(&scope, action.id, (&command.delivered, by), estate.zone).await?;
    let fact = AuditFact {
        action: "dunning_action.delivered",
        object: action.id.to_string(),
        estate: Some(action.estate),
        reason: None,
        detail: serde_json::json!({ "evidence": command.delivered.evidence,
            "at": command.delivered.at }),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(())
}
