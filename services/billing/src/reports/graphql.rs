//! Reports in the graph.

use super::{
    Ages, MonthFigures, Move, REPORT_READ, RevenueRow, RollForward, Section, Wanted,
    domain::{ReceivableRow, Totals},
    figures, find, month_end, versions, wanted,
};
use crate::{
    bill_runs::graphql::parse_month,
    charges::BillingMonth,
    closing::MonthState,
    estates::{self, Estate},
    fees,
    ids::{BuildingId, FeeItemId},
    ledger::books::{
        LEDGER_READ,
        graphql::{LedgerEntry, entries},
        names, repo as books,
    },
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Denied, Permission};
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, RateScalar, caller, parse_id};
use ids::EstateId;
use money::{Currency, Fen, Rate};

/// What is open, by how long it is overdue at the end of the month.
#[derive(SimpleObject)]
pub struct OpenByAge {
    /// Not due yet.
    not_due: Money,
    /// 1 to 30 days overdue.
    days_1_to_30: Money,
    /// 31 to 90 days.
    days_31_to_90: Money,
    /// 91 to 180 days.
    days_91_to_180: Money,
    /// 181 to 365 days.
    days_181_to_365: Money,
    /// Longer.
    older: Money,
    /// All of it.
    total: Money,
    /// All that is overdue.
    overdue: Money,
}

impl OpenByAge {
    fn new(open: Ages, currency: Currency) -> Self {
        let money = |amount| Money::new(amount, currency);
        Self {
            not_due: money(open.not_due),
            days_1_to_30: money(open.to_30),
            days_31_to_90: money(open.to_90),
            days_91_to_180: money(open.to_180),
            days_181_to_365: money(open.to_365),
            older: money(open.older),
            total: money(open.sum()),
            overdue: money(open.overdue()),
        }
    }
}

/// Receivable, received and arrears of one fee item in one building.
#[derive(SimpleObject)]
pub struct ReceivableReportRow {
    /// The fee item, `fit_…`.
    fee_item_id: ID,
    /// Its code when the report was made.
    fee_item_code: String,
    /// Its Chinese name then.
    name_zh: String,
    /// Its English name then.
    name_en: String,
    /// The building, `bld_…`, where there is one.
    building_id: Option<ID>,
    /// Its code then.
    building_code: Option<String>,
    /// What was charged for the month.
    receivable: Money,
    /// What of that had come in when the month ended.
    received: Money,
    /// What of that had been waived; reports frozen before this field existed count it as received.
    waived: Money,
    /// What was open when the month ended, of whatever month.
    open: OpenByAge,
    /// What was overdue when the month began.
    opening_arrears: Money,
    /// What of that came in during the month.
    recovered: Money,
}

/// The sums of all rows, with the rates that follow.
#[derive(SimpleObject)]
pub struct ReceivableReportTotals {
    /// What was charged for the month.
    receivable: Money,
    /// What of that had come in when the month ended.
    received: Money,
    /// What of that had been waived; reports frozen before this field existed count it as received.
    waived: Money,
    /// 收缴率 in per cent with two decimal places; none when nothing was receivable.
    collection_percent: Option<RateScalar>,
    /// What was open when the month ended.
    open: OpenByAge,
    /// What the books say was owed when the month ended.
    owed_in_books: Money,
    /// What was overdue when the month began.
    opening_arrears: Money,
    /// What of that came in during the month.
    recovered: Money,
    /// 清欠率 in per cent with two decimal places; none when nothing was in arrears.
    recovery_percent: Option<RateScalar>,
}

/// What one kind of entry changed.
#[derive(SimpleObject)]
pub struct ReportMove {
    /// The kind of entry, e.g. `PAYMENT`.
    kind: String,
    /// By how much; above zero the balance grew.
    amount: Money,
}

/// From a balance at the beginning of the month to that at its end.
#[derive(SimpleObject)]
pub struct RollForwardReport {
    /// The balance before the first day.
    opening: Money,
    /// What changed it.
    moves: Vec<ReportMove>,
    /// The balance at the end of the last day.
    closing: Money,
}

/// What an account of income or expense came to in the month.
#[derive(SimpleObject)]
pub struct RevenueReportRow {
    /// The account's code in the chart.
    code: String,
    /// The account's Chinese name.
    name_zh: String,
    /// The account's English name.
    name_en: String,
    /// The fee item, where the account is the revenue of one.
    fee_item_id: Option<ID>,
    /// The item's code when the report was made.
    fee_item_code: Option<String>,
    /// Above zero is income.
    amount: Money,
    /// By kind of entry.
    moves: Vec<ReportMove>,
}

/// The reports of a month.
#[derive(SimpleObject)]
pub struct MonthReport {
    /// The month, e.g. `2026-07`.
    month: String,
    /// Which time the month was closed; none while the figures are live.
    version: Option<i32>,
    /// How many frozen versions there are.
    versions: i32,
    /// Who froze them, `usr_…`.
    frozen_by: Option<ID>,
    /// When they were frozen.
    frozen_at: Option<DateTime<Utc>>,
    /// By fee item and building.
    receivables: Vec<ReceivableReportRow>,
    /// The sums of all rows.
    totals: ReceivableReportTotals,
    /// Deposits held.
    deposits: RollForwardReport,
    /// Money paid ahead.
    prepayments: RollForwardReport,
    /// Income from common parts, which belongs to the owners.
    common_income: RollForwardReport,
    /// Income and expense by account, revenue by fee item.
    revenue: Vec<RevenueReportRow>,
}

fn percent(points: Option<i64>) -> Option<RateScalar> {
    // Basis points are hundredths of a per cent.
    points.map(|points| RateScalar(Rate(points * (Rate::PER_ONE / 100))))
}

fn moves(all: Vec<Move>, currency: Currency) -> Vec<ReportMove> {
    let node = |it: Move| ReportMove { kind: it.kind, amount: Money::new(it.amount, currency) };
    all.into_iter().map(node).collect()
}

fn roll(roll: RollForward, currency: Currency) -> RollForwardReport {
    RollForwardReport {
        opening: Money::new(roll.opening, currency),
        moves: moves(roll.moves, currency),
        closing: Money::new(roll.closing, currency),
    }
}

fn row(row: ReceivableRow, currency: Currency) -> ReceivableReportRow {
    let money = |amount| Money::new(amount, currency);
    ReceivableReportRow {
        fee_item_id: FeeItemId::from_uuid(row.item).to_string().into(),
        fee_item_code: row.code,
        name_zh: row.name_zh,
        name_en: row.name_en,
        building_id: row.building.map(|id| BuildingId::from_uuid(id).to_string().into()),
        building_code: row.building_code,
        receivable: money(row.receivable),
        received: money(row.received),
        waived: money(row.waived),
        open: OpenByAge::new(row.open, currency),
        opening_arrears: money(row.arrears),
        recovered: money(row.recovered),
    }
}

fn revenue(row: RevenueRow, currency: Currency) -> RevenueReportRow {
    let (name_zh, name_en) = names(&row.code);
    RevenueReportRow {
        name_zh: name_zh.to_owned(),
        name_en: name_en.to_owned(),
        code: row.code,
        fee_item_id: row.item.map(|id| FeeItemId::from_uuid(id).to_string().into()),
        fee_item_code: row.item_code,
        amount: Money::new(row.amount, currency),
        moves: moves(row.moves, currency),
    }
}

fn totals(sum: Totals, owed: Fen, currency: Currency) -> ReceivableReportTotals {
    let money = |amount| Money::new(amount, currency);
    ReceivableReportTotals {
        receivable: money(sum.receivable),
        received: money(sum.received),
        waived: money(sum.waived),
        collection_percent: percent(sum.collection()),
        open: OpenByAge::new(sum.open, currency),
        owed_in_books: money(owed),
        opening_arrears: money(sum.arrears),
        recovered: money(sum.recovered),
        recovery_percent: percent(sum.recovery()),
    }
}

impl MonthReport {
    fn live(figures: MonthFigures, currency: Currency, versions: i32) -> Self {
        let sum = figures.totals();
        Self {
            month: figures.month.to_string(),
            version: None,
            versions,
            frozen_by: None,
            frozen_at: None,
            receivables: figures.receivables.into_iter().map(|it| row(it, currency)).collect(),
            totals: totals(sum, figures.owed_in_books, currency),
            deposits: roll(figures.deposits, currency),
            prepayments: roll(figures.prepayments, currency),
            common_income: roll(figures.common_income, currency),
            revenue: figures.revenue.into_iter().map(|it| revenue(it, currency)).collect(),
        }
    }
}

/// A column or section of a report.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "ReportSection", remote = "Section")]
pub enum SectionWord {
    /// What was charged for the month: the entries of those bills.
    Receivable,
    /// What of that came in: the entries by which those accounts owe less, but no waivers.
    Received,
    /// What of that was waived: the waivers of what those accounts owe.
    Waived,
    /// What was open at the end of the month: the entries of those bills.
    Open,
    /// What changed an account of the chart in the month.
    Account,
}

/// A figure of a month's report.
#[derive(InputObject)]
pub struct ReportFigureInput {
    /// The column or section.
    section: SectionWord,
    /// Only this fee item, `fit_…`.
    fee_item_id: Option<ID>,
    /// Only this building, `bld_…`.
    building_id: Option<ID>,
    /// The account of the chart, e.g. `2241`, for the section `ACCOUNT`.
    code: Option<String>,
    /// Only entries of this kind, e.g. `PAYMENT`.
    kind: Option<String>,
}

/// Queries on reports.
#[derive(Default)]
pub struct ReportQuery;

#[Object]
impl ReportQuery {
    /// The reports of a month: live while it is open, frozen once it is closed.
    async fn month_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The month, e.g. `2026-07`")] month: String,
        #[graphql(
            desc = "A frozen version; the newest where the month is closed, else live figures"
        )]
        version: Option<i32>,
    ) -> Result<Option<MonthReport>> {
        let (estate, scope) = readable(ctx, REPORT_READ, &estate_id).await?;
        let month = parse_month(&month, "month")?;
        Ok(Some(report(&scope, &estate, month, version).await?))
    }

    /// The entries behind a figure of a month's report, newest first.
    async fn report_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The month, e.g. `2026-07`")] month: String,
        #[graphql(desc = "Which figure")] figure: ReportFigureInput,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, LedgerEntry>>> {
        let page = PageArgs::new(first, after)?;
        let (estate, scope) = readable(ctx, LEDGER_READ, &estate_id).await?;
        let month = parse_month(&month, "month")?;
        let item = figure.fee_item_id.map(|id| parse_id::<FeeItemId>(&id, "feeItemId"));
        let building = figure.building_id.map(|id| parse_id::<BuildingId>(&id, "buildingId"));
        let (item, building) = (item.transpose()?, building.transpose()?);
        known(&scope, &estate, item, building).await?;
        let of = wanted(&Wanted {
            section: figure.section.into(),
            month,
            ends: month_end(&estate, month),
            item: item.map(FeeItemId::as_uuid),
            building: building.map(BuildingId::as_uuid),
            code: figure.code,
            kind: figure.kind,
        });
        let before = crate::graphql::after(&page)?;
        let rows = books::entries(&scope, estate.id, of, before, page.limit()).await.graphql()?;
        Ok(Some(entries(&scope, &page, rows).await?))
    }
}

/// The fee item and the building are of the estate, or not there.
async fn known(
    scope: &TenantScope,
    estate: &Estate,
    item: Option<FeeItemId>,
    building: Option<BuildingId>,
) -> Result<()> {
    if let Some(id) = item {
        let found = fees::find_item(scope, id).await.graphql()?;
        found.filter(|item| item.estate == estate.id).ok_or(Denied::Hidden).graphql()?;
    }
    if let Some(id) = building {
        let all = estates::buildings(scope, estate.id).await.graphql()?;
        all.iter().find(|(_, known)| *known == id).ok_or(Denied::Hidden).graphql()?;
    }
    Ok(())
}

async fn report(
    scope: &TenantScope,
    estate: &Estate,
    month: BillingMonth,
    version: Option<i32>,
) -> Result<MonthReport> {
    let known = crate::closing::find(scope, estate.id, month).await.graphql()?;
    let count = versions(scope, estate.id, month).await.graphql()?;
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    let closed = known.state == MonthState::Closed;
    match version.or_else(|| closed.then_some(known.version)) {
        None => {
            let made = figures(scope, estate, month).await.graphql()?;
            Ok(MonthReport::live(made, estate.currency, count))
        }
        Some(version) => {
            let kept = find(scope, estate.id, month, version).await.graphql()?;
            let kept = kept.ok_or(Denied::Hidden).graphql()?;
            let mut report = MonthReport::live(kept.figures, estate.currency, count);
            report.version = Some(kept.version);
            report.frozen_by = Some(kept.by.to_string().into());
            report.frozen_at = Some(kept.at);
            Ok(report)
        }
    }
}

async fn readable(
    ctx: &Context<'_>,
    permission: Permission,
    estate: &ID,
) -> Result<(Estate, TenantScope)> {
    let caller = caller(ctx)?;
    let estate = parse_id::<EstateId>(estate, "estateId")?;
    caller.read(permission, estate).graphql()?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let known = estates::find(&scope, estate).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    Ok((known, scope))
}
