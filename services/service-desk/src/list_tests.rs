//! No list costs a statement a row: each is asked of an estate with few rows and of one with many.

use crate::{
    announcements, attachments, community_events, complaints,
    contacts::{self, tests::logged},
    figures, meetings, memos, messages, notices, partner_settlements, revisits, service, sla,
    special_services, surveys,
    testing::Stage,
    timeline, visits, work_orders,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};
use testkit::{
    World,
    lists::{FEW, MANY, assert_flat, list_fields},
    run,
};

/// A field, where its rows are in the answer, and the document that asks for them; `$estate`,
/// `$unit` and `$contact` are given.
type List = (&'static str, &'static str, &'static str);

const OWN: [List; 1] = [(
    "Query.responders",
    "/responders/edges",
    "responders(estateId: $estate, first: 100) { edges { node { level staff { name } } } }",
)];

/// Every list of every feature.
fn lists() -> Vec<List> {
    [
        &OWN[..],
        &contacts::list_rows::LISTS,
        &timeline::list_rows::LISTS,
        &attachments::list_rows::LISTS,
        &sla::list_rows::LISTS,
        &work_orders::list_rows::LISTS,
        &special_services::list_rows::LISTS,
        &partner_settlements::list_rows::LISTS,
        &community_events::list_rows::LISTS,
        &surveys::list_rows::LISTS,
        &figures::list_rows::LISTS,
        &complaints::list_rows::LISTS,
        &revisits::list_rows::LISTS,
        &messages::list_rows::LISTS,
        &notices::list_rows::LISTS,
        &visits::list_rows::LISTS,
        &memos::list_rows::LISTS,
        &meetings::list_rows::LISTS,
        &announcements::list_rows::LISTS,
    ]
    .concat()
}

/// An estate in which each list has so many rows.
async fn rows(world: &Arc<World>, many: usize) -> (Stage, Value) {
    let stage = Stage::in_world(world).await;
    let unit = contacts::list_rows::home(&stage).await;
    let home = timeline::list_rows::home(&stage).await;
    let contact = logged(&stage, &stage.desk, json!({})).await["id"].take();
    for n in 0..many {
        responder(&stage, n).await;
        contacts::list_rows::row(&stage, unit, n).await;
        timeline::list_rows::row(&stage, home, n).await;
        attachments::list_rows::row(&stage, &contact).await;
        sla::list_rows::make(&stage, n).await;
        work_orders::list_rows::make(&stage, n).await;
        special_services::list_rows::make(&stage, n).await;
        partner_settlements::list_rows::make(&stage, n).await;
        community_events::list_rows::make(&stage, n).await;
        surveys::list_rows::row(&stage, n).await;
        figures::list_rows::row(&stage, n).await;
        complaints::list_rows::make(&stage).await;
        revisits::list_rows::make(&stage, n).await;
        messages::list_rows::make(&stage, unit, n).await;
        notices::list_rows::make(&stage, unit, n).await;
        visits::list_rows::make(&stage, unit, n).await;
        memos::list_rows::make(&stage, n).await;
        meetings::list_rows::make(&stage, n).await;
        announcements::list_rows::make(&stage, n).await;
    }
    let given = json!({ "estate": stage.estate.to_string(), "unit": unit.to_string(),
        "home": home.to_string(), "contact": contact });
    (stage, given)
}

async fn responder(stage: &Stage, n: usize) {
    let one = stage.company.staff("ENG", stage.estate).await;
    stage.hired(one.user, &format!("工{n}")).await;
    let text = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) {
        responder { level } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "staffId": one.user.to_string(),
        "level": "STAFF", "skills": [], "buildingIds": [] });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}

#[test]
fn every_list_costs_the_same_whatever_its_length() {
    run(async {
        // A world of its own, where nobody else's statements are counted.
        let world = Arc::new(World::start(vec![service()], &[]).await);
        let (few, many) = (rows(&world, FEW).await, rows(&world, MANY).await);
        for (name, place, asked) in lists() {
            let names = ["estate", "unit", "home", "contact"];
            let named = names.into_iter().filter(|name| asked.contains(&format!("${name}")));
            let named: Vec<&str> = named.collect();
            let declared: Vec<String> = named.iter().map(|name| format!("${name}: ID!")).collect();
            let document = format!("query({}) {{ {asked} }}", declared.join(", "));
            let ask = |(stage, given): &(Stage, Value)| {
                let variables: serde_json::Map<String, Value> =
                    named.iter().map(|name| ((*name).to_owned(), given[name].clone())).collect();
                let variables = Value::Object(variables);
                let (stage, unit, document) = (stage.clone(), &given["unit"], document.clone());
                let unit = unit.as_str().and_then(|id| id.parse().ok());
                async move {
                    let who = match name {
                        "Query.inbox" => messages::list_rows::reader(&stage, unit.unwrap()).await,
                        _ => stage.supervisor.clone(),
                    };
                    who.send("service-desk", &document, variables).await
                }
            };
            let which = (&*world, "service-desk");
            assert_flat(which, (name, place), || ask(&few), || ask(&many)).await;
        }
        let sdl = world.running.subgraphs[0].sdl();
        let here = lists().into_iter().map(|list| list.0);
        let asked = here.chain(surveys::list_rows::ELSEWHERE).map(str::to_owned);
        let asked: BTreeSet<String> = asked.collect();
        let there = list_fields(&sdl, "Query").into_iter().map(|field| format!("Query.{field}"));
        assert_eq!(asked, there.collect());
    });
}
