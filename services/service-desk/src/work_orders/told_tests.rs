//! What residents hear of their orders, through the graph.

use super::tests::{act, go, hand, order_of, report, step};
use crate::{messages::tests::inbox, testing::Stage};
use contracts::PersonId;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Signed, run};

/// What somebody was told of repairs: each title with what the letter refers to.
pub(super) async fn told(who: &Signed) -> BTreeSet<(String, String)> {
    let letters = inbox(who, None).await;
    let repairs = letters.as_array().unwrap().iter().filter(|it| it["kind"] == "SERVICE");
    let word = |it: &Value, field: &str| it[field].as_str().unwrap().to_owned();
    let told: Vec<_> = repairs.map(|it| (word(it, "title"), word(it, "reference"))).collect();
    let distinct: BTreeSet<_> = told.iter().cloned().collect();
    assert_eq!(distinct.len(), told.len(), "nothing twice");
    distinct
}

/// Letters of these titles about one order.
pub(super) fn about<const N: usize>(
    order: &Value,
    titles: [&str; N],
) -> BTreeSet<(String, String)> {
    let id = order["id"].as_str().unwrap();
    titles.into_iter().map(|title| (title.to_owned(), id.to_owned())).collect()
}

async fn merge(stage: &Stage, gone: &Value, kept: &Value) {
    let input = json!({ "duplicateId": gone["id"], "duplicateVersion": gone["version"],
        "survivorId": kept["id"], "survivorVersion": kept["version"] });
    act(&stage.desk, "mergeWorkOrders", input).await.ok();
}

/// An order that the engineer has begun, of somebody at home in a unit.
pub(super) async fn begun(stage: &Stage, label: &str, key: &str) -> (Value, PersonId) {
    hand(stage, &stage.engineer, &["PLUMBING"], "STAFF").await;
    let (unit, person) = stage.home(label, "王芳").await;
    let mut input = report(stage, Some(unit), "WATER_TAP", key);
    input["reporterId"] = json!(person.to_string());
    let order = order_of(act(&stage.desk, "createWorkOrder", input).await);
    let order = step(&stage.engineer, &order, "ACCEPT").await;
    (step(&stage.engineer, &order, "START").await, person)
}

#[test]
fn who_reported_a_duplicate_hears_where_it_goes_on_and_all_hear_when_it_is_done() {
    run(async {
        let stage = Stage::new().await;
        let (order, first) = begun(&stage, "6-1-0201", "merged-001").await;
        let (unit, second) = stage.home("6-1-0202", "李明").await;
        let (_, third) = stage.home("6-1-0203", "赵六").await;
        let [first, second, third] = [
            stage.resident(first).await,
            stage.resident(second).await,
            stage.resident(third).await,
        ];
        let theirs = report(&stage, Some(unit), "DOOR", "merged-002");
        let theirs = order_of(act(&second, "createWorkOrder", theirs).await);
        let mut last = report(&stage, None, "DOOR", "merged-003");
        last["place"] = json!("6 栋大堂");
        let last = order_of(act(&third, "createWorkOrder", last).await);
        // A chain: the third into the second, and that into the first.
        merge(&stage, &last, &theirs).await;
        merge(&stage, &theirs, &order).await;
        let goes_on = "Your report goes on with another one";
        assert_eq!(told(&third).await, about(&last, [goes_on]));
        assert_eq!(told(&second).await, about(&theirs, [goes_on]));
        let signed = json!({ "signatureName": "王芳" });
        order_of(go(&stage.engineer, &order, "completeWorkOrder", signed).await);
        // Each by the order that they know.
        let done = "The work is done";
        assert_eq!(told(&first).await, about(&order, ["Your report is in hand", done]));
        assert_eq!(told(&second).await, about(&theirs, [goes_on, done]));
        assert_eq!(told(&third).await, about(&last, [goes_on, done]));
    });
}

#[test]
fn who_reported_something_hears_who_has_it_and_why_it_waits() {
    run(async {
        let stage = Stage::new().await;
        let (order, person) = begun(&stage, "6-1-0204", "waits-0001").await;
        let owner = stage.resident(person).await;
        let assigned = "Your report is in hand";
        assert_eq!(told(&owner).await, about(&order, [assigned]));
        let order = step(&stage.engineer, &order, "WAIT_FOR_PARTS").await;
        let waits = "Your report has to wait";
        assert_eq!(told(&owner).await, about(&order, [assigned, waits]));
        // Who cancels their own report needs no letter.
        let why = json!({ "reason": "已自行修好" });
        let order = order_of(go(&owner, &order, "cancelWorkOrder", why).await);
        assert_eq!(told(&owner).await, about(&order, [assigned, waits]));
    });
}
