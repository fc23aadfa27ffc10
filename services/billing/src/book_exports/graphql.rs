//! Exports of the books in the graph.

use super::{BOOKS_EXPORT, BookExport, BookFormat, BookKind, ExportState, Start, repo, start};
use crate::{bill_runs::graphql::parse_month, estates, ids::BookExportId};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Denied;
use chrono::{DateTime, Duration, Utc};
use db::Db;
use files::FileStore;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, language, parse_id};
use ids::{EstateId, TenantId};

/// What is exported of the books.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "BookExportKind", remote = "BookKind")]
pub enum BookKindWord {
    /// Every entry of some months as vouchers.
    Journal,
    /// The reports of the last month: frozen if it is closed, else live.
    Reports,
}

/// As which file the books are exported.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "BookExportFormat", remote = "BookFormat")]
pub enum BookFormatWord {
    /// A workbook.
    Xlsx,
    /// One table of text; of reports the first.
    Csv,
}

/// How far an export is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "BookExportState", remote = "ExportState")]
pub enum ExportStateWord {
    /// Waits for a worker.
    Queued,
    /// Being written.
    Running,
    /// The file is there.
    Done,
    /// It could not be written.
    Failed,
}

/// One export of the books.
#[derive(SimpleObject)]
#[graphql(name = "BookExport")]
pub struct BookExportNode {
    /// Its id, `bex_…`.
    id: ID,
    /// What.
    kind: BookKindWord,
    /// As which file.
    format: BookFormatWord,
    /// First month, e.g. `2026-01`.
    from: String,
    /// Last month, e.g. `2026-06`.
    to: String,
    /// How far it is.
    state: ExportStateWord,
    /// How many entries there are.
    total: i64,
    /// How many are written.
    done: i64,
    /// Path and query to fetch the file by, good for ten minutes, once it is there.
    link: Option<String>,
    /// Who asked for it, `usr_…`.
    requested_by: ID,
    /// When it was asked for.
    requested_at: DateTime<Utc>,
}

impl BookExportNode {
    fn new(it: BookExport, files: &FileStore, tenant: TenantId, estate: &str) -> Self {
        let link = it.file.map(|file| {
            let name = it.name(estate);
            let link = files.sign(tenant, file.as_uuid(), &name, Duration::minutes(10));
            format!("/files/billing/{file}?{}", link.query())
        });
        Self {
            id: it.id.to_string().into(),
            kind: it.kind.into(),
            format: it.format.into(),
            from: it.from.to_string(),
            to: it.to.to_string(),
            state: it.state.into(),
            total: it.total,
            done: it.done,
            link,
            requested_by: it.requested.0.to_string().into(),
            requested_at: it.requested.1,
        }
    }
}

/// Queries on exports of the books.
#[derive(Default)]
pub struct BookExportQuery;

#[Object]
impl BookExportQuery {
    /// An export of the books with its progress.
    async fn book_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id, `bex_…`")] id: ID,
    ) -> Result<Option<BookExportNode>> {
        let caller = caller(ctx)?;
        let id = parse_id::<BookExportId>(&id, "id")?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let found = repo::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
        caller.read(BOOKS_EXPORT, found.estate).graphql()?;
        node(ctx, found).await.map(Some)
    }

    /// The exports of an estate's books, newest first.
    async fn book_exports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, BookExportNode>>> {
        let page = PageArgs::new(first, after)?;
        let caller = caller(ctx)?;
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        caller.read(BOOKS_EXPORT, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let known = estates::find(&scope, estate).await.graphql()?;
        let code = known.ok_or(Denied::Hidden).graphql()?.code;
        let before = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, estate, before, page.limit()).await.graphql()?;
        let (files, tenant) = (ctx.data::<FileStore>()?, caller.tenant());
        let key = |row: &BookExport| row.id.as_uuid().simple().to_string();
        let node = |it| BookExportNode::new(it, files, tenant, &code);
        Ok(Some(connection(&page, rows, key, node)))
    }
}

async fn node(ctx: &Context<'_>, export: BookExport) -> Result<BookExportNode> {
    let tenant = caller(ctx)?.tenant();
    let scope = ctx.data::<Db>()?.read(tenant).await.graphql()?;
    let known = estates::find(&scope, export.estate).await.graphql()?;
    let code = known.ok_or(Denied::Hidden).graphql()?.code;
    Ok(BookExportNode::new(export, ctx.data::<FileStore>()?, tenant, &code))
}

/// A file of the books to write.
#[derive(InputObject)]
pub struct ExportBooksInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// What.
    kind: BookKindWord,
    /// As which file.
    format: BookFormatWord,
    /// First month, e.g. `2026-01`.
    from: String,
    /// Last month, e.g. `2026-06`; at most twelve months in all.
    to: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The export after an act.
#[derive(SimpleObject)]
pub struct BookExportPayload {
    /// The export.
    book_export: BookExportNode,
}

/// Mutations on exports of the books.
#[derive(Default)]
pub struct BookExportMutation;

#[Object]
impl BookExportMutation {
    /// Write a file of the books in the caller's language: the journal as vouchers for an
    /// accounting system, or the reports of a month. Ask for the export until it is done.
    async fn export_books(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write")] input: ExportBooksInput,
    ) -> Result<BookExportPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = Start {
            estate: parse_id(&input.estate_id, "estateId")?,
            kind: input.kind.into(),
            format: input.format.into(),
            language: match language(ctx) {
                texts::Language::Zh => sheets::Language::Zh,
                texts::Language::En => sheets::Language::En,
            },
            from: parse_month(&input.from, "from")?,
            to: parse_month(&input.to, "to")?,
        };
        let done = start(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        Ok(BookExportPayload { book_export: node(ctx, done).await? })
    }
}
