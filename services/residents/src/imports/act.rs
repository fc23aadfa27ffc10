//! Adjusting how a file is read, and letting it in.

use super::{
    Doubt, Import, ImportState, ROSTER_IMPORT, Rows, WayOut, job, reading::recognised, repo,
    undecided,
};
use crate::{ResidentsError, graphql::State, say, structure::UNIT_READ};
use authz::{AuditFact, Caller, audit};
use contracts::ImportId;
use db::{Db, TenantScope};
use sheets::{Finding, Mapping, Severity};

/// The import, if the caller may import into its estate.
///
/// # Errors
/// `NOT_FOUND`, or `FORBIDDEN` for whoever may only see the estate.
pub async fn read_import(
    scope: &TenantScope,
    caller: &Caller,
    id: ImportId,
    act: bool,
) -> Result<Import, ResidentsError> {
    let found = if act {
        repo::lock(scope, id.as_uuid()).await?
    } else {
        repo::one(scope, id.as_uuid()).await?
    };
    let import = found.ok_or(ResidentsError::not_found())?;
    if act {
        caller.act(ROSTER_IMPORT, UNIT_READ, import.estate)?;
    } else {
        caller.read(ROSTER_IMPORT, import.estate)?;
    }
    Ok(import)
}

/// Has the file of an import read again, in another way.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.imports.adjust_mapping", skip_all, fields(import.id = %id))]
pub async fn adjust_mapping(
    db: &Db,
    state: &State,
    caller: &Caller,
    id: ImportId,
    mapping: Mapping,
) -> Result<Import, ResidentsError> {
    let scope = db.read(caller.tenant()).await?;
    let import = read_import(&scope, caller, id, false).await?;
    drop(scope);
    let bytes = state.files.read(caller.tenant(), import.file.as_uuid()).await?;
    let mapping = recognised(bytes, import.file_name, Some(mapping)).await?;
    let scope = db.write(caller.tenant()).await?;
    let import = read_import(&scope, caller, id, true).await?;
    match import.state {
        ImportState::Analysed | ImportState::Unreadable => {}
        ImportState::Reading => return Err(ResidentsError::Conflict(say::import_reading())),
        _ => return Err(ResidentsError::Conflict(say::import_confirmed())),
    }
    let import = import.to_be_read(mapping);
    repo::save(&scope, &import).await?;
    repo::save_findings(&scope, id, &[]).await?;
    db::enqueue_job(&scope, job::KIND, id.as_uuid()).await?;
    note(&scope, caller, "import.mapping_adjusted", &import).await?;
    scope.commit().await?;
    Ok(import)
}

/// Lets the rows in, in the background. Confirming a failed import goes on where it stopped.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.imports.confirm", skip_all, fields(import.id = %id))]
pub async fn confirm_import(
    db: &Db,
    caller: &Caller,
    id: ImportId,
    rows: Rows,
    choices: Vec<WayOut>,
) -> Result<Import, ResidentsError> {
    let scope = db.write(caller.tenant()).await?;
    let mut import = read_import(&scope, caller, id, true).await?;
    match import.state {
        ImportState::Reading => return Err(ResidentsError::Conflict(say::import_reading())),
        ImportState::Unreadable => return Err(ResidentsError::Conflict(say::import_unreadable())),
        ImportState::Running | ImportState::Done => {
            return Err(ResidentsError::Conflict(say::import_confirmed()));
        }
        ImportState::Failed => {}
        ImportState::Analysed => {
            if rows == Rows::All {
                check_all(&scope, &import, &choices).await?;
            }
            import.choices = choices;
        }
    }
    import.state = ImportState::Running;
    import.failure = None;
    repo::save(&scope, &import).await?;
    db::enqueue_job(&scope, job::KIND, id.as_uuid()).await?;
    note(&scope, caller, "import.confirmed", &import).await?;
    scope.commit().await?;
    Ok(import)
}

async fn check_all(
    scope: &TenantScope,
    import: &Import,
    choices: &[WayOut],
) -> Result<(), ResidentsError> {
    if import.counts[0] > 0 {
        return Err(ResidentsError::invalid("rows", say::rows_wrong(import.counts[0])));
    }
    let only = Some(Severity::Choice);
    let open = repo::findings(scope, import.id, only, None, u64::from(u32::MAX)).await?;
    let open: Vec<Finding> = open.into_iter().map(|(_, finding)| finding).collect();
    let undecided = undecided(&open, choices);
    if undecided > 0 {
        return Err(ResidentsError::invalid("choices", say::rows_undecided(undecided)));
    }
    // Rows beyond the list can only be decided together.
    let unlisted = import.counts[1] > i64::try_from(open.len()).unwrap_or(i64::MAX);
    let general = |doubt| choices.iter().any(|way| way.is_for_all(doubt));
    if unlisted && !Doubt::ALL.into_iter().all(general) {
        return Err(ResidentsError::invalid("choices", say::doubts_unlisted()));
    }
    Ok(())
}

pub(super) async fn note(
    scope: &TenantScope,
    caller: &Caller,
    action: &str,
    import: &Import,
) -> Result<(), ResidentsError> {
    // Nothing was found yet in a file that is still to be read.
    let errors = (import.state != ImportState::Reading).then_some(import.counts[0]);
    let detail = serde_json::json!({
        "file": import.file, "cutOver": import.cut_over, "choices": import.choices,
        "errors": errors,
    });
    let (object, estate) = (import.id.to_string(), Some(import.estate));
    Ok(audit(scope, caller, AuditFact { action, object, estate, reason: None, detail }).await?)
}
