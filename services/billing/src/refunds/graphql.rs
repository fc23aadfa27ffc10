//! Refunds in the graph.

use super::{
    decide::{DecideRefund, decide},
    repo::{Refund, RefundState, Refunds},
    request::{RequestRefund, request},
};
use crate::{
    accounts::graphql::AccountNode,
    graphql::fen,
    ids::{BillingAccountId, PaymentId, RefundId},
    payments::{PAYMENT_READ, PayError, visible},
    receipts::{ReceiptNode, Receipts},
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::{Caller, Denied, Reach};
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use ids::EstateId;
use rust_decimal::Decimal;

/// How far a refund has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "RefundState", name = "RefundStatus")]
pub(crate) enum RefundStatus {
    /// A second person has to decide.
    Requested,
    /// It was refused.
    Rejected,
    /// The provider is giving it back.
    Pending,
    /// The provider did not answer and is being asked.
    Unknown,
    /// The money went back.
    Succeeded,
    /// The provider could not give it back.
    Failed,
}

/// Money of a payment that goes back through the payment's own channel.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Refund", complex)]
pub(crate) struct RefundNode {
    #[graphql(skip)]
    debtor: BillingAccountId,
    /// Its id.
    id: ID,
    /// The payment.
    payment_id: ID,
    /// How far it has come.
    status: RefundStatus,
    /// How much.
    amount: Money,
    /// Why.
    reason: String,
    /// Who asked for it; null when it was made at the provider, past us.
    requested_by: Option<ID>,
    /// When it was asked for.
    requested_at: DateTime<Utc>,
    /// Who decided it.
    decided_by: Option<ID>,
    /// When it was decided.
    decided_at: Option<DateTime<Utc>>,
    /// The reason of the decision.
    decision: Option<String>,
    /// Why the provider could not give it back.
    failure: Option<String>,
    /// When the money went back.
    paid_back_at: Option<DateTime<Utc>>,
    /// Its receipts (退款凭证), void ones too.
    receipts: Vec<ReceiptNode>,
}

#[ComplexObject]
impl RefundNode {
    /// Whose debt the payment settled.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.debtor).await
    }
}

impl RefundNode {
    /// Whether it is a refund of that payment.
    pub fn is_of(&self, payment: PaymentId) -> bool {
        self.payment_id.as_str() == payment.to_string()
    }

    /// The nodes of refunds with their receipts, in one statement more.
    pub async fn load(scope: &TenantScope, refunds: Vec<Refund>) -> Result<Vec<Self>, PayError> {
        let sources: Vec<_> = refunds.iter().map(|refund| refund.id.as_uuid()).collect();
        let receipts = Receipts(scope).of_sources(sources).await?;
        let node = |refund: Refund| {
            let mine = receipts.iter().filter(|receipt| receipt.source == refund.id.as_uuid());
            let mine = mine.cloned().map(ReceiptNode::from).collect();
            Self::new(refund, mine)
        };
        Ok(refunds.into_iter().map(node).collect())
    }

    fn new(refund: Refund, receipts: Vec<ReceiptNode>) -> Self {
        let user = |id: authz::UserId| ID::from(id.to_string());
        Self {
            debtor: refund.account,
            id: refund.id.to_string().into(),
            payment_id: refund.payment.to_string().into(),
            status: refund.state.into(),
            amount: Money::new(refund.amount, refund.currency),
            reason: refund.reason,
            requested_by: refund.requested_by.map(user),
            requested_at: refund.requested_at,
            decided_by: refund.decided_by.map(user),
            decided_at: refund.decided_at,
            decision: refund.decision,
            failure: refund.failure,
            paid_back_at: refund.paid_back_at,
            receipts,
        }
    }
}

/// What asking for a refund needs.
#[derive(InputObject)]
pub(crate) struct RequestRefundInput {
    /// The payment.
    payment_id: ID,
    /// How much of it, in major units.
    amount: Decimal,
    /// Why.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What approving a refund needs.
#[derive(InputObject)]
pub(crate) struct ApproveRefundInput {
    /// The refund.
    refund_id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What rejecting a refund needs.
#[derive(InputObject)]
pub(crate) struct RejectRefundInput {
    /// The refund.
    refund_id: ID,
    /// Why.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The refund after an act.
#[derive(SimpleObject)]
pub(crate) struct RefundPayload {
    /// The refund.
    refund: RefundNode,
}

/// Queries on refunds.
#[derive(Default)]
pub(crate) struct RefundQuery;

#[Object]
impl RefundQuery {
    /// One refund.
    async fn refund(&self, ctx: &Context<'_>, id: ID) -> Result<Option<RefundNode>> {
        let id = parse_id(&id, "id")?;
        node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The refunds of an estate, newest first, e.g. those that wait for a decision; for staff.
    async fn refunds(
        &self,
        ctx: &Context<'_>,
        estate_id: ID,
        status: Option<RefundStatus>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<Cursor, RefundNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let state = status.map(Into::into);
        let nodes = of_estate(ctx.data()?, caller(ctx)?, estate, state, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on refunds.
#[derive(Default)]
pub(crate) struct RefundMutation;

#[Object]
impl RefundMutation {
    /// Ask for a refund; somebody who neither asks nor took the money decides.
    async fn request_refund(
        &self,
        ctx: &Context<'_>,
        input: RequestRefundInput,
    ) -> Result<RefundPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let command = RequestRefund {
            payment: parse_id(&input.payment_id, "paymentId")?,
            amount: fen(input.amount, "amount")?,
            reason: input.reason,
        };
        let id = request(db, caller, command, &key).await.graphql()?;
        Ok(RefundPayload { refund: node(db, caller, id).await.graphql()? })
    }

    /// Approve a refund: counter money is paid out now, online money by the provider.
    async fn approve_refund(
        &self,
        ctx: &Context<'_>,
        input: ApproveRefundInput,
    ) -> Result<RefundPayload> {
        decided(ctx, input.refund_id, true, None, &input.idempotency_key).await
    }

    /// Reject a refund.
    async fn reject_refund(
        &self,
        ctx: &Context<'_>,
        input: RejectRefundInput,
    ) -> Result<RefundPayload> {
        decided(ctx, input.refund_id, false, Some(input.reason), &input.idempotency_key).await
    }
}

async fn decided(
    ctx: &Context<'_>,
    refund: ID,
    approve: bool,
    reason: Option<String>,
    key: &str,
) -> Result<RefundPayload> {
    let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
    let key = key.parse().graphql()?;
    let command = DecideRefund { refund: parse_id(&refund, "refundId")?, approve, reason };
    let id = decide(db, caller, command, &key).await.graphql()?;
    Ok(RefundPayload { refund: node(db, caller, id).await.graphql()? })
}

async fn node(db: &Db, caller: &Caller, id: RefundId) -> Result<RefundNode, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let refund = Refunds(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    visible(&scope, caller, refund.account).await?;
    RefundNode::load(&scope, vec![refund]).await?.pop().ok_or_else(|| Denied::Hidden.into())
}

async fn of_estate(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    state: Option<RefundState>,
    page: &PageArgs,
) -> Result<Vec<RefundNode>, PayError> {
    let right = caller.read(PAYMENT_READ, estate)?;
    if *right.reach() != Reach::All {
        return Err(Denied::Hidden.into());
    }
    let scope = db.read(caller.tenant()).await?;
    let refunds = Refunds(&scope).of_estate(estate, state, page).await?;
    RefundNode::load(&scope, refunds).await
}
