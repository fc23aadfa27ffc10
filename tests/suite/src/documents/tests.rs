//! Documents from small schemas.

use super::*;
use std::path::Path;

const SDL: &str = "type Query { unit(id: ID!, at: NaiveDate): Unit }
    type Mutation { rename(input: RenameInput!): Unit }
    input RenameInput { unitId: ID! label: String! buildingId: ID }
    scalar NaiveDate
    type Unit @key(fields: \"id\") { id: ID! label: String owner: Person
        bills(first: Int): Int share(personId: ID!): Int }
    type Person { name: String home: Unit }
    extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\")";

fn documents(cases: &str) -> Result<Vec<Document>, Vec<Unfillable>> {
    let mut known = Cases::default();
    if !cases.is_empty() {
        known.add(cases, Path::new("cases.graphql"));
    }
    Documents::new("homes", SDL, known).all()
}

fn find<'d>(all: &'d [Document], name: &str) -> &'d Document {
    all.iter().find(|document| document.name == name).unwrap()
}

#[test]
fn documents_ask_for_everything_once() {
    let all = documents("").unwrap();
    assert_eq!(
        find(&all, "unit").text,
        "query($id: ID!, $Unit_share_personId: ID!) { unit(id: $id) { __typename id label \
         owner { __typename name } bills share(personId: $Unit_share_personId) } }"
    );
    let names: Vec<&str> = all.iter().map(|document| document.name.as_str()).collect();
    assert_eq!(names, ["unit", "rename", "Unit@homes", "Unit.share"]);
    assert_eq!(find(&all, "Unit.share").slots[0].name, "person");
}

#[test]
fn objects_are_found_where_they_are_named_and_where_they_could_be() {
    let all = documents("").unwrap();
    let slots = &find(&all, "rename").slots;
    let seen: Vec<(&str, bool)> =
        slots.iter().map(|slot| (slot.name.as_str(), slot.optional)).collect();
    assert_eq!(seen, [("unit", false), ("building", true)]);
}

#[test]
fn what_a_feature_says_counts_more_than_a_guess() {
    let said =
        "mutation @by(role: \"DIR\") { rename(input: { unitId: $home, label: $unitText }) { id } }";
    let all = documents(said).unwrap();
    let rename = find(&all, "rename");
    assert_eq!(rename.by.as_deref(), Some("DIR"));
    assert_eq!(rename.slots[0].name, "home");
    assert_eq!(rename.slots.len(), 2);
}

#[test]
fn an_id_nobody_knows_and_a_case_of_nothing_are_named() {
    let sdl = "type Query { a: Int } type Mutation { drop(input: DropInput!): Int }
        input DropInput { id: ID! }";
    let mut cases = Cases::default();
    cases.add("query { gone }", Path::new("cases.graphql"));
    let wrong = Documents::new("homes", sdl, cases).all().unwrap_err();
    let texts: Vec<&str> = wrong.iter().map(|wrong| wrong.0.as_str()).collect();
    let unknown = "homes: drop.input.id is an id that nobody said anything of";
    assert_eq!(texts, [unknown, "homes: gone is no operation of the service"]);
}
