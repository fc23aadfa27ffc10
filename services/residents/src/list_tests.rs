//! No list costs a statement a row: each is asked for few rows and for many.

use crate::service;
use crate::tests::demo;
use ids::EstateId;
use serde_json::json;
use std::{collections::BTreeSet, sync::Arc};
use testkit::{
    Signed, World,
    lists::{FEW, MANY, assert_flat, list_fields},
    run,
};

/// A field, where its rows are in the answer, and a document in which `ROWS` is their number.
type List = (&'static str, &'static str, &'static str);

const LISTS: [List; 6] = [
    (
        "Query.units",
        "/units/edges",
        "units(estateId: $estate, first: ROWS) { edges { node { UNIT } } }",
    ),
    ("Query.buildings", "/buildings", "buildings(estateId: $estate) { id code }"),
    (
        "Query.people",
        "/people/edges",
        "people(estateId: $estate, first: ROWS) { edges { node { id name phone } } }",
    ),
    (
        "Query.parkingSpaces",
        "/parkingSpaces/edges",
        "parkingSpaces(estateId: $estate, first: ROWS) { edges { node { id label holder { id name } } } }",
    ),
    (
        "Query.search",
        "/search/edges",
        "search(text: \"王\", estateId: $estate, first: ROWS) { edges { node { matched person { name } unit { UNIT } } } }",
    ),
    (
        "Estate.units",
        "/_entities/0/units/edges",
        "_entities(representations: [{ __typename: \"Estate\", id: $estate }]) { ... on Estate { units(first: ROWS) { edges { node { UNIT } } } } }",
    ),
];

const UNIT: &str = "id label building { id code } household { payer { id name } \
                    members { person { id name } occupancy { kind from to } } vehicles { plate } }";

async fn ask(who: &Signed, estate: EstateId, document: &str, rows: usize) -> testkit::Answer {
    let document = document.replace("UNIT", UNIT).replace("ROWS", &rows.to_string());
    let document = format!("query($estate: ID!) {{ {document} }}");
    who.send("residents", &document, json!({ "estate": estate.to_string() })).await
}

/// A director and an estate with so many buildings.
async fn built(world: &Arc<World>, buildings: usize) -> (Signed, EstateId) {
    let company = world.company();
    let estate = company.estate("B", "楼宇").await;
    let director = company.staff("DIR", estate).await;
    let add =
        "mutation($input: AddBuildingInput!) { addBuilding(input: $input) { building { id } } }";
    for number in 1..=buildings {
        let input = json!({ "estateId": estate.to_string(), "code": number.to_string() });
        director.send("residents", add, json!({ "input": input })).await.ok();
    }
    (director, estate)
}

#[test]
fn no_list_costs_a_statement_a_row() {
    run(async {
        // A world of its own: statements are counted per database.
        let world = Arc::new(World::start(vec![service()], &[]).await);
        let (company, estate) = demo(&world).await;
        let desk = company.staff("DESK", estate).await;
        let (few, many) = (built(&world, FEW).await, built(&world, MANY).await);
        for (name, rows, document) in LISTS {
            let of = |rows| {
                // Buildings come all at once, so they are counted in two other estates.
                let (who, estate) = match (name, rows) {
                    ("Query.buildings", FEW) => (&few.0, few.1),
                    ("Query.buildings", _) => (&many.0, many.1),
                    _ => (&desk, estate),
                };
                ask(who, estate, document, rows)
            };
            assert_flat((&world, "residents"), (name, rows), || of(FEW), || of(MANY)).await;
        }
    });
}

#[test]
fn every_list_is_asked() {
    // The form to fill in: it comes from no table.
    const FIXED: &str = "Query.importTemplate";
    let sdl = include_str!("../schema.graphql");
    let asked: BTreeSet<String> = LISTS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    let there: BTreeSet<String> = ["Query", "Estate"]
        .iter()
        .flat_map(|kind| {
            list_fields(sdl, kind).into_iter().map(move |name| format!("{kind}.{name}"))
        })
        .filter(|name| name != FIXED)
        .collect();
    assert_eq!(there, asked);
}
