//! Reading a file, adjusting how it is read, and letting it in.

use super::{
    Import, ImportState, ROSTER_IMPORT, Roster, Rows, WayOut, domain::settle, job, parse, repo,
};
use crate::{
    ResidentsError, estates, graphql::State, people::mask_identity, say, structure::UNIT_READ,
    uploads,
};
use authz::{AuditFact, Caller, audit};
use chrono::{Datelike as _, NaiveDate};
use contracts::{FileId, ImportId};
use db::{Db, TenantScope};
use ids::{EstateId, TenantId};
use roster::TEMPLATE;
use sheets::{Finding, Limits, Mapping, Severity, Workbook, recognise};

/// A file as it was understood.
pub struct Reading {
    /// How it is read.
    pub mapping: Mapping,
    /// Its good rows.
    pub roster: Roster,
    /// What is wrong or doubtful.
    pub findings: Vec<Finding>,
}

impl Reading {
    fn counts(&self) -> [i64; 3] {
        let count = |severity| {
            let of = self.findings.iter().filter(|finding| finding.severity == severity);
            i64::try_from(of.count()).unwrap_or(i64::MAX)
        };
        [count(Severity::Error), count(Severity::Choice), count(Severity::Warning)]
    }
}

/// Reads a file by a mapping, or by what is recognised in it.
///
/// # Errors
/// When it cannot be read at all, or the mapping does not fit it.
pub fn read(
    bytes: Vec<u8>,
    name: &str,
    mapping: Option<Mapping>,
) -> Result<Reading, ResidentsError> {
    let mut book = Workbook::open(bytes, name, Limits::default())?;
    let mapping = mapping.unwrap_or_else(|| recognise(book.sheets(), &TEMPLATE));
    if let Err(wrong) = mapping.validate(&TEMPLATE, &book) {
        return Err(wrong
            .into_iter()
            .next()
            .map_or(ResidentsError::Conflict(say::mapping_misfit()), ResidentsError::from));
    }
    let (roster, findings) = parse(&mut book, &mapping)?;
    let mut findings = findings.as_slice().to_vec();
    for finding in &mut findings {
        // Identity numbers are kept sealed only.
        if finding.code == "DOUBTFUL_IDENTITY" {
            finding.value = mask_identity(&finding.value);
        }
    }
    Ok(Reading { mapping, roster, findings })
}

/// Reads in the background pool: a large file takes seconds.
pub async fn read_apart(
    bytes: bytes::Bytes,
    name: String,
    mapping: Option<Mapping>,
) -> Result<Reading, ResidentsError> {
    let read = tokio::task::spawn_blocking(move || read(bytes.to_vec(), &name, mapping)).await;
    read.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
}

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
    let import = Import {
        id: ImportId::from_uuid(scope.new_id()),
        estate,
        file,
        file_name: uploaded.name,
        cut_over: cut_over.with_day(1).unwrap_or(cut_over),
        state: ImportState::Analysed,
        counts: reading.counts(),
        mapping: reading.mapping,
        choices: Vec::new(),
        done: 0,
        total: 0,
        requested_by: caller.user().to_string(),
        failure: None,
    };
    repo::save(&scope, &import).await?;
    repo::save_findings(&scope, import.id, &reading.findings).await?;
    note(&scope, caller, "import.started", &import).await?;
    scope.commit().await?;
    Ok(import)
}

/// Reads the file of an import again, in another way.
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
    let reading = read_apart(bytes, import.file_name, Some(mapping)).await?;
    let scope = db.write(caller.tenant()).await?;
    let mut import = read_import(&scope, caller, id, true).await?;
    if import.state != ImportState::Analysed {
        return Err(ResidentsError::Conflict(say::import_confirmed()));
    }
    import.counts = reading.counts();
    import.mapping = reading.mapping;
    repo::save(&scope, &import).await?;
    repo::save_findings(&scope, id, &reading.findings).await?;
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
    let undecided = settle(&mut Roster::default(), &open, choices);
    if undecided > 0 {
        return Err(ResidentsError::invalid("choices", say::rows_undecided(undecided)));
    }
    Ok(())
}

async fn note(
    scope: &TenantScope,
    caller: &Caller,
    action: &str,
    import: &Import,
) -> Result<(), ResidentsError> {
    let detail = serde_json::json!({
        "file": import.file, "cutOver": import.cut_over, "choices": import.choices,
        "errors": import.counts[0],
    });
    let (object, estate) = (import.id.to_string(), Some(import.estate));
    Ok(audit(scope, caller, AuditFact { action, object, estate, reason: None, detail }).await?)
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
        let all = |code: &str, choice: super::Choice| WayOut {
            code: code.to_owned(),
            sheet: None,
            row: None,
            choice: choice.as_str().to_owned(),
        };
        let import = Import {
            id: ImportId::from_uuid(scope.new_id()),
            estate,
            file,
            file_name: name.to_owned(),
            cut_over: cut_over.with_day(1).unwrap_or(cut_over),
            state: ImportState::Running,
            counts: reading.counts(),
            mapping: reading.mapping,
            choices: vec![
                all("DANGLING_OWNER", super::Choice::ImportAsVacant),
                all("DOUBTFUL_IDENTITY", super::Choice::ImportWithoutIdentity),
            ],
            done: 0,
            total: 0,
            requested_by: requested_by.to_owned(),
            failure: None,
        };
        repo::save(&scope, &import).await?;
        repo::save_findings(&scope, import.id, &reading.findings).await?;
        scope.commit().await?;
        let stop = tokio_util::sync::CancellationToken::new();
        job::work(&self.db, &self.state, tenant, import.id, &stop).await?;
        let scope = self.db.read(tenant).await?;
        let done = repo::one(&scope, import.id.as_uuid()).await?;
        done.ok_or(ResidentsError::not_found())
    }
}
