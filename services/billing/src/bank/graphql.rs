//! The bank in the graph: what can be asked.

use super::{
    books_repo::{self, BookItem},
    domain::{BankAccount, BankLine, BankStatement, Format, Part, PartKind, masked},
    may_read,
    parts_repo::Parts,
    reconcile::{Reconciliation, reconcile},
    repo::{Bank, LineFilter, place},
    suggest::{Suggestion, suggestions},
};
use crate::{
    estates::{self, Estate},
    ids::{BankAccountId, BankLineId, BankStatementId},
    payments::PayError,
};
use ::graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, language, parse_id,
};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, connection::Connection};
use authz::{Caller, Denied};
use chrono::NaiveDate;
use db::{Db, TenantScope};
use ids::EstateId;
use money::{Currency, Fen};

/// In which form a statement comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Format", name = "BankStatementFormat")]
pub(crate) enum BankStatementFormat {
    /// CSV or XLSX with a header.
    Table,
    /// ISO 20022 XML.
    #[graphql(name = "CAMT_053")]
    Camt053,
    /// SWIFT.
    #[graphql(name = "MT_940")]
    Mt940,
}

/// What a line of a statement is, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "PartKind", name = "BankPartKind")]
pub(crate) enum BankPartKind {
    /// Something that stands in the books of the bank already: a payment by card or transfer, a
    /// refund, a payout of the online provider.
    Booked,
    /// Cash that was carried to the bank.
    CashDeposit,
    /// A new payment for a billing account.
    Account,
    /// A charge of the bank.
    BankFee,
    /// Nobody knows yet.
    Unallocated,
    /// An entry and the one that undid it, which never reached the bank.
    Cleared,
}

/// An account of the company at a bank, for the money of one estate.
#[derive(Clone, SimpleObject)]
#[graphql(name = "BankAccount")]
pub(crate) struct BankAccountNode {
    /// Its id.
    id: ID,
    /// The estate.
    estate_id: ID,
    /// Its name.
    name: String,
    /// The end of its number.
    number: String,
    /// What was on it before the first statement.
    opening: Money,
}

impl From<BankAccount> for BankAccountNode {
    fn from(it: BankAccount) -> Self {
        Self {
            id: it.id.to_string().into(),
            estate_id: it.estate.to_string().into(),
            number: masked(&it.number),
            opening: Money::new(it.opening, it.currency),
            name: it.name,
        }
    }
}

/// A statement that was imported (对账单).
#[derive(Clone, SimpleObject)]
#[graphql(name = "BankStatement")]
pub(crate) struct BankStatementNode {
    /// Its id.
    id: ID,
    /// The bank account.
    account_id: ID,
    /// In which form it came.
    format: BankStatementFormat,
    /// The name of the file.
    file_name: String,
    /// Its first day.
    from: NaiveDate,
    /// Its last day.
    to: NaiveDate,
    /// What was on the account before.
    opening: Money,
    /// What was on it afterwards.
    closing: Money,
    /// How many lines it brought that were not known.
    lines: i32,
}

pub(super) fn statement_node(it: BankStatement, currency: Currency) -> BankStatementNode {
    BankStatementNode {
        id: it.id.to_string().into(),
        account_id: it.account.to_string().into(),
        format: it.format.into(),
        file_name: it.file_name,
        from: it.from,
        to: it.to,
        opening: Money::new(it.opening, currency),
        closing: Money::new(it.closing, currency),
        lines: it.lines,
    }
}

/// What a line is, or a part of it.
#[derive(Clone, SimpleObject)]
#[graphql(name = "BankPart")]
pub(crate) struct BankPartNode {
    /// Its id.
    id: ID,
    /// What it is.
    kind: BankPartKind,
    /// Under what it stands in the books: a payment, refund, payout, cash deposit, or its own id.
    source_id: String,
    /// How much.
    amount: Money,
    /// The rule that matched it by itself; null when somebody did.
    rule_id: Option<ID>,
}

/// A line of a bank statement (银行流水).
#[derive(Clone, SimpleObject)]
#[graphql(name = "BankLine")]
pub(crate) struct BankLineNode {
    /// Its id.
    id: ID,
    /// The bank account.
    account_id: ID,
    /// The day of booking.
    day: NaiveDate,
    /// How many days ago that was.
    age: i32,
    /// Above zero money came in.
    amount: Money,
    /// Who paid, or was paid.
    payer: String,
    /// The end of the other side's number.
    payer_number: String,
    /// What it is for.
    text: String,
    /// The bank's reference.
    reference: String,
    /// Whether it is known what it is.
    matched: bool,
    /// What it is.
    parts: Vec<BankPartNode>,
    #[graphql(skip)]
    place: String,
}

/// What a line may be.
#[derive(Clone, SimpleObject)]
pub(crate) struct BankSuggestion {
    /// What.
    kind: BankPartKind,
    /// The source in the books, the cash deposit or the billing account.
    target_id: Option<String>,
    /// How sure that is, in percent.
    confidence: i32,
    /// Why.
    why: String,
}

/// What stands in the books of the bank and on no statement.
#[derive(Clone, SimpleObject)]
pub(crate) struct OpenBankItem {
    /// The payment, refund or payout.
    source_id: String,
    /// When it was booked.
    day: NaiveDate,
    /// What happened.
    kind: String,
    /// What the journal says about it.
    memo: String,
    /// What is left of it; above zero the bank should have received it.
    open: Money,
}

/// How the bank of an estate agrees with its books on a day (银行余额调节).
#[derive(Clone, SimpleObject)]
pub(crate) struct BankReconciliation {
    /// The account that was asked for.
    account: BankAccountNode,
    /// The day.
    on: NaiveDate,
    /// What its statements say is on it.
    statement_balance: Money,
    /// What the statements of all accounts of the estate say.
    statements: Money,
    /// What the books of the estate say.
    books: Money,
    /// Books less statements.
    difference: Money,
    /// How many items stand in the books and on no statement, or the other way round because they
    /// were booked later.
    open_items: i32,
    /// What they amount to.
    open_amount: Money,
    /// How many lines have no reason yet.
    unmatched_lines: i32,
    /// What they amount to.
    unmatched_amount: Money,
    /// What of the difference has no reason; not zero is a defect.
    unexplained: Money,
    /// Whether nothing is open on either side.
    reconciled: bool,
}

impl From<Reconciliation> for BankReconciliation {
    fn from(it: Reconciliation) -> Self {
        let currency = it.account.currency;
        let money = |amount| Money::new(amount, currency);
        let agreement = it.agreement;
        Self {
            on: it.on,
            statement_balance: money(it.balance),
            statements: money(agreement.statements),
            books: money(agreement.books),
            difference: money(agreement.difference()),
            open_items: int(it.open_items),
            open_amount: money(agreement.open_items),
            unmatched_lines: int(it.unmatched),
            unmatched_amount: money(agreement.unmatched),
            unexplained: money(agreement.unexplained()),
            reconciled: it.open_items == 0
                && it.unmatched == 0
                && agreement.unexplained().is_zero(),
            account: it.account.into(),
        }
    }
}

fn int(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Queries on the bank.
#[derive(Default)]
pub(crate) struct BankQuery;

#[Object]
impl BankQuery {
    /// The bank accounts of an estate.
    async fn bank_accounts(
        &self,
        ctx: &Context<'_>,
        estate_id: ID,
    ) -> Result<Option<Vec<BankAccountNode>>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let (scope, _) = readable(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        let accounts = Bank(&scope).accounts(estate).await.graphql()?;
        Ok(Some(accounts.into_iter().map(Into::into).collect()))
    }

    /// The statements of a bank account, newest first.
    async fn bank_statements(
        &self,
        ctx: &Context<'_>,
        account_id: ID,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<Cursor, BankStatementNode>>> {
        let page = PageArgs::new(first, after)?;
        let id = parse_id(&account_id, "accountId")?;
        let (scope, account) = account_of(ctx.data()?, caller(ctx)?, id).await.graphql()?;
        let rows = Bank(&scope).statements(account.id, &page).await.graphql()?;
        let node = |it| statement_node(it, account.currency);
        Ok(Some(connection(&page, rows, |row| row.id.to_string(), node)))
    }

    /// The lines of an estate's statements, oldest first, e.g. those that nobody has explained.
    #[expect(clippy::too_many_arguments, reason = "each is a filter of the list")]
    async fn bank_lines(
        &self,
        ctx: &Context<'_>,
        estate_id: ID,
        #[graphql(desc = "Only of this bank account")] account_id: Option<ID>,
        #[graphql(desc = "Only those that are explained, or are not")] matched: Option<bool>,
        #[graphql(desc = "Only those of this day or earlier")] until: Option<NaiveDate>,
        #[graphql(desc = "A part of the payer, text or reference")] words: Option<String>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<Cursor, BankLineNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let account = account_id.map(|id| parse_id(&id, "accountId")).transpose()?;
        let words = words.filter(|words| !words.trim().is_empty());
        let filter = LineFilter { account, matched, until, words };
        let (scope, books) = readable(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        let lines = Bank(&scope).lines(estate, &filter, &page).await.graphql()?;
        let nodes = line_nodes(&scope, &books, lines).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.place.clone(), |node| node)))
    }

    /// One line of a statement.
    async fn bank_line(&self, ctx: &Context<'_>, id: ID) -> Result<Option<BankLineNode>> {
        let id = parse_id(&id, "id")?;
        line_node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// What a line may be, the likeliest first; nothing once it is explained.
    async fn bank_line_suggestions(
        &self,
        ctx: &Context<'_>,
        line_id: ID,
    ) -> Result<Option<Vec<BankSuggestion>>> {
        let id = parse_id(&line_id, "lineId")?;
        let (scope, line) = line_of(ctx.data()?, caller(ctx)?, id).await.graphql()?;
        if line.matched {
            return Ok(Some(Vec::new()));
        }
        let language = language(ctx);
        let node = |it: Suggestion| BankSuggestion {
            kind: it.kind.into(),
            target_id: it.target,
            confidence: it.confidence.into(),
            why: it.why.say(language),
        };
        let found = suggestions(&scope, &line).await.graphql()?;
        Ok(Some(found.into_iter().map(node).collect()))
    }

    /// What stands in the books of an estate's bank and on no statement, oldest first.
    async fn open_bank_items(
        &self,
        ctx: &Context<'_>,
        estate_id: ID,
        #[graphql(desc = "Up to this day; without one today")] on: Option<NaiveDate>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<Cursor, OpenBankItem>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let (scope, books) = readable(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        let on = on.unwrap_or_else(|| books.today(scope.clock()));
        let last = page.after.as_ref().and_then(|cursor| {
            let (day, source) = cursor.0.split_once('/')?;
            Some((day.parse().ok()?, source.to_owned()))
        });
        let rows = books_repo::open_items(&scope, estate, on, last, page.limit()).await;
        let node = |it: BookItem| OpenBankItem {
            source_id: it.source,
            day: it.day,
            kind: it.kind,
            memo: it.memo,
            open: Money::new(it.open, books.currency),
        };
        let key = |it: &BookItem| format!("{}/{}", it.day, it.source);
        Ok(Some(connection(&page, rows.graphql()?, key, node)))
    }

    /// How the bank of an account's estate agrees with its books at the end of a day.
    async fn bank_reconciliation(
        &self,
        ctx: &Context<'_>,
        account_id: ID,
        on: NaiveDate,
    ) -> Result<Option<BankReconciliation>> {
        let id = parse_id(&account_id, "accountId")?;
        let found = reconcile(ctx.data()?, caller(ctx)?, id, on).await.graphql()?;
        Ok(Some(found.into()))
    }
}

/// An estate's bank, to read in.
pub(super) async fn readable(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
) -> std::result::Result<(TenantScope, Estate), PayError> {
    may_read(caller, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let books = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    Ok((scope, books))
}

pub(super) async fn account_of(
    db: &Db,
    caller: &Caller,
    id: BankAccountId,
) -> std::result::Result<(TenantScope, BankAccount), PayError> {
    let scope = db.read(caller.tenant()).await?;
    let account = Bank(&scope).account(id).await?.ok_or(Denied::Hidden)?;
    may_read(caller, account.estate)?;
    Ok((scope, account))
}

pub(super) async fn statement_of(
    db: &Db,
    caller: &Caller,
    id: BankStatementId,
) -> std::result::Result<BankStatementNode, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let statement = Bank(&scope).statement(id).await?.ok_or(Denied::Hidden)?;
    may_read(caller, statement.estate)?;
    let account = Bank(&scope).account(statement.account).await?.ok_or(Denied::Hidden)?;
    Ok(statement_node(statement, account.currency))
}

async fn line_of(
    db: &Db,
    caller: &Caller,
    id: BankLineId,
) -> std::result::Result<(TenantScope, BankLine), PayError> {
    let scope = db.read(caller.tenant()).await?;
    let line = Bank(&scope).line(id).await?.ok_or(Denied::Hidden)?;
    may_read(caller, line.estate)?;
    Ok((scope, line))
}

/// What a line amounts to.
pub(super) async fn amount_of(
    db: &Db,
    caller: &Caller,
    id: BankLineId,
) -> std::result::Result<Fen, PayError> {
    Ok(line_of(db, caller, id).await?.1.amount)
}

pub(super) async fn line_node(
    db: &Db,
    caller: &Caller,
    id: BankLineId,
) -> std::result::Result<BankLineNode, PayError> {
    let (scope, line) = line_of(db, caller, id).await?;
    let books = estates::find(&scope, line.estate).await?.ok_or(Denied::Hidden)?;
    line_nodes(&scope, &books, vec![line]).await?.pop().ok_or_else(|| Denied::Hidden.into())
}

/// The nodes of lines with their parts, in one statement more.
async fn line_nodes(
    scope: &TenantScope,
    books: &Estate,
    lines: Vec<BankLine>,
) -> std::result::Result<Vec<BankLineNode>, PayError> {
    let parts = Parts(scope).of_lines(lines.iter().map(|line| line.id).collect::<Vec<_>>()).await?;
    let today = books.today(scope.clock());
    let node = |line: BankLine| {
        let mine = parts.iter().filter(|part| part.line == Some(line.id));
        BankLineNode {
            place: place(&line),
            id: line.id.to_string().into(),
            account_id: line.account.to_string().into(),
            day: line.day,
            age: int((today - line.day).num_days()),
            amount: Money::new(line.amount, books.currency),
            payer: line.payer,
            payer_number: masked(&line.payer_number),
            text: line.text,
            reference: line.reference,
            matched: line.matched,
            parts: mine.map(|part| part_node(part, books.currency)).collect(),
        }
    };
    Ok(lines.into_iter().map(node).collect())
}

fn part_node(part: &Part, currency: Currency) -> BankPartNode {
    BankPartNode {
        id: part.id.to_string().into(),
        kind: part.kind.into(),
        source_id: part.source.clone(),
        amount: Money::new(part.amount, currency),
        rule_id: part.rule.map(|rule| rule.to_string().into()),
    }
}
