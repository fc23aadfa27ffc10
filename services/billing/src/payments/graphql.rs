//! Payments in the graph.

use super::{
    Channel, PAYMENT_READ, Part, PayError, Payment, PaymentStatus, Payments, covers,
    pay_bills::{PayBills, pay_bills},
    pay_deposit::{PayDeposit, pay_deposit},
    take::{TakePayment, take},
};
use crate::{
    accounts,
    graphql::fen,
    ids::{BillingAccountId, DepositId, PaymentId},
    late_fees::graphql::TowardWord,
    ledger::Till,
    receipts::{ReceiptNode, Receipts},
    refunds::{RefundNode, Refunds},
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Denied, Subject, UserId};
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use rust_decimal::Decimal;

/// Where money comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Till", name = "Till")]
pub(crate) enum TillKind {
    /// Cash at the counter.
    Cash,
    /// A card at the counter's terminal.
    Card,
    /// A bank transfer.
    Transfer,
    /// The online provider.
    Online,
}

/// What is known of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "PaymentStatus", name = "PaymentStatus")]
pub(crate) enum StatusKind {
    /// Recorded here only.
    Created,
    /// With the provider.
    Pending,
    /// The provider did not answer and is being asked.
    Unknown,
    /// No money came.
    Failed,
    /// The money is here.
    Succeeded,
    /// A part went back.
    PartlyRefunded,
    /// All of it went back.
    Refunded,
}

/// What one bill got of a payment.
#[derive(Clone, SimpleObject)]
pub(crate) struct PaymentPart {
    /// The bill.
    bill_id: ID,
    /// Its principal or its late fee; a bill that got both has two parts.
    of: TowardWord,
    /// What it got.
    amount: Money,
    /// How much of that went back.
    refunded: Money,
}

/// A payment, taken at the counter or made online.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Payment")]
pub(crate) struct PaymentNode {
    /// Its id.
    id: ID,
    /// The estate.
    estate_id: ID,
    /// The billing account whose debt it settles.
    account_id: ID,
    /// Where the money comes in.
    till: TillKind,
    /// What is known of it.
    status: StatusKind,
    /// What the payer was asked for.
    amount: Money,
    /// How much went back.
    refunded: Money,
    /// The deposit that it is for, `dep_…`.
    deposit_id: Option<ID>,
    /// What no bill could take: paid ahead.
    prepaid: Money,
    /// What each bill got, in the order of settlement.
    parts: Vec<PaymentPart>,
    /// The page on which the payer pays, while it is open.
    checkout_url: Option<String>,
    /// How it was paid online: `card`, `alipay` or `wechat_pay`.
    method: Option<String>,
    /// The number of the card slip or bank transfer.
    channel_reference: Option<String>,
    /// Who took the money at the counter.
    taken_by: Option<ID>,
    /// When it was entered.
    created_at: DateTime<Utc>,
    /// When the money was there.
    received_at: Option<DateTime<Utc>>,
    /// Its receipts, void ones too, oldest first.
    receipts: Vec<ReceiptNode>,
    /// Its refunds, oldest first.
    refunds: Vec<RefundNode>,
}

impl PaymentNode {
    /// The nodes of payments, with what belongs to them, in few statements.
    async fn load(scope: &TenantScope, payments: Vec<Payment>) -> Result<Vec<Self>, PayError> {
        let ids = || payments.iter().map(|payment| payment.id);
        let parts = Payments(scope).parts_of(ids().collect::<Vec<_>>()).await?;
        let held = payments.iter().filter_map(Payment::held_as).map(DepositId::as_uuid);
        let sources: Vec<_> = ids().map(PaymentId::as_uuid).chain(held).collect();
        let receipts = Receipts(scope).of_sources(sources).await?;
        let refunds = Refunds(scope).of_payments(ids().collect::<Vec<_>>()).await?;
        let refunds = RefundNode::load(scope, refunds).await?;
        Ok(payments
            .into_iter()
            .map(|payment| {
                let id = payment.id;
                let mine = parts.iter().filter(|(of, _)| *of == id).map(|(_, part)| *part);
                let source = payment.held_as().map_or(id.as_uuid(), DepositId::as_uuid);
                let receipts = receipts.iter().filter(|receipt| receipt.source == source);
                let receipts = receipts.cloned().map(ReceiptNode::from).collect();
                let refunds = refunds.iter().filter(|refund| refund.is_of(id)).cloned().collect();
                Self::new(payment, mine, receipts, refunds)
            })
            .collect())
    }

    fn new(
        payment: Payment,
        parts: impl Iterator<Item = Part>,
        receipts: Vec<ReceiptNode>,
        refunds: Vec<RefundNode>,
    ) -> Self {
        let money = |amount| Money::new(amount, payment.currency);
        let part = |part: Part| PaymentPart {
            bill_id: part.bill.to_string().into(),
            of: part.toward.into(),
            amount: money(part.amount),
            refunded: money(part.refunded),
        };
        let status = payment.state.status();
        let is_open = matches!(status, PaymentStatus::Pending | PaymentStatus::Unknown);
        let online = payment.online.as_ref();
        Self {
            id: payment.id.to_string().into(),
            estate_id: payment.estate.to_string().into(),
            account_id: payment.account.to_string().into(),
            till: payment.till.into(),
            status: status.into(),
            amount: money(payment.state.amount),
            refunded: money(payment.state.refunded),
            deposit_id: payment.deposit.map(|deposit| deposit.to_string().into()),
            prepaid: money(payment.prepaid),
            parts: parts.map(part).collect(),
            checkout_url: online.filter(|_| is_open).and_then(|o| o.checkout_url.clone()),
            method: online.and_then(|o| o.method.clone()),
            channel_reference: payment.channel_reference,
            taken_by: payment.taken_by.map(|user: UserId| user.to_string().into()),
            created_at: payment.created_at,
            received_at: payment.received_at,
            receipts,
            refunds,
        }
    }
}

/// What taking money needs.
#[derive(InputObject)]
pub(crate) struct TakePaymentInput {
    /// The billing account whose debt is paid.
    account_id: ID,
    /// How much, in major units; more than is owed is paid ahead.
    amount: Decimal,
    /// Where the money came in; not `ONLINE`.
    till: TillKind,
    /// The bills it is for, in order, each with its late fee; what they leave meets the other
    /// debts in the order of the contract.
    #[graphql(default)]
    bill_ids: Vec<ID>,
    /// The number of the card slip or bank transfer.
    channel_reference: Option<String>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What taking money brings.
#[derive(SimpleObject)]
pub(crate) struct TakePaymentPayload {
    /// The payment with its receipt.
    payment: PaymentNode,
}

/// What paying online needs.
#[derive(InputObject)]
pub(crate) struct PayBillsInput {
    /// The bills to pay, of one account.
    bill_ids: Vec<ID>,
    /// How much, in major units; without it all that is open of them, with today's late fee.
    amount: Option<Decimal>,
    /// Where the payer's browser goes afterwards; `payment` is added to its query.
    return_url: String,
    /// Whether the page is in English; else in Chinese.
    #[graphql(default)]
    english: bool,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What paying a deposit online needs.
#[derive(InputObject)]
pub(crate) struct PayDepositInput {
    /// The deposit, `dep_…`; it is paid whole.
    deposit_id: ID,
    /// Where the payer's browser goes afterwards; `payment` is added to its query.
    return_url: String,
    /// Whether the page is in English; else in Chinese.
    #[graphql(default)]
    english: bool,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What paying a deposit online brings.
#[derive(SimpleObject)]
pub(crate) struct PayDepositPayload {
    /// The payment; send the payer to its `checkoutUrl`. Without one the provider did not answer:
    /// ask for the payment again.
    payment: PaymentNode,
}

/// What paying online brings.
#[derive(SimpleObject)]
pub(crate) struct PayBillsPayload {
    /// The payment; send the payer to its `checkoutUrl`. Without one the provider did not answer:
    /// ask for the payment again.
    payment: PaymentNode,
}

/// Queries on payments.
#[derive(Default)]
pub(crate) struct PaymentQuery;

#[Object]
impl PaymentQuery {
    /// One payment.
    async fn payment(&self, ctx: &Context<'_>, id: ID) -> Result<Option<PaymentNode>> {
        let id = parse_id(&id, "id")?;
        node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The payments of a billing account, newest first.
    async fn payments(
        &self,
        ctx: &Context<'_>,
        account_id: ID,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<Cursor, PaymentNode>>> {
        let page = PageArgs::new(first, after)?;
        let account: BillingAccountId = parse_id(&account_id, "accountId")?;
        let nodes = of_account(ctx.data()?, caller(ctx)?, account, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }

    /// The caller's own payments, newest first; empty for staff.
    async fn my_payments(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<Cursor, PaymentNode>>> {
        let page = PageArgs::new(first, after)?;
        let nodes = own(ctx.data()?, caller(ctx)?, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on payments.
#[derive(Default)]
pub(crate) struct PaymentMutation;

#[Object]
impl PaymentMutation {
    /// Take money at the counter: it is allocated, posted and receipted at once.
    async fn take_payment(
        &self,
        ctx: &Context<'_>,
        input: TakePaymentInput,
    ) -> Result<TakePaymentPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let command = TakePayment {
            account: parse_id(&input.account_id, "accountId")?,
            amount: fen(input.amount, "amount")?,
            till: input.till.into(),
            bills: bill_ids(&input.bill_ids)?,
            channel_reference: input.channel_reference,
        };
        let id = take(db, caller, command, &key).await.graphql()?;
        Ok(TakePaymentPayload { payment: node(db, caller, id).await.graphql()? })
    }

    /// Open a page on which bills are paid by card, Alipay or WeChat Pay.
    async fn pay_bills(&self, ctx: &Context<'_>, input: PayBillsInput) -> Result<PayBillsPayload> {
        let (channel, caller) = (ctx.data::<Channel>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let command = PayBills {
            bills: bill_ids(&input.bill_ids)?,
            amount: input.amount.map(|amount| fen(amount, "amount")).transpose()?,
            return_url: input.return_url,
            chinese: !input.english,
        };
        let id = pay_bills(channel, caller, command, &key).await.graphql()?;
        Ok(PayBillsPayload { payment: node(&channel.db, caller, id).await.graphql()? })
    }

    /// Open a page on which a deposit is paid. Once the money is there, it is held as a liability and
    /// receipted, never invoiced; when the deposit was paid otherwise meanwhile, it is paid ahead.
    async fn pay_deposit(
        &self,
        ctx: &Context<'_>,
        input: PayDepositInput,
    ) -> Result<PayDepositPayload> {
        let (channel, caller) = (ctx.data::<Channel>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let command = PayDeposit {
            deposit: parse_id(&input.deposit_id, "depositId")?,
            return_url: input.return_url,
            chinese: !input.english,
        };
        let id = pay_deposit(channel, caller, command, &key).await.graphql()?;
        Ok(PayDepositPayload { payment: node(&channel.db, caller, id).await.graphql()? })
    }
}

fn bill_ids(ids: &[ID]) -> Result<Vec<crate::ids::BillId>> {
    ids.iter().map(|id| parse_id(id, "billIds")).collect()
}

/// A payment the caller may see.
async fn node(db: &Db, caller: &Caller, id: PaymentId) -> Result<PaymentNode, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let payment = Payments(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    visible(&scope, caller, payment.account).await?;
    PaymentNode::load(&scope, vec![payment]).await?.pop().ok_or_else(|| Denied::Hidden.into())
}

/// Refuses who may not see the payments of an account.
pub(crate) async fn visible(
    scope: &TenantScope,
    caller: &Caller,
    account: BillingAccountId,
) -> Result<(), PayError> {
    let account = accounts::find(scope, account).await?.ok_or(Denied::Hidden)?;
    let right = caller.read(PAYMENT_READ, account.estate)?;
    if covers(&right, &account) { Ok(()) } else { Err(Denied::Hidden.into()) }
}

async fn of_account(
    db: &Db,
    caller: &Caller,
    account: BillingAccountId,
    page: &PageArgs,
) -> Result<Vec<PaymentNode>, PayError> {
    let scope = db.read(caller.tenant()).await?;
    visible(&scope, caller, account).await?;
    let payments = Payments(&scope).of_accounts([account], None, page).await?;
    PaymentNode::load(&scope, payments).await
}

async fn own(db: &Db, caller: &Caller, page: &PageArgs) -> Result<Vec<PaymentNode>, PayError> {
    let Subject::Resident { person, .. } = caller.subject() else { return Ok(Vec::new()) };
    let scope = db.read(caller.tenant()).await?;
    let accounts = Payments(&scope).accounts_of(person).await?;
    let estates = caller.estates(PAYMENT_READ).ids();
    let payments = Payments(&scope).of_accounts(accounts, estates, page).await?;
    PaymentNode::load(&scope, payments).await
}
