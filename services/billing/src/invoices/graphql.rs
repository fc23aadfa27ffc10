//! Invoices in the graph.

use super::{
    INVOICE_READ, cancel, credit,
    domain::{Invoice, InvoiceLine, InvoiceState},
    export::{self, HandedOver},
    provider::Format,
    repo::{self, Wanted},
    request::{self, RequestInvoice},
    results::{self, InvoiceResult},
};
use crate::{accounts, documents::Shelf, error::Refused, ids::InvoiceId};
use ::graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, RateScalar, caller, connection, parse_id,
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Denied, Reach};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, TenantScope};
use ids::EstateId;
use std::collections::HashMap;

/// How far an invoice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "InvoiceState", remote = "InvoiceState")]
pub(crate) enum InvoiceStateWord {
    /// Somebody asked for it.
    Requested,
    /// It was handed to whoever issues it.
    Exported,
    /// It has a number.
    Issued,
    /// Whoever issues it refused.
    Refused,
    /// It was taken back before it was handed over.
    Cancelled,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "InvoiceFileFormat", remote = "Format")]
pub(crate) enum InvoiceFileFormat {
    /// Text with commas.
    Csv,
    /// A workbook.
    Xlsx,
}

/// One line of an invoice with its tax.
#[derive(Clone, SimpleObject)]
#[graphql(name = "InvoiceLine")]
pub(crate) struct InvoiceLineNode {
    /// The line of the bill, `chg_…`.
    charge_id: Option<ID>,
    /// The bill, `bil_…`.
    bill_id: ID,
    /// What it is for.
    text: String,
    /// What the invoice calls it.
    class_name: String,
    /// Its tax class code (商品和服务税收分类编码).
    tax_code: String,
    /// The rate; `0.06` is 6 %.
    rate: RateScalar,
    /// With tax.
    gross: Money,
    /// Without tax.
    net: Money,
    /// The tax.
    tax: Money,
}

/// An invoice (发票), or the credit invoice (红字发票) that takes one back.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Invoice")]
pub(crate) struct InvoiceNode {
    /// Its id, `inv_…`.
    id: ID,
    /// The estate, `est_…`.
    estate_id: ID,
    /// Whose bills it is of, `bac_…`.
    account_id: ID,
    /// How far it has come.
    state: InvoiceStateWord,
    /// The issued invoice that it takes back.
    credits_id: Option<ID>,
    /// Whether its money went back, in part or whole, and no credit invoice was asked for yet.
    credit_due: bool,
    /// Who is named as buyer.
    buyer: String,
    /// The buyer's tax number.
    buyer_tax_number: Option<String>,
    /// Who is named as seller.
    seller: String,
    /// The sum with tax.
    gross: Money,
    /// The sum without tax.
    net: Money,
    /// The tax.
    tax: Money,
    /// Its lines.
    lines: Vec<InvoiceLineNode>,
    /// Why it is credited, was refused or was taken back.
    reason: Option<String>,
    /// When it was asked for.
    requested_at: DateTime<Utc>,
    /// When it was handed over.
    exported_at: Option<DateTime<Utc>>,
    /// The number it was given.
    number: Option<String>,
    /// The day on it.
    issued_on: Option<NaiveDate>,
    /// Where the buyer fetches it.
    link: Option<String>,
}

impl InvoiceNode {
    /// The nodes of invoices: two statements more, whatever their number.
    async fn load(scope: &TenantScope, invoices: Vec<Invoice>) -> Result<Vec<Self>, Refused> {
        let ids: Vec<InvoiceId> = invoices.iter().map(|invoice| invoice.id).collect();
        let mut lines: HashMap<InvoiceId, Vec<InvoiceLine>> = HashMap::new();
        for (id, line) in repo::lines_of(scope, ids.iter().copied()).await? {
            lines.entry(id).or_default().push(line);
        }
        let due = repo::due(scope, None, Some(&ids)).await?;
        let node = |invoice: Invoice| {
            let mine = lines.remove(&invoice.id).unwrap_or_default();
            let credit_due = due.contains(&invoice.id.as_uuid());
            Self::new(invoice, mine, credit_due)
        };
        Ok(invoices.into_iter().map(node).collect())
    }

    async fn one(scope: &TenantScope, invoice: Invoice) -> Result<Self, Refused> {
        let node = Self::load(scope, vec![invoice]).await?.pop();
        node.ok_or_else(|| Denied::Hidden.into())
    }

    fn new(invoice: Invoice, lines: Vec<InvoiceLine>, credit_due: bool) -> Self {
        let money = |amount| Money::new(amount, invoice.currency);
        let line = |line: InvoiceLine| InvoiceLineNode {
            charge_id: line.charge.map(|charge| charge.to_string().into()),
            bill_id: line.bill.to_string().into(),
            text: line.text,
            class_name: line.class_name,
            tax_code: line.code,
            rate: RateScalar(line.rate),
            gross: money(line.gross),
            net: money(line.net),
            tax: money(line.tax),
        };
        Self {
            id: invoice.id.to_string().into(),
            estate_id: invoice.estate.to_string().into(),
            account_id: invoice.account.to_string().into(),
            state: invoice.state.into(),
            credits_id: invoice.credits.map(|id| id.to_string().into()),
            credit_due,
            gross: money(invoice.gross),
            net: money(invoice.net),
            tax: money(invoice.tax),
            lines: lines.into_iter().map(line).collect(),
            buyer: invoice.buyer.name,
            buyer_tax_number: invoice.buyer.tax_number,
            seller: invoice.seller.name,
            reason: invoice.reason,
            requested_at: invoice.requested_at,
            exported_at: invoice.exported_at,
            number: invoice.number,
            issued_on: invoice.issued_on,
            link: invoice.link,
        }
    }
}

/// Bills to be invoiced.
#[derive(InputObject)]
pub(crate) struct RequestInvoiceInput {
    /// Paid bills of one account, `bil_…`; 1 to 20.
    bill_ids: Vec<ID>,
    /// In which name, `tit_…`; that of whoever owes the bills if it is not said.
    title_id: Option<ID>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A request to take back.
#[derive(InputObject)]
pub(crate) struct CancelInvoiceInput {
    /// The invoice, `inv_…`.
    invoice_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
}

/// An issued invoice to take back by a credit invoice.
#[derive(InputObject)]
pub(crate) struct RequestCreditInvoiceInput {
    /// The issued invoice, `inv_…`.
    invoice_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// Requests to hand over.
#[derive(InputObject)]
pub(crate) struct ExportInvoicesInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// How the file is written.
    format: InvoiceFileFormat,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// Invoices to list in a file.
#[derive(InputObject)]
pub(crate) struct ListInvoicesInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Only those in this state.
    state: Option<InvoiceStateWord>,
    /// How the file is written.
    format: InvoiceFileFormat,
}

/// What whoever issues answered to one request: number and day, or why it is refused.
#[derive(InputObject)]
pub(crate) struct InvoiceResultInput {
    /// The request, `inv_…`.
    invoice_id: ID,
    /// The number it was given.
    number: Option<String>,
    /// The day on it.
    issued_on: Option<NaiveDate>,
    /// Where the buyer fetches it; `https://…`.
    link: Option<String>,
    /// Why it is refused; 1 to 500 characters.
    refusal: Option<String>,
}

/// Answers to enter.
#[derive(InputObject)]
pub(crate) struct RecordInvoiceResultsInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The answers; 1 to 500, all of them are entered or none.
    results: Vec<InvoiceResultInput>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The invoice after an act.
#[derive(SimpleObject)]
pub(crate) struct InvoicePayload {
    /// The invoice.
    invoice: InvoiceNode,
}

/// The invoices after an act.
#[derive(SimpleObject)]
pub(crate) struct InvoicesPayload {
    /// The invoices in the order of the input.
    invoices: Vec<InvoiceNode>,
}

/// A file of invoices.
#[derive(SimpleObject)]
pub(crate) struct InvoiceFilePayload {
    /// Path and query of the file, good for ten minutes.
    link: String,
    /// How many invoices it holds.
    invoices: i32,
}

/// Queries on invoices.
#[derive(Default)]
pub(crate) struct InvoiceQuery;

#[Object]
impl InvoiceQuery {
    /// One invoice; residents see their own.
    async fn invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invoice, `inv_…`")] id: ID,
    ) -> Result<Option<InvoiceNode>> {
        let id = parse_id(&id, "id")?;
        one(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The invoices of an estate, newest first; for staff.
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those in this state")] state: Option<InvoiceStateWord>,
        #[graphql(desc = "Only those whose money went back and that are not credited", default)]
        credit_due: bool,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, InvoiceNode>>> {
        let caller = caller(ctx)?;
        let page = PageArgs::new(first, after)?;
        let estate: EstateId = parse_id(&estate_id, "estateId")?;
        if *caller.read(INVOICE_READ, estate).graphql()?.reach() != Reach::All {
            return Err(Denied::Hidden).graphql();
        }
        let state = state.map(Into::into);
        let wanted = Wanted { estate: Some(estate), accounts: None, state, credit_due };
        listed(ctx, caller, &wanted, &page).await.map(Some)
    }

    /// The invoices of the signed-in resident in every estate, newest first.
    async fn my_invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, InvoiceNode>>> {
        let caller = caller(ctx)?;
        let page = PageArgs::new(first, after)?;
        let accounts = match crate::graphql::own_person(caller) {
            Some(person) => {
                let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
                let own = accounts::of_party(&scope, person).await.graphql()?;
                let readable = own
                    .into_iter()
                    .filter(|account| caller.read(INVOICE_READ, account.estate).is_ok());
                readable.map(|account| account.id).collect()
            }
            None => Vec::new(),
        };
        let wanted = Wanted { accounts: Some(accounts), ..Wanted::default() };
        listed(ctx, caller, &wanted, &page).await.map(Some)
    }
}

async fn listed(
    ctx: &Context<'_>,
    caller: &Caller,
    wanted: &Wanted,
    page: &PageArgs,
) -> Result<Connection<Cursor, InvoiceNode>> {
    let before = crate::graphql::after(page)?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let rows = repo::page(&scope, wanted, before, page.limit()).await.graphql()?;
    let nodes = InvoiceNode::load(&scope, rows).await.graphql()?;
    let key = |node: &InvoiceNode| {
        let id = node.id.parse::<InvoiceId>();
        id.map_or_else(|_| node.id.to_string(), |id| id.as_uuid().simple().to_string())
    };
    Ok(connection(page, nodes, key, |node| node))
}

async fn one(db: &Db, caller: &Caller, id: InvoiceId) -> Result<InvoiceNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let invoice = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let account = accounts::find(&scope, invoice.account).await?.ok_or(Denied::Hidden)?;
    accounts::visible(&caller.read(INVOICE_READ, invoice.estate)?, &account)?;
    InvoiceNode::one(&scope, invoice).await
}

async fn payload(ctx: &Context<'_>, invoice: Invoice) -> Result<InvoicePayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    Ok(InvoicePayload { invoice: InvoiceNode::one(&scope, invoice).await.graphql()? })
}

fn file(ctx: &Context<'_>, handed: &HandedOver) -> Result<InvoiceFilePayload> {
    let link = ctx.data::<Shelf>()?.link(caller(ctx)?.tenant(), handed.file, &handed.name).link;
    let invoices = i32::try_from(handed.invoices).unwrap_or(i32::MAX);
    Ok(InvoiceFilePayload { link, invoices })
}

/// Mutations on invoices.
#[derive(Default)]
pub(crate) struct InvoiceMutation;

#[Object]
impl InvoiceMutation {
    /// Ask for the invoice of paid bills; each of their lines is invoiced once.
    async fn request_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which bills, in which name")] input: RequestInvoiceInput,
    ) -> Result<InvoicePayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let bills = input.bill_ids.iter().map(|id| parse_id(id, "billIds"));
        let title = input.title_id.as_ref().map(|id| parse_id(id, "titleId")).transpose()?;
        let command = RequestInvoice { bills: bills.collect::<Result<_>>()?, title };
        let made = request::request(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, made).await
    }

    /// Take a request back before it is handed over.
    async fn cancel_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which request and why")] input: CancelInvoiceInput,
    ) -> Result<InvoicePayload> {
        let id = parse_id(&input.invoice_id, "invoiceId")?;
        let done = cancel::cancel(ctx.data()?, caller(ctx)?, id, &input.reason).await;
        payload(ctx, done.graphql()?).await
    }

    /// Ask for the credit invoice (红字发票) of an issued one.
    async fn request_credit_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which invoice and why")] input: RequestCreditInvoiceInput,
    ) -> Result<InvoicePayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.invoice_id, "invoiceId")?;
        let made = credit::credit(ctx.data()?, caller(ctx)?, id, &input.reason, &key).await;
        payload(ctx, made.graphql()?).await
    }

    /// Hand the waiting requests of an estate over, as a file for whoever issues them.
    async fn export_invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which estate, how")] input: ExportInvoicesInput,
    ) -> Result<InvoiceFilePayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let of = (parse_id(&input.estate_id, "estateId")?, input.format.into());
        let (db, shelf) = (ctx.data()?, ctx.data()?);
        let handed = export::export(db, shelf, caller(ctx)?, of, &key).await.graphql()?;
        file(ctx, &handed)
    }

    /// The newest 1,000 invoices of an estate as a file.
    async fn list_invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which estate, how")] input: ListInvoicesInput,
    ) -> Result<InvoiceFilePayload> {
        let of = (parse_id(&input.estate_id, "estateId")?, input.format.into());
        let (db, shelf) = (ctx.data()?, ctx.data()?);
        let state = input.state.map(Into::into);
        let listed = export::list_file(db, shelf, caller(ctx)?, of, state).await.graphql()?;
        file(ctx, &listed)
    }

    /// Enter what whoever issues answered to requests that were handed over.
    async fn record_invoice_results(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answers")] input: RecordInvoiceResultsInput,
    ) -> Result<InvoicesPayload> {
        let (db, caller): (&Db, &Caller) = (ctx.data()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let estate = parse_id(&input.estate_id, "estateId")?;
        let result = |result: InvoiceResultInput| {
            Ok(InvoiceResult {
                invoice: parse_id(&result.invoice_id, "invoiceId")?,
                number: result.number,
                issued_on: result.issued_on,
                link: result.link,
                refusal: result.refusal,
            })
        };
        let results = input.results.into_iter().map(result).collect::<Result<_>>()?;
        let entered = results::enter(db, caller, estate, results, &key).await.graphql()?;
        let scope = db.read(caller.tenant()).await.graphql()?;
        Ok(InvoicesPayload { invoices: InvoiceNode::load(&scope, entered).await.graphql()? })
    }
}
