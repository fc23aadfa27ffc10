//! Refunds of deposits in the graph.

use super::{
    decide::{DecideDepositRefund, decide},
    domain::{RefundState, RefundedDeposit},
    pay_out::{Proof, pay_out},
    request::{RequestDepositRefund, request},
};
use crate::{
    deposits::graphql::{DepositNode, of_refund},
    graphql::fen,
    ids::DepositRefundId,
    receipts::ReceiptNode,
};
use ::graphql::{GraphqlResultExt as _, Money, caller, parse_id};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use db::Db;
use money::Currency;
use rust_decimal::Decimal;

/// How far a refund of a deposit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "RefundState", name = "DepositRefundStatus")]
pub(crate) enum DepositRefundStatus {
    /// A second person has to decide.
    Requested,
    /// It waits to be paid out.
    Approved,
    /// The provider of online payments gives it back.
    Sent,
    /// It was refused.
    Rejected,
    /// The money went back.
    Paid,
}

/// A refund of a deposit, through the channel the deposit came in by.
#[derive(Clone, SimpleObject)]
#[graphql(name = "DepositRefund")]
pub(crate) struct DepositRefundNode {
    /// Its id, `drf_…`.
    id: ID,
    /// How much.
    amount: Money,
    /// Why.
    reason: String,
    /// How far it has come.
    status: DepositRefundStatus,
    /// Who asked for it.
    requested_by: ID,
    /// When it was asked for.
    requested_at: DateTime<Utc>,
    /// Who decided it.
    decided_by: Option<ID>,
    /// When it was decided.
    decided_at: Option<DateTime<Utc>>,
    /// The reason of the decision.
    decision: Option<String>,
    /// Who paid it out.
    paid_by: Option<ID>,
    /// The day the money went back.
    paid_on: Option<NaiveDate>,
    /// Who signed for cash.
    signed_by: Option<String>,
    /// The number of the transfer or card refund.
    bank_reference: Option<String>,
    /// Its receipts (退款凭证), void ones too.
    receipts: Vec<ReceiptNode>,
}

impl DepositRefundNode {
    /// A refund as it is shown.
    pub fn new(refund: RefundedDeposit, currency: Currency, receipts: Vec<ReceiptNode>) -> Self {
        let user = |id: authz::UserId| ID::from(id.to_string());
        let paid = refund.paid;
        Self {
            id: refund.id.to_string().into(),
            amount: Money::new(refund.amount, currency),
            reason: refund.reason,
            status: refund.state.into(),
            requested_by: user(refund.requested_by),
            requested_at: refund.requested_at,
            decided_by: refund.decided.map(|(by, _)| user(by)),
            decided_at: refund.decided.map(|(_, at)| at),
            decision: refund.decision,
            paid_by: paid.as_ref().map(|paid| user(paid.by)),
            paid_on: paid.as_ref().map(|paid| paid.on),
            signed_by: paid.as_ref().and_then(|paid| paid.signed_by.clone()),
            bank_reference: paid.and_then(|paid| paid.bank_reference),
            receipts,
        }
    }

    /// Whether it is this one.
    pub fn is(&self, id: DepositRefundId) -> bool {
        self.id.as_str() == id.to_string()
    }
}

/// What asking for a refund of a deposit needs.
#[derive(InputObject)]
pub(crate) struct RequestDepositRefundInput {
    /// The deposit, `dep_…`.
    deposit_id: ID,
    /// How much of it, in major units.
    amount: Decimal,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What approving a refund of a deposit needs.
#[derive(InputObject)]
pub(crate) struct ApproveDepositRefundInput {
    /// The refund, `drf_…`.
    refund_id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What rejecting a refund of a deposit needs.
#[derive(InputObject)]
pub(crate) struct RejectDepositRefundInput {
    /// The refund, `drf_…`.
    refund_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What paying a refund of a deposit out needs.
#[derive(InputObject)]
pub(crate) struct PayDepositRefundInput {
    /// The refund, `drf_…`.
    refund_id: ID,
    /// Who signed for the cash; must be given when the deposit was paid in cash.
    signed_by: Option<String>,
    /// The number of the transfer or card refund; must be given when it was not.
    bank_reference: Option<String>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The refund after an act, with its deposit.
#[derive(SimpleObject)]
pub(crate) struct DepositRefundPayload {
    /// The refund.
    refund: DepositRefundNode,
    /// Its deposit.
    deposit: DepositNode,
}

/// Mutations on refunds of deposits.
#[derive(Default)]
pub(crate) struct DepositRefundMutation;

#[Object]
impl DepositRefundMutation {
    /// Ask for a deposit or a part of it to go back; somebody else decides.
    async fn request_deposit_refund(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What goes back")] input: RequestDepositRefundInput,
    ) -> Result<DepositRefundPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = RequestDepositRefund {
            deposit: parse_id(&input.deposit_id, "depositId")?,
            amount: fen(input.amount, "amount")?,
            reason: input.reason,
        };
        let id = request(ctx.data::<Db>()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Approve a refund of a deposit; neither who asked for it nor who took the deposit can.
    async fn approve_deposit_refund(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is approved")] input: ApproveDepositRefundInput,
    ) -> Result<DepositRefundPayload> {
        decided(ctx, &input.refund_id, true, None, &input.idempotency_key).await
    }

    /// Reject a refund of a deposit.
    async fn reject_deposit_refund(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is rejected")] input: RejectDepositRefundInput,
    ) -> Result<DepositRefundPayload> {
        decided(ctx, &input.refund_id, false, Some(input.reason), &input.idempotency_key).await
    }

    /// Pay an approved refund out to the payer, through the channel the deposit came in by;
    /// whoever approved it cannot.
    async fn pay_deposit_refund(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is paid out")] input: PayDepositRefundInput,
    ) -> Result<DepositRefundPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.refund_id, "refundId")?;
        let proof = Proof { signed_by: input.signed_by, bank_reference: input.bank_reference };
        let id = pay_out(db, caller, id, proof, &key).await.graphql()?;
        payload(ctx, id).await
    }
}

async fn decided(
    ctx: &Context<'_>,
    refund: &ID,
    approve: bool,
    reason: Option<String>,
    key: &str,
) -> Result<DepositRefundPayload> {
    let key = key.parse().graphql()?;
    let command = DecideDepositRefund { refund: parse_id(refund, "refundId")?, approve, reason };
    let id = decide(ctx.data::<Db>()?, caller(ctx)?, command, &key).await.graphql()?;
    payload(ctx, id).await
}

async fn payload(ctx: &Context<'_>, id: DepositRefundId) -> Result<DepositRefundPayload> {
    let deposit = of_refund(ctx, id).await?;
    let refund = deposit.refund(id).ok_or(authz::Denied::Hidden).graphql()?;
    Ok(DepositRefundPayload { refund, deposit })
}
