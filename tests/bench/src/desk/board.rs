//! A page of 50 work orders with unit, reporter, who has it and what is promised.

use crate::{
    company::{CODE, PASSWORD},
    load::post,
    reads::{self, Document, Effort},
    report::Row,
    town::Town,
};
use anyhow::{Context as _, Result};
use demo::Session;
use serde_json::{Value, json};

/// A page of the board.
const BOARD: &str = "query Board($estate: ID!, $after: String) {
  workOrders(estateId: $estate, open: true, first: 50, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node {
      id number state version createdAt description
      unit { id } unitLabel reporter { id } reporterName assignee { id name }
      sla { respondBy resolveBy responseMet resolutionMet nextEscalationAt warnedPercent }
    } }
  }
}";

const DOCUMENT: Document = Document {
    name: "50 work orders with unit, reporter, assignee and promise",
    databases: &[("service_desk_app", "service_desk")],
    goal: (50.0, "≥ 50 %"),
};

/// Has work reported and compares the pages of the board with pgbench.
pub async fn measure(town: &Town, (orders, effort): (u32, Effort)) -> Result<Vec<Row>> {
    let desk = town.door.sign_in(CODE, "desk", PASSWORD).await?;
    for number in 0..orders {
        report(town, &desk, number).await?;
    }
    town.tidy("service-desk")?;
    let mut requests = Vec::new();
    let mut after = Value::Null;
    loop {
        let variables = json!({ "estate": town.company.estate.to_string(), "after": after });
        let body = json!({ "query": BOARD, "variables": variables });
        let page = desk.ask(BOARD, body["variables"].clone()).await?;
        let page = &page["workOrders"];
        let rows = page["edges"].as_array().context("a page of orders")?;
        if rows.len() == 50 {
            requests.push(post("/graphql", Some(&desk.token()), &body));
        }
        if page["pageInfo"]["hasNextPage"] != true {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    reads::compare(town, DOCUMENT, requests, effort).await
}

async fn report(town: &Town, desk: &Session, number: u32) -> Result<()> {
    let create =
        "mutation($input: CreateWorkOrderInput!) { createWorkOrder(input: $input) { __typename } }";
    // Homes that are far from each other, so that their rows are not all in the same few pages.
    let input = town.company.report(number * 37, &format!("board-{number:06}"));
    desk.ask(create, json!({ "input": input })).await.map(drop)
}
