//! Setting how revisits of one kind are made from a day on.

use super::{
    Policy,
    domain::{Mode, Visitor},
    repo,
};
use crate::{
    Refused, homes,
    revisits::{REVISIT_MANAGE, REVISIT_READ, Source, say},
};
use authz::{AuditFact, Caller, audit, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey};
use ids::EstateId;
use serde::Serialize;

/// Make revisits of this kind so, from this day on.
#[derive(Clone, Debug, Serialize)]
pub(in crate::revisits) struct SetPolicy {
    pub estate: EstateId,
    pub source: Source,
    pub rate_bp: u16,
    pub mode: Mode,
    pub due_days: u16,
    pub app_hours: u16,
    pub visitor: Visitor,
    pub effective_from: NaiveDate,
}

/// Keeps the policy; what was drawn before stays as it was.
#[tracing::instrument(name = "usecase.revisits.set_policy", skip_all)]
pub(in crate::revisits) async fn set(
    db: &Db,
    caller: &Caller,
    command: SetPolicy,
    key: &IdempotencyKey,
) -> Result<(), Refused> {
    caller.act(REVISIT_MANAGE, REVISIT_READ, command.estate)?;
    let policy = Policy {
        source: command.source,
        rate_bp: command.rate_bp,
        mode: command.mode,
        due_days: command.due_days,
        app_hours: command.app_hours,
        visitor: command.visitor,
        effective_from: Some(command.effective_from),
    };
    let policy = policy.checked()?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "set_revisit_policy", key, &input, move |scope| {
        Box::pin(async move {
            let estate = homes::estate(scope, command.estate).await?;
            if command.effective_from < estate.today(scope) {
                return Err(Refused::invalid("effectiveFrom", say::not_before_today()));
            }
            let version = (&policy, command.effective_from);
            repo::insert(scope, estate.id, version, actor.user()).await?;
            let fact = AuditFact {
                action: "revisit_policy.set",
                object: estate.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: policy,
            };
            Ok(audit(scope, &actor, fact).await?)
        })
    })
    .await
}
