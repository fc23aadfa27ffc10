//! 对账单 of an account. What was true on its day stays true: it is never void.

use super::Wish;
use crate::{
    accounts::{self, ACCOUNT_READ},
    documents::{
        domain::{Document, DocumentKind},
        download::Handed,
        issue::{self, Draft},
        print::{Bilingual, Statement, StatementRow},
    },
    error::Refused,
    ids::BillingAccountId,
    ledger::books,
    say,
};
use authz::Denied;
use chrono::NaiveDate;
use errors::{Invalid, expected};
use money::Fen;

/// A statement has at most so many rows.
const MOST_ROWS: u64 = 2_000;

/// The statement of an account from one day to another.
pub(in crate::documents) async fn statement(
    wish: &Wish<'_>,
    id: BillingAccountId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let account = accounts::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let permit = wish.caller.act(ACCOUNT_READ, ACCOUNT_READ, account.estate)?;
    accounts::visible(&permit, &account)?;
    if to < from {
        return Err(Invalid::new("to", expected::not_before("from")).into());
    }
    let whose = wish.whose(&scope, &account).await?;
    let opening = books::owed_before(&scope, id, from).await?;
    let rows = books::statement(&scope, id, (from, to), None, MOST_ROWS + 1).await?;
    if rows.len() as u64 > MOST_ROWS {
        return Err(Invalid::new("from", say::doc_statement_too_long()).into());
    }
    let row = |row: books::StatementLine| StatementRow {
        day: row.day,
        what: change_name(&row.kind),
        change: Fen(row.amount),
        balance: Fen(row.balance),
    };
    let rows: Vec<StatementRow> = rows.into_iter().map(row).collect();
    let closing = opening + rows.iter().map(|row| row.change).sum();
    let draft = Draft { subject: id.as_uuid(), account: Some(id), amount: closing, number: None };
    // A day that is not over yet may still change: each hour of it is a document of its own.
    let today = whose.estate.today(scope.clock());
    let detail = if to < today {
        format!("{from}/{to}")
    } else {
        format!("{from}/{to}/{}", scope.now().format("%Y-%m-%dT%H:%M:%S"))
    };
    let kind = (DocumentKind::Statement, detail.as_str());
    let document = issue::document(&scope, &whose.estate, kind, draft, wish.caller).await?;
    let head = issue::head(&document, &whose.estate, wish.site(), false);
    let paper = Statement { head, debtor: whose.name, unit: whose.unit, from, to, opening, rows };
    scope.commit().await?;
    wish.hand_out(document, &paper).await
}

/// What a change of an account is called.
fn change_name(kind: &str) -> Bilingual {
    match kind {
        "CHARGE" => say::doc_change_charge(),
        "PAYMENT" => say::doc_change_payment(),
        "PREPAYMENT_APPLIED" => say::doc_change_prepayment(),
        "REFUND" => say::doc_change_refund(),
        "WAIVER" => say::doc_change_waiver(),
        "LATE_FEE" => say::doc_change_late_fee(),
        "OPENING" => say::doc_opening(),
        "REVERSAL" => say::doc_change_reversal(),
        _ => say::doc_change_other(),
    }
    .into()
}
