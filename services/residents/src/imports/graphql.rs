//! Imports in the graph.

use super::{
    Import, ImportState, Rows, WayOut, adjust_mapping, confirm_import, read_import, repo,
    start_import,
};
use crate::graphql::{EstateNode, State};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use contracts::ImportId;
use db::Db;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse, parse_id};
use sheets::{Column, ColumnMapping, Finding, Kind, Mapping, Presence, Severity, SheetMapping};

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "ImportState", remote = "ImportState")]
pub enum ImportStateNode {
    /// The file is being read; `done` counts its good rows so far.
    Reading,
    /// The file was read; nothing is imported yet.
    Analysed,
    /// The file could not be read to its end, see `failure`; another mapping has it read again.
    Unreadable,
    /// It is being imported.
    Running,
    /// Structure, people and parking are in; billing takes its half, see `fees`.
    Done,
    /// It stopped; confirming it again goes on where it stopped.
    Failed,
}

/// Which rows are imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "ImportRows", remote = "Rows")]
pub enum RowsNode {
    /// All; refused while a row is wrong or undecided.
    All,
    /// Those that are neither wrong nor undecided.
    Good,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "FindingSeverity", remote = "Severity")]
pub enum SeverityNode {
    /// The row is imported; a value was left out or assumed.
    Warning,
    /// The row is imported only in the way that is chosen.
    Choice,
    /// The row cannot be imported.
    Error,
}

/// What there is to say about one cell of the file.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ImportFinding")]
pub struct FindingNode {
    /// The sheet's name.
    sheet: String,
    /// The row as Excel shows it.
    row: i32,
    /// The header of the column.
    column: String,
    /// What the cell holds; identity numbers are masked.
    value: String,
    /// The reason as a stable code.
    code: String,
    /// The reason in Chinese.
    zh: String,
    /// The reason in English.
    en: String,
    /// How much it weighs.
    severity: SeverityNode,
    /// The ways out, for a choice.
    choices: Vec<String>,
}

impl From<Finding> for FindingNode {
    fn from(finding: Finding) -> Self {
        Self {
            row: i32::try_from(finding.row).unwrap_or(i32::MAX),
            code: finding.code.into_owned(),
            severity: finding.severity.into(),
            choices: finding.choices.into_iter().map(std::borrow::Cow::into_owned).collect(),
            sheet: finding.sheet,
            column: finding.column,
            value: finding.value,
            zh: finding.zh,
            en: finding.en,
        }
    }
}

/// Where one column was found.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ImportColumn")]
pub struct ColumnNode {
    /// What the column means.
    key: String,
    /// The column, counted from 0.
    index: i32,
    /// The header text there.
    header: String,
}

/// One sheet and how it is read.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ImportSheet")]
pub struct SheetNode {
    /// The sheet's name.
    sheet: String,
    /// The kind of table it is read as.
    kind: String,
    /// The row of the headers.
    header_row: i32,
    /// Its columns.
    columns: Vec<ColumnNode>,
}

impl From<SheetMapping> for SheetNode {
    fn from(sheet: SheetMapping) -> Self {
        let column = |(key, column): (String, ColumnMapping)| ColumnNode {
            key,
            index: i32::try_from(column.index).unwrap_or(i32::MAX),
            header: column.header,
        };
        Self {
            sheet: sheet.sheet,
            kind: sheet.kind,
            header_row: i32::try_from(sheet.header_row).unwrap_or(i32::MAX),
            columns: sheet.columns.into_iter().map(column).collect(),
        }
    }
}

/// One import of one uploaded file.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Import", complex)]
pub struct ImportNode {
    #[graphql(skip)]
    key: ImportId,
    /// The import.
    id: ID,
    /// The estate it goes into.
    estate: EstateNode,
    /// What the file was called.
    file_name: String,
    /// The first day of the first month that may be charged.
    cut_over: chrono::NaiveDate,
    /// How far it is.
    state: ImportStateNode,
    /// The sheets that are read.
    sheets: Vec<SheetNode>,
    /// The sheets that are not.
    ignored_sheets: Vec<String>,
    /// Rows that cannot be imported.
    errors: i32,
    /// Findings that need a choice.
    undecided: i32,
    /// Values that were left out or assumed.
    warnings: i32,
    /// How many findings are counted but not listed, because there were too many.
    findings_left_out: i32,
    /// Rows done.
    done: i32,
    /// Rows that can be imported; 0 until the file was read.
    total: i32,
    /// Why it stopped, in Chinese and English.
    failure: Option<String>,
}

impl From<Import> for ImportNode {
    fn from(import: Import) -> Self {
        let small = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let [errors, undecided, warnings] = import.counts.map(small);
        Self {
            key: import.id,
            id: import.id.to_string().into(),
            estate: EstateNode::new(import.estate),
            file_name: import.file_name,
            cut_over: import.cut_over,
            state: import.state.into(),
            sheets: import.mapping.sheets.into_iter().map(SheetNode::from).collect(),
            ignored_sheets: import.mapping.ignored,
            errors,
            undecided,
            warnings,
            findings_left_out: small(import.left_out),
            done: small(import.done),
            total: small(import.total),
            failure: import.failure,
        }
    }
}

#[ComplexObject]
impl ImportNode {
    /// What there is to say: the dry run of the whole file, fees included, and behind it what
    /// billing found when it took its half. Null while the file is being read.
    async fn findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that weigh so much.")] severity: Option<SeverityNode>,
        #[graphql(desc = "How many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, FindingNode>>> {
        let page = PageArgs::new(first, after)?;
        let after = page.after.as_ref().map(|cursor| parse(&cursor.0, "after")).transpose()?;
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let import = read_import(&scope, caller, self.key, false).await.graphql()?;
        if import.state == ImportState::Reading {
            return Ok(None);
        }
        let only = severity.map(Severity::from);
        let rows = repo::findings(&scope, self.key, only, after, page.limit()).await.graphql()?;
        Ok(Some(connection(&page, rows, |row| row.0.to_string(), |row| row.1.into())))
    }
}

/// A table that a roster file may hold.
#[derive(SimpleObject)]
#[graphql(name = "ImportTable")]
pub struct TableNode {
    /// Its key, as mappings name it.
    kind: &'static str,
    /// Our own sheet name in Chinese.
    zh: &'static str,
    /// Our own sheet name in English.
    en: &'static str,
    /// The columns it may have, in our own order.
    columns: Vec<TableColumnNode>,
}

/// A column that a table may have.
#[derive(SimpleObject)]
#[graphql(name = "ImportTableColumn")]
pub struct TableColumnNode {
    /// Its key, as mappings name it.
    key: &'static str,
    /// Our own header in Chinese.
    zh: &'static str,
    /// Our own header in English.
    en: &'static str,
    /// Whether the table cannot be read without it.
    required: bool,
}

impl From<&Kind> for TableNode {
    fn from(table: &Kind) -> Self {
        let column = |column: &Column| TableColumnNode {
            key: column.key,
            zh: column.zh,
            en: column.en,
            required: column.presence == Presence::Required,
        };
        let columns = table.columns.iter().map(column).collect();
        Self { kind: table.key, zh: table.zh, en: table.en, columns }
    }
}

/// Questions about imports.
#[derive(Default)]
pub struct ImportQuery;

#[Object]
impl ImportQuery {
    /// The tables that a roster file may hold, with the words for their columns.
    async fn import_template(&self, ctx: &Context<'_>) -> Result<Option<Vec<TableNode>>> {
        caller(ctx)?;
        Ok(Some(roster::TEMPLATE.kinds.iter().map(TableNode::from).collect()))
    }

    /// One import.
    async fn import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The import.")] id: ID,
    ) -> Result<Option<ImportNode>> {
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let found = read_import(&scope, caller, parse_id(&id, "id")?, false).await;
        Ok(Some(found.graphql()?.into()))
    }

    /// An import that another service's answer leads to.
    #[graphql(entity)]
    async fn find_import_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The import.")] id: ID,
    ) -> Result<Option<ImportNode>> {
        self.import(ctx, id).await
    }
}

/// A file to import.
#[derive(Debug, InputObject)]
pub struct StartImportInput {
    /// The estate.
    estate_id: ID,
    /// The file, uploaded by the caller.
    file_id: ID,
    /// The first month that may be charged, e.g. `2026-07`.
    cut_over_month: String,
}

/// A column to read.
#[derive(Debug, InputObject)]
pub struct ImportColumnInput {
    /// What it means.
    key: String,
    /// The column, counted from 0.
    index: i32,
    /// The header text there.
    header: String,
}

/// A sheet to read.
#[derive(Debug, InputObject)]
pub struct ImportSheetInput {
    /// The sheet's name.
    sheet: String,
    /// The kind of table to read it as.
    kind: String,
    /// The row of the headers as Excel shows it.
    header_row: i32,
    /// Its columns.
    columns: Vec<ImportColumnInput>,
}

/// Another way to read the file.
#[derive(Debug, InputObject)]
pub struct AdjustImportMappingInput {
    /// The import.
    id: ID,
    /// The sheets to read; others are not.
    sheets: Vec<ImportSheetInput>,
}

/// How to settle findings.
#[derive(Debug, InputObject)]
pub struct ImportChoiceInput {
    /// The findings' code, e.g. `DANGLING_OWNER`.
    code: String,
    /// Only in this sheet.
    sheet: Option<String>,
    /// Only in this row.
    row: Option<i32>,
    /// One of the findings' choices, e.g. `IMPORT_AS_VACANT`.
    choice: String,
}

/// Which rows to import.
#[derive(Debug, InputObject)]
pub struct ConfirmImportInput {
    /// The import.
    id: ID,
    /// All rows, or the good ones.
    rows: RowsNode,
    /// The choices; the most precise one for a finding counts.
    choices: Vec<ImportChoiceInput>,
}

/// The import as it is now.
#[derive(Debug, SimpleObject)]
pub struct ImportPayload {
    /// The import.
    import: ImportNode,
}

/// Acts on imports.
#[derive(Default)]
pub struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Have an uploaded roster file read in the background, to list what is wrong with it. Nothing
    /// is imported. Ask for the import until its `state` is `ANALYSED`.
    async fn start_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file and where it goes.")] input: StartImportInput,
    ) -> Result<ImportPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let file = parse_id(&input.file_id, "fileId")?;
        let cut_over = parse(&format!("{}-01", input.cut_over_month), "cutOverMonth")?;
        let state = ctx.data::<State>()?;
        let started = start_import(ctx.data()?, state, caller(ctx)?, estate, file, cut_over).await;
        Ok(ImportPayload { import: started.graphql()?.into() })
    }

    /// Have the file read again, in another way.
    async fn adjust_import_mapping(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The way.")] input: AdjustImportMappingInput,
    ) -> Result<ImportPayload> {
        let id = parse_id(&input.id, "id")?;
        let column = |column: ImportColumnInput| {
            let index = usize::try_from(column.index).unwrap_or(usize::MAX);
            (column.key, ColumnMapping { index, header: column.header })
        };
        let sheet = |sheet: ImportSheetInput| SheetMapping {
            sheet: sheet.sheet,
            kind: sheet.kind,
            header_row: u32::try_from(sheet.header_row).unwrap_or(0),
            columns: sheet.columns.into_iter().map(column).collect(),
        };
        let sheets = input.sheets.into_iter().map(sheet).collect();
        let mapping = Mapping { sheets, ignored: Vec::new() };
        let state = ctx.data::<State>()?;
        let adjusted = adjust_mapping(ctx.data()?, state, caller(ctx)?, id, mapping).await;
        Ok(ImportPayload { import: adjusted.graphql()?.into() })
    }

    /// Import the rows in the background.
    async fn confirm_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which rows.")] input: ConfirmImportInput,
    ) -> Result<ImportPayload> {
        let id = parse_id(&input.id, "id")?;
        let way = |choice: ImportChoiceInput| WayOut {
            code: choice.code,
            sheet: choice.sheet,
            row: choice.row.and_then(|row| u32::try_from(row).ok()),
            choice: choice.choice,
        };
        let choices = input.choices.into_iter().map(way).collect();
        let rows = input.rows.into();
        let confirmed = confirm_import(ctx.data()?, caller(ctx)?, id, rows, choices).await;
        Ok(ImportPayload { import: confirmed.graphql()?.into() })
    }
}
