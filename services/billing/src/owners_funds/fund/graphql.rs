//! The maintenance fund in the graph.

use super::{
    Application, Apply, FUND_READ, FundBalance, FundKind, FundRecord, Record, Votes, apply, record,
    repo,
};
use crate::{estates, graphql::fen, ids::FundApplicationId};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Denied;
use chrono::{DateTime, NaiveDate, Utc};
use db::Db;
use graphql::{
    AreaScalar, Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id,
};
use money::Currency;
use rust_decimal::Decimal;

/// What a record says of the maintenance fund.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "FundRecordKind", remote = "FundKind")]
pub enum FundKindWord {
    /// The first deposit of owners.
    FirstDeposit,
    /// A later deposit.
    TopUp,
    /// Interest.
    Interest,
    /// Money spent on what the owners voted for.
    Use,
    /// What an earlier record said wrongly; below zero takes away.
    Correction,
}

/// What the maintenance fund comes to by its records; the money lies elsewhere.
#[derive(SimpleObject)]
pub struct MaintenanceFund {
    /// All first deposits.
    first_deposit: Money,
    /// What is left of everything.
    balance: Money,
    /// Whether less than 30 % of the first deposit is left, so that owners have to top it up.
    low: bool,
}

impl MaintenanceFund {
    fn new(fund: FundBalance, currency: Currency) -> Self {
        Self {
            first_deposit: Money::new(fund.first_deposit, currency),
            balance: Money::new(fund.balance, currency),
            low: fund.is_low(),
        }
    }
}

/// A use of the maintenance fund that the owners voted on.
#[derive(SimpleObject)]
#[graphql(name = "FundApplication")]
pub struct FundApplicationNode {
    /// Its id, `mfa_…`.
    id: ID,
    /// What for.
    purpose: String,
    /// How much at most.
    amount: Money,
    /// The day of the vote.
    voted_on: NaiveDate,
    /// The minutes that prove it.
    document: String,
    /// All area that owners have.
    total_area: AreaScalar,
    /// All owners.
    total_heads: i64,
    /// The area of those who took part.
    joined_area: AreaScalar,
    /// How many took part.
    joined_heads: i64,
    /// The area of those who agreed.
    agreed_area: AreaScalar,
    /// How many agreed.
    agreed_heads: i64,
    /// Whether at least two thirds took part and more than half of those agreed, by area and by
    /// heads.
    passed: bool,
    /// Who recorded it, `usr_…`.
    recorded_by: ID,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
}

impl FundApplicationNode {
    fn new(it: Application, currency: Currency) -> Self {
        Self {
            id: it.id.to_string().into(),
            purpose: it.purpose,
            amount: Money::new(it.amount, currency),
            voted_on: it.voted_on,
            document: it.document,
            total_area: AreaScalar(it.votes.total_area),
            total_heads: it.votes.total_heads,
            joined_area: AreaScalar(it.votes.joined_area),
            joined_heads: it.votes.joined_heads,
            agreed_area: AreaScalar(it.votes.agreed_area),
            agreed_heads: it.votes.agreed_heads,
            passed: it.votes.pass(),
            recorded_by: it.recorded.0.to_string().into(),
            recorded_at: it.recorded.1,
        }
    }
}

/// One record of the maintenance fund.
#[derive(SimpleObject)]
#[graphql(name = "FundRecord")]
pub struct FundRecordNode {
    /// Its id, `mfr_…`.
    id: ID,
    /// What it says.
    kind: FundKindWord,
    /// The day it belongs to.
    day: NaiveDate,
    /// How much; only a correction may be below zero.
    amount: Money,
    /// What proves it.
    document: String,
    /// What a reader should know.
    memo: String,
    /// What it is a use of, `mfa_…`.
    application_id: Option<ID>,
    /// Who recorded it, `usr_…`.
    recorded_by: ID,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
}

impl FundRecordNode {
    fn new(it: FundRecord, currency: Currency) -> Self {
        Self {
            id: it.id.to_string().into(),
            kind: it.kind.into(),
            day: it.day,
            amount: Money::new(it.amount, currency),
            document: it.document,
            memo: it.memo,
            application_id: it.application.map(|id| id.to_string().into()),
            recorded_by: it.recorded.0.to_string().into(),
            recorded_at: it.recorded.1,
        }
    }
}

/// Queries on the maintenance fund.
#[derive(Default)]
pub struct FundQuery;

#[Object]
impl FundQuery {
    /// What the maintenance fund (专项维修资金) of an estate comes to by its records.
    async fn maintenance_fund(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
    ) -> Result<Option<MaintenanceFund>> {
        let (estate, scope) = readable(ctx, &estate_id).await?;
        let today = estate.today(scope.clock());
        let fund = repo::balance(&scope, estate.id, today).await.graphql()?;
        Ok(Some(MaintenanceFund::new(fund, estate.currency)))
    }

    /// The uses of the maintenance fund that owners voted on, newest first.
    async fn fund_applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, FundApplicationNode>>> {
        let page = PageArgs::new(first, after)?;
        let (estate, scope) = readable(ctx, &estate_id).await?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::applications(&scope, estate.id, before, page.limit()).await.graphql()?;
        let key = |row: &Application| row.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, |it| FundApplicationNode::new(it, estate.currency))))
    }

    /// The records of the maintenance fund, newest first.
    async fn fund_records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, FundRecordNode>>> {
        let page = PageArgs::new(first, after)?;
        let (estate, scope) = readable(ctx, &estate_id).await?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::records(&scope, estate.id, before, page.limit()).await.graphql()?;
        let key = |row: &FundRecord| row.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, |it| FundRecordNode::new(it, estate.currency))))
    }
}

async fn readable(ctx: &Context<'_>, estate: &ID) -> Result<(estates::Estate, db::TenantScope)> {
    let caller = caller(ctx)?;
    let estate = parse_id(estate, "estateId")?;
    caller.read(FUND_READ, estate).graphql()?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let known = estates::find(&scope, estate).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    Ok((known, scope))
}

/// How owners voted on a use.
#[derive(InputObject)]
pub struct RecordFundApplicationInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// What for: 1 to 200 characters.
    purpose: String,
    /// How much at most, in major units.
    amount: Decimal,
    /// The day of the vote.
    voted_on: NaiveDate,
    /// The minutes that prove it: 1 to 200 characters.
    document: String,
    /// All area that owners have.
    total_area: AreaScalar,
    /// All owners.
    total_heads: i64,
    /// The area of those who took part.
    joined_area: AreaScalar,
    /// How many took part.
    joined_heads: i64,
    /// The area of those who agreed.
    agreed_area: AreaScalar,
    /// How many agreed.
    agreed_heads: i64,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What happened to the maintenance fund.
#[derive(InputObject)]
pub struct RecordFundInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// What happened.
    kind: FundKindWord,
    /// The day it belongs to.
    day: NaiveDate,
    /// How much, in major units; only a correction may be below zero.
    amount: Decimal,
    /// What proves it: 1 to 200 characters.
    document: String,
    /// What a reader should know: up to 500 characters.
    memo: Option<String>,
    /// For a use: the application that the owners voted for, `mfa_…`.
    application_id: Option<ID>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The application after an act.
#[derive(SimpleObject)]
pub struct FundApplicationPayload {
    /// The application.
    application: FundApplicationNode,
}

/// The record after an act.
#[derive(SimpleObject)]
pub struct FundRecordPayload {
    /// The record.
    record: FundRecordNode,
    /// What the fund comes to now.
    fund: MaintenanceFund,
}

/// Mutations on the maintenance fund.
#[derive(Default)]
pub struct FundMutation;

#[Object]
impl FundMutation {
    /// Record how owners voted on a use of the maintenance fund, passed or not.
    async fn record_fund_application(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The application and its votes")] input: RecordFundApplicationInput,
    ) -> Result<FundApplicationPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = Apply {
            estate: parse_id(&input.estate_id, "estateId")?,
            purpose: input.purpose,
            amount: fen(input.amount, "amount")?,
            voted_on: input.voted_on,
            document: input.document,
            votes: Votes {
                total_area: input.total_area.0,
                total_heads: input.total_heads,
                joined_area: input.joined_area.0,
                joined_heads: input.joined_heads,
                agreed_area: input.agreed_area.0,
                agreed_heads: input.agreed_heads,
            },
        };
        let done = apply(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        let estate = estate_of(ctx, done.estate).await?;
        Ok(FundApplicationPayload { application: FundApplicationNode::new(done, estate.currency) })
    }

    /// Record a deposit, interest, a correction, or a use that the owners voted for. No money of
    /// the company moves by it.
    async fn record_fund(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What happened")] input: RecordFundInput,
    ) -> Result<FundRecordPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let application = input
            .application_id
            .map(|id| parse_id::<FundApplicationId>(&id, "applicationId"))
            .transpose()?;
        let command = Record {
            estate: parse_id(&input.estate_id, "estateId")?,
            kind: input.kind.into(),
            day: input.day,
            amount: fen(input.amount, "amount")?,
            document: input.document,
            memo: input.memo.unwrap_or_default(),
            application,
        };
        let done = record(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        let estate = estate_of(ctx, done.estate).await?;
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        let fund = repo::balance(&scope, done.estate, estate.today(scope.clock()));
        let fund = fund.await.graphql()?;
        Ok(FundRecordPayload {
            record: FundRecordNode::new(done, estate.currency),
            fund: MaintenanceFund::new(fund, estate.currency),
        })
    }
}

async fn estate_of(ctx: &Context<'_>, id: ids::EstateId) -> Result<estates::Estate> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    estates::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()
}
