//! Proposing a price.

use super::{FEE_PROPOSE, FEE_READ, FeeStandard, NewStandard, repo};
use crate::{error::Refused, estates, ids::FeeStandardId};
use authz::{AuditFact, Caller, Denied};
use db::Db;

/// Writes a price down and hands it in for another person's approval.
#[tracing::instrument(name = "usecase.fees.propose", skip_all, fields(fee_item.id = %terms.item))]
pub(crate) async fn propose(
    db: &Db,
    caller: &Caller,
    terms: NewStandard,
) -> Result<repo::StoredStandard, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let item = repo::find_item(&scope, terms.item).await?.ok_or(Denied::Hidden)?;
    let estate = caller.act(FEE_PROPOSE, FEE_READ, item.estate)?.estate();
    if !repo::is_in_estate(&scope, estate, &terms.scope).await? {
        return Err(Denied::Hidden.into());
    }
    let zone = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let id = FeeStandardId::from_uuid(scope.new_id());
    let today = zone.today(scope.clock());
    let standard = FeeStandard::draft(id, terms)?.propose(caller.user(), today)?;
    repo::insert_standards(&scope, estate, None, std::slice::from_ref(&standard)).await?;
    let fact = AuditFact {
        action: "fee_standard.proposed",
        object: id.to_string(),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({ "item": item.code, "formula": standard.terms.formula,
            "from": standard.terms.from }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(repo::StoredStandard { estate, import: None, standard })
}
