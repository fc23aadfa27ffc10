//! Documents in the graph.

use super::{
    NOTICE_PRINT,
    batches::{self, Batch, BatchState, Filter},
    domain::Document,
    download::{Handed, Shelf},
    kinds::{self, Wish},
};
use crate::{
    accounts,
    bills::{self, BILL_READ, graphql::BillNode},
    charges::BillingMonth,
    ids::{BuildingId, NoticeBatchId},
};
use ::graphql::{
    Cursor, GraphqlResultExt as _, PageArgs, caller, connection, language, parse, parse_id,
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Denied};
use chrono::{DateTime, NaiveDate, Utc};
use db::Db;
use ids::EstateId;
use texts::Language;

/// The language of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum DocumentLanguage {
    /// 简体中文.
    Zh,
    /// English.
    En,
}

/// The one that was asked for, else the caller's.
fn tongue(ctx: &Context<'_>, asked: Option<DocumentLanguage>) -> Language {
    match asked {
        Some(DocumentLanguage::Zh) => Language::Zh,
        Some(DocumentLanguage::En) => Language::En,
        None => language(ctx),
    }
}

/// A document that can be fetched and verified.
#[derive(SimpleObject)]
#[graphql(name = "IssuedDocument")]
pub(crate) struct DocumentNode {
    /// Its id, `doc_…`.
    id: ID,
    /// Its number, e.g. `FCH-TZ-202607-000123`.
    number: String,
    /// The code by which anybody who holds it can verify it, at `/verify/{code}`.
    code: String,
    /// When it was issued.
    issued_at: DateTime<Utc>,
    /// Path and query of the PDF, good for ten minutes.
    link: String,
}

impl From<(Document, Handed)> for DocumentNode {
    fn from((document, handed): (Document, Handed)) -> Self {
        Self {
            id: document.id.to_string().into(),
            number: document.number,
            code: document.code.to_string(),
            issued_at: document.issued_at,
            link: handed.link,
        }
    }
}

/// What issuing a document brings.
#[derive(SimpleObject)]
pub(crate) struct DocumentPayload {
    /// The document.
    document: DocumentNode,
}

/// A bill whose payment notice is wanted.
#[derive(InputObject)]
pub(crate) struct IssuePaymentNoticeInput {
    /// The bill, `bil_…`.
    bill_id: ID,
    /// In which language; the caller's if it is not said.
    language: Option<DocumentLanguage>,
}

/// A receipt that is wanted on paper.
#[derive(InputObject)]
pub(crate) struct PrintReceiptInput {
    /// The receipt, `rcp_…`.
    receipt_id: ID,
    /// In which language; the caller's if it is not said.
    language: Option<DocumentLanguage>,
}

/// An account whose statement is wanted.
#[derive(InputObject)]
pub(crate) struct IssueStatementInput {
    /// The account, `bac_…`.
    account_id: ID,
    /// First day.
    from: NaiveDate,
    /// Last day.
    to: NaiveDate,
    /// In which language; the caller's if it is not said.
    language: Option<DocumentLanguage>,
}

/// A refund whose form is wanted.
#[derive(InputObject)]
pub(crate) struct PrintRefundFormInput {
    /// The refund, `rfd_…`.
    refund_id: ID,
    /// In which language; the caller's if it is not said.
    language: Option<DocumentLanguage>,
}

/// How far a batch of notices has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "NoticeBatchState", remote = "BatchState")]
pub(crate) enum NoticeBatchState {
    /// Waits for a worker.
    Queued,
    /// Is being prepared or written.
    Running,
    /// The file can be fetched.
    Done,
    /// The file could not be written.
    Failed,
    /// Somebody gave it up.
    Cancelled,
}

/// Payment notices of many bills in one file.
pub(crate) struct NoticeBatchNode(Batch);

/// Payment notices of many bills in one file.
#[Object(name = "NoticeBatch")]
impl NoticeBatchNode {
    /// Its id, `nbt_…`.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }
    /// How far it has come.
    async fn state(&self) -> NoticeBatchState {
        self.0.state.into()
    }
    /// Of how many bills.
    async fn total(&self) -> i32 {
        small(self.0.total)
    }
    /// How many of them are prepared.
    async fn done(&self) -> i32 {
        small(self.0.done)
    }
    /// How many pages the file has.
    async fn pages(&self) -> Option<i32> {
        self.0.pages.map(small)
    }
    /// Who started it, `usr_…`.
    async fn started_by(&self) -> ID {
        self.0.started_by.to_string().into()
    }
    /// When it was started.
    async fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }
    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
    /// Path and query of the PDF, good for ten minutes; null until it is done.
    async fn link(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(file) = self.0.file else { return Ok(None) };
        let name = format!("notices-{}.pdf", self.0.id);
        let shelf = ctx.data::<Shelf>()?;
        Ok(Some(shelf.link(caller(ctx)?.tenant(), file, &name).link))
    }
}

fn small(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Which bills' notices are printed.
#[derive(InputObject)]
pub(crate) struct StartNoticeBatchInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Only bills of this run, `brn_…`.
    run_id: Option<ID>,
    /// Only bills of units in this building, `bld_…`.
    building_id: Option<ID>,
    /// Only bills of which something is owed.
    #[graphql(default)]
    unpaid: bool,
    /// In which language; the caller's if it is not said.
    language: Option<DocumentLanguage>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A batch to give up.
#[derive(InputObject)]
pub(crate) struct CancelNoticeBatchInput {
    /// The batch, `nbt_…`.
    batch_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
}

/// The batch after an act.
#[derive(SimpleObject)]
pub(crate) struct NoticeBatchPayload {
    /// The batch.
    batch: NoticeBatchNode,
}

/// Queries on documents.
#[derive(Default)]
pub(crate) struct DocumentQuery;

#[Object]
impl DocumentQuery {
    /// A batch of payment notices with its progress.
    async fn notice_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The batch, `nbt_…`")] id: ID,
    ) -> Result<Option<NoticeBatchNode>> {
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let id: NoticeBatchId = parse_id(&id, "id")?;
        let batch = batches::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
        caller.read(NOTICE_PRINT, batch.estate).graphql()?;
        Ok(Some(NoticeBatchNode(batch)))
    }

    /// The standing bill of an account that begins with a month.
    async fn bill_of_month(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, `bac_…`")] account_id: ID,
        #[graphql(desc = "The first month, e.g. `2026-07`")] month: String,
    ) -> Result<Option<BillNode>> {
        let caller = caller(ctx)?;
        let month: BillingMonth = parse(&month, "month")?;
        let id = parse_id(&account_id, "accountId")?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let account = accounts::find(&scope, id).await.graphql()?;
        let account = account.ok_or(Denied::Hidden).graphql()?;
        let permit = caller.read(BILL_READ, account.estate).graphql()?;
        accounts::visible(&permit, &account).graphql()?;
        let bill = bills::of_month(&scope, id, month).await.graphql()?;
        let bill = bill.ok_or(Denied::Hidden).graphql()?;
        Ok(Some(BillNode::load(&scope, bill).await?))
    }

    /// The batches of payment notices of an estate, newest first.
    async fn notice_batches(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, NoticeBatchNode>>> {
        let caller = caller(ctx)?;
        let page = PageArgs::new(first, after)?;
        let estate: EstateId = parse_id(&estate_id, "estateId")?;
        caller.read(NOTICE_PRINT, estate).graphql()?;
        let before = crate::graphql::after(&page)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let rows = batches::page(&scope, estate, before, page.limit()).await.graphql()?;
        let key = |batch: &Batch| batch.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, NoticeBatchNode)))
    }
}

/// Mutations on documents.
#[derive(Default)]
pub(crate) struct DocumentMutation;

#[Object]
impl DocumentMutation {
    /// The payment notice (缴费通知单) of a bill; the same number each time.
    async fn issue_payment_notice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which bill")] input: IssuePaymentNoticeInput,
    ) -> Result<DocumentPayload> {
        let wish = wish(ctx, input.language)?;
        let id = parse_id(&input.bill_id, "billId")?;
        Ok(payload(kinds::payment_notice(&wish, id).await.graphql()?))
    }

    /// A receipt on paper; a void one is marked.
    async fn print_receipt(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which receipt")] input: PrintReceiptInput,
    ) -> Result<DocumentPayload> {
        let wish = wish(ctx, input.language)?;
        let id = parse_id(&input.receipt_id, "receiptId")?;
        Ok(payload(kinds::receipt(&wish, id).await.graphql()?))
    }

    /// The statement (对账单) of an account.
    async fn issue_statement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which account and days")] input: IssueStatementInput,
    ) -> Result<DocumentPayload> {
        let wish = wish(ctx, input.language)?;
        let id = parse_id(&input.account_id, "accountId")?;
        Ok(payload(kinds::statement(&wish, id, (input.from, input.to)).await.graphql()?))
    }

    /// The form (退款申请单) of a refund with its approval so far.
    async fn print_refund_form(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which refund")] input: PrintRefundFormInput,
    ) -> Result<DocumentPayload> {
        let wish = wish(ctx, input.language)?;
        let id = parse_id(&input.refund_id, "refundId")?;
        Ok(payload(kinds::refund_form(&wish, id).await.graphql()?))
    }

    /// Start printing the payment notices of many bills into one file.
    async fn start_notice_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which bills")] input: StartNoticeBatchInput,
    ) -> Result<NoticeBatchPayload> {
        let (db, caller): (&Db, &Caller) = (ctx.data()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let run = input.run_id.as_ref().map(|id| parse_id(id, "runId")).transpose()?;
        let building = input.building_id.as_ref();
        let building = building.map(|id| parse_id::<BuildingId>(id, "buildingId")).transpose()?;
        let filter = Filter { run, building, unpaid: input.unpaid };
        let estate = parse_id(&input.estate_id, "estateId")?;
        let language = tongue(ctx, input.language);
        let started = batches::start(db, caller, estate, filter, language, &key);
        Ok(NoticeBatchPayload { batch: NoticeBatchNode(started.await.graphql()?) })
    }

    /// Give a batch up before its file is written; one that has ended stays as it is.
    async fn cancel_notice_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which batch and why")] input: CancelNoticeBatchInput,
    ) -> Result<NoticeBatchPayload> {
        let id = parse_id(&input.batch_id, "batchId")?;
        let given_up = batches::cancel(ctx.data()?, caller(ctx)?, id, &input.reason);
        Ok(NoticeBatchPayload { batch: NoticeBatchNode(given_up.await.graphql()?) })
    }
}

fn wish<'a>(ctx: &'a Context<'_>, asked: Option<DocumentLanguage>) -> Result<Wish<'a>> {
    Ok(Wish {
        db: ctx.data()?,
        shelf: ctx.data()?,
        caller: caller(ctx)?,
        language: tongue(ctx, asked),
    })
}

fn payload(issued: (Document, Handed)) -> DocumentPayload {
    DocumentPayload { document: issued.into() }
}
