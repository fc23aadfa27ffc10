//! The demo companies and what happened there so far.

use crate::{
    Company, Door, Operator, PASSWORD, Plan, STAFF, Staff,
    acts::{self, nodes},
    company::found,
    desk,
    greeting::RESIDENT,
};
use anyhow::{Context as _, Result};
use chrono::{Datelike as _, FixedOffset, Months, NaiveDate};
use clock::Clock;
use serde_json::{Value, json};
use std::time::Duration;

/// How long one step may take on a slow machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The code of its fee item.
const FEE: &str = "PROPERTY";

/// What the fee costs in the demo estate: the building, or all of them, and yuan per m² and month.
const RATES: [(Option<&str>, &str); 4] =
    [(None, "2.35"), (Some("6"), "2.85"), (Some("7"), "2.85"), (Some("S"), "4.50")];

/// Loads the demo companies, or what of them is missing.
///
/// # Errors
/// When a step is refused or does not come to its end.
pub async fn load(door: &Door, operator: &Operator) -> Result<()> {
    door.ready(PATIENCE).await?;
    if is_loaded(door).await {
        return Ok(());
    }
    let cuihu = companies(door, operator).await?;
    let today = Clock::system().today(FixedOffset::east_opt(8 * 3600).context("a zone")?);
    let next = next_month(today);
    if !has_prices(&cuihu).await? {
        println!("loading the demo estate: 768 units …");
        load_estate(&cuihu, next).await?;
        acts::charge_late_fees(&cuihu, next).await?;
    }
    let (unit, person) = home(&cuihu).await?;
    move_in(&cuihu, &unit, &person).await?;
    desk::open(&cuihu, &unit, &person).await?;
    // Last: what `is_loaded` looks for.
    let month = acts::month(next);
    acts::until_billable(&cuihu, &month, 760).await?;
    acts::start_run(&cuihu, &month, "demo-first-run").await.map(drop)
}

/// The demo companies with their staff and empty estates; the one that the tours are told in.
///
/// # Errors
/// When a step is refused.
pub async fn companies(door: &Door, operator: &Operator) -> Result<Company> {
    let estate = ("FCH", "翡翠湖畔花园");
    let cuihu = company(door, operator, "cuihu", "翠湖物业服务有限公司(演示)", estate).await?;
    company(door, operator, "anju", "安居物业(演示)", ("AJ", "安居苑")).await?;
    Ok(cuihu)
}

/// Whether an earlier start came to its end.
async fn is_loaded(door: &Door) -> bool {
    let runs =
        "{ estates(first: 1) { edges { node { billRuns(first: 1) { edges { node { id } } } } } } }";
    let look = async {
        let director = door.sign_in("cuihu", "director", PASSWORD).await?;
        director.ask(runs, json!({})).await
    };
    let seen = look.await;
    seen.is_ok_and(|seen| {
        nodes(&seen["estates"]).any(|estate| nodes(&estate["billRuns"]).next().is_some())
    })
}

async fn company(
    door: &Door,
    operator: &Operator,
    code: &str,
    name: &str,
    estate: (&str, &str),
) -> Result<Company> {
    let staff = STAFF.map(|(login, name, role, in_estate)| Staff { login, name, role, in_estate });
    let plan = Plan { code, name, estate, staff: staff.to_vec(), password: PASSWORD };
    found(door, operator, &plan).await.with_context(|| format!("company {code}"))
}

/// The roster, the prices and the payment account of the demo estate: 768 units whose bills of any
/// month from `from` on are 214,870.98 together.
///
/// # Errors
/// When a step is refused or does not come to its end.
pub async fn load_estate(company: &Company, from: NaiveDate) -> Result<()> {
    let file = residents::seed::demo_roster()?;
    let import = acts::read_roster(company, "demo.xlsx", &file, from).await?;
    acts::import_roster(company, &import, json!([])).await?;
    let buildings = "query($id: ID!) { buildings(estateId: $id) { id code } }";
    let variables = json!({ "id": company.estate });
    let found = company.session("director").ask(buildings, variables).await?;
    let item = acts::enter_property_fee(company, FEE).await?;
    for (of, rate) in RATES {
        let building = of.map(|code| building(&found, code)).transpose()?;
        let price = acts::propose_price(company, &item, building, rate, from).await?;
        acts::approve_price(company.session("finance"), &price).await?;
    }
    acts::take_online_payments(company).await
}

fn building<'v>(found: &'v Value, code: &str) -> Result<&'v str> {
    let mut all = found["buildings"].as_array().into_iter().flatten();
    let building = all.find(|building| building["code"] == code);
    acts::text(building.with_context(|| format!("building {code}"))?, "/id")
}

/// Whether roster and prices are there.
async fn has_prices(company: &Company) -> Result<bool> {
    let document = "query($id: ID!) { estate(id: $id) { feeItems { code } } }";
    let director = company.session("director");
    let seen = director.ask(document, json!({ "id": company.estate })).await?;
    let mut items = seen["estate"]["feeItems"].as_array().into_iter().flatten();
    Ok(items.any(|item| item["code"] == FEE))
}

/// 3-1-1201 and its owner.
async fn home(company: &Company) -> Result<(String, String)> {
    let document = "query($id: ID!) { search(estateId: $id, text: \"3-1-1201\", first: 1) { edges { node { unit { id household { payer { id } } } } } } }";
    let seen = company.session("admin").ask(document, json!({ "id": company.estate })).await?;
    let hit = nodes(&seen["search"]).next().context("unit 3-1-1201")?;
    let at = |pointer| acts::text(hit, pointer).map(str::to_owned);
    Ok((at("/unit/id")?, at("/unit/household/payer/id")?))
}

/// The owner of 3-1-1201 opens an account.
async fn move_in(company: &Company, unit: &str, person: &str) -> Result<()> {
    let (code, door) = (company.code.as_str(), &company.door);
    if door.sign_in(code, RESIDENT, PASSWORD).await.is_ok() {
        return Ok(());
    }
    acts::move_in(company, unit, person, PASSWORD).await?;
    door.sign_in(code, RESIDENT, PASSWORD).await.map(drop)
}

fn next_month(today: NaiveDate) -> NaiveDate {
    let first = today.with_day(1).unwrap_or(today);
    first.checked_add_months(Months::new(1)).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::next_month;

    #[test]
    fn the_month_after_december_is_january() {
        assert_eq!(next_month("2026-12-31".parse().unwrap()), "2027-01-01".parse().unwrap());
        assert_eq!(next_month("2026-01-31".parse().unwrap()), "2026-02-01".parse().unwrap());
    }
}
