//! Reading an uploaded file: through the graph, or without it.

use super::{
    Choice, Doubt, Import, ImportState, ROSTER_IMPORT, WayOut, act::note, job, reading::recognised,
    repo,
};
use crate::{ResidentsError, estates, graphql::State, structure::UNIT_READ, uploads};
use authz::Caller;
use chrono::{Datelike as _, NaiveDate};
use contracts::{FileId, ImportId};
use db::{Db, TenantScope};
use ids::{EstateId, TenantId};
use sheets::Mapping;
use tokio_util::sync::CancellationToken;

/// Has an uploaded file read in the background; imports nothing.
///
/// # Errors
/// [`ResidentsError`]: also when it is no file of a kind that can be read, or holds no table that is
/// recognised.
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
    let mapping = recognised(bytes, uploaded.name.clone(), None).await?;
    let scope = db.write(caller.tenant()).await?;
    let upload = Upload { estate, file, name: &uploaded.name, by: &uploaded.made_by };
    let import = begun(&scope, upload, cut_over, mapping);
    repo::save(&scope, &import).await?;
    db::enqueue_job(&scope, job::KIND, import.id.as_uuid()).await?;
    note(&scope, caller, "import.started", &import).await?;
    scope.commit().await?;
    Ok(import)
}

/// A file, for which estate and whose.
struct Upload<'a> {
    estate: EstateId,
    file: FileId,
    name: &'a str,
    by: &'a str,
}

/// An import whose file is to be read.
fn begun(scope: &TenantScope, upload: Upload<'_>, cut_over: NaiveDate, mapping: Mapping) -> Import {
    Import {
        id: ImportId::from_uuid(scope.new_id()),
        estate: upload.estate,
        file: upload.file,
        file_name: upload.name.to_owned(),
        cut_over: cut_over.with_day(1).unwrap_or(cut_over),
        state: ImportState::Reading,
        counts: [0; 3],
        left_out: 0,
        mapping,
        choices: Vec::new(),
        done: 0,
        total: 0,
        requested_by: upload.by.to_owned(),
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
        let mapping = recognised(bytes.to_vec().into(), name.to_owned(), None).await?;
        let scope = self.db.write(tenant).await?;
        estates::known(&scope, estate).await?;
        uploads::repo::keep(&scope, file, name, bytes.len(), requested_by).await?;
        let upload = Upload { estate, file, name, by: requested_by };
        let import = begun(&scope, upload, cut_over, mapping);
        repo::save(&scope, &import).await?;
        scope.commit().await?;
        let read = self.turn(tenant, import.id).await?;
        let all = |doubt: Doubt, choice: Choice| WayOut {
            code: doubt.code().to_owned(),
            sheet: None,
            row: None,
            choice: choice.as_str().to_owned(),
        };
        let choices = vec![
            all(Doubt::Owner, Choice::ImportAsVacant),
            all(Doubt::Identity, Choice::ImportWithoutIdentity),
        ];
        let scope = self.db.write(tenant).await?;
        repo::save(&scope, &Import { state: ImportState::Running, choices, ..read }).await?;
        scope.commit().await?;
        self.turn(tenant, import.id).await
    }

    /// Does what the import's state asks for, to its end; why it came to none is noted as well.
    async fn turn(&self, tenant: TenantId, id: ImportId) -> Result<Import, ResidentsError> {
        let stop = CancellationToken::new();
        if let Err(error) = job::work(&self.db, &self.state, tenant, id, &stop).await {
            job::fail(&self.db, tenant, id, &error).await?;
            return Err(error);
        }
        let scope = self.db.read(tenant).await?;
        repo::one(&scope, id.as_uuid()).await?.ok_or(ResidentsError::not_found())
    }
}
