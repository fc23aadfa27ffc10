//! Going on with an import that stopped.

use super::{FeeImport, ImportState, ROSTER_IMPORT, job::KIND, repo};
use crate::{error::Refused, fees::FEE_READ, say};
use authz::{AuditFact, Caller, Denied};
use contracts::ImportId;
use db::{Db, enqueue_job};

/// Takes the fees of an import that stopped from where it stopped.
#[tracing::instrument(name = "usecase.imports.resume_fees", skip_all, fields(import.id = %id))]
pub(crate) async fn resume(db: &Db, caller: &Caller, id: ImportId) -> Result<FeeImport, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut import = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    caller.act(ROSTER_IMPORT, FEE_READ, import.estate)?;
    if import.state != ImportState::Failed {
        return Err(Refused::Conflict(say::import_not_stopped()));
    }
    import.state = ImportState::Running;
    import.failure = None;
    repo::save(&scope, &import).await?;
    enqueue_job(&scope, KIND, id.as_uuid()).await?;
    let fact = AuditFact {
        action: "fee_import.resumed",
        object: id.to_string(),
        estate: Some(import.estate),
        reason: None,
        detail: (),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(import)
}
