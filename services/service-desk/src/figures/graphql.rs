//! Figures in the graph.

use super::{
    FIGURES_READ,
    domain::{Ticket, behind},
    export,
    freeze::{self, Freeze},
    nodes_graphql::{ByWord, DeskFigures, DeskFiguresVersion, DeskTicket, KindWord, MeasureWord},
    read::{Which, figures},
    repo,
};
use crate::{Refused, graphql::State, month::Month};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use db::Db;
use errors::expected;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, language, parse_id};
use ids::EstateId;
use uuid::Uuid;

fn month(text: &str) -> Result<Month> {
    Month::read("month", text).graphql()
}

/// Which month is frozen, or corrected.
#[derive(InputObject)]
pub struct FreezeDeskFiguresInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// A month that is over, e.g. `2026-07`.
    month: String,
    /// The newest version the caller knows of; 0 for a month that is not frozen yet.
    expected_version: i32,
    /// Why it is corrected; 1 to 500 characters, only for a correction.
    reason: Option<String>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What became of freezing a month.
#[derive(SimpleObject)]
pub struct FreezeDeskFiguresPayload {
    /// The month.
    month: String,
    /// The version it became.
    version: i32,
}

/// Figures to be written to a file.
#[derive(InputObject)]
pub struct ExportDeskFiguresInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The month, e.g. `2026-07`.
    month: String,
    /// By what they are grouped.
    by: ByWord,
    /// A frozen version instead of the live figures.
    version: Option<i32>,
}

/// A file of figures.
#[derive(SimpleObject)]
pub struct ExportDeskFiguresPayload {
    /// Path and query to fetch the file by, good for ten minutes.
    link: String,
}

/// One figure of a month.
#[derive(InputObject)]
pub struct DeskFigureInput {
    /// What the tickets are.
    kind: KindWord,
    /// By what they are grouped.
    by: ByWord,
    /// The group; all of them when left out.
    key: Option<String>,
    /// What the figure counts.
    measure: MeasureWord,
    /// A frozen version instead of the live figures.
    version: Option<i32>,
}

/// Where a ticket stands in a list, the newest first, whether or not it is in it any more.
fn place(ticket: &Ticket) -> (i64, Uuid) {
    (ticket.opened_at.timestamp_micros(), ticket.id)
}

/// The place of the last ticket of the page before.
fn passed(cursor: &str) -> std::result::Result<(i64, Uuid), Refused> {
    let read = || {
        let (at, id) = cursor.split_once('_')?;
        Some((at.parse().ok()?, id.parse().ok()?))
    };
    read().ok_or_else(|| Refused::invalid("after", expected::readable(cursor)))
}

/// Queries on figures.
#[derive(Default)]
pub struct FigureQuery;

#[Object]
impl FigureQuery {
    /// The figures of an estate for a month: live, or as they were frozen.
    async fn desk_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The month, e.g. `2026-07`")] month: String,
        #[graphql(desc = "By what they are grouped")] by: ByWord,
        #[graphql(desc = "A frozen version instead of the live figures")] version: Option<i32>,
    ) -> Result<Option<DeskFigures>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let which = Which { estate, month: self::month(&month)?, version, by: by.into() };
        let (counted, names) = figures(ctx.data()?, caller(ctx)?, which).await.graphql()?;
        Ok(Some(DeskFigures::new(&counted, &names)))
    }

    /// The tickets behind a figure, newest first: as many as it counts.
    async fn desk_figure_tickets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The month, e.g. `2026-07`")] month: String,
        #[graphql(desc = "Which figure")] figure: DeskFigureInput,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, DeskTicket>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let DeskFigureInput { kind, by, key, measure, version } = figure;
        let which = Which { estate, month: self::month(&month)?, version, by: by.into() };
        let (counted, names) = figures(ctx.data()?, caller(ctx)?, which).await.graphql()?;
        let of = (kind.into(), which.by, key.as_deref());
        let what = (measure.into(), counted.window);
        let found = behind(&counted.tickets, of, what, counted.estate.zone);
        let after = page.after.as_ref().map(|cursor| passed(&cursor.0)).transpose().graphql()?;
        let rest =
            found.into_iter().skip_while(|ticket| after.is_some_and(|at| place(ticket) >= at));
        let rest = rest.take(usize::try_from(page.limit()).unwrap_or(usize::MAX)).collect();
        let cursor = |ticket: &&Ticket| {
            let (at, id) = place(ticket);
            format!("{at}_{}", id.simple())
        };
        Ok(Some(connection(&page, rest, cursor, |ticket| DeskTicket::new(ticket, &names))))
    }

    /// The frozen months of an estate with their versions, newest first.
    async fn desk_figure_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only the versions of this month")] month: Option<String>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, DeskFiguresVersion>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let month = month.as_deref().map(self::month).transpose()?;
        let nodes = versions(ctx.data()?, caller(ctx)?, (estate, month), &page).await.graphql()?;
        let key = |node: &DeskFiguresVersion| format!("{} {}", node.month, node.version);
        Ok(Some(connection(&page, nodes, key, |node| node)))
    }
}

async fn versions(
    db: &Db,
    caller: &Caller,
    (estate, month): (EstateId, Option<Month>),
    page: &PageArgs,
) -> Result<Vec<DeskFiguresVersion>, Refused> {
    caller.read(FIGURES_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let after = page.after.as_ref().and_then(|cursor| {
        let (month, version) = cursor.0.split_once(' ')?;
        Some((month.parse::<Month>().ok()?.first(), version.parse().ok()?))
    });
    let found = repo::versions(&scope, estate, month, (after, page.limit())).await?;
    let known = places::staff::by_id(&scope, found.iter().filter_map(|it| it.by_user)).await?;
    Ok(found.into_iter().map(|it| DeskFiguresVersion::new(it, &known)).collect())
}

/// Mutations on figures.
#[derive(Default)]
pub struct FigureMutation;

#[Object]
impl FigureMutation {
    /// Freeze the figures of a month that is over; a correction becomes a version of its own.
    async fn freeze_desk_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The month")] input: FreezeDeskFiguresInput,
    ) -> Result<FreezeDeskFiguresPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = Freeze {
            estate: parse_id(&input.estate_id, "estateId")?,
            month: month(&input.month)?,
            version: input.expected_version,
            reason: input.reason,
        };
        let version = freeze::freeze(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        Ok(FreezeDeskFiguresPayload { month: input.month, version })
    }

    /// Write figures and the tickets behind them to a workbook in the caller's language.
    async fn export_desk_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures")] input: ExportDeskFiguresInput,
    ) -> Result<ExportDeskFiguresPayload> {
        let which = Which {
            estate: parse_id(&input.estate_id, "estateId")?,
            month: month(&input.month)?,
            version: input.version,
            by: input.by.into(),
        };
        let state = ctx.data::<State>()?;
        let at = (ctx.data::<Db>()?, &state.files);
        let link = export::export(at, caller(ctx)?, which, language(ctx)).await.graphql()?;
        Ok(ExportDeskFiguresPayload { link })
    }
}
