//! Publishing a disclosure.

use super::{
    DISCLOSURE_PUBLISH, DISCLOSURE_READ, gather,
    repo::{self, Disclosure},
};
use crate::{charges::BillingMonth, error::Refused, estates, ids::DisclosureId};
use authz::{AuditFact, Caller, Denied, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;

/// Publish what these months came to.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Publish {
    pub(crate) estate: EstateId,
    pub(crate) from: BillingMonth,
    pub(crate) to: BillingMonth,
    pub(crate) note: String,
}

/// Publishes a disclosure: the first version for its months or the next.
#[tracing::instrument(name = "usecase.disclosures.publish", skip_all, fields(estate.id = %command.estate))]
pub(crate) async fn publish(
    db: &Db,
    caller: &Caller,
    command: Publish,
    key: &IdempotencyKey,
) -> Result<Disclosure, Refused> {
    let rights = (DISCLOSURE_PUBLISH, DISCLOSURE_READ);
    estates::permitted(db, caller, rights, command.estate).await?;
    if command.to < command.from {
        return Err(Invalid::new("to", expected::not_before("from")).into());
    }
    if command.note.trim().chars().count() > 500 {
        return Err(Invalid::new("note", expected::length(0, 500)).into());
    }
    let (actor, input) = (caller.clone(), command.clone());
    let id = keyed(db, caller, "publish_disclosure", key, &input, move |scope| {
        Box::pin(async move { published(scope, &actor, &command).await })
    })
    .await?;
    let scope = db.read(caller.tenant()).await?;
    Ok(repo::find(&scope, id).await?.ok_or(Denied::Hidden)?)
}

async fn published(
    scope: &TenantScope,
    caller: &Caller,
    command: &Publish,
) -> Result<DisclosureId, Refused> {
    // Two who publish at once publish two versions.
    let rights = (DISCLOSURE_PUBLISH, DISCLOSURE_READ);
    let estate = estates::held(scope, caller, rights, command.estate).await?;
    let months = (command.from, command.to);
    let new = Disclosure {
        id: DisclosureId::from_uuid(scope.new_id()),
        estate: estate.id,
        version: repo::latest(scope, estate.id, months).await? + 1,
        note: command.note.trim().to_owned(),
        body: gather(scope, &estate, months).await?,
        published: (caller.user(), scope.now()),
    };
    repo::insert(scope, &new).await?;
    let fact = AuditFact {
        action: "disclosure.published",
        object: new.id.to_string(),
        estate: Some(new.estate),
        reason: None,
        detail: serde_json::json!({ "from": new.body.from, "to": new.body.to, "version": new.version }),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(new.id)
}
