//! What a page of orders costs the database.

use super::tests::{act, hand, order_of, report};
use crate::testing::{Stage, own_world};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{World, lists::statements, run};

const PAGE: &str = "query($estate: ID!) { workOrders(estateId: $estate, first: 50) { edges { node {
    number unitLabel reporter { id } reporterName assignee { id name }
    sla { respondBy resolveBy nextEscalationAt } } } } }";

/// An estate with so many orders, each of another home, reported by its owner and given to somebody.
async fn orders(world: &Arc<World>, count: usize) -> Stage {
    let stage = Stage::in_world(world).await;
    hand(&stage, &stage.engineer, &["CARPENTRY"], "STAFF").await;
    for n in 0..count {
        let (unit, owner) = stage.home(&format!("6-1-{n:04}"), "李明").await;
        let mut input = report(&stage, Some(unit), "DOOR", &format!("page-{n:04}"));
        input["reporterId"] = json!(owner.to_string());
        order_of(act(&stage.desk, "createWorkOrder", input).await);
    }
    stage
}

fn rows(page: &Value) -> &Vec<Value> {
    page["workOrders"]["edges"].as_array().unwrap()
}

#[test]
fn fifty_orders_cost_as_many_statements_as_five() {
    run(async {
        // A world of its own, where nobody else's statements are counted.
        let world = own_world("2026-07-31T04:00:00Z").await;
        let (few, many) = (orders(&world, 5).await, orders(&world, 50).await);
        let ask = |stage: &Stage| {
            let (who, estate) = (stage.supervisor.clone(), stage.estate.to_string());
            async move { who.send("service-desk", PAGE, json!({ "estate": estate })).await }
        };
        let (short, page) = statements(&world, "service-desk", None, || ask(&few)).await;
        assert_eq!(rows(&page).len(), 5);
        let (long, page) = statements(&world, "service-desk", Some(short), || ask(&many)).await;
        assert_eq!(rows(&page).len(), 50);
        let whole = |row: &Value| {
            let order = &row["node"];
            let texts = [&order["unitLabel"], &order["reporterName"], &order["assignee"]["name"]];
            texts.iter().all(|text| text.is_string()) && order["sla"]["resolveBy"].is_string()
        };
        assert!(rows(&page).iter().all(whole), "{page}");
        assert_eq!(long, short, "statements for 50 orders and for 5");
    });
}
