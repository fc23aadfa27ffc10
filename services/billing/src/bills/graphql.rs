//! Bills in the graph.

use super::{BILL_READ, Bill, BillsOf, Line, Wanted, reissue::reissue, repo, void::void};
use crate::{
    accounts::{self, graphql::AccountNode, visible},
    estates,
    fees::graphql::FeeItemNode,
    graphql::{
        BillPageLoader, FeeItemLoader, LateFeeLoader, LineLoader, UnitAccountLoader, UnitLoader,
        UnitNode, WaiverLoader, shared,
    },
    ids::{BillId, UnitId},
    late_fees::{LateFeeQuote, graphql::LateFeeNode},
    loaders::{BillPage, LateFeeOn},
    waivers::graphql::WaiverNode,
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Denied, EstateScope};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, of_caller, parse_id,
};
use ids::EstateId;
use money::{Currency, Fen};
use texts::Language;

/// How far a bill has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "BillStatus", remote = "super::BillStatus")]
pub enum BillStatusWord {
    /// Nothing of it is paid yet.
    Issued,
    /// Some of it is paid.
    PartlyPaid,
    /// All of it is paid.
    Paid,
    /// The due date has passed and not all of it is paid.
    Overdue,
    /// It was wrong and is reversed.
    Voided,
}

/// In which capacity somebody pays.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "PayerKind", remote = "crate::charges::PayerKind")]
pub enum PayerKindWord {
    /// Pays by agreement with the owner.
    Lessee,
    /// Owns the unit.
    Owner,
    /// Pays until possession is taken.
    Developer,
}

/// The charges of a period for one account (账单).
pub struct BillNode {
    bill: Bill,
    today: NaiveDate,
    currency: Currency,
}

impl BillNode {
    /// A bill as it is today in its estate.
    pub(crate) async fn load(scope: &TenantScope, bill: Bill) -> Result<Self> {
        let estate = estates::find(scope, bill.estate).await.graphql()?;
        let estate = estate.ok_or(Denied::Hidden).graphql()?;
        Ok(Self { bill, today: estate.today(scope.clock()), currency: estate.currency })
    }

    /// A bill of an estate in which it is `today`.
    pub(crate) const fn of(bill: Bill, today: NaiveDate, currency: Currency) -> Self {
        Self { bill, today, currency }
    }
}

/// The charges of a period for one account (账单).
#[Object(name = "Bill")]
impl BillNode {
    /// Its id, `bil_…`.
    async fn id(&self) -> ID {
        self.bill.id.to_string().into()
    }
    /// Who owes it.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.bill.account).await
    }
    /// The unit it is for, if it is for one.
    async fn unit(&self) -> Option<UnitNode> {
        self.bill.unit.map(Into::into)
    }
    /// The first month it covers, e.g. `2026-07`.
    async fn first_month(&self) -> String {
        self.bill.first_month.to_string()
    }
    /// The last month it covers.
    async fn last_month(&self) -> String {
        self.bill.last_month.to_string()
    }
    /// The day of issue.
    async fn issued_on(&self) -> NaiveDate {
        self.bill.issued_on
    }
    /// The last day to pay without being late.
    async fn due(&self) -> NaiveDate {
        self.bill.due
    }
    /// The sum of its lines.
    async fn total(&self) -> Money {
        Money::new(self.bill.total, self.currency)
    }
    /// What payments and prepayment have settled.
    async fn settled(&self) -> Money {
        Money::new(self.bill.paid(), self.currency)
    }
    /// What was waived of it, its late fee not counted.
    async fn waived(&self) -> Money {
        Money::new(self.bill.waived, self.currency)
    }
    /// What is still owed of its principal.
    async fn outstanding(&self) -> Money {
        Money::new(self.bill.outstanding(), self.currency)
    }
    /// Its late fee on a day, with the arithmetic; without a day today's.
    async fn late_fee(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; without it today in the estate")] on: Option<NaiveDate>,
    ) -> Result<LateFeeNode> {
        let on = on.unwrap_or(self.today);
        let quote = self.quote(ctx, on).await?;
        Ok(LateFeeNode { on, quote, currency: self.currency })
    }
    /// What is to be paid today: principal and late fee.
    async fn amount_due(&self, ctx: &Context<'_>) -> Result<AmountOwed> {
        let late_fee = self.quote(ctx, self.today).await?.due;
        Ok(AmountOwed::new(self.bill.outstanding(), late_fee, self.currency))
    }
    /// What somebody asked to be waived of it, oldest first.
    async fn waivers(&self, ctx: &Context<'_>) -> Result<Vec<WaiverNode>> {
        let loader = ctx.data::<WaiverLoader>()?;
        let waivers = loader.load_one(self.bill.id).await.map_err(|error| shared(&error))?;
        Ok(waivers.unwrap_or_default().into_iter().map(Into::into).collect())
    }
    /// What it is today.
    async fn status(&self) -> BillStatusWord {
        self.bill.status(self.today).into()
    }
    /// The day it was voided.
    async fn voided_on(&self) -> Option<NaiveDate> {
        self.bill.voided_on
    }
    /// Why it was voided.
    async fn void_reason(&self) -> Option<&str> {
        self.bill.void_reason.as_deref()
    }
    /// The voided bill it was issued for.
    async fn replaces_id(&self) -> Option<ID> {
        self.bill.replaces.map(|bill| bill.to_string().into())
    }
    /// Its lines, by month.
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<ChargeNode>> {
        let loader = ctx.data::<LineLoader>()?;
        let lines = loader.load_one(self.bill.id).await.map_err(|error| shared(&error))?;
        let lines = lines.unwrap_or_default().into_iter();
        Ok(lines.map(|line| ChargeNode { line, currency: self.currency }).collect())
    }
}

impl BillNode {
    async fn quote(&self, ctx: &Context<'_>, on: NaiveDate) -> Result<LateFeeQuote> {
        let loader = ctx.data::<LateFeeLoader>()?;
        let wanted = LateFeeOn { bill: self.bill.id, estate: self.bill.estate, on };
        let quote = loader.load_one(wanted).await.map_err(|error| shared(&error))?;
        Ok(quote.unwrap_or_default())
    }
}

/// What is owed, by what it is owed for.
#[derive(SimpleObject)]
pub struct AmountOwed {
    /// Unpaid principal.
    principal: Money,
    /// Late fee that has grown until today, less what of it is paid or waived.
    late_fee: Money,
    /// Both together.
    total: Money,
}

impl AmountOwed {
    /// So much of both.
    pub(crate) fn new(principal: Fen, late_fee: Fen, currency: Currency) -> Self {
        Self {
            principal: Money::new(principal, currency),
            late_fee: Money::new(late_fee, currency),
            total: Money::new(principal + late_fee, currency),
        }
    }
}

/// One line of a bill (应收明细).
pub struct ChargeNode {
    line: Line,
    currency: Currency,
}

/// One line of a bill (应收明细).
#[Object(name = "Charge")]
impl ChargeNode {
    /// Its id, `chg_…`.
    async fn id(&self) -> ID {
        self.line.id.to_string().into()
    }
    /// What is charged for.
    async fn fee_item(&self, ctx: &Context<'_>) -> Result<FeeItemNode> {
        let loader = ctx.data::<FeeItemLoader>()?;
        let item = loader.load_one(self.line.charge.item).await.map_err(|error| shared(&error))?;
        item.map(Into::into).ok_or(Denied::Hidden).graphql()
    }
    /// The price it can be traced to, `fst_…`.
    async fn fee_standard_id(&self) -> Option<ID> {
        self.line.charge.standard.map(|standard| standard.to_string().into())
    }
    /// In which capacity the account pays.
    async fn payer_kind(&self) -> PayerKindWord {
        self.line.charge.payer.into()
    }
    /// The calendar month, e.g. `2026-07`.
    async fn month(&self) -> String {
        self.line.charge.month.to_string()
    }
    /// First day charged.
    async fn from(&self) -> NaiveDate {
        self.line.charge.from
    }
    /// Last day charged.
    async fn to(&self) -> NaiveDate {
        self.line.charge.to
    }
    /// What is owed.
    async fn amount(&self) -> Money {
        Money::new(self.line.charge.amount, self.currency)
    }
    /// How often the same days were charged and reversed before.
    async fn revision(&self) -> i32 {
        self.line.revision
    }
    /// What it is for in words of its own, e.g. the parking space.
    async fn description(&self) -> Option<&str> {
        self.line.charge.description.as_deref()
    }
    /// The arithmetic in Chinese and numbers.
    async fn words_zh(&self) -> Option<String> {
        self.line.charge.explanation.as_ref().map(|it| it.words(Language::Zh))
    }
    /// The arithmetic in English and numbers.
    async fn words_en(&self) -> Option<String> {
        self.line.charge.explanation.as_ref().map(|it| it.words(Language::En))
    }
}

/// A page of the bills of a unit or an account, newest first, as far as the caller may see them.
pub(crate) async fn bills_of(
    ctx: &Context<'_>,
    of: BillsOf,
    page: &PageArgs,
) -> Result<Connection<Cursor, BillNode>> {
    let (before, limit) = (crate::graphql::after(page)?, page.limit());
    let loader = of_caller::<BillPageLoader>(ctx)?;
    let loaded = loader.load_one(BillPage { of, before, limit }).await;
    let (estate, bills) = loaded.map_err(|e| shared(&e))?.ok_or(Denied::Hidden).graphql()?;
    Ok(connected(page, bills, estate.today(ctx.data::<Db>()?.clock()), estate.currency))
}

fn connected(
    page: &PageArgs,
    bills: Vec<Bill>,
    today: NaiveDate,
    currency: Currency,
) -> Connection<Cursor, BillNode> {
    let key = |bill: &Bill| bill.id.as_uuid().simple().to_string();
    connection(page, bills, key, |bill| BillNode { bill, today, currency })
}

/// Leaves only what a right to read covers.
fn restricted(wanted: Wanted, permit: &EstateScope) -> Wanted {
    Wanted {
        party: permit.own_person().or(wanted.party),
        zone: permit.zone().map(<[_]>::to_vec),
        ..wanted
    }
}

async fn list(
    scope: &TenantScope,
    estate: EstateId,
    wanted: Wanted,
    page: &PageArgs,
) -> Result<Connection<Cursor, BillNode>> {
    let known = estates::find(scope, estate).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    let before = crate::graphql::after(page)?;
    let rows = repo::page(scope, &wanted, before, page.limit()).await.graphql()?;
    Ok(connected(page, rows, known.today(scope.clock()), known.currency))
}

/// The debts of a unit.
pub struct UnitBills(pub UnitId);

#[Object]
impl UnitBills {
    /// What is owed for the unit; below zero is paid ahead. Residents see what they owe themselves.
    async fn balance(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        let loader = of_caller::<UnitLoader>(ctx)?;
        let sum = loader.load_one(self.0).await.map_err(|error| shared(&error))?;
        Ok(Some(Money::cny(sum.ok_or(Denied::Hidden).graphql()?)))
    }

    /// The bills of the unit, newest first; residents see their own.
    async fn bills(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, BillNode>>> {
        bills_of(ctx, BillsOf::Unit(self.0), &PageArgs::new(first, after)?).await.map(Some)
    }

    /// The accounts that owe for the unit; residents see their own.
    async fn billing_accounts(&self, ctx: &Context<'_>) -> Result<Option<Vec<AccountNode>>> {
        let loader = of_caller::<UnitAccountLoader>(ctx)?;
        let accounts = loader.load_one(self.0).await.map_err(|error| shared(&error))?;
        let accounts = accounts.ok_or(Denied::Hidden).graphql()?;
        Ok(Some(accounts.into_iter().map(AccountNode).collect()))
    }
}

/// Queries on bills.
#[derive(Default)]
pub struct BillQuery;

#[Object]
impl BillQuery {
    /// A bill.
    async fn bill(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The bill, `bil_…`")] id: ID,
    ) -> Result<Option<BillNode>> {
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let bill = repo::find(&scope, parse_id(&id, "id")?).await.graphql()?;
        let bill = bill.ok_or(Denied::Hidden).graphql()?;
        let permit = caller.read(BILL_READ, bill.estate).graphql()?;
        let account = accounts::find(&scope, bill.account).await.graphql()?;
        visible(&permit, &account.ok_or(Denied::Hidden).graphql()?).graphql()?;
        Ok(Some(BillNode::load(&scope, bill).await?))
    }

    /// The bills of the signed-in resident in an estate, newest first.
    async fn my_bills(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, BillNode>>> {
        let caller = caller(ctx)?;
        let page = PageArgs::new(first, after)?;
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        let permit = caller.read(BILL_READ, estate).graphql()?;
        let person = crate::graphql::own_person(caller).ok_or(Denied::Hidden).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        estates::visible(&scope, &permit).await.graphql()?;
        let wanted = Wanted { estate: Some(estate), party: Some(person), ..Wanted::default() };
        Ok(Some(list(&scope, estate, restricted(wanted, &permit), &page).await?))
    }
}

/// A bill to void.
#[derive(InputObject)]
pub struct VoidBillInput {
    /// The bill, `bil_…`.
    id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// A voided bill to issue again.
#[derive(InputObject)]
pub struct ReissueBillInput {
    /// The voided bill, `bil_…`.
    id: ID,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// What an act on a bill changed.
#[derive(SimpleObject)]
pub struct BillPayload {
    /// The bill.
    bill: BillNode,
}

async fn payload(ctx: &Context<'_>, bill: Bill) -> Result<BillPayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    Ok(BillPayload { bill: BillNode::load(&scope, bill).await? })
}

/// Changes of bills.
#[derive(Default)]
pub struct BillMutation;

#[Object]
impl BillMutation {
    /// Void a wrong bill by reversal. What prepayment had settled of it is prepaid again; what was
    /// paid must be refunded first.
    async fn void_bill(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is voided")] input: VoidBillInput,
    ) -> Result<BillPayload> {
        let id = parse_id::<BillId>(&input.id, "id")?;
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let bill = void(db, caller, id, &input.reason, &key).await.graphql()?;
        payload(ctx, bill).await
    }

    /// Issue a voided bill again, as prices, areas and payers are now.
    async fn reissue_bill(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is issued again")] input: ReissueBillInput,
    ) -> Result<BillPayload> {
        let id = parse_id::<BillId>(&input.id, "id")?;
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let bill = reissue(ctx.data::<Db>()?, caller(ctx)?, id, &key).await.graphql()?;
        payload(ctx, bill).await
    }
}
