//! No list costs a statement a row: each is asked of an estate with few rows and of one with many.

use crate::{service, sla, testing::Stage, work_orders};
use serde_json::json;
use std::{collections::BTreeSet, sync::Arc};
use testkit::{
    World,
    lists::{FEW, MANY, assert_flat, list_fields},
    run,
};

/// A field, where its rows are in the answer, and the document that asks for them.
type List = (&'static str, &'static str, &'static str);

const LISTS: [&[List]; 3] = [
    &[(
        "Query.responders",
        "/responders/edges",
        "responders(estateId: $estate, first: 100) { edges { node { level staff { name } } } }",
    )],
    &sla::list_rows::LISTS,
    &work_orders::list_rows::LISTS,
];

/// An estate in which each list has so many rows.
async fn rows(world: &Arc<World>, many: usize) -> Stage {
    let stage = Stage::in_world(world).await;
    for n in 0..many {
        responder(&stage, n).await;
        sla::list_rows::make(&stage, n).await;
        work_orders::list_rows::make(&stage, n).await;
    }
    stage
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
        for (name, place, asked) in LISTS.into_iter().flatten().copied() {
            let document = format!("query($estate: ID!) {{ {asked} }}");
            let ask = |stage: &Stage| {
                let variables = json!({ "estate": stage.estate.to_string() });
                let (who, document) = (stage.supervisor.clone(), document.clone());
                async move { who.send("service-desk", &document, variables).await }
            };
            let which = (&*world, "service-desk");
            assert_flat(which, (name, place), || ask(&few), || ask(&many)).await;
        }
        let sdl = world.running.subgraphs[0].sdl();
        let asked: BTreeSet<String> =
            LISTS.into_iter().flatten().map(|list| list.0.to_owned()).collect();
        let there = list_fields(&sdl, "Query").into_iter().map(|field| format!("Query.{field}"));
        assert_eq!(asked, there.collect());
    });
}
