//! Issuing one document of an object the caller may read.

use super::{
    domain::{Document, DocumentKind},
    download::{Handed, Shelf},
    issue::{self, Draft},
    notices::Notices,
    print::{Bilingual, Printed, ReceiptPaper, ReceiptTitle, RefundForm, Statement, StatementRow},
};
use crate::{
    accounts::{self, ACCOUNT_READ, BillingAccount},
    bills::{self, BILL_READ},
    error::Refused,
    estates::{self, Estate},
    ids::{BillId, BillingAccountId, PaymentId, ReceiptId, RefundId, UserId},
    ledger::{Till, books},
    payments::{PAYMENT_READ, Payments, ReceiptKind},
    receipts::Receipts,
    refunds::Refunds,
    say,
};
use authz::{Caller, Denied};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, TenantScope};
use errors::{Invalid, expected};
use money::{Currency, Fen};
use texts::Language;

/// A statement has at most so many rows.
const MOST_ROWS: u64 = 2_000;

/// Who wants a document, from where, in which language.
pub(super) struct Wish<'a> {
    pub db: &'a Db,
    pub shelf: &'a Shelf,
    pub caller: &'a Caller,
    pub language: Language,
}

/// Whose document it is.
struct Whose {
    estate: Estate,
    name: String,
    unit: Option<String>,
}

impl Wish<'_> {
    /// What stands in the head of a document about an account.
    async fn whose(&self, scope: &TenantScope, account: &BillingAccount) -> Result<Whose, Refused> {
        let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
        let own = crate::graphql::own_person(self.caller);
        let own = own == Some(account.debtor.party.as_uuid());
        let name = if own { account.name.full.clone() } else { account.name.shown.clone() };
        let unit = match account.debtor.unit {
            Some(unit) => estates::unit(scope, unit).await?.map(|unit| unit.label),
            None => None,
        };
        Ok(Whose { estate, name, unit })
    }

    /// Prints it and puts it where a link leads.
    async fn hand_out(
        &self,
        document: Document,
        printed: &(impl Printed + Sync),
    ) -> Result<(Document, Handed), Refused> {
        let bytes = printed.render(self.language)?;
        let name = format!("{}.pdf", document.number);
        let handed = self.shelf.hand_out(self.caller.tenant(), &name, &bytes).await?;
        Ok((document, handed))
    }

    fn site(&self) -> Option<&str> {
        self.shelf.site.as_deref()
    }
}

/// The payment notice of a bill.
pub(super) async fn payment_notice(
    wish: &Wish<'_>,
    id: BillId,
) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let bill = bills::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let permit = wish.caller.act(BILL_READ, BILL_READ, bill.estate)?;
    let account = accounts::find(&scope, bill.account).await?.ok_or(Denied::Hidden)?;
    accounts::visible(&permit, &account)?;
    let own = crate::graphql::own_person(wish.caller) == Some(account.debtor.party.as_uuid());
    let estate = estates::find(&scope, bill.estate).await?.ok_or(Denied::Hidden)?;
    let draft =
        Draft { subject: id.as_uuid(), account: bill.account, amount: bill.total, number: None };
    let kind = (DocumentKind::PaymentNotice, "");
    let document = issue::document(&scope, &estate, kind, draft, wish.caller).await?;
    let bills = std::slice::from_ref(&bill);
    let known = Notices::read(&scope, &estate, bills).await?;
    let head = issue::head(&document, &estate, wish.site(), bill.voided_on.is_some());
    let notice = known.notice(&bill, head, estate.currency, own);
    scope.commit().await?;
    wish.hand_out(document, &notice).await
}

/// A receipt as its row was issued; void ones carry the mark.
pub(super) async fn receipt(wish: &Wish<'_>, id: ReceiptId) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let receipt = Receipts(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    let account = accounts::find(&scope, receipt.account).await?.ok_or(Denied::Hidden)?;
    reads_payments(wish.caller, &account)?;
    let whose = wish.whose(&scope, &account).await?;
    let draft = Draft {
        subject: id.as_uuid(),
        account: receipt.account,
        amount: receipt.amount,
        number: Some(receipt.number.clone()),
    };
    let kind = (DocumentKind::Receipt, "");
    let document = issue::document(&scope, &whose.estate, kind, draft, wish.caller).await?;
    let replaces = match receipt.replaces {
        Some(old) => Receipts(&scope).find(old).await?.map(|old| old.number),
        None => None,
    };
    let head = issue::head(&document, &whose.estate, wish.site(), receipt.voided.is_some());
    // The receipt was issued when its row was, by whoever took the money.
    let issued_at = receipt.issued_at.with_timezone(&whose.estate.zone).naive_local();
    let head =
        super::print::Head { issued_at, issuer: receipt.issued_by.map(issue::operator), ..head };
    let (title, method) = match receipt.kind {
        ReceiptKind::Payment => {
            let payment = Payments(&scope).find(PaymentId::from_uuid(receipt.source)).await?;
            (ReceiptTitle::Payment, payment.map(|payment| channel(payment.till)))
        }
        ReceiptKind::Deposit => (ReceiptTitle::Deposit, None),
        ReceiptKind::Refund => (ReceiptTitle::Refund, None),
    };
    let paper = ReceiptPaper {
        head,
        title,
        payer: receipt.payer,
        unit: whose.unit,
        method,
        lines: receipt.lines.into_iter().map(|line| (line.text, line.amount)).collect(),
        total: receipt.amount,
        replaces,
        void_reason: receipt.voided.map(|voided| voided.reason),
        capitals: receipt.currency == Currency::CNY,
    };
    scope.commit().await?;
    wish.hand_out(document, &paper).await
}

/// The statement of an account from one day to another.
pub(super) async fn statement(
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
    let draft = Draft { subject: id.as_uuid(), account: id, amount: closing, number: None };
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

/// The form of a refund with its approval so far.
pub(super) async fn refund_form(
    wish: &Wish<'_>,
    id: RefundId,
) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let refund = Refunds(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    let account = accounts::find(&scope, refund.account).await?.ok_or(Denied::Hidden)?;
    reads_payments(wish.caller, &account)?;
    let payment = Payments(&scope).find(refund.payment).await?.ok_or(Denied::Hidden)?;
    let whose = wish.whose(&scope, &account).await?;
    let draft = Draft {
        subject: id.as_uuid(),
        account: refund.account,
        amount: refund.amount,
        number: None,
    };
    let kind = (DocumentKind::RefundForm, "");
    let document = issue::document(&scope, &whose.estate, kind, draft, wish.caller).await?;
    let head = issue::head(&document, &whose.estate, wish.site(), refund.state.is_given_up());
    let receipts = Receipts(&scope).of_sources([refund.payment.as_uuid()]).await?;
    let number = receipts.last().map(|receipt| receipt.number.clone());
    let moment = |at: DateTime<Utc>| {
        at.with_timezone(&whose.estate.zone).format("%Y-%m-%d %H:%M").to_string()
    };
    let who = |user: Option<UserId>| user.map(issue::operator).unwrap_or_default();
    let mut steps = vec![(
        say::doc_step_requested().into(),
        who(refund.requested_by),
        moment(refund.requested_at),
        refund.reason.clone(),
    )];
    if let Some(at) = refund.decided_at {
        let step = if refund.state.is_rejected() {
            say::doc_step_rejected()
        } else {
            say::doc_step_approved()
        };
        let remark = refund.decision.clone().unwrap_or_default();
        steps.push((step.into(), who(refund.decided_by), moment(at), remark));
    }
    if let Some(at) = refund.paid_back_at {
        steps.push((say::doc_paid_back().into(), String::new(), moment(at), String::new()));
    }
    let form = RefundForm {
        head,
        payee: whose.name,
        unit: whose.unit,
        payment: number.unwrap_or_else(|| refund.payment.to_string()),
        channel: channel(payment.till),
        amount: refund.amount,
        reason: refund.reason,
        steps,
        capitals: refund.currency == Currency::CNY,
    };
    scope.commit().await?;
    wish.hand_out(document, &form).await
}

/// As reading a payment asks it.
fn reads_payments(caller: &Caller, account: &BillingAccount) -> Result<(), Denied> {
    let right = caller.act(PAYMENT_READ, PAYMENT_READ, account.estate)?;
    if crate::payments::covers(&right, account) { Ok(()) } else { Err(Denied::Hidden) }
}

/// How a payment came in.
fn channel(till: Till) -> Bilingual {
    match till {
        Till::Cash => say::doc_by_cash(),
        Till::Card => say::doc_by_card(),
        Till::Transfer => say::doc_by_transfer(),
        Till::Online => say::doc_by_online(),
    }
    .into()
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
