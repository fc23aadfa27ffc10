//! What payment notices say, of many bills at once.

use super::{
    domain::DocumentKind,
    issue::{self, Draft},
    print::{Bilingual, Head, NoticeLine, PaymentNotice},
    repo,
};
use crate::{
    accounts::{self, BillingAccount},
    bills::{self, Bill, Line},
    error::Refused,
    estates::{self, Estate, Unit},
    fees::{self, FeeItem},
    ids::{BillId, BillingAccountId, FeeItemId, UnitId},
    ledger,
};
use authz::{Denied, UserId};
use db::TenantScope;
use money::{Currency, Fen};
use std::collections::HashMap;
use texts::Language;

/// Everything that the notices of some bills of one estate need.
pub(super) struct Notices {
    accounts: HashMap<BillingAccountId, BillingAccount>,
    units: HashMap<UnitId, Unit>,
    items: HashMap<FeeItemId, FeeItem>,
    lines: HashMap<BillId, Vec<Line>>,
    debts: HashMap<BillId, Fen>,
    ahead: HashMap<BillingAccountId, Fen>,
}

impl Notices {
    /// Reads it, in a number of statements that does not depend on the number of bills.
    pub async fn read(
        scope: &TenantScope,
        estate: &Estate,
        bills: &[Bill],
    ) -> Result<Self, Refused> {
        let ids: Vec<BillId> = bills.iter().map(|bill| bill.id).collect();
        let owing: Vec<BillingAccountId> = bills.iter().map(|bill| bill.account).collect();
        let accounts = accounts::by_id(scope, &owing).await?;
        let units = estates::units_by_id(scope, bills.iter().filter_map(|bill| bill.unit)).await?;
        let mut lines: HashMap<BillId, Vec<Line>> = HashMap::new();
        for line in bills::lines_of(scope, &ids).await? {
            lines.entry(line.bill).or_default().push(line);
        }
        let wanted = lines.values().flatten().map(|line| line.charge.item);
        let items = fees::repo::items_by_id(scope, wanted).await?;
        let standings = owing.iter().map(|account| (estate.id, *account));
        let standings = ledger::standings(scope, standings).await?;
        Ok(Self {
            accounts: accounts.into_iter().map(|it| (it.id, it)).collect(),
            units: units.into_iter().map(|unit| (unit.id, unit)).collect(),
            items: items.into_iter().map(|item| (item.id, item)).collect(),
            debts: repo::previous_debts(scope, &ids).await?,
            ahead: standings.into_iter().map(|(id, standing)| (id, standing.ahead)).collect(),
            lines,
        })
    }

    /// The account a bill is owed by.
    pub fn account(&self, bill: &Bill) -> Option<&BillingAccount> {
        self.accounts.get(&bill.account)
    }

    /// Where a bill is delivered, for the order of a batch.
    pub fn place(&self, bill: &Bill) -> String {
        let unit = bill.unit.and_then(|unit| self.units.get(&unit));
        unit.map(|unit| unit.label.clone()).unwrap_or_default()
    }

    /// The notice of a bill; `full` shows the whole name of whoever owes.
    pub fn notice(&self, bill: &Bill, head: Head, currency: Currency, full: bool) -> PaymentNotice {
        let debtor = self.account(bill).map(|account| {
            if full { account.name.full.clone() } else { account.name.shown.clone() }
        });
        let period = months(bill);
        PaymentNotice {
            head,
            debtor: debtor.unwrap_or_default(),
            unit: bill.unit.and_then(|unit| self.units.get(&unit)).map(|unit| unit.label.clone()),
            period,
            due: bill.due,
            lines: self.lines.get(&bill.id).into_iter().flatten().map(|it| self.line(it)).collect(),
            settled: bill.settled,
            previous_debt: self.debts.get(&bill.id).copied().unwrap_or(Fen::ZERO),
            prepayment: self.ahead.get(&bill.account).copied().unwrap_or(Fen::ZERO),
            capitals: currency == Currency::CNY,
        }
    }

    fn line(&self, line: &Line) -> NoticeLine {
        let charge = &line.charge;
        let item = self.items.get(&charge.item);
        let explanation = charge.explanation.as_ref();
        NoticeLine {
            item: item.map(names).unwrap_or_default(),
            description: charge.description.clone(),
            from: charge.from,
            to: charge.to,
            formula: explanation
                .map(|it| Bilingual { zh: it.words(Language::Zh), en: it.words(Language::En) }),
            amount: charge.amount,
        }
    }
}

/// What a fee item is called.
pub(super) fn names(item: &FeeItem) -> Bilingual {
    Bilingual { zh: item.name_zh.clone(), en: item.name_en.clone() }
}

/// The months a bill covers.
pub(super) fn months(bill: &Bill) -> String {
    if bill.first_month == bill.last_month {
        bill.first_month.to_string()
    } else {
        format!("{} – {}", bill.first_month, bill.last_month)
    }
}

/// The notices of bills of one estate, each with its place; `full_for` is a person who reads their
/// own name in full.
pub(super) async fn notices(
    scope: &TenantScope,
    estate: &Estate,
    bills: &[Bill],
    by: UserId,
    site: Option<&str>,
) -> Result<Vec<(String, BillId, PaymentNotice)>, Refused> {
    let known = Notices::read(scope, estate, bills).await?;
    let drafts = bills.iter().map(|bill| Draft {
        subject: bill.id.as_uuid(),
        account: Some(bill.account),
        amount: bill.total,
        number: None,
    });
    let kind = (DocumentKind::PaymentNotice, "");
    let documents = issue::documents(scope, estate, kind, drafts.collect(), Some(by)).await?;
    let notice = |bill: &Bill| {
        let document = documents.get(&bill.id.as_uuid()).ok_or(Denied::Hidden)?;
        let head = issue::head(document, estate, site, bill.voided_on.is_some());
        let notice = known.notice(bill, head, estate.currency, false);
        Ok((known.place(bill), bill.id, notice))
    };
    bills.iter().map(notice).collect()
}
