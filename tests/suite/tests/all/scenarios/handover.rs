//! Handbook scenario S1 without its late fee: a home of 118.56 m² at 2.35 yuan changes hands on the
//! 11th of a month of 30 days. In the handbook that is June 2026; prices cannot be approved for
//! the past, so the story takes place in the next June or September, whose next month begins a
//! quarter.

use super::{month_after, today};
use crate::installation::{PATIENCE, Place};
use anyhow::{Context as _, Result, ensure};
use chrono::{Datelike as _, NaiveDate};
use demo::{
    Company,
    acts::{
        approve_price, enter_property_fee, month, nodes, preview, propose_price, run_ends,
        start_run, text, until_billable,
    },
    eventually,
};
use serde_json::{Value, json};

pub async fn a_month_is_split_at_the_handover_and_a_quarter_is_three_months(
    place: &Place,
) -> Result<()> {
    let company = place.company("handover", ("FCH", "翡翠湖畔花园")).await?;
    let first = (1..=12)
        .map(|months| month_after(today(), months))
        .find(|day| [6, 9].contains(&day.month()))
        .context("a year has a June")?;
    let unit = home(&company, first).await?;
    let item = enter_property_fee(&company, "PROPERTY").await?;
    let price = propose_price(&company, &item, None, "2.35", first).await?;
    approve_price(company.session("finance"), &price).await?;
    until_billable(&company, &month(first), 2).await?;
    let seen = preview(&company, &month(first), "total { amount }").await?;
    ensure!(seen["total"]["amount"] == "278.62", "{seen}");
    run(&company, first, 2).await?;
    let bills = bills(&company, &unit).await?;
    let total = |name: &str| {
        let mut mine = bills.iter().filter(|bill| bill["account"]["name"] == name);
        mine.next().map(|bill| bill["total"]["amount"].clone())
    };
    ensure!(total("王*") == Some(json!("185.74")), "from the 11th on: {bills:?}");
    ensure!(total("翠湖置业") == Some(json!("92.88")), "until the 10th: {bills:?}");
    let owner = bills.iter().find(|bill| bill["account"]["name"] == "王*").context("a bill")?;
    by_the_quarter(&company, text(owner, "/account/id")?).await?;
    run(&company, month_after(first, 1), 1).await?;
    let bills = self::bills(&company, &unit).await?;
    let quarter = month(month_after(first, 1));
    let quarter = bills.iter().find(|bill| bill["firstMonth"] == quarter).context("a quarter")?;
    ensure!(quarter["total"]["amount"] == "835.86", "{quarter}");
    ensure!(quarter["lastMonth"] == month(month_after(first, 3)), "{quarter}");
    Ok(())
}

/// The unit, its developer until the 10th of the month and its owner from the 11th.
async fn home(company: &Company, month: NaiveDate) -> Result<String> {
    let admin = company.session("admin");
    let building =
        "mutation($input: AddBuildingInput!) { addBuilding(input: $input) { building { id } } }";
    let input = json!({ "estateId": company.estate, "code": "3" });
    let made = eventually("residents knows the estate", PATIENCE, || async {
        admin.ask(building, json!({ "input": input })).await.map(Some)
    })
    .await?;
    let unit = "mutation($input: AddUnitInput!) { addUnit(input: $input) { unit { id label } } }";
    let input = json!({
        "estateId": company.estate, "buildingId": text(&made, "/addBuilding/building/id")?,
        "entrance": "1", "number": "1201", "floor": 12, "grossArea": "118.56", "usedAs": "RESIDENTIAL",
    });
    let made = admin.ask(unit, json!({ "input": input })).await?;
    let unit = text(&made, "/addUnit/unit/id")?.to_owned();
    let from = [
        ("翠湖置业", "DEVELOPER", today()),
        ("王芳", "OWNER", month.with_day(11).context("a day")?),
    ];
    for (name, kind, from) in from {
        let person =
            "mutation($input: AddPersonInput!) { addPerson(input: $input) { person { id } } }";
        let input = json!({
            "estateId": company.estate, "name": name, "company": kind == "DEVELOPER",
        });
        let made = admin.ask(person, json!({ "input": input })).await?;
        let tie = "mutation($input: StartOccupancyInput!) { startOccupancy(input: $input) { occupancy { id } } }";
        let input = json!({
            "unitId": unit, "personId": text(&made, "/addPerson/person/id")?, "kind": kind,
            "from": from, "pays": true,
        });
        admin.ask(tie, json!({ "input": input })).await?;
    }
    Ok(unit)
}

async fn run(company: &Company, first: NaiveDate, bills: i64) -> Result<()> {
    let month = month(first);
    let id = start_run(company, &month, &format!("run-of-{month}")).await?;
    let run = run_ends(company, &id).await?;
    ensure!(run["bills"] == bills, "{run}");
    Ok(())
}

async fn bills(company: &Company, unit: &str) -> Result<Vec<Value>> {
    let document = "query($id: ID!) { unit(id: $id) { bills(first: 100) { edges { node { firstMonth lastMonth total { amount } account { id name } } } } } }";
    let seen = company.session("desk").ask(document, json!({ "id": unit })).await?;
    Ok(nodes(&seen["unit"]["bills"]).cloned().collect())
}

async fn by_the_quarter(company: &Company, account: &str) -> Result<()> {
    let document =
        "mutation($input: SetBillingTermsInput!) { setBillingTerms(input: $input) { __typename } }";
    let input = json!({
        "estateId": company.estate, "accountId": account, "cycle": "QUARTER", "dueDay": 15,
    });
    company.session("director").ask(document, json!({ "input": input })).await.map(drop)
}
