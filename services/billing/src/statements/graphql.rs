//! The resident's statement in the graph.

use super::{
    domain::{Way, WayKind},
    repo::{self, Happened},
    set_ways::set_ways,
};
use crate::{
    accounts::{self, BillingAccount, visible},
    bills::{self, BILL_READ, graphql::BillNode},
    estates::{self, Estate},
    ids::{BillId, BillingAccountId, EntryId, PaymentId, RefundId},
    ledger, merchant_accounts,
    receipts::{ReceiptNode, Receipts},
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Denied;
use chrono::NaiveDate;
use db::{Db, TenantScope};
use errors::{Invalid, expected};
use graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse, parse_id,
};
use ids::EstateId;
use money::Fen;
use std::collections::HashMap;
use uuid::Uuid;

/// How somebody can pay.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum PaymentWayKind {
    /// On a page of the payment provider: `payBills`.
    Online,
    /// At the counter, in cash or by card.
    Counter,
    /// By transfer to the company's bank account.
    Transfer,
    /// In another way that the words describe.
    Other,
}

impl From<WayKind> for PaymentWayKind {
    fn from(kind: WayKind) -> Self {
        match kind {
            WayKind::Counter => Self::Counter,
            WayKind::Transfer => Self::Transfer,
            WayKind::Other => Self::Other,
        }
    }
}

/// A way to pay that the estate offers.
#[derive(SimpleObject)]
pub struct PaymentWay {
    /// How.
    kind: PaymentWayKind,
    /// Where, when, and into which account, in Chinese; nothing more is to be said of paying online.
    words_zh: Option<String>,
    /// The same in English.
    words_en: Option<String>,
}

impl From<Way> for PaymentWay {
    fn from(way: Way) -> Self {
        Self { kind: way.kind.into(), words_zh: Some(way.words_zh), words_en: Some(way.words_en) }
    }
}

/// Something that changed what a resident owes.
#[derive(SimpleObject)]
pub struct StatementEvent {
    /// The entry behind it, `jnl_…`.
    entry_id: ID,
    /// The day it belongs to.
    day: NaiveDate,
    /// What happened, e.g. `CHARGE` or `PAYMENT`.
    kind: String,
    /// What it adds to the debt; below zero it takes away.
    amount: Money,
    /// What is owed after it; below zero is paid ahead.
    balance: Money,
    /// Why, where there is something to say.
    memo: String,
    /// The bill it is about, if it is about one.
    bill_id: Option<ID>,
    /// The payment it is, if it is one.
    payment_id: Option<ID>,
    /// The refund it is, if it is one.
    refund_id: Option<ID>,
    /// The receipts of the payment or refund, void ones too.
    receipts: Vec<ReceiptNode>,
}

/// What a resident owes in an estate, why, how it can be paid, and what happened before (对账单).
pub struct StatementNode {
    estate: Estate,
    today: NaiveDate,
    accounts: Vec<BillingAccount>,
}

impl StatementNode {
    fn ids(&self) -> Vec<BillingAccountId> {
        self.accounts.iter().map(|account| account.id).collect()
    }

    fn money(&self, amount: Fen) -> Money {
        Money::new(amount, self.estate.currency)
    }

    async fn sum(&self, ctx: &Context<'_>) -> Result<bills::OpenSum> {
        let scope = scope(ctx).await?;
        bills::open_sum(&scope, &self.ids(), self.today).await.graphql()
    }
}

async fn scope(ctx: &Context<'_>) -> Result<TenantScope> {
    ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()
}

/// What a resident owes in an estate, why, how it can be paid, and what happened before (对账单).
#[Object(name = "MyStatement")]
impl StatementNode {
    /// The estate, `est_…`.
    async fn estate_id(&self) -> ID {
        self.estate.id.to_string().into()
    }
    /// The day, in the estate, on which this is so.
    async fn as_of(&self) -> NaiveDate {
        self.today
    }
    /// What is open of all bills.
    async fn owed(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(self.money(self.sum(ctx).await?.owed))
    }
    /// What of it should have been paid before today.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(self.money(self.sum(ctx).await?.overdue))
    }
    /// When the next of it falls due, today or later.
    async fn next_due(&self, ctx: &Context<'_>) -> Result<Option<NaiveDate>> {
        Ok(self.sum(ctx).await?.next_due)
    }
    /// What was paid ahead; it meets the bills to come.
    async fn paid_ahead(&self, ctx: &Context<'_>) -> Result<Money> {
        let accounts = self.accounts.iter().map(|account| (account.estate, account.id));
        let standings = ledger::standings(&scope(ctx).await?, accounts).await.graphql()?;
        Ok(self.money(standings.values().map(|standing| standing.ahead).sum()))
    }
    /// The deposits that are held.
    async fn deposits(&self, ctx: &Context<'_>) -> Result<Money> {
        let held = repo::deposits(&scope(ctx).await?, self.estate.id, &self.ids()).await;
        Ok(self.money(held.graphql()?))
    }
    /// The bills that something is open of, oldest due first; their lines say why.
    async fn open_bills(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Connection<Cursor, BillNode>> {
        let page = PageArgs::new(first, after)?;
        let after = place(&page)?;
        let scope = scope(ctx).await?;
        let rows = bills::open_page(&scope, &self.ids(), after, page.limit()).await.graphql()?;
        let key = |bill: &bills::Bill| format!("{}/{}", bill.due, bill.id.as_uuid());
        let node = |bill| BillNode::of(bill, self.today, self.estate.currency);
        Ok(connection(&page, rows, key, node))
    }
    /// The ways to pay that the estate offers.
    async fn ways_to_pay(&self, ctx: &Context<'_>) -> Result<Vec<PaymentWay>> {
        let scope = scope(ctx).await?;
        let online = merchant_accounts::active(&scope).await.graphql()?;
        let online = online.map(|_| PaymentWay {
            kind: PaymentWayKind::Online,
            words_zh: None,
            words_en: None,
        });
        let named = repo::ways(&scope, self.estate.id).await.graphql()?;
        Ok(online.into_iter().chain(named.into_iter().map(Into::into)).collect())
    }
    /// What happened, newest first: bills, payments, refunds and everything else that moved money.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Connection<Cursor, StatementEvent>> {
        let page = PageArgs::new(first, after)?;
        let before = place(&page)?;
        let scope = scope(ctx).await?;
        let rows = repo::history(&scope, &self.ids(), before, page.limit()).await.graphql()?;
        let sources: Vec<Uuid> = rows.iter().filter_map(|row| source(&row.source)).collect();
        let mut receipts: HashMap<Uuid, Vec<ReceiptNode>> = HashMap::new();
        for receipt in Receipts(&scope).of_sources(sources).await.graphql()? {
            receipts.entry(receipt.source).or_default().push(receipt.into());
        }
        let key = |row: &Happened| format!("{}/{}", row.day, row.entry_id);
        Ok(connection(&page, rows, key, |row| {
            let mine = source(&row.source).and_then(|id| receipts.get(&id)).cloned();
            self.event(row, mine.unwrap_or_default())
        }))
    }
    /// The receipts, newest first, void ones too.
    async fn receipts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Connection<Cursor, ReceiptNode>> {
        let page = PageArgs::new(first, after)?;
        let before = crate::graphql::after(&page)?;
        let scope = scope(ctx).await?;
        let rows = Receipts(&scope).of_accounts(self.ids(), before, page.limit()).await;
        let key = |row: &crate::receipts::Receipt| row.id.as_uuid().simple().to_string();
        Ok(connection(&page, rows.graphql()?, key, Into::into))
    }
}

impl StatementNode {
    fn event(&self, row: Happened, receipts: Vec<ReceiptNode>) -> StatementEvent {
        let of = |found: bool| found.then(|| ID(row.source.clone()));
        StatementEvent {
            entry_id: EntryId::from_uuid(row.entry_id).to_string().into(),
            day: row.day,
            bill_id: of(row.source.parse::<BillId>().is_ok()),
            payment_id: of(row.source.parse::<PaymentId>().is_ok()),
            refund_id: of(row.source.parse::<RefundId>().is_ok()),
            kind: row.kind,
            amount: self.money(Fen(row.amount)),
            balance: self.money(Fen(row.balance)),
            memo: row.memo,
            receipts,
        }
    }
}

/// The payment or refund that an entry comes from.
fn source(text: &str) -> Option<Uuid> {
    let payment = text.parse::<PaymentId>().map(PaymentId::as_uuid);
    payment.or_else(|_| text.parse::<RefundId>().map(RefundId::as_uuid)).ok()
}

/// The day and id after which a page starts.
fn place(page: &PageArgs) -> Result<Option<(NaiveDate, Uuid)>> {
    let Some(Cursor(cursor)) = &page.after else { return Ok(None) };
    let wrong = || Invalid::new("after", expected::cursor());
    let (day, id) = cursor.split_once('/').ok_or_else(wrong).graphql()?;
    Ok(Some((parse(day, "after")?, parse(id, "after")?)))
}

/// A way to pay to name.
#[derive(InputObject)]
pub struct PaymentWayInput {
    /// How; online is offered by itself once the company can be paid online.
    kind: NamedWayKind,
    /// Where, when, and into which account, in Chinese; 1 to 300 characters.
    words_zh: String,
    /// The same in English.
    words_en: String,
}

/// How somebody can pay without the online provider.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "WayKind")]
pub enum NamedWayKind {
    /// At the counter, in cash or by card.
    Counter,
    /// By transfer to the company's bank account.
    Transfer,
    /// In another way that the words describe.
    Other,
}

/// The ways to pay of an estate.
#[derive(InputObject)]
pub struct SetPaymentWaysInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// At most ten ways in the order in which they are shown; they replace those there are.
    ways: Vec<PaymentWayInput>,
}

/// What naming ways to pay changed.
#[derive(SimpleObject)]
pub struct PaymentWaysPayload {
    /// The ways to pay.
    ways: Vec<PaymentWay>,
}

/// Queries on statements.
#[derive(Default)]
pub struct StatementQuery;

#[Object]
impl StatementQuery {
    /// What the signed-in resident owes in an estate, why, how it can be paid, and what happened.
    async fn my_statement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
    ) -> Result<Option<StatementNode>> {
        let caller = caller(ctx)?;
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        let permit = caller.read(BILL_READ, estate).graphql()?;
        let person = crate::graphql::own_person(caller).ok_or(Denied::Hidden).graphql()?;
        let scope = scope(ctx).await?;
        estates::visible(&scope, &permit).await.graphql()?;
        let known = estates::find(&scope, estate).await.graphql()?;
        let known = known.ok_or(Denied::Hidden).graphql()?;
        let mut accounts = accounts::of_party(&scope, person).await.graphql()?;
        accounts.retain(|account| visible(&permit, account).is_ok());
        Ok(Some(StatementNode { today: known.today(scope.clock()), estate: known, accounts }))
    }
}

/// Changes of what statements say.
#[derive(Default)]
pub struct StatementMutation;

#[Object]
impl StatementMutation {
    /// Name the ways to pay in an estate, for residents to read.
    async fn set_payment_ways(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is named")] input: SetPaymentWaysInput,
    ) -> Result<PaymentWaysPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let ways = input.ways.into_iter().map(|way| Way {
            kind: way.kind.into(),
            words_zh: way.words_zh,
            words_en: way.words_en,
        });
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let ways = set_ways(db, caller, estate, ways.collect()).await.graphql()?;
        Ok(PaymentWaysPayload { ways: ways.into_iter().map(Into::into).collect() })
    }
}
