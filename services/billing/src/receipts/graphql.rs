//! Receipts in the graph.

use super::{
    in_words,
    repo::{Receipt, Receipts},
    void::{VoidReceipt, void},
};
use crate::{
    ids::ReceiptId,
    payments::{PayError, ReceiptKind, visible},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use authz::{Caller, Denied};
use chrono::{DateTime, Utc};
use db::Db;
use graphql::{GraphqlResultExt as _, Money, caller, parse_id};

/// The type of a receipt; each has its own sequence of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ReceiptKind", name = "ReceiptKind")]
pub(crate) enum KindOfReceipt {
    /// 收据: money received.
    Payment,
    /// 押金收据: a deposit received.
    Deposit,
    /// 退款凭证: money paid back.
    Refund,
}

/// One line of a receipt.
#[derive(Clone, SimpleObject)]
pub(crate) struct ReceiptLine {
    /// What it is for.
    text: String,
    /// How much.
    amount: Money,
}

/// A receipt as it was issued; its number has its place in a sequence without gaps.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Receipt")]
pub(crate) struct ReceiptNode {
    /// Its id.
    id: ID,
    /// Its number, e.g. `FCH-SJ-202607-000123`.
    number: String,
    /// Its type.
    kind: KindOfReceipt,
    /// The payer's name.
    payer: String,
    /// How much.
    amount: Money,
    /// How much, in Chinese capitals (人民币大写).
    amount_in_words: String,
    /// What it is made of.
    lines: Vec<ReceiptLine>,
    /// When it was issued.
    issued_at: DateTime<Utc>,
    /// Who issued it; null when an online payment arrived by itself.
    issued_by: Option<ID>,
    /// The void receipt whose place it takes.
    replaces_id: Option<ID>,
    /// When it was voided; null while it counts.
    voided_at: Option<DateTime<Utc>>,
    /// Why it was voided.
    void_reason: Option<String>,
}

impl From<Receipt> for ReceiptNode {
    fn from(receipt: Receipt) -> Self {
        let money = |amount| Money::new(amount, receipt.currency);
        let line =
            |line: super::repo::Line| ReceiptLine { text: line.text, amount: money(line.amount) };
        Self {
            id: receipt.id.to_string().into(),
            number: receipt.number,
            kind: receipt.kind.into(),
            payer: receipt.payer,
            amount: money(receipt.amount),
            amount_in_words: in_words(receipt.amount),
            lines: receipt.lines.into_iter().map(line).collect(),
            issued_at: receipt.issued_at,
            issued_by: receipt.issued_by.map(|user| user.to_string().into()),
            replaces_id: receipt.replaces.map(|id| id.to_string().into()),
            voided_at: receipt.voided.as_ref().map(|voided| voided.at),
            void_reason: receipt.voided.map(|voided| voided.reason),
        }
    }
}

/// What voiding a receipt needs.
#[derive(InputObject)]
pub(crate) struct VoidReceiptInput {
    /// The receipt.
    receipt_id: ID,
    /// Why.
    reason: String,
    /// Whether a new receipt of the same content takes its place.
    #[graphql(default)]
    reissue: bool,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What voiding a receipt brings.
#[derive(SimpleObject)]
pub(crate) struct VoidReceiptPayload {
    /// The new receipt, or else the void one.
    receipt: ReceiptNode,
}

/// Queries on receipts.
#[derive(Default)]
pub(crate) struct ReceiptQuery;

#[Object]
impl ReceiptQuery {
    /// One receipt.
    async fn receipt(&self, ctx: &Context<'_>, id: ID) -> Result<Option<ReceiptNode>> {
        let id = parse_id(&id, "id")?;
        node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }
}

/// Mutations on receipts.
#[derive(Default)]
pub(crate) struct ReceiptMutation;

#[Object]
impl ReceiptMutation {
    /// Void a receipt; the original is kept.
    async fn void_receipt(
        &self,
        ctx: &Context<'_>,
        input: VoidReceiptInput,
    ) -> Result<VoidReceiptPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let command = VoidReceipt {
            receipt: parse_id(&input.receipt_id, "receiptId")?,
            reason: input.reason,
            reissue: input.reissue,
        };
        let id = void(db, caller, command, &key).await.graphql()?;
        Ok(VoidReceiptPayload { receipt: node(db, caller, id).await.graphql()? })
    }
}

async fn node(db: &Db, caller: &Caller, id: ReceiptId) -> Result<ReceiptNode, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let receipt = Receipts(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    visible(&scope, caller, receipt.account).await?;
    Ok(receipt.into())
}
