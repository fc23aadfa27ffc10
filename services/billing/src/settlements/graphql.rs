//! Settlements at leaving in the graph.

use super::{
    LEAVING_READ,
    approve::approve,
    command::Leave,
    domain::{Debit, LeavingState},
    pay_out::pay_out,
    prepare::{cancel, prepare, preview},
    repo::{Leaving, Leavings},
    sheet_graphql::LeavingSheet,
};
use crate::{
    accounts::{self, graphql::AccountNode},
    deposits::Proof,
    estates,
    graphql::fen,
    ids::{BillingAccountId, LeavingId},
    payments::{PayError, TillKind, covers},
    receipts::{ReceiptNode, Receipts},
};
use ::graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::{Caller, Denied, Reach};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, TenantScope};
use ids::EstateId;
use money::Currency;
use rust_decimal::Decimal;

/// How far a settlement has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "LeavingState", name = "LeavingStatus")]
pub(crate) enum LeavingStatus {
    /// A second person has to approve it.
    Prepared,
    /// It is carried out, and what goes back waits to be paid out.
    Approved,
    /// It is carried out and nothing is left to pay out.
    Settled,
    /// It was taken back before it was approved.
    Cancelled,
}

/// The settlement of an account whose debtor leaves (退租、退场结算).
#[derive(Clone, SimpleObject)]
#[graphql(name = "LeavingSettlement", complex)]
pub(crate) struct LeavingNode {
    #[graphql(skip)]
    debtor: BillingAccountId,
    /// Its id, `lvs_…`.
    id: ID,
    /// How far it has come.
    status: LeavingStatus,
    /// The last day that is used.
    leaves_on: NaiveDate,
    /// Who pays from the next day on, `psn_…`.
    successor_id: Option<ID>,
    /// Only these parking spaces are given up, `pks_…`, and the account goes on; empty: all of it.
    space_ids: Vec<ID>,
    /// What it came to when it was prepared; approved only while it still does.
    sheet: LeavingSheet,
    /// Through which channel the rest goes back.
    till: TillKind,
    /// Who prepared it.
    prepared_by: ID,
    /// When it was prepared.
    prepared_at: DateTime<Utc>,
    /// Who approved or cancelled it.
    decided_by: Option<ID>,
    /// When it was approved or cancelled.
    decided_at: Option<DateTime<Utc>>,
    /// Why it was cancelled.
    decision: Option<String>,
    /// The bill of its debits, `bil_…`.
    bill_id: Option<ID>,
    /// The successor's bill, `bil_…`.
    successor_bill_id: Option<ID>,
    /// The refunds of deposits that it caused, `drf_…`.
    deposit_refund_ids: Vec<ID>,
    /// The day it was paid out.
    paid_on: Option<NaiveDate>,
    /// Who paid it out.
    paid_by: Option<ID>,
    /// Who signed for cash.
    signed_by: Option<String>,
    /// The number of the transfer.
    bank_reference: Option<String>,
    /// The receipts of the rest (退款凭证), void ones too; each deposit has its own.
    receipts: Vec<ReceiptNode>,
}

#[ComplexObject]
impl LeavingNode {
    /// Whose account is settled.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.debtor).await
    }
}

impl LeavingNode {
    /// The nodes of settlements of one estate, in two statements more.
    async fn load(
        scope: &TenantScope,
        estate: EstateId,
        leavings: Vec<Leaving>,
    ) -> Result<Vec<Self>, PayError> {
        let currency = estates::find(scope, estate).await?.ok_or(Denied::Hidden)?.currency;
        let sources: Vec<_> = leavings.iter().map(|leaving| leaving.id.as_uuid()).collect();
        let receipts = Receipts(scope).of_sources(sources).await?;
        let node = |leaving: Leaving| {
            let mine = receipts.iter().filter(|receipt| receipt.source == leaving.id.as_uuid());
            let receipts = mine.cloned().map(ReceiptNode::from).collect();
            Self { receipts, ..Self::new(leaving, currency) }
        };
        Ok(leavings.into_iter().map(node).collect())
    }

    fn new(leaving: Leaving, currency: Currency) -> Self {
        let user = |id: authz::UserId| ID::from(id.to_string());
        let paid = leaving.paid;
        Self {
            debtor: leaving.account,
            id: leaving.id.to_string().into(),
            status: leaving.state.into(),
            leaves_on: leaving.command.leaves_on,
            successor_id: leaving.command.successor.map(|person| person.to_string().into()),
            space_ids: leaving.command.spaces.iter().map(|id| id.to_string().into()).collect(),
            sheet: LeavingSheet::new(&leaving.sheet, currency),
            till: leaving.till.into(),
            prepared_by: user(leaving.prepared_by),
            prepared_at: leaving.prepared_at,
            decided_by: leaving.decided.map(|(by, _)| user(by)),
            decided_at: leaving.decided.map(|(_, at)| at),
            decision: leaving.decision,
            bill_id: leaving.bill.map(|bill| bill.to_string().into()),
            successor_bill_id: leaving.successor_bill.map(|bill| bill.to_string().into()),
            deposit_refund_ids: leaving.refunds.iter().map(|id| id.to_string().into()).collect(),
            paid_on: paid.as_ref().map(|paid| paid.on),
            paid_by: paid.as_ref().map(|paid| user(paid.by)),
            signed_by: paid.as_ref().and_then(|paid| paid.signed_by.clone()),
            bank_reference: paid.and_then(|paid| paid.bank_reference),
            receipts: Vec::new(),
        }
    }
}

/// A debit of a settlement alone, e.g. the last reading of a meter.
#[derive(InputObject)]
pub(crate) struct LeavingDebitInput {
    /// The fee item that earns it, `fit_…`.
    fee_item_id: ID,
    /// What it is for; 1 to 200 characters.
    description: String,
    /// How much, in major units.
    amount: Decimal,
}

/// What is settled.
#[derive(InputObject)]
pub(crate) struct LeavingInput {
    /// Whose account, `bac_…`.
    account_id: ID,
    /// The last day that is used.
    leaves_on: NaiveDate,
    /// Who pays from the next day on, `psn_…`: a member of the unit, or for spaces anybody whom the
    /// estate knows. The unused days are charged to them, but not those of a space that the leaver
    /// alone has and that is not named.
    successor_id: Option<ID>,
    /// Only these parking spaces are given up, `pks_…`: the account goes on and keeps what is paid
    /// ahead. Without any the whole account is settled, its unit and every space of it.
    #[graphql(default)]
    space_ids: Vec<ID>,
    /// What is charged with the settlement.
    #[graphql(default)]
    debits: Vec<LeavingDebitInput>,
    /// The deposits that go back, `dep_…`.
    #[graphql(default)]
    deposit_ids: Vec<ID>,
}

impl LeavingInput {
    fn command(self) -> Result<Leave> {
        let debit = |debit: LeavingDebitInput| {
            Ok(Debit {
                item: parse_id(&debit.fee_item_id, "feeItemId")?,
                description: debit.description,
                amount: fen(debit.amount, "amount")?,
            })
        };
        let successor = self.successor_id.as_ref().map(|id| parse_id(id, "successorId"));
        let spaces = self.space_ids.iter().map(|id| parse_id(id, "spaceIds"));
        let deposits = self.deposit_ids.iter().map(|id| parse_id(id, "depositIds"));
        Ok(Leave {
            account: parse_id(&self.account_id, "accountId")?,
            leaves_on: self.leaves_on,
            successor: successor.transpose()?,
            spaces: spaces.collect::<Result<_>>()?,
            deposits: deposits.collect::<Result<_>>()?,
            debits: self.debits.into_iter().map(debit).collect::<Result<_>>()?,
        })
    }
}

/// What preparing a settlement needs.
#[derive(InputObject)]
pub(crate) struct PrepareLeavingInput {
    /// What is settled.
    leaving: LeavingInput,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What taking a settlement back needs.
#[derive(InputObject)]
pub(crate) struct CancelLeavingInput {
    /// The settlement, `lvs_…`.
    leaving_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What approving a settlement needs.
#[derive(InputObject)]
pub(crate) struct ApproveLeavingInput {
    /// The settlement, `lvs_…`.
    leaving_id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What paying a settlement out needs.
#[derive(InputObject)]
pub(crate) struct PayLeavingInput {
    /// The settlement, `lvs_…`.
    leaving_id: ID,
    /// Who signed for what goes back in cash.
    signed_by: Option<String>,
    /// The number of the transfer or card refund of what goes back otherwise.
    bank_reference: Option<String>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The settlement after an act.
#[derive(SimpleObject)]
pub(crate) struct LeavingPayload {
    /// The settlement.
    leaving: LeavingNode,
}

/// Queries on settlements.
#[derive(Default)]
pub(crate) struct LeavingQuery;

#[Object]
impl LeavingQuery {
    /// What the settlement of an account would come to, without writing anything.
    async fn preview_leaving(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is settled")] input: LeavingInput,
    ) -> Result<Option<LeavingSheet>> {
        let command = input.command()?;
        let found = preview(ctx.data::<Db>()?, caller(ctx)?, &command).await.graphql()?;
        Ok(Some(LeavingSheet::new(&found.1, found.0)))
    }

    /// One settlement at leaving.
    async fn leaving(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The settlement, `lvs_…`")] id: ID,
    ) -> Result<Option<LeavingNode>> {
        node(ctx.data::<Db>()?, caller(ctx)?, parse_id(&id, "id")?).await.graphql().map(Some)
    }

    /// The settlements of an estate, newest first; for staff who see all of it.
    async fn leavings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that have come so far")] status: Option<LeavingStatus>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, LeavingNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let (db, caller, state) = (ctx.data::<Db>()?, caller(ctx)?, status.map(Into::into));
        let nodes = of_estate(db, caller, estate, state, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on settlements.
#[derive(Default)]
pub(crate) struct LeavingMutation;

#[Object]
impl LeavingMutation {
    /// Prepare the settlement of an account whose debtor leaves; a second person approves it.
    async fn prepare_leaving(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is prepared")] input: PrepareLeavingInput,
    ) -> Result<LeavingPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let id = prepare(db, caller, input.leaving.command()?, &key).await.graphql()?;
        Ok(LeavingPayload { leaving: node(db, caller, id).await.graphql()? })
    }

    /// Take a settlement back that is not approved.
    async fn cancel_leaving(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is taken back")] input: CancelLeavingInput,
    ) -> Result<LeavingPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.leaving_id, "leavingId")?;
        let id = cancel(db, caller, id, &input.reason, &key).await.graphql()?;
        Ok(LeavingPayload { leaving: node(db, caller, id).await.graphql()? })
    }

    /// Approve a settlement, which carries it out: all of it or nothing. Whoever prepared it
    /// cannot.
    async fn approve_leaving(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is approved")] input: ApproveLeavingInput,
    ) -> Result<LeavingPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.leaving_id, "leavingId")?;
        let id = approve(db, caller, id, &key).await.graphql()?;
        Ok(LeavingPayload { leaving: node(db, caller, id).await.graphql()? })
    }

    /// Pay an approved settlement out: the rest and the deposits. Whoever approved it cannot.
    async fn pay_leaving(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is paid out")] input: PayLeavingInput,
    ) -> Result<LeavingPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.leaving_id, "leavingId")?;
        let proof = Proof { signed_by: input.signed_by, bank_reference: input.bank_reference };
        let id = pay_out(db, caller, id, proof, &key).await.graphql()?;
        Ok(LeavingPayload { leaving: node(db, caller, id).await.graphql()? })
    }
}

/// A settlement the caller may see.
async fn node(db: &Db, caller: &Caller, id: LeavingId) -> Result<LeavingNode, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let leaving = Leavings(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    let right = caller.read(LEAVING_READ, leaving.estate)?;
    let account = accounts::find(&scope, leaving.account).await?.ok_or(Denied::Hidden)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    let mut nodes = LeavingNode::load(&scope, leaving.estate, vec![leaving]).await?;
    nodes.pop().ok_or_else(|| Denied::Hidden.into())
}

async fn of_estate(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    state: Option<LeavingState>,
    page: &PageArgs,
) -> Result<Vec<LeavingNode>, PayError> {
    let right = caller.read(LEAVING_READ, estate)?;
    if *right.reach() != Reach::All {
        return Err(Denied::Hidden.into());
    }
    let scope = db.read(caller.tenant()).await?;
    let leavings = Leavings(&scope).of_estate(estate, state, page).await?;
    LeavingNode::load(&scope, estate, leavings).await
}
