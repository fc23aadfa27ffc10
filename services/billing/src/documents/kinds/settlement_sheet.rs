//! 结算单 of a settlement at leaving, as it was prepared.

use super::{Wish, channel};
use crate::{
    accounts, bills,
    deposits::{Deposits, kind_name},
    documents::{
        domain::{Document, DocumentKind},
        download::Handed,
        issue::{self, Draft},
        notices::names,
        print::{Bilingual, SettlementLine, SettlementSheet},
    },
    error::Refused,
    estates::Estate,
    fees,
    ids::{BillId, FeeItemId, LeavingId},
    late_fees,
    ledger::Toward,
    payments::{covers, part_name},
    say,
    settlements::{LEAVING_READ, Leaving, LeavingState, Leavings},
};
use authz::Denied;
use db::{StorageError, TenantScope};
use money::{Currency, Fen};
use std::collections::{BTreeSet, HashMap};
use texts::Text;
use uuid::Uuid;

/// The sheet of a settlement, for whoever may see the settlement.
pub(in crate::documents) async fn settlement_sheet(
    wish: &Wish<'_>,
    id: LeavingId,
) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let leaving = Leavings(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    let account = accounts::find(&scope, leaving.account).await?.ok_or(Denied::Hidden)?;
    let right = wish.caller.act(LEAVING_READ, LEAVING_READ, account.estate)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    let whose = wish.whose(&scope, &account).await?;
    let amount = leaving.sheet.net();
    let draft = Draft { subject: id.as_uuid(), account: Some(account.id), amount, number: None };
    let kind = (DocumentKind::SettlementSheet, "");
    let document = issue::document(&scope, &whose.estate, kind, draft, wish.caller).await?;
    let void = leaving.state == LeavingState::Cancelled;
    let items = items(&scope, &leaving).await?;
    let pays_back = leaving.sheet.paid_out().is_positive().then(|| channel(leaving.till));
    let paper = SettlementSheet {
        head: issue::head(&document, &whose.estate, wish.site(), void),
        matter: say::doc_leaving(leaving.command.leaves_on).into(),
        party: whose.name,
        unit: whose.unit,
        additions: additions(&scope, &leaving, &items).await?,
        deductions: deductions(&scope, &whose.estate, &leaving, &items).await?,
        pays_back,
        capitals: whose.estate.currency == Currency::CNY,
    };
    scope.commit().await?;
    wish.hand_out(document, &paper).await
}

type Items = HashMap<FeeItemId, Bilingual>;

async fn items(scope: &TenantScope, leaving: &Leaving) -> Result<Items, StorageError> {
    let unused = leaving.sheet.unused.iter().map(|part| part.item);
    let debits = leaving.sheet.debits.iter().map(|debit| debit.item);
    let items: Vec<FeeItemId> = unused.chain(debits).collect();
    let items = fees::repo::items_by_id(scope, items).await?;
    Ok(items.iter().map(|item| (item.id, names(item))).collect())
}

fn line(what: impl Into<Bilingual>, note: Option<Text>, amount: Fen) -> SettlementLine {
    SettlementLine { what: what.into(), note: note.map(Into::into), amount }
}

/// Days that are not used, what is paid ahead, and deposits.
async fn additions(
    scope: &TenantScope,
    leaving: &Leaving,
    items: &Items,
) -> Result<Vec<SettlementLine>, Refused> {
    let sheet = &leaving.sheet;
    let mut lines = Vec::new();
    for part in &sheet.unused {
        let name = items.get(&part.item).cloned().unwrap_or_default();
        let what = name.with(&format!("{} – {}", part.from, part.to));
        let note = say::doc_unused_days(part.charged, part.kept, part.amount());
        lines.push(line(what, Some(note), part.amount()));
    }
    if sheet.prepayment.is_positive() {
        lines.push(line(say::prepayment(), None, sheet.prepayment));
    }
    for (id, amount) in &sheet.deposits {
        let deposit = Deposits(scope).find(*id).await?.ok_or(Denied::Hidden)?;
        lines.push(line(kind_name(deposit.kind), None, *amount));
    }
    Ok(lines)
}

/// What is charged with the settlement, what is open of bills, and their late fees.
async fn deductions(
    scope: &TenantScope,
    estate: &Estate,
    leaving: &Leaving,
    items: &Items,
) -> Result<Vec<SettlementLine>, Refused> {
    let mut lines = Vec::new();
    for debit in &leaving.sheet.debits {
        let name = items.get(&debit.item).cloned().unwrap_or_default();
        lines.push(line(name.with(&debit.description), None, debit.amount));
    }
    let sheet = &leaving.sheet;
    let ids: BTreeSet<BillId> =
        sheet.open.iter().chain(&sheet.late_fees).map(|(bill, _)| *bill).collect();
    let ids: Vec<BillId> = ids.into_iter().collect();
    let bills = bills::by_id(scope, &ids).await?;
    let find = |id: BillId| bills.iter().find(|bill| bill.id == id).ok_or(Denied::Hidden);
    for (id, amount) in &sheet.open {
        lines.push(line(part_name(find(*id)?, Toward::Principal), None, *amount));
    }
    if let Some(day) = sheet.late_until {
        let quotes = late_fees::quote(scope, estate, &bills, day).await?;
        for (id, amount) in &sheet.late_fees {
            let arithmetic = quotes.get(id).and_then(|quote| quote.words_of(*amount));
            lines.push(line(part_name(find(*id)?, Toward::LateFee), arithmetic, *amount));
        }
    }
    Ok(lines)
}

/// Whether the document does not count any more: the settlement was taken back.
pub(super) async fn is_void(scope: &TenantScope, subject: Uuid) -> Result<bool, Refused> {
    let leaving = Leavings(scope).find(LeavingId::from_uuid(subject)).await?;
    Ok(leaving.is_none_or(|leaving| leaving.state == LeavingState::Cancelled))
}
