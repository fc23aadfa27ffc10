//! Answers to quotes that the desk hears on the phone, and the warranty of what was agreed to, through
//! the graph.

use super::{
    tests::{act, go, hand, order_of, price, report, step},
    told_tests::{about, begun, told},
};
use crate::testing::{Stage, own_world};
use chrono::Duration;
use contracts::PersonId;
use serde_json::{Value, json};
use testkit::{Signed, run};

#[test]
fn the_desk_takes_an_answer_down_on_the_phone_and_warranty_ends_with_its_term() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        price(&stage, "LABOUR_TAP", 3_000, "LABOUR", 30).await;
        let (order, person) = begun(&stage, "6-1-0206", "phone-0001").await;
        let (_, neighbour) = stage.home("6-1-0207", "李四").await;
        let owner = stage.resident(person).await;
        let lines = json!({ "lines": [{ "code": "LABOUR_TAP", "quantity": 1 }] });
        let order = order_of(go(&stage.engineer, &order, "quoteWorkOrder", lines).await);
        let heard = |person: PersonId| json!({ "personId": person.to_string(), "agrees": true, "note": "下午来电同意" });
        let record = async |who: &Signed, person: PersonId| {
            go(who, &order, "recordWorkQuoteAnswer", heard(person)).await
        };
        assert_eq!(record(&stage.desk, neighbour).await.code(), "NOT_FOUND");
        for who in [&owner, &stage.director, &stage.engineer] {
            assert!(["NOT_FOUND", "FORBIDDEN"].contains(&record(who, person).await.code()));
        }
        let order = order_of(record(&stage.desk, person).await);
        assert_eq!(
            (&order["state"], &order["quote"]["state"]),
            (&json!("ACCEPTED"), &json!("ACCEPTED"))
        );
        assert_eq!(
            (&order["quote"]["answeredByName"], &order["quote"]["recordedBy"]["name"]),
            (&json!("王*"), &json!("陈前台"))
        );
        let step_made = order["timeline"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&step_made["action"], &step_made["note"]),
            (&json!("ACCEPT_QUOTE"), &json!("下午来电同意"))
        );
        let letters =
            ["Your report is in hand", "A price waits for your answer", "Your answer to a quote"];
        assert_eq!(told(&owner).await, about(&order, letters));
        assert_eq!(record(&stage.desk, person).await.code(), "CONFLICT", "answered already");
        // Paid by who agreed, with its warranty.
        let order = step(&stage.engineer, &order, "START").await;
        let signed = json!({ "signatureName": "王芳" });
        let done = order_of(go(&stage.engineer, &order, "completeWorkOrder", signed).await);
        assert_eq!(done["charge"]["state"], "REQUESTED");
        assert_eq!(done["warrantyUntil"], "2026-08-30T04:00:00+00:00");
        audited(&stage, &done).await;
        world.clock.set("2026-08-30T04:00:00Z".parse().unwrap());
        let again = |key: &str| {
            let mut input = report(&stage, None, "WATER_TAP", key);
            input["unitId"] = done["unit"]["id"].clone();
            input
        };
        let last = order_of(act(&owner, "createWorkOrder", again("phone-0002")).await);
        assert_eq!(last["warrantyOfId"], done["id"]);
        world.clock.advance(Duration::seconds(1));
        let late = order_of(act(&owner, "createWorkOrder", again("phone-0003")).await);
        assert_eq!(late["warrantyOfId"], Value::Null);
    });
}

/// Who heard the answer, and whose it was, stands in the audit log.
async fn audited(stage: &Stage, order: &Value) {
    let db = stage.company.world.db("service-desk");
    db.worker().place_events().await.unwrap();
    let events = db.events_after(0, 10_000).await.unwrap();
    let ours = events.into_iter().filter(|it| it.tenant == stage.company.tenant.as_uuid());
    let payloads = ours.map(|it| serde_json::from_str::<Value>(&it.payload).unwrap());
    let noted = payloads.into_iter().find(|it| it["action"] == "work_order.quote_answer_recorded");
    let noted = noted.expect("the answer is audited");
    assert_eq!(noted["object"], order["id"]);
    assert_eq!(noted["actor"], json!(stage.desk.user.to_string()));
    assert!(noted["detail"].as_str().unwrap().contains("psn_"), "{noted}");
}

#[test]
fn who_does_the_work_does_not_take_down_that_its_price_is_agreed_to() {
    run(async {
        let stage = Stage::new().await;
        price(&stage, "LABOUR_TAP", 3_000, "LABOUR", 30).await;
        hand(&stage, &stage.supervisor, &["PLUMBING"], "STAFF").await;
        let (unit, person) = stage.home("6-1-0208", "王芳").await;
        let order = report(&stage, Some(unit), "WATER_TAP", "phone-0004");
        let order = order_of(act(&stage.desk, "createWorkOrder", order).await);
        let order = step(&stage.supervisor, &order, "ACCEPT").await;
        let order = step(&stage.supervisor, &order, "START").await;
        let lines = json!({ "lines": [{ "code": "LABOUR_TAP", "quantity": 1 }] });
        let order = order_of(go(&stage.supervisor, &order, "quoteWorkOrder", lines).await);
        let heard = json!({ "personId": person.to_string(), "agrees": false });
        let own = go(&stage.supervisor, &order, "recordWorkQuoteAnswer", heard.clone()).await;
        assert_eq!(own.code(), "FORBIDDEN");
        let order = order_of(go(&stage.desk, &order, "recordWorkQuoteAnswer", heard).await);
        assert_eq!(order["quote"]["state"], "REFUSED");
    });
}
