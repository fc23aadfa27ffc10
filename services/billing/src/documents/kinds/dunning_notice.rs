//! 催缴通知单 of a contact with a debtor: the bills, late fees and figures of its day.

use super::Wish;
use crate::{
    bills,
    documents::{
        domain::{Document, DocumentKind},
        download::Handed,
        issue::{self, Draft},
        notices::{months, names},
        print::{Bilingual, DunningNotice, OverdueLine},
    },
    dunning,
    error::Refused,
    fees,
    ids::{BillId, DunningActionId},
    say,
};
use db::{StorageError, TenantScope};
use dunning::Demanded;
use money::{Currency, Fen};
use std::collections::HashMap;
use uuid::Uuid;

/// The notice of a contact, for whoever may see the contact.
pub(in crate::documents) async fn dunning_notice(
    wish: &Wish<'_>,
    id: DunningActionId,
) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let demand = dunning::notice(&scope, wish.caller, id).await?;
    let whose = wish.whose(&scope, &demand.account).await?;
    let amount: Fen = demand.lines.iter().map(|line| line.principal + line.late_fee).sum();
    let account = Some(demand.account.id);
    let draft = Draft { subject: id.as_uuid(), account, amount, number: None };
    let kind = (DocumentKind::DunningNotice, "");
    let document = issue::document(&scope, &whose.estate, kind, draft, wish.caller).await?;
    let charged = charged(&scope, &demand.lines).await?;
    let line = |line: Demanded| OverdueLine {
        what: charged.get(&line.bill.id).cloned().unwrap_or_default(),
        due: line.bill.due,
        principal: line.principal,
        days: demand.on.signed_duration_since(line.bill.due).num_days(),
        late_fee: line.late_fee,
        arithmetic: line.arithmetic.map(Into::into),
    };
    let paper = DunningNotice {
        head: issue::head(&document, &whose.estate, wish.site(), demand.is_undone),
        debtor: whose.name,
        unit: whose.unit,
        lines: demand.lines.into_iter().map(line).collect(),
        on: demand.on,
        pay_by: demand.pay_by,
        contact: say::doc_contact_desk(whose.estate.name).into(),
        capitals: whose.estate.currency == Currency::CNY,
    };
    scope.commit().await?;
    wish.hand_out(document, &paper).await
}

/// What each bill charged for, and its months.
async fn charged(
    scope: &TenantScope,
    lines: &[Demanded],
) -> Result<HashMap<BillId, Bilingual>, StorageError> {
    let ids: Vec<BillId> = lines.iter().map(|line| line.bill.id).collect();
    let charges = bills::lines_of(scope, &ids).await?;
    let items = fees::repo::items_by_id(scope, charges.iter().map(|line| line.charge.item));
    let items: HashMap<_, _> = items.await?.into_iter().map(|item| (item.id, item)).collect();
    let of = |line: &Demanded| {
        let mut all: Vec<Bilingual> = Vec::new();
        let mine = charges.iter().filter(|charge| charge.bill == line.bill.id);
        for item in mine.filter_map(|charge| items.get(&charge.charge.item)) {
            let name = names(item);
            if !all.contains(&name) {
                all.push(name);
            }
        }
        let join = |of: fn(&Bilingual) -> &str, comma: &str| {
            let words: Vec<&str> = all.iter().map(of).collect();
            format!("{} {}", words.join(comma), months(&line.bill))
        };
        let name = Bilingual { zh: join(|it| &it.zh, "、"), en: join(|it| &it.en, ", ") };
        (line.bill.id, name)
    };
    Ok(lines.iter().map(of).collect())
}

/// Whether the document does not count any more: the contact was recorded by mistake.
pub(super) async fn is_void(scope: &TenantScope, subject: Uuid) -> Result<bool, Refused> {
    Ok(dunning::is_undone(scope, DunningActionId::from_uuid(subject)).await?)
}
