//! Reading escalations and taking note of them.

use super::{
    EscalationId, SLA_MANAGE, SLA_READ,
    escalations_repo::{self as repo, Escalation, Wanted},
};
use crate::{Refused, responders::RESPONDER_READ, secrecy};
use authz::{AuditFact, Caller, audit};
use db::Db;
use graphql::PageArgs;
use ids::EstateId;

/// A page of the escalations of an estate, newest first; `mine` are those that told the caller,
/// which whoever takes work may see.
pub(super) async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, mine, unread): (EstateId, bool, Option<bool>),
    page: &PageArgs,
) -> Result<Vec<Escalation>, Refused> {
    caller.read(if mine { RESPONDER_READ } else { SLA_READ }, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let wanted = Wanted {
        estate,
        asks: caller.user(),
        told: mine.then(|| caller.user()),
        acknowledged: unread.map(|unread| !unread),
        after: page.after.as_ref().and_then(|cursor| cursor.0.parse().ok()),
        limit: page.limit(),
    };
    Ok(repo::page(&scope, &wanted).await?)
}

/// Takes note of an escalation, for those whom it told and for whoever decides on promises; a second
/// time changes nothing.
#[tracing::instrument(name = "usecase.sla.acknowledge", skip_all)]
pub(super) async fn acknowledge(
    db: &Db,
    caller: &Caller,
    id: EscalationId,
) -> Result<Escalation, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::lock_escalation(&scope, id).await?.ok_or_else(Refused::not_found)?;
    secrecy::refuse_hidden(&scope, caller.subject(), found.subject.id).await?;
    if found.told.contains(&caller.user()) {
        caller.read(RESPONDER_READ, found.estate)?;
        caller.writable()?;
    } else {
        caller.act(SLA_MANAGE, SLA_READ, found.estate)?;
    }
    if found.acknowledged_at.is_some() {
        return Ok(found);
    }
    let now = scope.now();
    repo::acknowledge(&scope, id, caller.user(), now).await?;
    let fact = AuditFact {
        action: "sla_escalation.acknowledged",
        object: id.to_string(),
        estate: Some(found.estate),
        reason: None,
        detail: (),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(Escalation { acknowledged_by: Some(caller.user()), acknowledged_at: Some(now), ..found })
}
