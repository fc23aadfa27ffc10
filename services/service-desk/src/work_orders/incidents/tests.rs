//! Whom an incident affects hears of it, through the graph.

use super::super::tests::{self as orders, hand, order_of, report, step};
use crate::{
    messages::tests::inbox,
    testing::{Stage, own_world},
};
use chrono::Duration;
use contracts::{BuildingId, UnitId};
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};

const SERVICE: &str = "service-desk";

async fn act(who: &Signed, name: &str, input: Value) -> Answer {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let text = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{ incident {{ id version }} }} }}"
    );
    who.send(SERVICE, &text, json!({ "input": input })).await
}

fn power(stage: &Stage) -> Value {
    json!({ "estateId": stage.estate.to_string(), "category": "POWER",
        "messageZh": "变压器检修，预计 18:00 恢复", "messageEn": "The transformer is repaired",
        "buildingIds": [stage.building.to_string()], "unitIds": [],
        "idempotencyKey": "power-001" })
}

/// What somebody was told of outages, by title.
async fn told(who: &Signed) -> Vec<String> {
    let letters = inbox(who, None).await;
    let outages = letters.as_array().unwrap().iter().filter(|it| it["kind"] == "OUTAGE");
    let mut titles: Vec<_> = outages.map(|it| it["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

async fn hears(who: &Signed, titles: &[&str]) {
    eventually("they are told", || async { told(who).await.len() >= titles.len() }).await;
    assert_eq!(told(who).await, titles);
}

#[test]
fn every_affected_household_hears_once_of_an_incident_and_once_of_its_end_also_later_ones() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (_, first) = stage.home("6-1-0101", "李明").await;
        // Two affected homes of one person are one letter.
        let second = UnitId::from_uuid(stage.id());
        stage.unit(second, stage.building, "6-1-0102").await;
        let kind = contracts::residents::MemberKind::Owner;
        stage.belongs(second, &[(first, "李明", kind)]).await;
        let (beside, elsewhere) = (UnitId::from_uuid(stage.id()), stage.person());
        stage.unit(beside, BuildingId::from_uuid(stage.id()), "7-1-0101").await;
        stage.belongs(beside, &[(elsewhere, "赵六", kind)]).await;
        let (first, elsewhere) = (stage.resident(first).await, stage.resident(elsewhere).await);
        let mut made = act(&stage.desk, "reportIncident", power(&stage)).await.ok();
        let incident = made["reportIncident"]["incident"].take();
        act(&stage.desk, "reportIncident", power(&stage)).await.ok();
        hears(&first, &["Something is out of order"]).await;
        assert!(told(&elsewhere).await.is_empty());
        // It turns out to affect another home.
        let more = |version: i32, units: Value| {
            json!({ "incidentId": incident["id"], "expectedVersion": version, "buildingIds": [],
                "unitIds": units })
        };
        let unit = json!([beside.to_string()]);
        let extended = act(&stage.desk, "extendIncident", more(1, unit.clone())).await.ok();
        assert_eq!(extended["extendIncident"]["incident"]["version"], 2);
        hears(&elsewhere, &["Something is out of order"]).await;
        let again = act(&stage.desk, "extendIncident", more(2, unit.clone())).await.ok();
        assert_eq!(again["extendIncident"]["incident"]["version"], 2, "nothing new");
        // Somebody moves in while it lasts.
        let (_, late) = stage.home("6-1-0103", "孙七").await;
        let late = stage.resident(late).await;
        world.clock.advance(Duration::minutes(16));
        hears(&late, &["Something is out of order"]).await;
        let over = json!({ "incidentId": incident["id"], "expectedVersion": 2 });
        act(&stage.desk, "resolveIncident", over).await.ok();
        for who in [&late, &first, &elsewhere] {
            hears(who, &["It works again", "Something is out of order"]).await;
        }
        let letters = inbox(&first, None).await;
        assert_eq!(letters[0]["reference"], incident["id"]);
        // Who comes afterwards is told nothing of it, and nobody anything twice.
        let (_, after) = stage.home("6-1-0104", "周八").await;
        let after = stage.resident(after).await;
        act(&stage.desk, "reportIncident", {
            let mut next = power(&stage);
            next["idempotencyKey"] = json!("power-002");
            next
        })
        .await
        .ok();
        hears(&after, &["Something is out of order"]).await;
        let twice = ["It works again", "Something is out of order", "Something is out of order"];
        hears(&first, &twice).await;
        assert_eq!(told(&elsewhere).await.len(), 2);
    });
}

#[test]
fn an_incident_is_extended_by_the_desk_of_its_estate_while_it_lasts() {
    run(async {
        let stage = Stage::new().await;
        let (unit, owner) = stage.home("6-1-0105", "李明").await;
        let owner = stage.resident(owner).await;
        let strangers = Stage::new().await;
        let (foreign, _) = strangers.home("1-1-0101", "外人").await;
        let mut input = power(&stage);
        input["buildingIds"] = json!([]);
        input["unitIds"] = json!([unit.to_string()]);
        let mut made = act(&stage.desk, "reportIncident", input.clone()).await.ok();
        let incident = made["reportIncident"]["incident"].take();
        let more = |version: i32, unit: UnitId| {
            json!({ "incidentId": incident["id"], "expectedVersion": version, "buildingIds": [],
                "unitIds": [unit.to_string()] })
        };
        for who in [&owner, &strangers.desk, &stage.engineer] {
            assert_eq!(act(who, "extendIncident", more(1, unit)).await.code(), "NOT_FOUND");
        }
        assert_eq!(act(&stage.director, "extendIncident", more(1, unit)).await.code(), "FORBIDDEN");
        let wrong = act(&stage.desk, "extendIncident", more(1, foreign)).await;
        assert_eq!(wrong.code(), "NOT_FOUND");
        assert_eq!(act(&stage.desk, "extendIncident", more(7, unit)).await.code(), "CONFLICT");
        let over = json!({ "incidentId": incident["id"], "expectedVersion": 1 });
        act(&stage.desk, "resolveIncident", over).await.ok();
        assert_eq!(act(&stage.desk, "extendIncident", more(2, unit)).await.code(), "CONFLICT");
        input["unitIds"] = json!([]);
        input["idempotencyKey"] = json!("power-003");
        let mut made = act(&stage.desk, "reportIncident", input).await.ok();
        let whole = made["reportIncident"]["incident"].take();
        let more = json!({ "incidentId": whole["id"], "expectedVersion": 1, "buildingIds": [],
            "unitIds": [unit.to_string()] });
        assert_eq!(act(&stage.desk, "extendIncident", more).await.code(), "CONFLICT", "everywhere");
    });
}

#[test]
fn what_was_reported_before_is_a_part_of_it_and_news_of_it_reaches_everybody() {
    run(async {
        let stage = Stage::new().await;
        let (unit, owner) = stage.home("6-1-0106", "李明").await;
        let owner = stage.resident(owner).await;
        let (far, _) = stage.home("6-1-0107", "王芳").await;
        hand(&stage, &stage.engineer, &["ELECTRIC"], "STAFF").await;
        let mut orders = Vec::new();
        for (unit, category, key) in [
            (unit, "POWER_LIGHT", "early-0001"),
            (unit, "DOOR", "early-0002"),
            (far, "POWER_LIGHT", "early-0003"),
            (unit, "POWER_LIGHT", "early-0004"),
        ] {
            orders.push(order(&stage, report(&stage, Some(unit), category, key)).await);
        }
        // Somebody is at the last one already.
        let last = step(&stage.engineer, &orders[3], "ACCEPT").await;
        step(&stage.engineer, &last, "START").await;
        let mut outage = power(&stage);
        outage["buildingIds"] = json!([]);
        outage["unitIds"] = json!([unit.to_string()]);
        let mut made = act(&stage.desk, "reportIncident", outage).await.ok();
        let incident = made["reportIncident"]["incident"].take();
        let part_of = async |order: &Value| {
            let text = "query($id: ID!) { workOrder(id: $id) { state incident { id } } }";
            let seen = stage.desk.send(SERVICE, text, json!({ "id": order["id"] })).await.ok();
            seen["workOrder"]["incident"]["id"].clone()
        };
        assert_eq!(part_of(&orders[0]).await, incident["id"]);
        for other in &orders[1..] {
            assert_eq!(part_of(other).await, Value::Null);
        }
        hears(&owner, &["Something is out of order"]).await;
        // It lasts longer, and the next home is dark too.
        let more = |more: Value| {
            let mut input = json!({ "incidentId": incident["id"], "expectedVersion": 1,
                "buildingIds": [], "unitIds": [far.to_string()] });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            input
        };
        let wrong = act(&stage.desk, "extendIncident", more(json!({ "messageEn": " " }))).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "messageEn"));
        let later = json!({ "messageZh": "预计 20:00 恢复", "messageEn": "Back at 20:00",
            "expectedEnd": "2026-07-31T12:00:00Z" });
        act(&stage.desk, "extendIncident", more(later)).await.ok();
        assert_eq!(part_of(&orders[2]).await, incident["id"]);
        hears(&owner, &["Something is out of order", "Something is out of order"]).await;
        let letters = owner.send(SERVICE, "{ inbox { nodes { body } } }", json!({})).await.ok();
        let letters = letters["inbox"]["nodes"].as_array().unwrap().clone();
        let said: Vec<_> = letters.iter().map(|it| it["body"].clone()).collect();
        assert!(said.contains(&json!("Back at 20:00")), "{said:?}");
        let over = json!({ "incidentId": incident["id"], "expectedVersion": 2 });
        act(&stage.desk, "resolveIncident", over).await.ok();
        for (order, state) in [(&orders[0], "CLOSED"), (&orders[1], "NEW"), (&orders[2], "CLOSED")]
        {
            let text = "query($id: ID!) { workOrder(id: $id) { state } }";
            let seen = stage.desk.send(SERVICE, text, json!({ "id": order["id"] })).await.ok();
            assert_eq!(seen["workOrder"]["state"], state);
        }
    });
}

async fn order(stage: &Stage, input: Value) -> Value {
    order_of(orders::act(&stage.desk, "createWorkOrder", input).await)
}
