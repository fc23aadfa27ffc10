//! Asking for an invoice of paid bills.

use super::{
    INVOICE_READ, INVOICE_REQUEST,
    domain::{self, Buyer, Charged, Invoice, InvoiceLine, InvoiceState},
    repo, settings_repo,
};
use crate::{
    accounts::{self, BillingAccount},
    bills::{self, Bill, Means, Settlement},
    error::Refused,
    estates::{self, Estate},
    fees::{self, FeeItem, FeeKind},
    ids::{BillId, ChargeId, FeeItemId, InvoiceId, InvoiceTitleId},
    late_fees,
    ledger::Toward,
    payments::part_name,
    say,
};
use authz::{AuditFact, Caller, Denied};
use db::{Db, Idempotency, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use money::Fen;
use std::collections::HashMap;
use texts::Language;

/// An invoice has the lines of at most so many bills.
const MOST_BILLS: usize = 20;

/// Invoice these bills.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct RequestInvoice {
    pub bills: Vec<BillId>,
    /// `None`: in the name of whoever owes them.
    pub title: Option<InvoiceTitleId>,
}

/// Asks for the invoice of paid bills of one account; each line is invoiced once.
#[tracing::instrument(name = "usecase.invoices.request", skip_all)]
pub(super) async fn request(
    db: &Db,
    caller: &Caller,
    command: RequestInvoice,
    key: &IdempotencyKey,
) -> Result<Invoice, Refused> {
    if !(1..=MOST_BILLS).contains(&command.bills.len()) {
        return Err(Invalid::new("billIds", expected::length(1, MOST_BILLS)).into());
    }
    match once(db, caller, &command, key).await {
        // Somebody else asked for the same line, or used the same key, at the same time.
        Err(refused) if refused.is_race() => match once(db, caller, &command, key).await {
            Err(refused) if refused.is_race() => Err(Refused::Conflict(say::invoiced_already())),
            done => done,
        },
        done => done,
    }
}

async fn once(
    db: &Db,
    caller: &Caller,
    command: &RequestInvoice,
    key: &IdempotencyKey,
) -> Result<Invoice, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let account = permitted(&scope, caller, command).await?;
    let operation = format!("request_invoice/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, command)?;
    if let Some(id) = keyed.first_answer::<InvoiceId>().await? {
        return Ok(repo::find(&scope, id).await?.ok_or(Denied::Hidden)?);
    }
    // Whoever pays, refunds or voids holds the account: the bills are read anew once nobody does.
    accounts::lock(&scope, account.id).await?.ok_or(Denied::Hidden)?;
    let bills = bills::by_id(&scope, &command.bills).await?;
    if bills.iter().any(|bill| bill.voided_on.is_some() || bill.settled < bill.total) {
        return Err(Refused::Conflict(say::invoice_not_paid()));
    }
    let entries: Vec<_> = bills.iter().map(|bill| bill.entry).collect();
    if repo::has_deposit(&scope, &entries).await? {
        return Err(Refused::Conflict(say::invoice_deposit()));
    }
    let estate = estates::find(&scope, account.estate).await?.ok_or(Denied::Hidden)?;
    let (_, seller) = settings_repo::seller(&scope)
        .await?
        .ok_or_else(|| Refused::Conflict(say::invoice_no_seller()))?;
    let lines = lines(&scope, &estate, &bills).await?;
    let sum = |of: fn(&InvoiceLine) -> Fen| lines.iter().map(of).sum::<Fen>();
    let invoice = Invoice {
        id: InvoiceId::from_uuid(scope.new_id()),
        estate: estate.id,
        account: account.id,
        state: InvoiceState::Requested,
        credits: None,
        buyer: buyer(&scope, &account, command.title).await?,
        seller,
        gross: sum(|line| line.gross),
        net: sum(|line| line.net),
        tax: sum(|line| line.tax),
        currency: estate.currency,
        reason: None,
        requested_by: caller.user(),
        requested_at: scope.now(),
        exported_at: None,
        number: None,
        issued_on: None,
        link: None,
    };
    repo::insert(&scope, &invoice, &lines).await?;
    keyed.keep(&invoice.id).await?;
    let fact = AuditFact {
        action: "invoice.requested",
        object: invoice.id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: serde_json::json!({ "gross": invoice.gross, "bills": command.bills }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(invoice)
}

/// The one account of all bills, which the caller may have invoiced.
async fn permitted(
    scope: &TenantScope,
    caller: &Caller,
    command: &RequestInvoice,
) -> Result<BillingAccount, Refused> {
    let bills = bills::by_id(scope, &command.bills).await?;
    let mut owing: Option<BillingAccount> = None;
    for id in &command.bills {
        let bill = bills.iter().find(|bill| bill.id == *id).ok_or(Denied::Hidden)?;
        if owing.as_ref().is_some_and(|account| account.id == bill.account) {
            continue;
        }
        let account = accounts::find(scope, bill.account).await?.ok_or(Denied::Hidden)?;
        let permit = caller.act(INVOICE_REQUEST, INVOICE_READ, account.estate)?;
        accounts::visible(&permit, &account)?;
        if owing.is_some() {
            return Err(Invalid::new("billIds", say::bills_of_one_account()).into());
        }
        owing = Some(account);
    }
    Ok(owing.ok_or(Denied::Hidden)?)
}

async fn buyer(
    scope: &TenantScope,
    account: &BillingAccount,
    title: Option<InvoiceTitleId>,
) -> Result<Buyer, Refused> {
    let Some(title) = title else {
        return Ok(Buyer { name: account.name.full.clone(), tax_number: None });
    };
    let title = settings_repo::title(scope, title).await?;
    let title = title.filter(|title| title.account == account.id).ok_or(Denied::Hidden)?;
    Ok(title.buyer)
}

/// The lines of bills with their tax, by the classes of today: what was paid of each charge that is on
/// no invoice, and what was paid of the bill's late fee.
async fn lines(
    scope: &TenantScope,
    estate: &Estate,
    bills: &[Bill],
) -> Result<Vec<InvoiceLine>, Refused> {
    let ids: Vec<BillId> = bills.iter().map(|bill| bill.id).collect();
    let mut charges = bills::lines_of(scope, &ids).await?;
    charges.sort_by_key(|line| (line.charge.month, line.charge.from, line.id));
    let late_fee = late_fees::item(scope, estate.id).await?;
    let items = charges.iter().map(|line| line.charge.item);
    let items = fees::repo::items_by_id(scope, items).await?;
    let items: HashMap<_, _> = items.into_iter().map(|item| (item.id, item)).collect();
    let history = bills::history(scope, ids.iter().copied()).await?;
    let held = repo::held(scope, &ids).await?;
    let mut all = Vec::new();
    for bill in bills {
        let charges = charges.iter().filter(|line| line.bill == bill.id).collect::<Vec<_>>();
        let held: Vec<_> = held.iter().filter(|(of, ..)| *of == bill.id).collect();
        let late = late(bill, history.get(&bill.id), &held, late_fee.id);
        let again = held.iter().any(|(_, charge, _)| charge.is_some());
        if again && !late.amount.is_positive() {
            return Err(Refused::Conflict(say::invoiced_already()));
        }
        let amounts: Vec<Fen> = charges.iter().map(|line| line.charge.amount).collect();
        let came_in = domain::received(&amounts, bill.total - bill.waived);
        for (line, amount) in charges.into_iter().zip(came_in) {
            let item = items.get(&line.charge.item).ok_or(Denied::Hidden)?;
            all.push(charged(line, item, if again { Fen::ZERO } else { amount }));
        }
        all.push(late);
    }
    let classes = settings_repo::classes_of(scope, items.keys().copied()).await?;
    let classes = domain::in_force(classes, estate.today(scope.clock()));
    Ok(domain::lines(&all, &classes)?)
}

/// A charge, of which `amount` is to be invoiced.
fn charged(line: &bills::Line, item: &FeeItem, amount: Fen) -> Charged {
    let charge = &line.charge;
    let days = || format!("{} {}–{}", item.name_zh, charge.from, charge.to);
    Charged {
        charge: Some(line.id),
        bill: line.bill,
        item: item.id,
        kind: item.kind,
        text: charge.description.clone().unwrap_or_else(days),
        whole: charge.amount,
        amount,
    }
}

/// The late fee of a bill: what was paid of it is to be invoiced, less what is on an invoice.
fn late(
    bill: &Bill,
    history: Option<&Vec<Settlement>>,
    held: &[&(BillId, Option<ChargeId>, Fen)],
    item: FeeItemId,
) -> Charged {
    let history = history.into_iter().flatten();
    let came_in = |it: &&Settlement| it.toward == Toward::LateFee && it.means != Means::Waiver;
    let paid: Fen = history.filter(came_in).map(|it| it.amount).sum();
    let held = held.iter().filter(|(_, charge, _)| charge.is_none());
    let invoiced: Fen = held.map(|(.., gross)| *gross).sum();
    Charged {
        charge: None,
        bill: bill.id,
        item,
        kind: FeeKind::LateFee,
        text: part_name(bill, Toward::LateFee).say(Language::Zh),
        whole: paid,
        amount: paid - invoiced,
    }
}
