//! Waivers in the graph.

use super::{
    decide::{DecideWaiver, decide},
    domain::{Waiver, WaiverState},
    repo,
    request::{RequestWaiver, request},
    reverse::{ReverseWaiver, reverse},
    withdraw::{WithdrawWaiver, withdraw},
};
use crate::{
    accounts::{self, graphql::AccountNode, visible},
    bills::BILL_READ,
    error::Refused,
    estates,
    graphql::fen,
    ids::{BillId, BillingAccountId, UserId, WaiverId},
    late_fees::graphql::TowardWord,
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::{Caller, Denied};
use chrono::{DateTime, Utc};
use db::Db;
use ids::EstateId;
use rust_decimal::Decimal;

/// How far a waiver has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "WaiverState", name = "WaiverStatus")]
pub(crate) enum WaiverStatus {
    /// Waits for another person's decision.
    Requested,
    /// So much less is owed.
    Granted,
    /// It was refused.
    Rejected,
    /// Nobody wants it any more.
    Withdrawn,
    /// It was granted and undone: so much is owed again.
    Reversed,
}

/// A debt, or a part of one, that somebody asks to be waived (减免).
#[derive(Clone, SimpleObject)]
#[graphql(name = "Waiver", complex)]
pub(crate) struct WaiverNode {
    #[graphql(skip)]
    debtor: BillingAccountId,
    /// Its id, `wvr_…`.
    id: ID,
    /// The bill.
    bill_id: ID,
    /// Its principal or its late fee.
    of: TowardWord,
    /// How much.
    amount: Money,
    /// Why.
    reason: String,
    /// What proves the reason.
    evidence: String,
    /// How far it has come.
    status: WaiverStatus,
    /// Who asked for it.
    requested_by: ID,
    /// When.
    requested_at: DateTime<Utc>,
    /// Who decided it.
    decided_by: Option<ID>,
    /// When.
    decided_at: Option<DateTime<Utc>>,
    /// The reason of the last decision.
    decision: Option<String>,
    /// Who undid it.
    reversed_by: Option<ID>,
    /// When.
    reversed_at: Option<DateTime<Utc>>,
}

#[ComplexObject]
impl WaiverNode {
    /// Whose debt.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.debtor).await
    }
}

impl From<Waiver> for WaiverNode {
    fn from(waiver: Waiver) -> Self {
        let user = |id: UserId| ID::from(id.to_string());
        Self {
            debtor: waiver.account,
            id: waiver.id.to_string().into(),
            bill_id: waiver.bill.to_string().into(),
            of: waiver.of.into(),
            amount: Money::new(waiver.amount, waiver.currency),
            reason: waiver.reason,
            evidence: waiver.evidence,
            status: waiver.state.into(),
            requested_by: user(waiver.requested_by),
            requested_at: waiver.requested_at,
            decided_by: waiver.decided_by.map(user),
            decided_at: waiver.decided_at,
            decision: waiver.decision,
            reversed_by: waiver.reversed_by.map(user),
            reversed_at: waiver.reversed_at,
        }
    }
}

/// What asking for a waiver needs.
#[derive(InputObject)]
pub(crate) struct RequestWaiverInput {
    /// The bill, `bil_…`.
    bill_id: ID,
    /// Its principal or its late fee.
    of: TowardWord,
    /// How much, in major units; not more than is owed of it.
    amount: Decimal,
    /// Why; 1 to 500 characters.
    reason: String,
    /// What proves the reason, e.g. the number of a ticket; 1 to 1000 characters.
    evidence: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What granting a waiver needs.
#[derive(InputObject)]
pub(crate) struct ApproveWaiverInput {
    /// The waiver, `wvr_…`.
    waiver_id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What rejecting a waiver needs.
#[derive(InputObject)]
pub(crate) struct RejectWaiverInput {
    /// The waiver, `wvr_…`.
    waiver_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What withdrawing the wish for a waiver needs.
#[derive(InputObject)]
pub(crate) struct WithdrawWaiverInput {
    /// The waiver, `wvr_…`.
    waiver_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What undoing a granted waiver needs.
#[derive(InputObject)]
pub(crate) struct ReverseWaiverInput {
    /// The waiver, `wvr_…`.
    waiver_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The waiver after an act.
#[derive(SimpleObject)]
pub(crate) struct WaiverPayload {
    /// The waiver.
    waiver: WaiverNode,
}

/// Queries on waivers.
#[derive(Default)]
pub(crate) struct WaiverQuery;

#[Object]
impl WaiverQuery {
    /// One waiver.
    async fn waiver(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The waiver, `wvr_…`")] id: ID,
    ) -> Result<Option<WaiverNode>> {
        let id = parse_id(&id, "id")?;
        node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The waivers of an estate, newest first, e.g. those that wait for a decision; residents see
    /// their own.
    #[expect(clippy::too_many_arguments, reason = "each filter is an argument of its own")]
    async fn waivers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those of this account, `bac_…`")] account_id: Option<ID>,
        #[graphql(desc = "Only those of this bill, `bil_…`")] bill_id: Option<ID>,
        #[graphql(desc = "Only those that have come so far")] status: Option<WaiverStatus>,
        #[graphql(desc = "Only those of principal, or of late fees")] of: Option<TowardWord>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, WaiverNode>>> {
        let page = PageArgs::new(first, after)?;
        let which = Which {
            estate: parse_id(&estate_id, "estateId")?,
            account: account_id.map(|id| parse_id(&id, "accountId")).transpose()?,
            wanted: repo::Wanted {
                bill: bill_id.map(|id| parse_id::<BillId>(&id, "billId")).transpose()?,
                state: status.map(Into::into),
                of: of.map(Into::into),
                accounts: None,
            },
        };
        let waivers = listed(ctx.data()?, caller(ctx)?, which, &page).await.graphql()?;
        Ok(Some(connection(&page, waivers, |waiver| waiver.id.to_string(), WaiverNode::from)))
    }
}

/// Mutations on waivers.
#[derive(Default)]
pub(crate) struct WaiverMutation;

#[Object]
impl WaiverMutation {
    /// Ask that a debt, or a part of one, is waived; somebody else decides.
    async fn request_waiver(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked for")] input: RequestWaiverInput,
    ) -> Result<WaiverPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = RequestWaiver {
            bill: parse_id(&input.bill_id, "billId")?,
            of: input.of.into(),
            amount: fen(input.amount, "amount")?,
            reason: input.reason,
            evidence: input.evidence,
        };
        let id = request(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Grant a waiver that somebody else asked for, as far as one's own limit reaches for the bill.
    async fn approve_waiver(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is granted")] input: ApproveWaiverInput,
    ) -> Result<WaiverPayload> {
        decided(ctx, &input.waiver_id, true, None, &input.idempotency_key).await
    }

    /// Reject a waiver that somebody else asked for.
    async fn reject_waiver(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is rejected")] input: RejectWaiverInput,
    ) -> Result<WaiverPayload> {
        decided(ctx, &input.waiver_id, false, Some(input.reason), &input.idempotency_key).await
    }

    /// Withdraw the wish for a waiver that nobody has decided.
    async fn withdraw_waiver(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is withdrawn")] input: WithdrawWaiverInput,
    ) -> Result<WaiverPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let waiver = parse_id(&input.waiver_id, "waiverId")?;
        let command = WithdrawWaiver { waiver, reason: input.reason };
        let id = withdraw(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Undo a granted waiver: so much is owed again.
    async fn reverse_waiver(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is undone")] input: ReverseWaiverInput,
    ) -> Result<WaiverPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let waiver = parse_id(&input.waiver_id, "waiverId")?;
        let command = ReverseWaiver { waiver, reason: input.reason };
        let id = reverse(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }
}

async fn decided(
    ctx: &Context<'_>,
    waiver: &ID,
    approve: bool,
    reason: Option<String>,
    key: &str,
) -> Result<WaiverPayload> {
    let key = key.parse().graphql()?;
    let command = DecideWaiver { waiver: parse_id(waiver, "waiverId")?, approve, reason };
    let id = decide(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
    payload(ctx, id).await
}

async fn payload(ctx: &Context<'_>, id: WaiverId) -> Result<WaiverPayload> {
    Ok(WaiverPayload { waiver: node(ctx.data()?, caller(ctx)?, id).await.graphql()? })
}

/// A waiver the caller may see.
async fn node(db: &Db, caller: &Caller, id: WaiverId) -> Result<WaiverNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let waiver = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let account = accounts::find(&scope, waiver.account).await?.ok_or(Denied::Hidden)?;
    visible(&caller.read(BILL_READ, waiver.estate)?, &account)?;
    Ok(waiver.into())
}

struct Which {
    estate: EstateId,
    account: Option<BillingAccountId>,
    wanted: repo::Wanted,
}

async fn listed(
    db: &Db,
    caller: &Caller,
    which: Which,
    page: &PageArgs,
) -> Result<Vec<Waiver>, Refused> {
    let permit = caller.read(BILL_READ, which.estate)?;
    let scope = db.read(caller.tenant()).await?;
    let estate = estates::find(&scope, which.estate).await?.ok_or(Denied::Hidden)?;
    let accounts = accounts::reached(&scope, &permit, which.account).await?;
    let wanted = repo::Wanted { accounts, ..which.wanted };
    if let Some(bill) = wanted.bill {
        let bill = crate::bills::find(&scope, bill).await?.ok_or(Denied::Hidden)?;
        let account = accounts::find(&scope, bill.account).await?.ok_or(Denied::Hidden)?;
        visible(&permit, &account)?;
    }
    Ok(repo::page(&scope, estate.id, wanted, page).await?)
}
