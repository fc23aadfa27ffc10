//! Common income in the graph.

use super::{COMMON_READ, CommonItem, Decide, Direction, ItemState, Record, decide, record, repo};
use crate::{
    bill_runs::graphql::parse_month,
    error::Refused,
    estates,
    graphql::fen,
    ids::{FeeItemId, UserId},
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Denied;
use chrono::{DateTime, Utc};
use db::Db;
use errors::{Invalid, expected};
use graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use ids::EstateId;
use money::{Currency, Fen};
use rust_decimal::Decimal;

/// Whether money came in or went out.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "CommonItemDirection", remote = "Direction")]
pub enum DirectionWord {
    /// Money for the use of common parts.
    Income,
    /// The reasonable cost of it.
    Cost,
}

/// How far an item of common income is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "CommonItemState", remote = "ItemState")]
pub enum ItemStateWord {
    /// Waits for a second person.
    Recorded,
    /// In the books.
    Approved,
    /// Refused.
    Rejected,
}

/// One item of common income or its cost.
#[derive(SimpleObject)]
#[graphql(name = "CommonItem")]
pub struct CommonItemNode {
    /// Its id, `cmi_…`.
    id: ID,
    /// In or out.
    direction: DirectionWord,
    /// Where it comes from, or what it was spent on.
    source: String,
    /// How much.
    amount: Money,
    /// The contract, invoice or receipt that proves it.
    document: String,
    /// How far it is.
    state: ItemStateWord,
    /// Who recorded it, `usr_…`.
    recorded_by: ID,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
    /// Who approved or rejected it.
    decided_by: Option<ID>,
    /// When it was decided.
    decided_at: Option<DateTime<Utc>>,
    /// Why it was rejected.
    decision: Option<String>,
    /// Its entry in the books, `jnl_…`.
    entry_id: Option<ID>,
}

impl CommonItemNode {
    fn new(item: CommonItem, currency: Currency) -> Self {
        let user = |id: UserId| ID::from(id.to_string());
        Self {
            id: item.id.to_string().into(),
            direction: item.direction.into(),
            source: item.source,
            amount: Money::new(item.amount, currency),
            document: item.document,
            state: item.state.into(),
            recorded_by: user(item.recorded.0),
            recorded_at: item.recorded.1,
            decided_by: item.decided.map(|(by, _)| user(by)),
            decided_at: item.decided.map(|(_, at)| at),
            decision: item.decision,
            entry_id: item.entry.map(|id| id.to_string().into()),
        }
    }
}

/// What one source of common income, or one kind of cost, came to.
#[derive(SimpleObject)]
pub struct CommonIncomeSource {
    /// In or out.
    direction: DirectionWord,
    /// Which source; a fee item's code where it was charged by bills.
    source: String,
    /// The fee item, where it was charged by bills.
    fee_item_id: Option<ID>,
    /// How much.
    amount: Money,
}

/// What is the owners' of common income over some months.
#[derive(SimpleObject)]
pub struct CommonIncomeLedger {
    /// What was theirs before the first month.
    opening: Money,
    /// Income and cost by source.
    sources: Vec<CommonIncomeSource>,
    /// What was theirs at the end of the last month.
    closing: Money,
}

/// Queries on common income.
#[derive(Default)]
pub struct CommonQuery;

#[Object]
impl CommonQuery {
    /// What belongs to the owners of income from common parts (公共收益), by source.
    async fn common_income(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "First month, e.g. `2026-01`")] from: String,
        #[graphql(desc = "Last month, e.g. `2026-06`")] to: String,
    ) -> Result<Option<CommonIncomeLedger>> {
        let (estate, currency, scope) = readable(ctx, &estate_id).await?;
        let (from, to) = (parse_month(&from, "from")?, parse_month(&to, "to")?);
        if to < from {
            return Err(Invalid::new("to", expected::not_before("from"))).graphql();
        }
        let days = (from.first(), to.last());
        let (opening, closing) = repo::balances(&scope, estate, days).await.graphql()?;
        let charged = repo::charged(&scope, estate, days).await.graphql()?;
        let ids: Vec<FeeItemId> = charged.iter().map(|(item, _)| *item).collect();
        let items = crate::fees::repo::items_by_id(&scope, ids).await.graphql()?;
        let code = |id| items.iter().find(|item| item.id == id).map(|item| item.code.clone());
        let money = |amount| Money::new(amount, currency);
        let mut sources: Vec<CommonIncomeSource> = charged
            .into_iter()
            .map(|(item, amount)| CommonIncomeSource {
                direction: DirectionWord::Income,
                source: code(item).unwrap_or_default(),
                fee_item_id: Some(item.to_string().into()),
                amount: money(amount),
            })
            .collect();
        for row in repo::by_source(&scope, estate, days).await.graphql()? {
            let cost = row.direction == "COST";
            sources.push(CommonIncomeSource {
                direction: if cost { DirectionWord::Cost } else { DirectionWord::Income },
                source: row.source,
                fee_item_id: None,
                amount: money(Fen(row.amount)),
            });
        }
        Ok(Some(CommonIncomeLedger { opening: money(opening), sources, closing: money(closing) }))
    }

    /// The recorded items of common income and cost, newest first.
    async fn common_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, CommonItemNode>>> {
        let page = PageArgs::new(first, after)?;
        let (estate, currency, scope) = readable(ctx, &estate_id).await?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, estate, before, page.limit()).await.graphql()?;
        let key = |row: &CommonItem| row.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, |item| CommonItemNode::new(item, currency))))
    }
}

async fn readable(ctx: &Context<'_>, estate: &ID) -> Result<(EstateId, Currency, db::TenantScope)> {
    let caller = caller(ctx)?;
    let estate = parse_id::<EstateId>(estate, "estateId")?;
    caller.read(COMMON_READ, estate).graphql()?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let known = estates::find(&scope, estate).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    Ok((estate, known.currency, scope))
}

/// An item to record.
#[derive(InputObject)]
pub struct RecordCommonItemInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// In or out.
    direction: DirectionWord,
    /// Where it comes from, or what it was spent on: 1 to 100 characters.
    source: String,
    /// How much, in major units; it goes through the bank.
    amount: Decimal,
    /// The contract, invoice or receipt that proves it: 1 to 200 characters.
    document: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// An item to approve.
#[derive(InputObject)]
pub struct ApproveCommonItemInput {
    /// The item, `cmi_…`.
    id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// An item to reject.
#[derive(InputObject)]
pub struct RejectCommonItemInput {
    /// The item, `cmi_…`.
    id: ID,
    /// Why.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The item after an act.
#[derive(SimpleObject)]
pub struct CommonItemPayload {
    /// The item.
    common_item: CommonItemNode,
}

/// Mutations on common income.
#[derive(Default)]
pub struct CommonMutation;

#[Object]
impl CommonMutation {
    /// Record income from common parts, or its cost; somebody else approves it.
    async fn record_common_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to record")] input: RecordCommonItemInput,
    ) -> Result<CommonItemPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = Record {
            estate: parse_id(&input.estate_id, "estateId")?,
            direction: input.direction.into(),
            source: input.source,
            amount: fen(input.amount, "amount")?,
            document: input.document,
        };
        let done = record(ctx.data()?, caller(ctx)?, command, &key).await;
        payload(ctx, done).await
    }

    /// Approve an item that somebody else recorded; it is posted today.
    async fn approve_common_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which item")] input: ApproveCommonItemInput,
    ) -> Result<CommonItemPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = Decide { item: parse_id(&input.id, "id")?, reject: None };
        let done = decide(ctx.data()?, caller(ctx)?, command, &key).await;
        payload(ctx, done).await
    }

    /// Reject an item that somebody else recorded.
    async fn reject_common_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which item, and why")] input: RejectCommonItemInput,
    ) -> Result<CommonItemPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = Decide { item: parse_id(&input.id, "id")?, reject: Some(input.reason) };
        let done = decide(ctx.data()?, caller(ctx)?, command, &key).await;
        payload(ctx, done).await
    }
}

async fn payload(
    ctx: &Context<'_>,
    done: std::result::Result<CommonItem, Refused>,
) -> Result<CommonItemPayload> {
    let item = done.graphql()?;
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let estate = estates::find(&scope, item.estate).await.graphql()?;
    let currency = estate.ok_or(Denied::Hidden).graphql()?.currency;
    Ok(CommonItemPayload { common_item: CommonItemNode::new(item, currency) })
}
