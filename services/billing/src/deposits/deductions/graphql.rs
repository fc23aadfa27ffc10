//! Deductions in the graph.

use super::{
    appeal::{DecideAppeal, appeal, decide_appeal},
    decide::{confirm, withdraw},
    domain::{Deduction, DeductionClass, DeductionState},
    notify::{NotifyDeduction, notify},
    propose::{ProposeDeduction, propose},
};
use crate::{
    deposits::graphql::{DepositNode, of_deduction},
    graphql::fen,
    ids::DeductionId,
};
use ::graphql::{GraphqlResultExt as _, Money, caller, parse_id};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use db::Db;
use money::Currency;
use rust_decimal::Decimal;

/// On what grounds money of a deposit is kept; a property company cannot fine anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "DeductionClass", name = "DeductionClass")]
pub(crate) enum ClassWord {
    /// What a repair or clearance has cost, with its voucher.
    DocumentedCost,
    /// Damages that the agreement names.
    AgreedDamages,
    /// Forfeited as the agreement says, e.g. for a card that did not come back.
    AgreedForfeit,
}

/// How far a deduction has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "DeductionState", name = "DeductionStatus")]
pub(crate) enum DeductionStatus {
    /// Recorded; the payer may appeal.
    Proposed,
    /// The payer has appealed.
    Appealed,
    /// The appeal was turned down.
    AppealRejected,
    /// The money is kept.
    Confirmed,
    /// Given up, or the appeal was upheld.
    Withdrawn,
}

/// A deduction from a deposit (押金扣款).
#[derive(Clone, SimpleObject)]
#[graphql(name = "DepositDeduction")]
pub(crate) struct DeductionNode {
    /// Its id, `ddn_…`.
    id: ID,
    /// How much.
    amount: Money,
    /// On what grounds.
    class: ClassWord,
    /// For what.
    reason: String,
    /// Where the proof is.
    proof: Option<String>,
    /// The fee item that earns it, `fit_…`; without one other income does.
    fee_item_id: Option<ID>,
    /// How far it has come.
    status: DeductionStatus,
    /// Who recorded it.
    proposed_by: ID,
    /// When it was recorded.
    proposed_at: DateTime<Utc>,
    /// The day the notice was delivered.
    notified_on: Option<NaiveDate>,
    /// How the notice was delivered.
    delivery: Option<String>,
    /// The last day on which the payer may appeal.
    last_day_to_appeal: Option<NaiveDate>,
    /// What the payer says against it.
    appeal: Option<String>,
    /// When the payer appealed.
    appealed_at: Option<DateTime<Utc>>,
    /// Who decided the appeal.
    appeal_decided_by: Option<ID>,
    /// The reason of that decision.
    appeal_decision: Option<String>,
    /// Who confirmed it or gave it up.
    decided_by: Option<ID>,
    /// When it was confirmed or given up.
    decided_at: Option<DateTime<Utc>>,
    /// Why it was given up.
    decision: Option<String>,
}

impl DeductionNode {
    /// A deduction as it is shown.
    pub fn new(deduction: Deduction, currency: Currency) -> Self {
        let user = |id: authz::UserId| ID::from(id.to_string());
        let last_day_to_appeal = deduction.last_day_to_appeal();
        let (appeal, ended) = (deduction.appeal, deduction.ended);
        let decided = appeal.as_ref().and_then(|appeal| appeal.decided.clone());
        Self {
            id: deduction.id.to_string().into(),
            amount: Money::new(deduction.amount, currency),
            class: deduction.class.into(),
            reason: deduction.reason,
            proof: deduction.proof,
            fee_item_id: deduction.item.map(|item| item.to_string().into()),
            status: deduction.state.into(),
            proposed_by: user(deduction.proposed_by),
            proposed_at: deduction.proposed_at,
            notified_on: deduction.notice.as_ref().map(|notice| notice.on),
            delivery: deduction.notice.map(|notice| notice.delivery),
            last_day_to_appeal,
            appealed_at: appeal.as_ref().map(|appeal| appeal.at),
            appeal: appeal.map(|appeal| appeal.text),
            appeal_decided_by: decided.as_ref().map(|(by, ..)| user(*by)),
            appeal_decision: decided.map(|(.., why)| why),
            decided_by: ended.as_ref().map(|ended| user(ended.by)),
            decided_at: ended.as_ref().map(|ended| ended.at),
            decision: ended.and_then(|ended| ended.reason),
        }
    }
}

/// What proposing a deduction needs.
#[derive(InputObject)]
pub(crate) struct ProposeDepositDeductionInput {
    /// The deposit, `dep_…`.
    deposit_id: ID,
    /// How much, in major units.
    amount: Decimal,
    /// On what grounds.
    class: ClassWord,
    /// For what; 1 to 500 characters, never a fine.
    reason: String,
    /// Where the proof is: a voucher, photos, the clause. Must be given for a documented cost.
    proof: Option<String>,
    /// The fee item that earns it, `fit_…`; without one other income does.
    fee_item_id: Option<ID>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What noting a notice needs.
#[derive(InputObject)]
pub(crate) struct NotifyDepositDeductionInput {
    /// The deduction, `ddn_…`.
    deduction_id: ID,
    /// The day it was delivered; the five days to appeal count from the next.
    delivered_on: NaiveDate,
    /// How, with the evidence; 1 to 500 characters.
    delivery: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What an appeal needs.
#[derive(InputObject)]
pub(crate) struct AppealDepositDeductionInput {
    /// The deduction, `ddn_…`.
    deduction_id: ID,
    /// What the payer says; 1 to 2,000 characters.
    text: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What deciding an appeal needs.
#[derive(InputObject)]
pub(crate) struct DecideDepositAppealInput {
    /// The deduction, `ddn_…`.
    deduction_id: ID,
    /// Whether the payer is right; then the deduction is given up.
    uphold: bool,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What confirming a deduction needs.
#[derive(InputObject)]
pub(crate) struct ConfirmDepositDeductionInput {
    /// The deduction, `ddn_…`.
    deduction_id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What giving a deduction up needs.
#[derive(InputObject)]
pub(crate) struct WithdrawDepositDeductionInput {
    /// The deduction, `ddn_…`.
    deduction_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The deduction after an act, with its deposit.
#[derive(SimpleObject)]
pub(crate) struct DepositDeductionPayload {
    /// The deduction.
    deduction: DeductionNode,
    /// Its deposit.
    deposit: DepositNode,
}

/// Mutations on deductions.
#[derive(Default)]
pub(crate) struct DeductionMutation;

#[Object]
impl DeductionMutation {
    /// Propose to keep part of a deposit. The payer is told and may appeal; a second person
    /// confirms.
    async fn propose_deposit_deduction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is proposed")] input: ProposeDepositDeductionInput,
    ) -> Result<DepositDeductionPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let item = input.fee_item_id.as_ref().map(|id| parse_id(id, "feeItemId")).transpose()?;
        let command = ProposeDeduction {
            deposit: parse_id(&input.deposit_id, "depositId")?,
            amount: fen(input.amount, "amount")?,
            class: input.class.into(),
            reason: input.reason,
            proof: input.proof,
            item,
        };
        let id = propose(ctx.data::<Db>()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Note that the notice of a deduction was delivered.
    async fn notify_deposit_deduction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The delivery")] input: NotifyDepositDeductionInput,
    ) -> Result<DepositDeductionPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = NotifyDeduction {
            deduction: parse_id(&input.deduction_id, "deductionId")?,
            delivered_on: input.delivered_on,
            delivery: input.delivery,
        };
        let id = notify(ctx.data::<Db>()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Appeal against a deduction from one's own deposit, up to five days after the notice. The desk
    /// takes an appeal down that a payer makes there.
    async fn appeal_deposit_deduction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The appeal")] input: AppealDepositDeductionInput,
    ) -> Result<DepositDeductionPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.deduction_id, "deductionId")?;
        let id = appeal(db, caller, id, &input.text, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Decide an appeal; whoever recorded the deduction cannot.
    async fn decide_deposit_appeal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision")] input: DecideDepositAppealInput,
    ) -> Result<DepositDeductionPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = DecideAppeal {
            deduction: parse_id(&input.deduction_id, "deductionId")?,
            uphold: input.uphold,
            reason: input.reason,
        };
        let id = decide_appeal(ctx.data::<Db>()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Confirm a deduction once the days to appeal are over or the appeal is turned down; whoever
    /// recorded it cannot.
    async fn confirm_deposit_deduction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is confirmed")] input: ConfirmDepositDeductionInput,
    ) -> Result<DepositDeductionPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.deduction_id, "deductionId")?;
        let id = confirm(ctx.data::<Db>()?, caller(ctx)?, id, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Give a deduction up that is not confirmed.
    async fn withdraw_deposit_deduction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is given up")] input: WithdrawDepositDeductionInput,
    ) -> Result<DepositDeductionPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.deduction_id, "deductionId")?;
        let id = withdraw(db, caller, id, &input.reason, &key).await.graphql()?;
        payload(ctx, id).await
    }
}

async fn payload(ctx: &Context<'_>, id: DeductionId) -> Result<DepositDeductionPayload> {
    let deposit = of_deduction(ctx, id).await?;
    let deduction = deposit.deduction(id).ok_or(authz::Denied::Hidden).graphql()?;
    Ok(DepositDeductionPayload { deduction, deposit })
}

impl DeductionNode {
    /// Whether it is this one.
    pub fn is(&self, id: DeductionId) -> bool {
        self.id.as_str() == id.to_string()
    }
}
