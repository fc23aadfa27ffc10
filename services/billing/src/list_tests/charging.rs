//! Of meters, single charges, discounts and shared costs.

use super::{List, Who};
use crate::{ids::UnitId, testing::Stage};
use serde_json::{Value, json};

pub(super) fn lists() -> Vec<List> {
    use Who::{Finance, Owner};
    vec![
        (
            "Unit.meters",
            "/_entities",
            Owner,
            "_entities(representations: $units) { ... on Unit { meters { id unit { id } feeItem { code } readings(first: 2) { edges { node { value } } } } } }",
        ),
        (
            "Estate.meters",
            "/_entities/0/meters/edges",
            Finance,
            "_entities(representations: $estates) { ... on Estate { meters(first: 100) { edges { node { id unit { id } feeItem { code } readings(first: 2) { edges { node { value } } } } } } } }",
        ),
        (
            "Estate.oneOffCharges",
            "/_entities/0/oneOffCharges/edges",
            Finance,
            "_entities(representations: $estates) { ... on Estate { oneOffCharges(first: 100) { edges { node { id account { name } feeItem { code } } } } } }",
        ),
        (
            "Estate.discounts",
            "/_entities/0/discounts/edges",
            Finance,
            "_entities(representations: $estates) { ... on Estate { discounts(first: 100) { edges { node { id feeItem { code } units { id } } } } } }",
        ),
        (
            "Estate.vacancies",
            "/_entities/0/vacancies/edges",
            Finance,
            "_entities(representations: $estates) { ... on Estate { vacancies(first: 100) { edges { node { id unit { id } } } } } }",
        ),
        (
            "Estate.sharedCosts",
            "/_entities/0/sharedCosts/edges",
            Finance,
            "_entities(representations: $estates) { ... on Estate { sharedCosts(first: 100) { edges { node { id feeItem { code } } } } } }",
        ),
    ]
}

/// A meter with two readings, a single charge, a discount, a vacancy and a shared cost.
pub(super) async fn charge_otherwise(stage: &Stage, (unit, other): (UnitId, UnitId), item: &str) {
    let act = async |name: &str, asked: &str, input: Value| {
        let mut input = input;
        input["idempotencyKey"] = json!(stage.id().to_string());
        let upper = name[..1].to_uppercase() + &name[1..];
        let text = format!(
            "mutation($input: {upper}Input!) {{ {name}(input: $input) {{ {asked} {{ id }} }} }}"
        );
        stage.director.send("billing", &text, json!({ "input": input })).await.ok()[name].take()
    };
    let (estate, unit) = (stage.estate.to_string(), unit.to_string());
    let meter = json!({ "estateId": estate, "unitId": unit, "kind": "WATER", "feeItemId": item,
        "serial": stage.id().simple().to_string(), "installedOn": "2026-05-31",
        "installedReading": "1" });
    let meter = act("registerMeter", "meter", meter).await["meter"]["id"].take();
    for (day, value) in [("2026-06-30", "3"), ("2026-07-31", "5")] {
        let reading = json!({ "meterId": meter, "day": day, "value": value });
        act("enterMeterReading", "reading", reading).await;
    }
    let other = other.to_string();
    let charge = json!({ "estateId": estate, "unitId": other, "feeItemId": item, "amount": "1",
        "day": "2026-07-01", "description": "换锁", "reason": "遗失" });
    act("chargeOnce", "charge", charge).await;
    let discount = json!({ "feeItemId": item, "name": "减免", "percent": "1",
        "from": "2027-01-01", "unitIds": [unit] });
    act("proposeDiscount", "discount", discount).await;
    let empty = json!({ "unitId": unit, "from": "2027-01-01", "note": "空置" });
    act("registerVacancy", "vacancy", empty).await;
    let cost = json!({ "estateId": estate, "feeItemId": item, "from": "2026-07-01",
        "to": "2026-07-31", "total": "1", "sharedBy": "AREA", "supplierRef": "1",
        "description": "电费" });
    act("proposeSharedCost", "sharedCost", cost).await;
}
