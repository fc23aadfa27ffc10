//! Approving all prices of an import in one act.

use super::{FeeImport, ImportState, repo};
use crate::{
    error::Refused,
    estates,
    fees::{self, FEE_APPROVE, FEE_READ, FeeError, FeeStandard, StandardStatus},
    ids::UserId,
    say,
};
use authz::{AuditFact, Caller, Denied};
use chrono::NaiveDate;
use contracts::ImportId;
use db::{Db, TenantScope};

/// How many prices are looked at together.
const PAGE: u64 = 500;

/// Approves every price that an import proposed, or none. Whoever imported cannot; an import's
/// prices may begin before today, but not before its cut-over, because they were published by the
/// system it replaces.
#[tracing::instrument(name = "usecase.imports.approve_fees", skip_all, fields(import.id = %id))]
pub(crate) async fn approve(db: &Db, caller: &Caller, id: ImportId) -> Result<FeeImport, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut import = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    caller.act(FEE_APPROVE, FEE_READ, import.estate)?;
    if import.proposer() == Some(caller.user()) {
        return Err(FeeError::ProposerCannotApprove.into());
    }
    if import.state != ImportState::Proposed {
        return Err(Refused::Conflict(say::no_imported_prices()));
    }
    // Held until the end: runs and other approvals take turns.
    let estate = estates::lock(&scope, import.estate).await?.ok_or(Denied::Hidden)?;
    let today = estate.today(scope.clock());
    let approved = all(&scope, &import, caller.user(), today).await?;
    import.state = ImportState::Approved;
    import.decided = Some((caller.user(), today));
    repo::save(&scope, &import).await?;
    let fact = AuditFact {
        action: "fee_import.approved",
        object: id.to_string(),
        estate: Some(import.estate),
        reason: None,
        detail: serde_json::json!({ "prices": approved, "proposed_by": import.requested_by }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(import)
}

async fn all(
    scope: &TenantScope,
    import: &FeeImport,
    by: UserId,
    today: NaiveDate,
) -> Result<u64, Refused> {
    let (mut approved, mut after) = (0, None);
    loop {
        let page = fees::import_repo::proposed_by_import(scope, import.id, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(approved) };
        after = Some(last.id.as_uuid());
        let targets: Vec<_> = page.iter().filter_map(|new| new.terms.scope.unit).collect();
        let targets: Vec<_> = targets.into_iter().map(crate::ids::UnitId::as_uuid).collect();
        let statuses = [StandardStatus::Approved];
        let known = fees::repo::standing_for(scope, import.estate, &targets, &statuses).await?;
        let mut others: Vec<FeeStandard> =
            known.into_iter().map(|stored| stored.standard).collect();
        let mut ids = Vec::with_capacity(page.len());
        for new in page {
            let step = new.approve_from(by, today, import.cut_over, &others)?;
            for ended in step.ended {
                fees::repo::save_standard(scope, &ended).await?;
                others.retain(|other| other.id != ended.id);
                others.push(ended);
            }
            ids.push(step.approved.id);
            others.push(step.approved);
        }
        approved += ids.len() as u64;
        fees::import_repo::approve_all(scope, &ids, by, today).await?;
    }
}
