//! The books in the graph.

use super::{LEDGER_READ, names, repo, subject_text};
use crate::{
    accounts::{self, ACCOUNT_READ},
    estates,
    fees::graphql::FeeItemNode,
    graphql::{FeeItemLoader, shared},
    ids::{BillingAccountId, EntryId, FeeItemId},
};
use async_graphql::{
    ComplexObject, Context, ID, Object, Result, SimpleObject, connection::Connection,
};
use authz::Denied;
use chrono::{DateTime, NaiveDate, Utc};
use db::Db;
use errors::{Invalid, expected};
use graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse, parse_id,
};
use ids::EstateId;
use money::{Currency, Fen};
use std::collections::HashMap;
use uuid::Uuid;

/// One line of a statement of account.
#[derive(SimpleObject)]
pub struct StatementLine {
    /// The entry behind it, `jnl_…`.
    entry_id: ID,
    /// The day it belongs to.
    day: NaiveDate,
    /// What happened, e.g. `CHARGE` or `PAYMENT`.
    kind: String,
    /// The bill, payment or refund it comes from.
    source_id: String,
    /// Why, where there is something to say.
    memo: String,
    /// What it adds to the debt; below zero it takes away.
    amount: Money,
    /// What is owed after it; below zero is paid ahead.
    balance: Money,
}

/// The balance of one account of the chart.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct TrialBalanceRow {
    /// Its code in the chart, e.g. `1122`.
    code: String,
    /// Its Chinese name.
    name_zh: String,
    /// Its English name.
    name_en: String,
    /// The balance on the debit side.
    debit: Option<Money>,
    /// The balance on the credit side.
    credit: Option<Money>,
    #[graphql(skip)]
    item: Option<FeeItemId>,
}

#[ComplexObject]
impl TrialBalanceRow {
    /// The fee item, where the account is the revenue of one.
    async fn fee_item(&self, ctx: &Context<'_>) -> Result<Option<FeeItemNode>> {
        let Some(item) = self.item else { return Ok(None) };
        let loader = ctx.data::<FeeItemLoader>()?;
        let item = loader.load_one(item).await.map_err(|error| shared(&error))?;
        Ok(item.map(Into::into))
    }
}

/// Every account's balance at the end of a day; both sides are equal.
#[derive(SimpleObject)]
pub struct TrialBalance {
    /// The day.
    on: NaiveDate,
    /// The accounts that have a balance.
    rows: Vec<TrialBalanceRow>,
    /// The sum of the debit side.
    debit: Money,
    /// The sum of the credit side.
    credit: Money,
}

/// One line of a journal entry.
#[derive(SimpleObject)]
pub struct LedgerLine {
    /// The account's code in the chart.
    code: String,
    /// Whose account it is, where there is one per debtor, partner or fee item.
    subject_id: Option<ID>,
    /// By how much it changes; debit above zero.
    amount: Money,
}

/// One entry of the journal.
#[derive(SimpleObject)]
pub struct LedgerEntry {
    /// Its id, `jnl_…`.
    id: ID,
    /// The day it belongs to.
    day: NaiveDate,
    /// What happened.
    kind: String,
    /// The bill, payment or refund it comes from.
    source_id: String,
    /// Why, where there is something to say.
    memo: String,
    /// The entry it undoes.
    reverses_id: Option<ID>,
    /// When it was posted.
    at: DateTime<Utc>,
    /// Its lines; they sum to zero.
    lines: Vec<LedgerLine>,
}

/// An account whose kept balance is not what its lines say.
#[derive(SimpleObject)]
pub struct LedgerDifference {
    /// The account's code in the chart.
    code: String,
    /// Whose account it is.
    subject_id: Option<ID>,
    /// Which balance differs: the account's own (`BALANCE`), that of its bills (`BILLS`) or what a
    /// day changed (`DAYS`).
    kept_in: String,
    /// What is kept.
    kept: Money,
    /// What the lines sum to.
    recomputed: Money,
}

/// Whether the books agree.
#[derive(SimpleObject)]
pub struct LedgerVerification {
    /// Whether nothing differs.
    agrees: bool,
    /// What differs.
    differences: Vec<LedgerDifference>,
}

fn subject_id(code: &str, subject: Option<Uuid>) -> Option<ID> {
    subject_text(code, subject?).map(Into::into)
}

/// Queries on the books.
#[derive(Default)]
pub struct LedgerQuery;

#[Object]
impl LedgerQuery {
    /// What changed an account's debt and prepayment in a period, with the balance after each.
    async fn statement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, `bac_…`")] account_id: ID,
        #[graphql(desc = "First day")] from: NaiveDate,
        #[graphql(desc = "Last day")] to: NaiveDate,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, StatementLine, Opening>>> {
        let caller = caller(ctx)?;
        let id = parse_id::<BillingAccountId>(&account_id, "accountId")?;
        let page = PageArgs::new(first, after)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let account =
            accounts::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
        accounts::visible(&caller.read(ACCOUNT_READ, account.estate).graphql()?, &account)
            .graphql()?;
        let estate = estates::find(&scope, account.estate).await.graphql()?;
        let currency = estate.ok_or(Denied::Hidden).graphql()?.currency;
        let opening = repo::owed_before(&scope, id, from).await.graphql()?;
        let after = page.after.as_ref().map(|cursor| place(&cursor.0)).transpose()?;
        let rows = repo::statement(&scope, id, (from, to), after, page.limit()).await.graphql()?;
        let key = |row: &repo::StatementLine| format!("{}/{}", row.day, row.entry_id);
        let found = connection(&page, rows, key, |row| StatementLine {
            entry_id: EntryId::from_uuid(row.entry_id).to_string().into(),
            day: row.day,
            kind: row.kind,
            source_id: row.source,
            memo: row.memo,
            amount: Money::new(Fen(row.amount), currency),
            balance: Money::new(Fen(row.balance), currency),
        });
        let more = Opening { opening_balance: Money::new(opening, currency) };
        let mut with_opening =
            Connection::with_additional_fields(found.has_previous_page, found.has_next_page, more);
        with_opening.edges = found.edges;
        Ok(Some(with_opening))
    }

    /// Every account's balance of an estate's books at the end of a day.
    async fn trial_balance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The day")] on: NaiveDate,
    ) -> Result<Option<TrialBalance>> {
        let (estate, currency, scope) = books(ctx, &estate_id).await?;
        let rows = repo::trial_balance(&scope, estate, on).await.graphql()?;
        let side =
            |sign: i64| -> Fen { rows.iter().map(|row| Fen((row.amount * sign).max(0))).sum() };
        Ok(Some(TrialBalance {
            on,
            debit: Money::new(side(1), currency),
            credit: Money::new(side(-1), currency),
            rows: rows
                .iter()
                .map(|row| {
                    let (name_zh, name_en) = names(&row.code);
                    let amount = Fen(row.amount);
                    TrialBalanceRow {
                        code: row.code.clone(),
                        name_zh: name_zh.to_owned(),
                        name_en: name_en.to_owned(),
                        debit: amount.is_positive().then(|| Money::new(amount, currency)),
                        credit: amount.is_negative().then(|| Money::new(-amount, currency)),
                        item: row.subject.filter(|_| row.code == "6001").map(FeeItemId::from_uuid),
                    }
                })
                .collect(),
        }))
    }

    /// The journal of an estate, newest first.
    async fn ledger_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those of this bill, payment or refund")] source_id: Option<String>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, LedgerEntry>>> {
        let page = PageArgs::new(first, after)?;
        let (estate, _, scope) = books(ctx, &estate_id).await?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::journal(&scope, estate, source_id.as_deref(), before, page.limit());
        let rows = rows.await.graphql()?;
        Ok(Some(entries(&scope, &page, rows).await?))
    }

    /// Recomputes every balance of an estate from its lines and says what differs.
    async fn verify_ledger(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
    ) -> Result<Option<LedgerVerification>> {
        let (estate, currency, scope) = books(ctx, &estate_id).await?;
        let node = |kept_in: &'static str| {
            move |row: repo::Difference| LedgerDifference {
                subject_id: subject_id(&row.code, row.subject),
                code: row.code,
                kept_in: kept_in.to_owned(),
                kept: Money::new(Fen(row.kept), currency),
                recomputed: Money::new(Fen(row.recomputed), currency),
            }
        };
        let balances = repo::differences(&scope, estate).await.graphql()?;
        let bills = repo::debtors_that_differ(&scope, estate).await.graphql()?;
        let days = repo::days_that_differ(&scope, estate).await.graphql()?;
        let differences: Vec<LedgerDifference> = balances
            .into_iter()
            .map(node("BALANCE"))
            .chain(bills.into_iter().map(node("BILLS")))
            .chain(days.into_iter().map(node("DAYS")))
            .collect();
        Ok(Some(LedgerVerification { agrees: differences.is_empty(), differences }))
    }
}

/// What a statement starts from.
#[derive(SimpleObject)]
pub struct Opening {
    /// What was owed before the first day.
    opening_balance: Money,
}

/// Leave to read an estate's books.
pub(crate) async fn books(
    ctx: &Context<'_>,
    estate: &ID,
) -> Result<(EstateId, Currency, db::TenantScope)> {
    let caller = caller(ctx)?;
    let estate = parse_id::<EstateId>(estate, "estateId")?;
    caller.read(LEDGER_READ, estate).graphql()?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let known = estates::find(&scope, estate).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    Ok((estate, known.currency, scope))
}

/// The day and entry after which a page of a statement starts.
fn place(cursor: &str) -> Result<(NaiveDate, Uuid)> {
    let wrong = || Invalid::new("after", expected::cursor());
    let (day, entry) = cursor.split_once('/').ok_or_else(wrong).graphql()?;
    Ok((parse(day, "after")?, parse(entry, "after")?))
}

/// A page of entries with their lines.
pub(crate) async fn entries(
    scope: &db::TenantScope,
    page: &PageArgs,
    rows: Vec<repo::JournalEntry>,
) -> Result<Connection<Cursor, LedgerEntry>> {
    let ids: Vec<EntryId> = rows.iter().map(|row| EntryId::from_uuid(row.id)).collect();
    let mut lines: HashMap<Uuid, Vec<repo::JournalLine>> = HashMap::new();
    for line in repo::lines(scope, &ids).await.graphql()? {
        lines.entry(line.entry_id).or_default().push(line);
    }
    let key = |row: &repo::JournalEntry| row.id.simple().to_string();
    Ok(connection(page, rows, key, |row| {
        let lines = lines.get(&row.id).cloned().unwrap_or_default();
        entry(row, lines)
    }))
}

fn entry(row: repo::JournalEntry, lines: Vec<repo::JournalLine>) -> LedgerEntry {
    let currency = row.currency.parse().unwrap_or(Currency::CNY);
    let line = |line: repo::JournalLine| LedgerLine {
        subject_id: subject_id(&line.code, line.subject),
        code: line.code,
        amount: Money::new(Fen(line.amount), currency),
    };
    let id = |id| ID(EntryId::from_uuid(id).to_string());
    LedgerEntry {
        id: id(row.id),
        day: row.day,
        kind: row.kind,
        source_id: row.source,
        memo: row.memo,
        reverses_id: row.reverses.map(id),
        at: row.at,
        lines: lines.into_iter().map(line).collect(),
    }
}
