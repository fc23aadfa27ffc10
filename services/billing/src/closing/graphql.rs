//! The months of the books in the graph.

use super::{
    BookMonth, CLOSE_READ, Checking, MonthState, Reopen, checklist, close, reopen, repo,
    request_reopening, start,
};
use crate::{bill_runs::graphql::parse_month, charges::BillingMonth, estates};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Denied;
use chrono::{DateTime, Utc};
use db::Db;
use errors::{Invalid, expected};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, language, parse_id};
use ids::EstateId;

/// How far a month of the books is closed.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "BookMonthState", remote = "MonthState")]
pub enum MonthStateWord {
    /// Entries can be dated in it.
    Open,
    /// Somebody works through the checklist; entries can still be dated in it.
    Closing,
    /// No entry can be dated in it; its reports are frozen.
    Closed,
}

/// A wish that a closed month be opened again.
#[derive(SimpleObject)]
pub struct MonthReopening {
    /// Who asked, `usr_…`.
    requested_by: ID,
    /// When.
    requested_at: DateTime<Utc>,
    /// Why.
    reason: String,
    /// Who agreed.
    confirmed_by: Option<ID>,
    /// When.
    confirmed_at: Option<DateTime<Utc>>,
}

/// One month of an estate's books.
#[derive(SimpleObject)]
#[graphql(name = "BookMonth")]
pub struct BookMonthNode {
    /// The month, e.g. `2026-07`.
    month: String,
    /// How far it is closed.
    state: MonthStateWord,
    /// How often it was closed; also the version of its newest frozen reports.
    version: i32,
    /// Who began to close it.
    started_by: Option<ID>,
    /// When.
    started_at: Option<DateTime<Utc>>,
    /// Who closed it last.
    closed_by: Option<ID>,
    /// When.
    closed_at: Option<DateTime<Utc>>,
    /// The reopening that is asked for, or was made since it was closed last.
    reopening: Option<MonthReopening>,
}

impl From<BookMonth> for BookMonthNode {
    fn from(month: BookMonth) -> Self {
        let id = |user: crate::ids::UserId| ID::from(user.to_string());
        Self {
            month: month.month.to_string(),
            state: month.state.into(),
            version: month.version,
            started_by: month.started.map(|(user, _)| id(user)),
            started_at: month.started.map(|(_, at)| at),
            closed_by: month.closed.map(|(user, _)| id(user)),
            closed_at: month.closed.map(|(_, at)| at),
            reopening: month.reopening.map(|asked| MonthReopening {
                requested_by: id(asked.requested_by),
                requested_at: asked.requested_at,
                reason: asked.reason,
                confirmed_by: asked.confirmed.map(|(user, _)| id(user)),
                confirmed_at: asked.confirmed.map(|(_, at)| at),
            }),
        }
    }
}

/// One item of the checklist of a month.
#[derive(SimpleObject)]
pub struct CloseChecklistItem {
    /// Its stable code, e.g. `BILL_RUNS`.
    code: String,
    /// What it is called, in the caller's language.
    title: String,
    /// How many things are open; the month can be closed at 0.
    count: i64,
    /// What they come to, in the caller's language, where the number alone says little.
    detail: Option<String>,
    /// The screen that lists them, below that of the estate.
    link: String,
}

/// What must be done before a month is closed, as it stands now.
#[derive(SimpleObject)]
pub struct CloseChecklist {
    /// The month, e.g. `2026-07`.
    month: String,
    /// Whether nothing is open.
    done: bool,
    /// Every item.
    items: Vec<CloseChecklistItem>,
}

/// Queries on the months of the books.
#[derive(Default)]
pub struct CloseQuery;

#[Object]
impl CloseQuery {
    /// How far a month of an estate's books is closed.
    async fn book_month(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The month, e.g. `2026-07`")] month: String,
    ) -> Result<Option<BookMonthNode>> {
        let (estate, scope) = readable(ctx, &estate_id).await?;
        let month = parse_month(&month, "month")?;
        Ok(Some(repo::find(&scope, estate, month).await.graphql()?.into()))
    }

    /// The months of an estate's books of which something was decided, newest first; the others
    /// are open.
    async fn book_months(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, BookMonthNode>>> {
        let page = PageArgs::new(first, after)?;
        let (estate, scope) = readable(ctx, &estate_id).await?;
        let wrong = |_| Invalid::new("after", expected::cursor());
        let before = page.after.as_ref().map(|cursor| cursor.0.parse::<BillingMonth>());
        let before = before.transpose().map_err(wrong).graphql()?;
        let rows = repo::page(&scope, estate, before, page.limit()).await.graphql()?;
        let key = |row: &BookMonth| row.month.to_string();
        Ok(Some(connection(&page, rows, key, BookMonthNode::from)))
    }

    /// What must be done before a month is closed, asked of every feature now.
    async fn close_checklist(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The month, e.g. `2026-07`")] month: String,
    ) -> Result<Option<CloseChecklist>> {
        let (estate, scope) = readable(ctx, &estate_id).await?;
        let month = parse_month(&month, "month")?;
        let found = checklist(Checking { scope: &scope, estate, month }).await.graphql()?;
        let spoken = language(ctx);
        let items: Vec<CloseChecklistItem> = found
            .into_iter()
            .map(|item| CloseChecklistItem {
                code: item.code.to_owned(),
                title: item.title.say(spoken),
                count: item.open.count,
                detail: item.open.detail.map(|detail| detail.say(spoken)),
                link: item.link.to_owned(),
            })
            .collect();
        let done = items.iter().all(|item| item.count == 0);
        Ok(Some(CloseChecklist { month: month.to_string(), done, items }))
    }
}

async fn readable(ctx: &Context<'_>, estate: &ID) -> Result<(EstateId, db::TenantScope)> {
    let caller = caller(ctx)?;
    let estate = parse_id::<EstateId>(estate, "estateId")?;
    caller.read(CLOSE_READ, estate).graphql()?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    estates::find(&scope, estate).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    Ok((estate, scope))
}

/// A month to begin to close.
#[derive(InputObject)]
pub struct StartMonthCloseInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The month, e.g. `2026-07`.
    month: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A month to close.
#[derive(InputObject)]
pub struct CloseMonthInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The month, e.g. `2026-07`.
    month: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A closed month that shall be opened again.
#[derive(InputObject)]
pub struct RequestMonthReopeningInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The month, e.g. `2026-07`.
    month: String,
    /// Why.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A closed month to open because somebody else asked for it.
#[derive(InputObject)]
pub struct ReopenMonthInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The month, e.g. `2026-07`.
    month: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The month after an act.
#[derive(SimpleObject)]
pub struct BookMonthPayload {
    /// The month.
    book_month: BookMonthNode,
}

/// Mutations on the months of the books.
#[derive(Default)]
pub struct CloseMutation;

#[Object]
impl CloseMutation {
    /// Begin to close a month that is over and whose earlier months are closed.
    async fn start_month_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which month")] input: StartMonthCloseInput,
    ) -> Result<BookMonthPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let estate = parse_id(&input.estate_id, "estateId")?;
        let month = parse_month(&input.month, "month")?;
        payload(start(ctx.data()?, caller(ctx)?, estate, month, &key).await)
    }

    /// Close a month whose checklist is done: no entry is dated in it any more, and its reports
    /// are frozen.
    async fn close_month(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which month")] input: CloseMonthInput,
    ) -> Result<BookMonthPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let estate = parse_id(&input.estate_id, "estateId")?;
        let month = parse_month(&input.month, "month")?;
        payload(close(ctx.data()?, caller(ctx)?, estate, month, &key).await)
    }

    /// Ask that the latest closed month be opened again; somebody else agrees.
    async fn request_month_reopening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which month, and why")] input: RequestMonthReopeningInput,
    ) -> Result<BookMonthPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = Reopen {
            estate: parse_id(&input.estate_id, "estateId")?,
            month: parse_month(&input.month, "month")?,
            reason: input.reason,
        };
        payload(request_reopening(ctx.data()?, caller(ctx)?, command, &key).await)
    }

    /// Open a closed month because somebody else asked for it; its frozen reports stay.
    async fn reopen_month(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which month")] input: ReopenMonthInput,
    ) -> Result<BookMonthPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let estate = parse_id(&input.estate_id, "estateId")?;
        let month = parse_month(&input.month, "month")?;
        payload(reopen(ctx.data()?, caller(ctx)?, estate, month, &key).await)
    }
}

fn payload(
    done: std::result::Result<BookMonth, crate::error::Refused>,
) -> Result<BookMonthPayload> {
    Ok(BookMonthPayload { book_month: done.graphql()?.into() })
}
