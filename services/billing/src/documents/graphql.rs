//! Documents in the graph.

use super::{
    batches::graphql::{BatchMutation, BatchQuery},
    domain::Document,
    download::Handed,
    kinds::{self, Wish},
};
use crate::{
    accounts,
    bills::{self, BILL_READ, graphql::BillNode},
    charges::BillingMonth,
};
use ::graphql::{GraphqlResultExt as _, caller, language, parse, parse_id};
use async_graphql::{Context, Enum, ID, InputObject, MergedObject, Object, Result, SimpleObject};
use authz::Denied;
use chrono::{DateTime, NaiveDate, Utc};
use db::Db;
use texts::Language;

/// Queries on documents.
#[derive(MergedObject, Default)]
pub(crate) struct DocumentQuery(MonthQuery, BatchQuery);

/// Mutations on documents.
#[derive(MergedObject, Default)]
pub(crate) struct DocumentMutation(PaperMutation, BatchMutation);

/// The language of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum DocumentLanguage {
    /// 简体中文.
    Zh,
    /// English.
    En,
}

/// The one that was asked for, else the caller's.
pub(super) fn tongue(ctx: &Context<'_>, asked: Option<DocumentLanguage>) -> Language {
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

/// A contact whose dunning notice is wanted.
#[derive(InputObject)]
pub(crate) struct PrintDunningNoticeInput {
    /// The contact, `dna_…`.
    action_id: ID,
    /// In which language; the caller's if it is not said.
    language: Option<DocumentLanguage>,
}

/// A settlement whose sheet is wanted.
#[derive(InputObject)]
pub(crate) struct PrintSettlementSheetInput {
    /// The settlement at leaving, `lvs_…`.
    leaving_id: ID,
    /// In which language; the caller's if it is not said.
    language: Option<DocumentLanguage>,
}

/// An instalment plan whose agreement is wanted.
#[derive(InputObject)]
pub(crate) struct PrintInstalmentAgreementInput {
    /// The agreed plan, `ipl_…`.
    plan_id: ID,
    /// In which language; the caller's if it is not said.
    language: Option<DocumentLanguage>,
}

/// A disclosure that is wanted on paper.
#[derive(InputObject)]
pub(crate) struct PrintDisclosureInput {
    /// The published disclosure, `dsc_…`.
    disclosure_id: ID,
    /// In which language; the caller's if it is not said.
    language: Option<DocumentLanguage>,
}

/// Queries on what a document is asked for.
#[derive(Default)]
pub(crate) struct MonthQuery;

#[Object]
impl MonthQuery {
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
}

/// Mutations on single documents.
#[derive(Default)]
pub(crate) struct PaperMutation;

#[Object]
impl PaperMutation {
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

    /// The dunning notice (催缴通知单) of what a contact demanded, late fees as on its day.
    async fn print_dunning_notice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which contact")] input: PrintDunningNoticeInput,
    ) -> Result<DocumentPayload> {
        let wish = wish(ctx, input.language)?;
        let id = parse_id(&input.action_id, "actionId")?;
        Ok(payload(kinds::dunning_notice(&wish, id).await.graphql()?))
    }

    /// The sheet (结算单) of a settlement at leaving; one that was taken back is marked.
    async fn print_settlement_sheet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which settlement")] input: PrintSettlementSheetInput,
    ) -> Result<DocumentPayload> {
        let wish = wish(ctx, input.language)?;
        let id = parse_id(&input.leaving_id, "leavingId")?;
        Ok(payload(kinds::settlement_sheet(&wish, id).await.graphql()?))
    }

    /// The agreement (分期还款协议) of an instalment plan that is agreed.
    async fn print_instalment_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which plan")] input: PrintInstalmentAgreementInput,
    ) -> Result<DocumentPayload> {
        let wish = wish(ctx, input.language)?;
        let id = parse_id(&input.plan_id, "planId")?;
        Ok(payload(kinds::instalment_agreement(&wish, id).await.graphql()?))
    }

    /// A published disclosure (公示) for the notice board.
    async fn print_disclosure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which disclosure")] input: PrintDisclosureInput,
    ) -> Result<DocumentPayload> {
        let wish = wish(ctx, input.language)?;
        let id = parse_id(&input.disclosure_id, "disclosureId")?;
        Ok(payload(kinds::disclosure(&wish, id).await.graphql()?))
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
