//! 公示 of a published disclosure, for the notice board. It stays as published: it is never void.

use super::Wish;
use crate::{
    documents::{
        domain::{Document, DocumentKind},
        download::Handed,
        issue::{self, Draft},
        print::{Bilingual, DisclosedFund, DisclosedRate, Disclosure},
    },
    error::Refused,
    estates,
    ids::DisclosureId,
    owners_funds::{
        disclosures::{self, Body, CommonPart, DISCLOSURE_READ, FundPart, Rate, Sum},
        fund::FundKind,
    },
    say,
};
use authz::Denied;
use contracts::residents::UnitUse;
use db::{StorageError, stored};

/// The sheet of a disclosure, for whoever may see the disclosure. Its amount is what is left of the
/// owners' money.
pub(in crate::documents) async fn disclosure(
    wish: &Wish<'_>,
    id: DisclosureId,
) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let published = disclosures::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let permit = wish.caller.act(DISCLOSURE_READ, DISCLOSURE_READ, published.estate)?;
    estates::visible(&scope, &permit).await?;
    let estate = estates::find(&scope, published.estate).await?.ok_or(Denied::Hidden)?;
    let amount = published.body.common.closing + published.body.fund.closing;
    let draft = Draft { subject: id.as_uuid(), account: None, amount, number: None };
    let kind = (DocumentKind::Disclosure, "");
    let document = issue::document(&scope, &estate, kind, draft, wish.caller).await?;
    let Body { from, to, rates, common, fund } = published.body;
    let paper = Disclosure {
        head: issue::head(&document, &estate, wish.site(), false),
        from: from.first(),
        to: to.last(),
        version: published.version,
        note: Some(published.note).filter(|note| !note.is_empty()),
        rates: rates.into_iter().map(rate).collect::<Result<_, _>>()?,
        fund_is_low: fund.low,
        funds: vec![common_income(common), maintenance_fund(fund)?],
    };
    scope.commit().await?;
    wish.hand_out(document, &paper).await
}

fn rate(rate: Rate) -> Result<DisclosedRate, StorageError> {
    let mut item = Bilingual { zh: rate.name_zh, en: rate.name_en };
    if let Some(building) = rate.building_code {
        item = item.and(say::doc_of_building(building));
    }
    if let Some(used_as) = rate.unit_use {
        item = item.and(match stored::read_word(&used_as)? {
            UnitUse::Residential => say::doc_use_residential(),
            UnitUse::Shop => say::doc_use_shop(),
            UnitUse::Office => say::doc_use_office(),
            UnitUse::Other => say::doc_use_other(),
        });
    }
    let price = Bilingual { zh: rate.price_zh, en: rate.price_en };
    Ok(DisclosedRate { item, rate: price, since: rate.from })
}

/// What somebody named in their own words is said so in both languages.
fn named(sum: Sum) -> (Bilingual, money::Fen) {
    (Bilingual { zh: sum.name.clone(), en: sum.name }, sum.amount)
}

fn common_income(part: CommonPart) -> DisclosedFund {
    let income = part.income.into_iter().map(named);
    let cost = part.cost.into_iter().map(named).map(|(what, amount)| (what, -amount));
    DisclosedFund {
        name: say::doc_common_income().into(),
        opening: part.opening,
        changes: income.chain(cost).collect(),
    }
}

fn maintenance_fund(part: FundPart) -> Result<DisclosedFund, StorageError> {
    let mut changes = Vec::with_capacity(part.added.len() + part.uses.len());
    for sum in part.added {
        let what = match stored::read_word(&sum.name)? {
            FundKind::FirstDeposit => say::doc_fund_first_deposit(),
            FundKind::TopUp => say::doc_fund_top_up(),
            FundKind::Interest => say::doc_fund_interest(),
            FundKind::Use => say::doc_expense(),
            FundKind::Correction => say::doc_fund_correction(),
        };
        changes.push((what.into(), sum.amount));
    }
    changes.extend(part.uses.into_iter().map(named).map(|(what, amount)| (what, -amount)));
    Ok(DisclosedFund { name: say::doc_maintenance_fund().into(), opening: part.opening, changes })
}
