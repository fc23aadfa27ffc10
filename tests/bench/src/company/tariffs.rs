//! What an estate charges beside the area: a fixed fee, and water by the meter at a price in steps of
//! the use of a calendar year. Bills are for a quarter, and four readings wait to be charged.

use super::{CODE, Company, Kind, PASSWORD, id, insert};
use anyhow::{Context as _, Result};
use billing::{
    charges::{Formula, Quantity, Step, Tiers},
    fees::Scope,
    seed::{Price, price},
};
use chrono::{Days, Months, NaiveDate};
use clock::Clock;
use db::Db;
use demo::Door;
use serde_json::json;

/// Readings of each meter after it was installed.
const READINGS: u32 = 4;

/// Lines of a unit's bill: three months by area, three of the fixed fee, one a reading.
pub const LINES: u32 = 3 + 3 + READINGS;

/// Up to which use of a year in m³, at which price.
const WATER: [(Option<i64>, &str); 3] = [(Some(180), "2.80"), (Some(260), "3.60"), (None, "6.00")];

/// Adds them to a company that charges by area.
pub(super) async fn add(company: &Company, door: &Door, billing: &Db) -> Result<()> {
    quarterly(company, door).await?;
    let item =
        json!({ "code": "CLEANING", "nameZh": "保洁费", "nameEn": "Cleaning", "kind": "OTHER" });
    let item = company.fee_item(door, item).await?;
    company.price(door, &item, json!({ "formula": "FIXED_PER_UNIT", "price": "18.00" })).await?;
    let item = json!({ "code": "WATER", "nameZh": "水费", "nameEn": "Water", "kind": "PASS_THROUGH",
        "partner": "自来水公司" });
    let item = company.fee_item(door, item).await?;
    steps(company, billing, &item).await?;
    meters(company, billing, &item).await
}

async fn quarterly(company: &Company, door: &Door) -> Result<()> {
    let finance = door.sign_in(CODE, "finance", PASSWORD).await?;
    let set =
        "mutation($input: SetBillingTermsInput!) { setBillingTerms(input: $input) { __typename } }";
    let input = json!({ "estateId": company.estate.to_string(), "cycle": "QUARTER", "dueDay": 15 });
    finance.ask(set, json!({ "input": input })).await.map(drop)
}

/// The price has been in effect for long, which no mutation can bring about.
async fn steps(company: &Company, billing: &Db, item: &str) -> Result<()> {
    let steps = WATER.iter().map(|(up_to, price)| {
        let up_to = up_to.map(|cubic| Quantity(cubic * Quantity::PER_ONE));
        Ok(Step { up_to, price: price.parse()? })
    });
    let steps = Tiers::new(&steps.collect::<Result<Vec<_>>>()?)?;
    let from = NaiveDate::from_ymd_opt(2020, 1, 1).context("a day")?;
    let item = item.parse()?;
    let new = Price { item, place: Scope::default(), formula: Formula::Metered { steps }, from };
    let scope = billing.write(company.tenant).await?;
    price(&scope, company.estate, &new).await?;
    Ok(scope.commit().await?)
}

/// A meter in every unit, read at the end of each month before the first.
async fn meters(company: &Company, billing: &Db, item: &str) -> Result<()> {
    let item: billing::ids::FeeItemId = item.parse()?;
    let now = Clock::system().now();
    let scope = billing.write(company.tenant).await?;
    let installed = month_end(company.first_month, READINGS + 1)?;
    let each = (0..company.units).map(|unit| {
        vec![
            id(Kind::Meter, unit).into(),
            company.estate.as_uuid().into(),
            id(Kind::Unit, unit).into(),
            false.into(),
            id(Kind::Building, unit / super::PER_BUILDING).into(),
            "WATER".into(),
            format!("W{unit:07}").into(),
            1_i64.into(),
            6_i32.into(),
            item.as_uuid().into(),
            installed.into(),
            (i64::from(unit % 900) * Quantity::PER_ONE).into(),
            // So that some reach the second step and some the third with what was read.
            (i64::from(unit % 7) * 40 * Quantity::PER_ONE).into(),
            false.into(),
            now.into(),
        ]
    });
    let table = "meters (tenant_id, id, estate_id, place_id, is_space, building_id, kind, serial, \
                 multiplier, digits, item_id, installed_on, installed_reading, used_before, \
                 removed_rollover, created_at)";
    insert(&scope, table, each).await?;
    let days: Vec<NaiveDate> = (1..=READINGS)
        .map(|turn| month_end(company.first_month, READINGS + 1 - turn))
        .collect::<Result<_>>()?;
    let reader = id(Kind::Person, 0);
    let each = (0..company.units * READINGS).map(|number| {
        let (unit, turn) = (number / READINGS, number % READINGS);
        let used = i64::from((turn + 1) * (9 + unit % 11));
        vec![
            id(Kind::Reading, number).into(),
            id(Kind::Meter, unit).into(),
            days[turn as usize].into(),
            0_i32.into(),
            ((i64::from(unit % 900) + used) * Quantity::PER_ONE).into(),
            false.into(),
            "OFFICER".into(),
            false.into(),
            reader.into(),
            now.into(),
        ]
    });
    let table = "meter_readings (tenant_id, id, meter_id, day, revision, value, rollover, source, \
                 estimated, by_user, at)";
    insert(&scope, table, each).await?;
    Ok(scope.commit().await?)
}

/// The last day of the month so many months before.
fn month_end(month: NaiveDate, before: u32) -> Result<NaiveDate> {
    let next = month.checked_sub_months(Months::new(before - 1)).context("a month")?;
    next.checked_sub_days(Days::new(1)).context("a day")
}
