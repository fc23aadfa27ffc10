//! Reading an uploaded file: through the graph, or without it.

use super::{
    Choice, Doubt, Import, ImportState, ROSTER_IMPORT, WayOut,
    act::note,
    job,
    reading::{Reading, read_apart},
    repo,
};
use crate::{ResidentsError, estates, graphql::State, structure::UNIT_READ, uploads};
use authz::Caller;
use chrono::{Datelike as _, NaiveDate};
use contracts::{FileId, ImportId};
use db::{Db, TenantScope};
use ids::{EstateId, TenantId};

/// Reads an uploaded file and keeps what there is to say about it; imports nothing.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.imports.start", skip_all, fields(estate.id = %estate))]
pub async fn start_import(
    db: &Db,
    state: &State,
    caller: &Caller,
    estate: EstateId,
    file: FileId,
    cut_over: NaiveDate,
) -> Result<Import, ResidentsError> {
    caller.act(ROSTER_IMPORT, UNIT_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    estates::known(&scope, estate).await?;
    let uploaded = uploads::repo::one(&scope, file).await?.ok_or(ResidentsError::not_found())?;
    drop(scope);
    if uploaded.made_by != caller.user().to_string() {
        return Err(ResidentsError::not_found());
    }
    let bytes = state.files.read(caller.tenant(), file.as_uuid()).await?;
    let reading = read_apart(bytes, uploaded.name.clone(), None).await?;
    let scope = db.write(caller.tenant()).await?;
    let made_by = caller.user().to_string();
    let mut import = analysed(&scope, (estate, file, uploaded.name), cut_over, &reading);
    import.requested_by = made_by;
    repo::save(&scope, &import).await?;
    repo::save_findings(&scope, import.id, reading.findings.as_slice()).await?;
    note(&scope, caller, "import.started", &import).await?;
    scope.commit().await?;
    Ok(import)
}

/// An import of a file that was read and nothing more.
fn analysed(
    scope: &TenantScope,
    (estate, file, file_name): (EstateId, FileId, String),
    cut_over: NaiveDate,
    reading: &Reading,
) -> Import {
    Import {
        id: ImportId::from_uuid(scope.new_id()),
        estate,
        file,
        file_name,
        cut_over: cut_over.with_day(1).unwrap_or(cut_over),
        state: ImportState::Analysed,
        counts: reading.counts(),
        left_out: reading.left_out(),
        mapping: reading.mapping.clone(),
        choices: Vec::new(),
        done: 0,
        total: reading.rows,
        requested_by: String::new(),
        failure: None,
    }
}

/// Imports without the graph: from the command line and for the demo.
#[derive(Clone, Debug)]
pub struct Importer {
    db: Db,
    state: State,
}

impl Importer {
    pub(crate) fn new(db: Db, state: State) -> Self {
        Self { db, state }
    }

    /// Imports the good rows of a file now and returns when they are in; rows with a dangling
    /// owner come in as vacant, doubtful identity numbers are left out.
    ///
    /// # Errors
    /// [`ResidentsError`].
    pub async fn import_bytes(
        &self,
        tenant: TenantId,
        estate: EstateId,
        (name, bytes): (&str, &[u8]),
        cut_over: NaiveDate,
        requested_by: &str,
    ) -> Result<Import, ResidentsError> {
        let file = FileId::from_uuid(self.db.clock().uuid());
        self.state.files.put(tenant, file.as_uuid(), bytes).await?;
        let reading = read_apart(bytes.to_vec().into(), name.to_owned(), None).await?;
        let scope = self.db.write(tenant).await?;
        estates::known(&scope, estate).await?;
        uploads::repo::keep(&scope, file, name, bytes.len(), requested_by).await?;
        let all = |doubt: Doubt, choice: Choice| WayOut {
            code: doubt.code().to_owned(),
            sheet: None,
            row: None,
            choice: choice.as_str().to_owned(),
        };
        let place = (estate, file, name.to_owned());
        let import = Import {
            state: ImportState::Running,
            choices: vec![
                all(Doubt::Owner, Choice::ImportAsVacant),
                all(Doubt::Identity, Choice::ImportWithoutIdentity),
            ],
            requested_by: requested_by.to_owned(),
            ..analysed(&scope, place, cut_over, &reading)
        };
        repo::save(&scope, &import).await?;
        repo::save_findings(&scope, import.id, reading.findings.as_slice()).await?;
        scope.commit().await?;
        let stop = tokio_util::sync::CancellationToken::new();
        job::work(&self.db, &self.state, tenant, import.id, &stop).await?;
        let scope = self.db.read(tenant).await?;
        let done = repo::one(&scope, import.id.as_uuid()).await?;
        done.ok_or(ResidentsError::not_found())
    }
}
