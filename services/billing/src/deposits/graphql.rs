//! Deposits in the graph.

use super::{
    DEPOSIT_READ, Deposit, Deposits,
    access::visible,
    books_repo::liability,
    deductions::{DeductionNode, Deductions},
    domain::{AGES, DepositKind, DepositState},
    movements::{Movement, MovementKind, movements},
    refunds::{DepositRefundNode, DepositRefunds},
    repo::Wanted,
};
use crate::{
    accounts::{self, graphql::AccountNode},
    estates,
    graphql::own_person,
    ids::{BillingAccountId, DeductionId, DepositId, DepositRefundId},
    payments::{PayError, TillKind},
    receipts::{ReceiptNode, Receipts},
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::{Caller, Denied, Reach};
use chrono::{DateTime, Months, NaiveDate, Utc};
use db::{Db, TenantScope};
use ids::EstateId;
use money::Currency;

/// What a deposit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "DepositKind", name = "DepositKind")]
pub(crate) enum KindWord {
    /// 装修保证金: a renovation.
    Renovation,
    /// 出入证押金: workers' passes.
    Pass,
    /// 钥匙、门禁卡押金: keys and cards.
    KeyCard,
    /// 停车卡押金: a parking card.
    ParkingCard,
    /// 场地押金: a venue.
    Venue,
    /// Anything else.
    Other,
}

/// How far a deposit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "DepositState", name = "DepositStatus")]
pub(crate) enum DepositStatus {
    /// Asked for and not paid yet.
    Due,
    /// Asked for by mistake and never paid, or brought in by mistake.
    Cancelled,
    /// Here, whole.
    Held,
    /// Here, less what was deducted.
    PartlyDeducted,
    /// What is left may go back.
    Refundable,
    /// Nothing is left; the last part went back.
    Refunded,
    /// Nothing is left; all of it was deducted.
    FullyDeducted,
}

/// What changed a deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "MovementKind", name = "DepositMovementKind")]
pub(crate) enum MovementWord {
    /// The money came in.
    Taken,
    /// A part was kept.
    Deducted,
    /// A part went back.
    Refunded,
}

/// One entry of a deposit's chain.
#[derive(Clone, SimpleObject)]
pub(crate) struct DepositMovement {
    /// On which day.
    day: NaiveDate,
    /// What changed.
    kind: MovementWord,
    /// By how much; what leaves is below zero.
    amount: Money,
    /// What is held after it; zero at the end of the chain.
    balance: Money,
    /// Its entry in the ledger, `jnl_…`.
    entry_id: ID,
}

/// A deposit (押金): a liability with a receipt, never income and never invoiced.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Deposit", complex)]
pub(crate) struct DepositNode {
    #[graphql(skip)]
    debtor: BillingAccountId,
    /// Its id, `dep_…`.
    id: ID,
    /// What it is for.
    kind: KindWord,
    /// How far it has come.
    status: DepositStatus,
    /// How much.
    amount: Money,
    /// What is held of it.
    left: Money,
    /// What was kept of it.
    deducted: Money,
    /// What went back.
    refunded: Money,
    /// Under which agreement.
    agreement: String,
    /// When it should be back.
    expected_return: Option<NaiveDate>,
    /// Since when what is left may go back.
    refundable_since: Option<NaiveDate>,
    /// When it was asked for.
    requested_at: DateTime<Utc>,
    /// Through which channel it came in; it goes back through the same. None when an earlier manager
    /// took it.
    till: Option<TillKind>,
    /// The number of the card slip or bank transfer.
    channel_reference: Option<String>,
    /// On which day it came in.
    taken_on: Option<NaiveDate>,
    /// Who took it, or who drafted the opening balances that brought it in.
    taken_by: Option<ID>,
    /// The opening balances that brought it in, `opn_…`; none when it was taken here.
    opening_id: Option<ID>,
    /// Its receipts (押金收据), void ones too.
    receipts: Vec<ReceiptNode>,
    /// Deductions, oldest first.
    deductions: Vec<DeductionNode>,
    /// Refunds, oldest first.
    refunds: Vec<DepositRefundNode>,
    /// Every entry from the receipt on, in order.
    movements: Vec<DepositMovement>,
}

#[ComplexObject]
impl DepositNode {
    /// Whose money it is.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.debtor).await
    }
}

impl DepositNode {
    /// One of its deductions.
    pub fn deduction(&self, id: DeductionId) -> Option<DeductionNode> {
        self.deductions.iter().find(|deduction| deduction.is(id)).cloned()
    }

    /// One of its refunds.
    pub fn refund(&self, id: DepositRefundId) -> Option<DepositRefundNode> {
        self.refunds.iter().find(|refund| refund.is(id)).cloned()
    }

    /// The nodes of deposits with all that belongs to them, in three statements more.
    async fn load(scope: &TenantScope, deposits: Vec<Deposit>) -> Result<Vec<Self>, PayError> {
        let ids = || deposits.iter().map(|deposit| deposit.id);
        let mut deductions = Deductions(scope).of_deposits(ids().collect::<Vec<_>>()).await?;
        let mut refunds = DepositRefunds(scope).of_deposits(ids().collect::<Vec<_>>()).await?;
        let sources = ids().map(DepositId::as_uuid);
        let sources = sources.chain(refunds.iter().map(|refund| refund.id.as_uuid()));
        let mut receipts = Receipts(scope).of_sources(sources.collect::<Vec<_>>()).await?;
        let mut nodes = Vec::with_capacity(deposits.len());
        for deposit in deposits {
            let of_deposit: Vec<_> =
                deductions.extract_if(.., |one| one.deposit == deposit.id).collect();
            let back: Vec<_> = refunds.extract_if(.., |one| one.deposit == deposit.id).collect();
            let moves = movements(&deposit, &of_deposit, &back);
            let mut receipts_of = |source: uuid::Uuid| -> Vec<ReceiptNode> {
                receipts.extract_if(.., |one| one.source == source).map(Into::into).collect()
            };
            let currency = deposit.currency;
            let own = receipts_of(deposit.id.as_uuid());
            let refunds = back.into_iter().map(|refund| {
                let receipts = receipts_of(refund.id.as_uuid());
                DepositRefundNode::new(refund, currency, receipts)
            });
            let refunds = refunds.collect();
            let deductions =
                of_deposit.into_iter().map(|one| DeductionNode::new(one, currency)).collect();
            nodes.push(Self { receipts: own, deductions, refunds, ..Self::new(deposit, &moves) });
        }
        Ok(nodes)
    }

    fn new(deposit: Deposit, moves: &[Movement]) -> Self {
        let money = |amount| Money::new(amount, deposit.currency);
        let taken = deposit.taken.as_ref();
        Self {
            debtor: deposit.account,
            id: deposit.id.to_string().into(),
            kind: deposit.kind.into(),
            status: deposit.state().into(),
            amount: money(deposit.amount),
            left: money(deposit.left()),
            deducted: money(deposit.deducted),
            refunded: money(deposit.refunded),
            expected_return: deposit.expected_return,
            refundable_since: deposit.refundable_since,
            requested_at: deposit.requested_at,
            till: taken.and_then(|taken| taken.till).map(Into::into),
            channel_reference: taken.and_then(|taken| taken.channel_reference.clone()),
            taken_on: taken.map(|taken| taken.on),
            taken_by: taken.map(|taken| taken.by.to_string().into()),
            opening_id: deposit.opening.map(|id| id.to_string().into()),
            receipts: Vec::new(),
            deductions: Vec::new(),
            refunds: Vec::new(),
            movements: moves.iter().map(|one| movement(one, deposit.currency)).collect(),
            agreement: deposit.agreement,
        }
    }
}

fn movement(one: &Movement, currency: Currency) -> DepositMovement {
    DepositMovement {
        day: one.day,
        kind: one.kind.into(),
        amount: Money::new(one.amount, currency),
        balance: Money::new(one.balance, currency),
        entry_id: one.entry.to_string().into(),
    }
}

/// Refundable money of a certain age that has not gone back.
#[derive(SimpleObject)]
pub(crate) struct DepositAge {
    /// Refundable for so many days or more,
    from_days: u32,
    /// and for less than so many; null is open.
    below_days: Option<u32>,
    /// How many deposits.
    deposits: u32,
    /// How much is left of them.
    amount: Money,
}

/// What an estate holds in deposits.
#[derive(SimpleObject)]
pub(crate) struct DepositLiability {
    /// What the deposits say is held.
    held: Money,
    /// What the ledger's liability says.
    ledger: Money,
    /// Whether both are the same.
    agrees: bool,
    /// Refundable money that has not gone back, by age; the last is unclaimed for a year.
    ages: Vec<DepositAge>,
}

/// What a list of deposits is of.
#[derive(Default, InputObject)]
pub(crate) struct DepositFilter {
    /// Only those that have come so far.
    status: Option<DepositStatus>,
    /// Only those of a kind.
    kind: Option<KindWord>,
    /// Only those of this account, `bac_…`.
    account_id: Option<ID>,
    /// Only those still held that should have been back before today.
    #[graphql(default)]
    overdue: bool,
    /// Only those that nobody has claimed for a year since they are refundable.
    #[graphql(default)]
    unclaimed: bool,
}

/// Queries on deposits.
#[derive(Default)]
pub(crate) struct DepositQuery;

#[Object]
impl DepositQuery {
    /// One deposit with every entry.
    async fn deposit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deposit, `dep_…`")] id: ID,
    ) -> Result<Option<DepositNode>> {
        node(ctx, parse_id(&id, "id")?).await.map(Some)
    }

    /// The deposits of an estate, newest first; for staff.
    async fn deposits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only some of them")] filter: Option<DepositFilter>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, DepositNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let filter = filter.unwrap_or_default();
        let account = filter.account_id.as_ref().map(|id| parse_id(id, "accountId")).transpose()?;
        let nodes = of_estate(db, caller, estate, (filter, account), &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }

    /// The deposits of the signed-in resident in every estate, newest first; empty for staff.
    async fn my_deposits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, DepositNode>>> {
        let page = PageArgs::new(first, after)?;
        let nodes = own(ctx.data::<Db>()?, caller(ctx)?, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }

    /// What an estate holds in deposits, beside the ledger, and the age of what could go back.
    async fn deposit_liability(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
    ) -> Result<Option<DepositLiability>> {
        let estate = parse_id(&estate_id, "estateId")?;
        altogether(ctx.data::<Db>()?, caller(ctx)?, estate).await.graphql().map(Some)
    }
}

/// A deposit the caller may see.
pub(super) async fn node(ctx: &Context<'_>, id: DepositId) -> Result<DepositNode> {
    let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
    seen(db, caller, id).await.graphql()
}

async fn seen(db: &Db, caller: &Caller, id: DepositId) -> Result<DepositNode, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let deposit = Deposits(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    visible(&scope, caller, &deposit).await?;
    DepositNode::load(&scope, vec![deposit]).await?.pop().ok_or_else(|| Denied::Hidden.into())
}

/// The deposit of a deduction.
pub(super) async fn of_deduction(ctx: &Context<'_>, id: DeductionId) -> Result<DepositNode> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let found = Deductions(&scope).find(id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    drop(scope);
    node(ctx, found.deposit).await
}

/// The deposit of a refund.
pub(super) async fn of_refund(ctx: &Context<'_>, id: DepositRefundId) -> Result<DepositNode> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let found = DepositRefunds(&scope).find(id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    drop(scope);
    node(ctx, found.deposit).await
}

async fn of_estate(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    (filter, account): (DepositFilter, Option<BillingAccountId>),
    page: &PageArgs,
) -> Result<Vec<DepositNode>, PayError> {
    let right = caller.read(DEPOSIT_READ, estate)?;
    if matches!(right.reach(), Reach::Own | Reach::Assigned) {
        return Err(Denied::Hidden.into());
    }
    let scope = db.read(caller.tenant()).await?;
    let known = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let today = known.today(scope.clock());
    if let Some(account) = account {
        let account = accounts::find(&scope, account).await?.ok_or(Denied::Hidden)?;
        accounts::visible(&right, &account)?;
    }
    let wanted = Wanted {
        estate: Some(estate),
        accounts: account.map(|account| vec![account]),
        zone: right.zone().map(<[_]>::to_vec),
        state: filter.status.map(Into::into),
        kind: filter.kind.map(Into::into),
        overdue_on: filter.overdue.then_some(today),
        unclaimed_since: filter.unclaimed.then_some(today - Months::new(12)),
    };
    let deposits = Deposits(&scope).page(&wanted, page).await?;
    DepositNode::load(&scope, deposits).await
}

async fn own(db: &Db, caller: &Caller, page: &PageArgs) -> Result<Vec<DepositNode>, PayError> {
    let Some(person) = own_person(caller) else { return Ok(Vec::new()) };
    let scope = db.read(caller.tenant()).await?;
    let mut accounts = accounts::of_party(&scope, person).await?;
    accounts.retain(|account| caller.read(DEPOSIT_READ, account.estate).is_ok());
    let accounts = accounts.into_iter().map(|account| account.id).collect();
    let wanted = Wanted { accounts: Some(accounts), ..Wanted::default() };
    let deposits = Deposits(&scope).page(&wanted, page).await?;
    DepositNode::load(&scope, deposits).await
}

async fn altogether(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
) -> Result<DepositLiability, PayError> {
    let right = caller.read(DEPOSIT_READ, estate)?;
    if *right.reach() != Reach::All {
        return Err(Denied::Hidden.into());
    }
    let scope = db.read(caller.tenant()).await?;
    let known = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let found = liability(&scope, estate, known.today(scope.clock())).await?;
    let money = |amount| Money::new(amount, known.currency);
    let below = AGES.into_iter().skip(1).map(Some).chain([None]);
    let ages = AGES.into_iter().zip(below).zip(found.ages);
    let ages = ages.map(|((from_days, below_days), (deposits, amount))| DepositAge {
        from_days,
        below_days,
        deposits,
        amount: money(amount),
    });
    Ok(DepositLiability {
        held: money(found.held),
        ledger: money(found.ledger),
        agrees: found.held == found.ledger,
        ages: ages.collect(),
    })
}
