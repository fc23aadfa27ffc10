//! What is done with a deposit as a whole, in the graph.

use super::{
    release::release,
    request::{RequestDeposit, cancel, request},
    take::{TakeDeposit, take},
};
use crate::{
    deposits::graphql::{DepositNode, KindWord, node},
    graphql::fen,
    payments::TillKind,
};
use ::graphql::{GraphqlResultExt as _, caller, parse_id};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use db::Db;
use rust_decimal::Decimal;

/// What asking for a deposit needs.
#[derive(InputObject)]
pub(crate) struct RequestDepositInput {
    /// Whose, `bac_…`.
    account_id: ID,
    /// What it is for.
    kind: KindWord,
    /// How much, in major units.
    amount: Decimal,
    /// Under which agreement; 1 to 200 characters.
    agreement: String,
    /// When it should be back.
    expected_return: Option<NaiveDate>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What taking a request for a deposit back needs.
#[derive(InputObject)]
pub(crate) struct CancelDepositInput {
    /// The deposit, `dep_…`.
    deposit_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What taking a deposit needs.
#[derive(InputObject)]
pub(crate) struct TakeDepositInput {
    /// The deposit, `dep_…`; it is paid whole.
    deposit_id: ID,
    /// Where the money came in; not `ONLINE`.
    till: TillKind,
    /// The number of the card slip or bank transfer.
    channel_reference: Option<String>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What releasing a deposit needs.
#[derive(InputObject)]
pub(crate) struct ReleaseDepositInput {
    /// The deposit, `dep_…`.
    deposit_id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The deposit after an act.
#[derive(SimpleObject)]
pub(crate) struct DepositPayload {
    /// The deposit.
    deposit: DepositNode,
}

/// Mutations on deposits.
#[derive(Default)]
pub(crate) struct DepositMutation;

#[Object]
impl DepositMutation {
    /// Ask an account for a deposit; it is due from now on.
    async fn request_deposit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked for")] input: RequestDepositInput,
    ) -> Result<DepositPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = RequestDeposit {
            account: parse_id(&input.account_id, "accountId")?,
            kind: input.kind.into(),
            amount: fen(input.amount, "amount")?,
            agreement: input.agreement,
            expected_return: input.expected_return,
        };
        let id = request(ctx.data::<Db>()?, caller(ctx)?, command, &key).await.graphql()?;
        Ok(DepositPayload { deposit: node(ctx, id).await? })
    }

    /// Take the request for a deposit back that nobody has paid.
    async fn cancel_deposit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is taken back")] input: CancelDepositInput,
    ) -> Result<DepositPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.deposit_id, "depositId")?;
        let id = cancel(db, caller, id, &input.reason, &key).await.graphql()?;
        Ok(DepositPayload { deposit: node(ctx, id).await? })
    }

    /// Take a deposit at the counter: posted as a liability and receipted, never invoiced.
    async fn take_deposit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is taken")] input: TakeDepositInput,
    ) -> Result<DepositPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = TakeDeposit {
            deposit: parse_id(&input.deposit_id, "depositId")?,
            till: input.till.into(),
            channel_reference: input.channel_reference,
        };
        let id = take(ctx.data::<Db>()?, caller(ctx)?, command, &key).await.graphql()?;
        Ok(DepositPayload { deposit: node(ctx, id).await? })
    }

    /// Say that what is left of a deposit may go back from today on.
    async fn release_deposit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is released")] input: ReleaseDepositInput,
    ) -> Result<DepositPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.deposit_id, "depositId")?;
        let id = release(ctx.data::<Db>()?, caller(ctx)?, id, &key).await.graphql()?;
        Ok(DepositPayload { deposit: node(ctx, id).await? })
    }
}
