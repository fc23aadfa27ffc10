//! Corrections of orders and their quotes, and who gets them when, through the graph.

use super::{
    tests::{act, go, hand, order_of, price, report, step},
    told_tests::{about, told},
};
use crate::testing::{Stage, own_world};
use chrono::Duration;
use contracts::BuildingId;
use serde_json::{Value, json};
use testkit::{Signed, run};

/// The orders that somebody finds, `filter` as arguments of the list.
async fn found(stage: &Stage, who: &Signed, filter: &str) -> Vec<Value> {
    let text = format!(
        "query($estate: ID!) {{ workOrders(estateId: $estate, {filter}) {{ nodes {{ id }} }} }}"
    );
    let ask = json!({ "estate": stage.estate.to_string() });
    let answer = who.send("service-desk", &text, ask).await.ok();
    let nodes = answer["workOrders"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["id"].clone()).collect()
}

/// The notes of an order that somebody reads.
async fn notes(who: &Signed, order: &Value) -> Vec<Value> {
    let text = "query($id: ID!) { workOrder(id: $id) { timeline { note } } }";
    let answer = who.send("service-desk", text, json!({ "id": order["id"] })).await.ok();
    let steps = answer["workOrder"]["timeline"].as_array().unwrap().iter();
    steps.map(|step| step["note"].clone()).filter(|note| !note.is_null()).collect()
}

#[test]
fn what_was_written_down_wrong_is_corrected_with_its_promise_until_it_is_over() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, owner) = stage.home("6-2-0801", "王芳").await;
        let owner = stage.resident(owner).await;
        let mut urgent = report(&stage, Some(unit), "DOOR", "revise-001");
        urgent["urgency"] = json!("URGENT");
        let order = order_of(act(&owner, "createWorkOrder", urgent).await);
        assert_eq!(order["sla"]["resolveBy"], "2026-07-31T16:00:00+00:00");
        world.clock.advance(Duration::hours(1));
        let theirs = go(&owner, &order, "reviseWorkOrder", json!({ "urgency": "ORDINARY" })).await;
        assert_eq!(theirs.code(), "NOT_FOUND");
        for (more, field) in [
            (json!({ "category": "NOTHING" }), "category"),
            (json!({ "description": " " }), "description"),
            (json!({ "appointmentAt": "2026-07-31T04:59:59Z" }), "appointmentAt"),
        ] {
            let wrong = go(&stage.desk, &order, "reviseWorkOrder", more).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        // As if it had been written down so: from the first receipt, by what is promised for it.
        let major = json!({ "category": "STRUCTURE", "urgency": "ORDINARY", "note": "实为墙体" });
        let order = order_of(go(&stage.desk, &order, "reviseWorkOrder", major).await);
        assert_eq!(
            (&order["categoryCode"], &order["publicPart"]),
            (&json!("STRUCTURE"), &json!(true))
        );
        assert_eq!(order["sla"]["resolveBy"], "2026-08-07T04:00:00+00:00");
        assert_eq!(notes(&owner, &order).await, [Value::Null; 0]);
        assert_eq!(notes(&stage.desk, &order).await, ["实为墙体"]);
        let stale = json!({ "expectedVersion": 1, "place": "客厅" });
        assert_eq!(go(&stage.desk, &order, "reviseWorkOrder", stale).await.code(), "CONFLICT");
        let over = go(&stage.desk, &order, "cancelWorkOrder", json!({ "reason": "重复" })).await;
        let over = order_of(over);
        let late = json!({ "urgency": "URGENT" });
        assert_eq!(go(&stage.desk, &over, "reviseWorkOrder", late).await.code(), "CONFLICT");
        let cancelled = "Your report was cancelled";
        assert_eq!(told(&owner).await, about(&over, [cancelled]));
        assert_eq!(notes(&owner, &over).await, ["重复"]);
    });
}

#[test]
fn what_is_promised_counts_from_the_appointment_or_from_when_somebody_came_before() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        hand(&stage, &stage.engineer, &["PLUMBING"], "STAFF").await;
        let (unit, _) = stage.home("6-2-0801", "王芳").await;
        let mut wish = report(&stage, Some(unit), "DOOR", "appoint-01");
        wish["appointmentAt"] = json!("2026-08-05T02:00:00Z");
        let order = order_of(act(&stage.desk, "createWorkOrder", wish).await);
        // Nobody is late before the day that the resident chose.
        assert_eq!(order["sla"]["resolveBy"], "2026-08-08T02:00:00+00:00");
        let sooner = json!({ "appointmentAt": "2026-08-03T02:00:00Z" });
        let order = order_of(go(&stage.desk, &order, "reviseWorkOrder", sooner).await);
        assert_eq!(order["sla"]["resolveBy"], "2026-08-06T02:00:00+00:00");
        world.clock.set("2026-08-01T02:00:00Z".parse().unwrap());
        let to = json!({ "assigneeId": stage.engineer.user.to_string() });
        let order = order_of(go(&stage.desk, &order, "assignWorkOrder", to).await);
        let order = step(&stage.engineer, &order, "ACCEPT").await;
        assert_eq!(order["sla"]["resolveBy"], "2026-08-06T02:00:00+00:00");
        let order = step(&stage.engineer, &order, "START").await;
        assert_eq!(order["sla"]["resolveBy"], "2026-08-04T02:00:00+00:00");
        assert_eq!(order["sla"]["respondedAt"], "2026-08-01T02:00:00+00:00");
        // It began already: another visit makes the rest of the time stand still.
        let again = json!({ "appointmentAt": "2026-08-02T02:00:00Z" });
        let order = order_of(go(&stage.desk, &order, "reviseWorkOrder", again).await);
        assert_eq!(order["sla"]["resolveBy"], "2026-08-05T02:00:00+00:00");
    });
}

#[test]
fn a_quote_is_told_corrected_taken_back_and_a_refused_one_leaves_what_was_agreed_to() {
    run(async {
        let stage = Stage::new().await;
        price(&stage, "TAP", 6_800, "MATERIAL", 90).await;
        price(&stage, "PIPE", 20_000, "MATERIAL", 90).await;
        let (order, person) = super::told_tests::begun(&stage, "6-1-0301", "quotes-001").await;
        let owner = stage.resident(person).await;
        let of = |code: &str| json!({ "lines": [{ "code": code, "quantity": 1 }] });
        let quote = async |order: &Value, code: &str| {
            order_of(go(&stage.engineer, order, "quoteWorkOrder", of(code)).await)
        };
        let order = quote(&order, "PIPE").await;
        let (assigned, waits) = ("Your report is in hand", "A price waits for your answer");
        assert_eq!(told(&owner).await, about(&order, [assigned, waits]));
        // Taken back, the work goes on and nothing is owed.
        let order = step(&stage.engineer, &order, "WITHDRAW_QUOTE").await;
        assert_eq!((&order["state"], &order["quote"]), (&json!("ACCEPTED"), &Value::Null));
        assert_eq!(order["sla"]["pausedSince"], Value::Null);
        // The wrong one is replaced, and somebody else may have it while the resident thinks.
        let order = quote(&order, "PIPE").await;
        let order = quote(&order, "TAP").await;
        assert_eq!(order["quote"]["total"]["amount"], "68.00");
        let second = stage.company.staff("ENG", stage.estate).await;
        stage.hired(second.user, "赵工").await;
        hand(&stage, &second, &["PLUMBING"], "STAFF").await;
        let to = json!({ "assigneeId": second.user.to_string() });
        let order = order_of(go(&stage.desk, &order, "assignWorkOrder", to).await);
        assert_eq!(
            (&order["state"], &order["assignee"]["name"]),
            (&json!("QUOTE_PENDING"), &json!("赵工"))
        );
        let yes = json!({ "agrees": true });
        let order = order_of(go(&owner, &order, "answerWorkQuote", yes).await);
        // More was found; the resident does not want that, and what they agreed to still holds.
        let more = go(&second, &order, "quoteWorkOrder", of("PIPE")).await;
        let order = order_of(more);
        assert_eq!(order["quote"]["state"], "PENDING");
        let no = json!({ "agrees": false });
        let order = order_of(go(&owner, &order, "answerWorkQuote", no).await);
        assert_eq!(
            (&order["quote"]["state"], &order["quote"]["total"]["amount"]),
            (&json!("ACCEPTED"), &json!("68.00"))
        );
        let order = step(&second, &order, "START").await;
        let signed = json!({ "signatureName": "王芳" });
        let done = order_of(go(&second, &order, "completeWorkOrder", signed).await);
        assert_eq!(done["charge"]["state"], "REQUESTED");
    });
}

#[test]
fn what_waits_is_offered_to_who_comes_on_duty_and_never_to_who_has_left() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _) = stage.home("6-1-0302", "李明").await;
        let waiting = report(&stage, Some(unit), "WATER_TAP", "offers-001");
        let waiting = order_of(act(&stage.desk, "createWorkOrder", waiting).await);
        assert_eq!(waiting["state"], "NEW");
        let gone = stage.company.staff("ENG", stage.estate).await;
        stage.hired(gone.user, "钱工").await;
        hand(&stage, &gone, &["LIFT"], "STAFF").await;
        stage.left(gone.user, "钱工").await;
        let lift = report(&stage, Some(unit), "LIFT", "offers-002");
        let lift = order_of(act(&stage.desk, "createWorkOrder", lift).await);
        assert_eq!((&lift["state"], &lift["assignee"]), (&json!("NEW"), &Value::Null));
        let by_hand = json!({ "assigneeId": gone.user.to_string() });
        let by_hand = go(&stage.desk, &lift, "assignWorkOrder", by_hand).await;
        assert_eq!((by_hand.code(), by_hand.field()), ("INVALID", "assigneeId"));
        hand(&stage, &stage.engineer, &["PLUMBING"], "STAFF").await;
        assert_eq!(found(&stage, &stage.engineer, "open: true").await, [waiting["id"].clone()]);
        assert_eq!(found(&stage, &stage.desk, "unassigned: true").await, [lift["id"].clone()]);
    });
}

#[test]
fn orders_are_found_by_place_kind_number_and_what_is_late() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, _) = stage.home("6-1-0303", "李明").await;
        let door = report(&stage, Some(unit), "DOOR", "finding-001");
        let door = order_of(act(&stage.desk, "createWorkOrder", door).await);
        let wall = report(&stage, Some(unit), "STRUCTURE", "finding-002");
        let wall = order_of(act(&stage.desk, "createWorkOrder", wall).await);
        let only = |order: &Value| vec![order["id"].clone()];
        let desk = &stage.desk;
        assert_eq!(found(&stage, desk, "category: \"DOOR\"").await, only(&door));
        let number = format!("number: {}", wall["number"]);
        assert_eq!(found(&stage, desk, &number).await, only(&wall));
        let here = format!("buildingId: \"{}\"", stage.building);
        assert_eq!(found(&stage, desk, &here).await.len(), 2);
        let there = format!("buildingId: \"{}\"", BuildingId::from_uuid(stage.id()));
        assert_eq!(found(&stage, desk, &there).await.len(), 0);
        assert_eq!(found(&stage, desk, "overdue: true").await.len(), 0);
        world.clock.advance(Duration::days(4));
        assert_eq!(found(&stage, desk, "overdue: true").await, only(&door));
    });
}
