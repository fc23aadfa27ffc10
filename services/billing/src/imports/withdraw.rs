//! Giving up all prices of an import before they are approved.

use super::{FeeImport, ImportState, repo};
use crate::{
    error::{Refused, checked_reason},
    estates,
    fees::{self, FEE_APPROVE, FEE_PROPOSE, FEE_READ},
    say,
};
use authz::{AuditFact, Caller, Denied};
use contracts::ImportId;
use db::Db;

/// Withdraws every price that an import proposed; its proposers may, and those who could have
/// approved it.
#[tracing::instrument(name = "usecase.imports.withdraw_fees", skip_all, fields(import.id = %id))]
pub(crate) async fn withdraw(
    db: &Db,
    caller: &Caller,
    id: ImportId,
    reason: &str,
) -> Result<FeeImport, Refused> {
    let reason = checked_reason(reason)?;
    let scope = db.write(caller.tenant()).await?;
    let mut import = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    if caller.read(FEE_APPROVE, import.estate).is_err() {
        caller.act(FEE_PROPOSE, FEE_READ, import.estate)?;
    }
    caller.writable()?;
    if import.state != ImportState::Proposed {
        return Err(Refused::Conflict(say::no_imported_prices()));
    }
    let estate = estates::find(&scope, import.estate).await?.ok_or(Denied::Hidden)?;
    let withdrawn = fees::import_repo::withdraw_import(&scope, id).await?;
    import.state = ImportState::Withdrawn;
    import.decided = Some((caller.user(), estate.today(scope.clock())));
    repo::save(&scope, &import).await?;
    let fact = AuditFact {
        action: "fee_import.withdrawn",
        object: id.to_string(),
        estate: Some(import.estate),
        reason: Some(reason),
        detail: serde_json::json!({ "prices": withdrawn }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(import)
}
