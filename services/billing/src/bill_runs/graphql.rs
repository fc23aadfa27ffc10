//! Bill runs and the arithmetic of lines in the graph.

use super::{
    BILL_RUN_PREVIEW, BillRun, Doubt, Planned,
    doubt_graphql::BillingDoubt,
    explain::explain,
    preview::{Preview, SitePreview, preview},
    repo, start,
};
use crate::{
    charges::BillingMonth,
    fees::graphql::FeeItemNode,
    graphql::{FeeItemLoader, UnitNode, shared},
    ids::{BillRunId, UnitId},
};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::Denied;
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, IdempotencyKey};
use errors::expected;
use graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse, parse_id,
};
use ids::EstateId;
use money::{Currency, Fen};
use texts::Language;

/// How far a run has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "BillRunState", remote = "super::RunState")]
pub enum RunStateWord {
    /// Waits for a worker.
    Queued,
    /// Being done.
    Running,
    /// Everything is issued.
    Done,
    /// It cannot be done; `failure` says why.
    Failed,
}

/// How a computed line stands to what is charged already.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "LineStanding", remote = "super::Standing")]
pub enum StandingWord {
    /// Not charged yet.
    New,
    /// Charged exactly so.
    Charged,
    /// Some of the days are charged otherwise: void that bill and issue it again.
    Blocked,
    /// Was charged and voided; only a re-issue charges it again.
    Voided,
}

/// One run over an estate that issues bills.
#[derive(SimpleObject)]
#[graphql(name = "BillRun")]
pub struct BillRunNode {
    /// Its id, `brn_…`.
    id: ID,
    /// The first month of the cycles it issues, e.g. `2026-07`.
    start_month: String,
    /// The day of issue of its bills.
    issued_on: NaiveDate,
    /// How far it has come.
    state: RunStateWord,
    /// Over how many units and holders of other spaces it goes.
    total: i32,
    /// How many of them are done.
    done: i32,
    /// How many bills it issued.
    bills: i32,
    /// With how many lines.
    lines: i32,
    /// How many doubts it met; the preview lists them.
    doubts: i32,
    /// Over how much.
    amount: Money,
    /// Why it failed.
    failure: Option<String>,
    /// Who started it.
    started_by: ID,
    /// When.
    started_at: DateTime<Utc>,
    /// When it ended.
    finished_at: Option<DateTime<Utc>>,
}

fn int(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn len(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

impl From<BillRun> for BillRunNode {
    fn from(run: BillRun) -> Self {
        Self {
            id: run.id.to_string().into(),
            start_month: run.start.to_string(),
            issued_on: run.issued_on,
            state: run.state.into(),
            total: int(run.total),
            done: int(run.done),
            bills: int(run.bills),
            lines: int(run.lines),
            doubts: int(run.doubts),
            amount: Money::cny(run.amount),
            failure: run.failure,
            started_by: run.started_by.to_string().into(),
            started_at: run.started_at,
            finished_at: run.finished_at,
        }
    }
}

/// A line as the rules compute it, with its arithmetic.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ComputedLine {
    /// The calendar month, e.g. `2026-07`.
    month: String,
    /// First day charged.
    from: NaiveDate,
    /// Last day charged.
    to: NaiveDate,
    /// Who owes it; personal data.
    payer: String,
    /// What is owed.
    amount: Money,
    /// The arithmetic in Chinese and numbers.
    words_zh: Option<String>,
    /// The arithmetic in English and numbers.
    words_en: Option<String>,
    /// How it stands to what is charged already.
    standing: StandingWord,
    #[graphql(skip)]
    item: crate::ids::FeeItemId,
}

#[ComplexObject]
impl ComputedLine {
    /// What is charged for.
    async fn fee_item(&self, ctx: &Context<'_>) -> Result<FeeItemNode> {
        let loader = ctx.data::<FeeItemLoader>()?;
        let item = loader.load_one(self.item).await.map_err(|error| shared(&error))?;
        item.map(Into::into).ok_or(Denied::Hidden).graphql()
    }
}

impl ComputedLine {
    fn new(plan: Planned, currency: Currency) -> Self {
        let line = plan.line;
        let words = |language| line.explanation.as_ref().map(|it| it.words(language));
        Self {
            month: line.month.to_string(),
            from: line.from,
            to: line.to,
            payer: plan.name.shown,
            amount: Money::new(line.amount, currency),
            words_zh: words(Language::Zh),
            words_en: words(Language::En),
            standing: plan.standing.into(),
            item: line.item,
        }
    }
}

/// What a run would charge for one unit or space.
#[derive(SimpleObject)]
pub struct SitePreviewNode {
    /// The unit or space, as people call it.
    label: String,
    /// The unit it is or belongs to.
    unit: Option<UnitNode>,
    /// What is new.
    amount: Money,
    /// Every line with its arithmetic.
    lines: Vec<ComputedLine>,
}

impl SitePreviewNode {
    fn new(site: &SitePreview, lines: Vec<Planned>, currency: Currency) -> Self {
        Self {
            label: site.label.clone(),
            unit: site.unit.map(Into::into),
            amount: Money::new(site.amount, currency),
            lines: lines.into_iter().map(|line| ComputedLine::new(line, currency)).collect(),
        }
    }
}

/// An amount of one fee item.
pub struct ItemTotal {
    item: crate::ids::FeeItemId,
    amount: Fen,
    currency: Currency,
}

/// An amount of one fee item.
#[Object]
impl ItemTotal {
    /// The fee item.
    async fn fee_item(&self, ctx: &Context<'_>) -> Result<FeeItemNode> {
        let loader = ctx.data::<FeeItemLoader>()?;
        let item = loader.load_one(self.item).await.map_err(|error| shared(&error))?;
        item.map(Into::into).ok_or(Denied::Hidden).graphql()
    }
    /// The amount.
    async fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }
}

/// What a run would charge; nothing is written.
pub struct BillRunPreview(Preview);

/// What a run would charge; nothing is written.
#[Object]
impl BillRunPreview {
    /// How many bills it would issue.
    async fn bills(&self) -> i32 {
        len(self.0.bills)
    }
    /// With how many lines.
    async fn lines(&self) -> i32 {
        len(self.0.lines)
    }
    /// Over how much.
    async fn total(&self) -> Money {
        Money::new(self.0.total, self.0.currency)
    }
    /// That amount by fee item.
    async fn by_fee_item(&self) -> Vec<ItemTotal> {
        let currency = self.0.currency;
        let each = self.0.by_item.iter();
        each.map(|(item, amount)| ItemTotal { item: *item, amount: *amount, currency }).collect()
    }
    /// What the start month comes to in all, charged already or not.
    async fn month_total(&self) -> Money {
        Money::new(self.0.month_total, self.0.currency)
    }
    /// What stands charged for the month before.
    async fn last_month_total(&self) -> Money {
        Money::new(self.0.last_month_total, self.0.currency)
    }
    /// The start month less the month before.
    async fn difference(&self) -> Money {
        Money::new(self.0.month_total - self.0.last_month_total, self.0.currency)
    }
    /// How many doubts there are.
    async fn doubt_count(&self) -> i32 {
        len(self.0.doubts.len())
    }
    /// What a person should look at before bills go out.
    async fn doubts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Connection<Cursor, BillingDoubt>> {
        let page = PageArgs::new(first, after)?;
        let rows: Vec<(usize, &Doubt)> = rows_after(&page, &self.0.doubts)?;
        let language = graphql::language(ctx);
        let node = |(_, doubt): (usize, &Doubt)| BillingDoubt::new(doubt, language);
        Ok(connection(&page, rows, |(n, _)| n.to_string(), node))
    }
    /// Every unit and space with its lines, in order of the label.
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Connection<Cursor, SitePreviewNode>> {
        let page = PageArgs::new(first, after)?;
        let rows: Vec<(usize, &SitePreview)> = rows_after(&page, &self.0.sites)?;
        let (places, sites): (Vec<usize>, Vec<&SitePreview>) = rows.into_iter().unzip();
        let nodes: Vec<(usize, SitePreviewNode)> =
            places.into_iter().zip(self.nodes(ctx, &sites).await?).collect();
        Ok(connection(&page, nodes, |(n, _)| n.to_string(), |(_, node)| node))
    }
    /// One unit and its spaces, each with its lines.
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit, `unt_…`")] unit_id: ID,
    ) -> Result<Vec<SitePreviewNode>> {
        let unit = parse_id::<UnitId>(&unit_id, "unitId")?;
        let sites: Vec<_> = self.0.sites.iter().filter(|site| site.unit == Some(unit)).collect();
        self.nodes(ctx, &sites).await
    }
}

impl BillRunPreview {
    /// Sites with their lines, which are computed now.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        sites: &[&SitePreview],
    ) -> Result<Vec<SitePreviewNode>> {
        if sites.is_empty() {
            return Ok(Vec::new());
        }
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        let lines = self.0.lines_of(&scope, sites).await.graphql()?;
        let each = sites.iter().zip(lines);
        Ok(each.map(|(site, lines)| SitePreviewNode::new(site, lines, self.0.currency)).collect())
    }
}

/// The rows of a page of a list in memory, each with its place from 1.
fn rows_after<'r, R>(page: &PageArgs, rows: &'r [R]) -> Result<Vec<(usize, &'r R)>> {
    let after: usize = match &page.after {
        Some(cursor) => parse(&cursor.0, "after")?,
        None => 0,
    };
    let limit = usize::try_from(page.limit()).unwrap_or(usize::MAX);
    Ok((1..).zip(rows).skip(after).take(limit).collect())
}

/// The arithmetic of a unit's month.
#[derive(SimpleObject)]
pub struct UnitExplanation {
    /// The month, e.g. `2026-07`.
    month: String,
    /// The sum of the lines.
    total: Money,
    /// Every line of the unit and its spaces.
    lines: Vec<ComputedLine>,
}

/// The arithmetic of a unit.
pub struct UnitArithmetic(pub UnitId);

#[Object]
impl UnitArithmetic {
    /// Every line of a month in words and numbers, as the rules compute it now; residents see
    /// their own.
    async fn explain(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The month, e.g. `2026-07`")] month: String,
    ) -> Result<Option<UnitExplanation>> {
        let month = parse_month(&month, "month")?;
        let explained = explain(ctx.data::<Db>()?, caller(ctx)?, self.0, month).await;
        let (currency, lines) = explained.graphql()?;
        Ok(Some(UnitExplanation {
            month: month.to_string(),
            total: Money::new(lines.iter().map(|plan| plan.line.amount).sum(), currency),
            lines: lines.into_iter().map(|plan| ComputedLine::new(plan, currency)).collect(),
        }))
    }
}

/// The runs of an estate.
pub struct EstateRuns(pub EstateId);

#[Object]
impl EstateRuns {
    /// The bill runs of the estate, newest first.
    async fn bill_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, BillRunNode>>> {
        let permit = caller(ctx)?.read(BILL_RUN_PREVIEW, self.0).graphql()?;
        let page = PageArgs::new(first, after)?;
        let scope = ctx.data::<Db>()?.read(permit.tenant()).await.graphql()?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, self.0, before, page.limit()).await.graphql()?;
        let key = |run: &BillRun| run.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, Into::into)))
    }
}

/// Reads a month; a wrong one is an `INVALID` error that names `field`.
pub(crate) fn parse_month(text: &str, field: &str) -> Result<BillingMonth> {
    let wrong = |_| errors::Invalid::new(field, expected::month(text.to_owned()));
    text.parse::<BillingMonth>().map_err(wrong).graphql()
}

/// Queries on bill runs.
#[derive(Default)]
pub struct RunQuery;

#[Object]
impl RunQuery {
    /// A bill run with its progress.
    async fn bill_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The run, `brn_…`")] id: ID,
    ) -> Result<Option<BillRunNode>> {
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let run = repo::find(&scope, parse_id::<BillRunId>(&id, "id")?).await.graphql()?;
        let run = run.ok_or(Denied::Hidden).graphql()?;
        caller.read(BILL_RUN_PREVIEW, run.estate).graphql()?;
        Ok(Some(run.into()))
    }

    /// What a bill run would charge: totals, the difference to the month before, what is doubtful,
    /// and for every unit the arithmetic of every line. Nothing is written.
    async fn preview_bill_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The first month of the cycles, e.g. `2026-07`")] start_month: String,
    ) -> Result<Option<BillRunPreview>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let start = parse_month(&start_month, "startMonth")?;
        let found = preview(ctx.data::<Db>()?, caller(ctx)?, estate, start).await.graphql()?;
        Ok(Some(BillRunPreview(found)))
    }
}

/// A run to start.
#[derive(InputObject)]
pub struct StartBillRunInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The first month of the cycles it issues, e.g. `2026-07`.
    start_month: String,
    /// 8 to 255 printable characters, kept for ever: the same key is the same run.
    idempotency_key: String,
}

/// What starting a run changed.
#[derive(SimpleObject)]
pub struct BillRunPayload {
    /// The run; ask for it again to see its progress.
    bill_run: BillRunNode,
}

/// Changes of bill runs.
#[derive(Default)]
pub struct RunMutation;

#[Object]
impl RunMutation {
    /// Issue the bills of the cycles that begin with a month, in the background. Days that are
    /// charged already stay as they are, so that a repeated run changes nothing.
    async fn start_bill_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is started")] input: StartBillRunInput,
    ) -> Result<BillRunPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let month = parse_month(&input.start_month, "startMonth")?;
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let run = start::start(ctx.data::<Db>()?, caller(ctx)?, estate, month, &key).await;
        Ok(BillRunPayload { bill_run: run.graphql()?.into() })
    }
}
