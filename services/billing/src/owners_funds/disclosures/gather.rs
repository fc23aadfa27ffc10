//! Gathering what a disclosure says.

use super::domain::{Body, CommonPart, FundPart, Rate, Sum};
use crate::{
    charges::{BillingMonth, Formula, Step, Tiers},
    estates::{self, Estate},
    fees::{self, FeeItem, FeeStandard, StandardStatus},
    ids::FeeItemId,
    owners_funds::{common::repo as common, fund::repo as fund},
    say,
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored};
use money::Fen;
use std::collections::HashMap;
use texts::{Language, Text};

/// What a disclosure for these months says now.
///
/// # Errors
/// When the database fails.
pub(crate) async fn gather(
    scope: &TenantScope,
    estate: &Estate,
    (from, to): (BillingMonth, BillingMonth),
) -> Result<Body, StorageError> {
    let days = (from.first(), to.last());
    let items = fees::repo::items(scope, estate.id).await?;
    let items: HashMap<FeeItemId, FeeItem> =
        items.into_iter().map(|item| (item.id, item)).collect();
    Ok(Body {
        from,
        to,
        rates: rates(scope, estate, &items, to.last()).await?,
        common: common_part(scope, estate, &items, days).await?,
        fund: fund_part(scope, estate, days).await?,
    })
}

/// The prices of the estate, its buildings and uses; those of single units are theirs alone.
async fn rates(
    scope: &TenantScope,
    estate: &Estate,
    items: &HashMap<FeeItemId, FeeItem>,
    on: NaiveDate,
) -> Result<Vec<Rate>, StorageError> {
    let found = fees::repo::standing_for(scope, estate.id, &[], &[StandardStatus::Approved]);
    let found = found.await?;
    let buildings = estates::buildings(scope, estate.id).await?;
    let mut rates = Vec::new();
    for standard in found.into_iter().map(|stored| stored.standard) {
        let Some(item) = items.get(&standard.terms.item) else { continue };
        if !in_force(&standard, on) {
            continue;
        }
        let place = standard.terms.scope;
        let building = place.building.and_then(|id| buildings.iter().find(|(_, it)| *it == id));
        let price = price(standard.terms.formula);
        rates.push(Rate {
            code: item.code.clone(),
            name_zh: item.name_zh.clone(),
            name_en: item.name_en.clone(),
            building_code: building.map(|(code, _)| code.clone()),
            unit_use: place.unit_use.map(stored::word).transpose()?,
            price_zh: price.say(Language::Zh),
            price_en: price.say(Language::En),
            from: standard.terms.from,
        });
    }
    rates.sort_by(|a, b| {
        (&a.code, &a.building_code, &a.unit_use).cmp(&(&b.code, &b.building_code, &b.unit_use))
    });
    Ok(rates)
}

fn in_force(standard: &FeeStandard, on: NaiveDate) -> bool {
    standard.terms.scope.unit.is_none()
        && standard.terms.from <= on
        && standard.last_day().is_none_or(|last| last >= on)
}

fn price(formula: Formula) -> Text {
    match formula {
        Formula::AreaRate { rate, surcharge } if surcharge.is_zero() => {
            say::rate_by_area(rate.to_string())
        }
        Formula::AreaRate { rate, surcharge } => {
            say::rate_by_area_surcharge(rate.to_string(), surcharge)
        }
        Formula::FixedPerUnit { price } => say::unit_price(price),
        Formula::PerParkingSpace { price } => say::space_price(price),
        Formula::Metered { steps } => say::metered_price(step_words(&steps)),
    }
}

/// The steps of a price in short: `≤ 216: 2.80, ≤ 300: 3.60, 6.00`.
fn step_words(tiers: &Tiers) -> String {
    let step = |step: &Step| match step.up_to {
        Some(up_to) => format!("≤ {up_to}: {}", step.price),
        None => step.price.to_string(),
    };
    tiers.steps().iter().map(step).collect::<Vec<_>>().join(", ")
}

async fn common_part(
    scope: &TenantScope,
    estate: &Estate,
    items: &HashMap<FeeItemId, FeeItem>,
    days: (NaiveDate, NaiveDate),
) -> Result<CommonPart, StorageError> {
    let (opening, closing) = common::balances(scope, estate.id, days).await?;
    let (mut income, mut cost) = (Vec::new(), Vec::new());
    for (item, amount) in common::charged(scope, estate.id, days).await? {
        let name = items.get(&item).map(|item| format!("{} / {}", item.name_zh, item.name_en));
        income.push(Sum { name: name.unwrap_or_default(), amount });
    }
    for row in common::by_source(scope, estate.id, days).await? {
        let sum = Sum { name: row.source, amount: Fen(row.amount) };
        if row.direction == "COST" { cost.push(sum) } else { income.push(sum) }
    }
    Ok(CommonPart { opening, income, cost, closing })
}

async fn fund_part(
    scope: &TenantScope,
    estate: &Estate,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<FundPart, StorageError> {
    let before = from.pred_opt().unwrap_or(from);
    let opening = fund::balance(scope, estate.id, before).await?.balance;
    let after = fund::balance(scope, estate.id, to).await?;
    let (mut added, mut uses) = (Vec::new(), Vec::new());
    for moved in fund::moves(scope, estate.id, (from, to)).await? {
        match moved.purpose {
            Some(purpose) => uses.push(Sum { name: purpose, amount: Fen(-moved.amount) }),
            None => added.push(Sum { name: moved.kind, amount: Fen(moved.amount) }),
        }
    }
    Ok(FundPart { opening, added, uses, closing: after.balance, low: after.is_low() })
}
