//! The service from the outside: a request in, an answer and an event out.

use crate::{importer, seed, service};
use authz::Grant;
use bytes::Bytes;
use chrono::NaiveDate;
use http::{Request, Response, StatusCode};
use ids::EstateId;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use testkit::{Company, Signed, World, eventually};
use tokio::sync::OnceCell;

mod occupancy;
mod reading;

static WORLD: OnceCell<Arc<World>> = OnceCell::const_new();

async fn world() -> Arc<World> {
    let start = || async { Arc::new(World::start(vec![service()], &[]).await) };
    Arc::clone(WORLD.get_or_init(start).await)
}

fn july() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, 1).unwrap()
}

async fn http(world: &World, request: Request<Bytes>) -> Response<Bytes> {
    world.running.peers.get("residents").unwrap().call(request).await.unwrap()
}

async fn upload(world: &World, who: &Signed, name: &str, bytes: &[u8]) -> Response<Bytes> {
    let mut body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    )
    .into_bytes();
    body.extend(bytes);
    body.extend(b"\r\n--b--\r\n");
    let request = Request::post("/files")
        .header("authorization", format!("Bearer {}", who.token()))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body.into())
        .unwrap();
    http(world, request).await
}

async fn uploaded(world: &World, who: &Signed, name: &str, bytes: &[u8]) -> String {
    let answer = upload(world, who, name, bytes).await;
    assert_eq!(answer.status(), StatusCode::CREATED, "{:?}", answer.body());
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    body["id"].as_str().unwrap().to_owned()
}

const START: &str = "mutation($input: StartImportInput!) { startImport(input: $input) { import {
    id state } } }";
const READ: &str = "query($id: ID!) { import(id: $id) {
    id state errors undecided warnings total failure sheets { kind } ignoredSheets
    findings(severity: CHOICE) { edges { node { sheet row code value choices } } } } }";
const CONFIRM: &str = "mutation($input: ConfirmImportInput!) { confirmImport(input: $input) {
    import { id state } } }";

/// Has a file read; the import once it was.
async fn start(who: &Signed, estate: EstateId, file: &str) -> Value {
    let input =
        json!({ "estateId": estate.to_string(), "fileId": file, "cutOverMonth": "2026-07" });
    let begun = who.send("residents", START, json!({ "input": input })).await.ok();
    let begun = &begun["startImport"]["import"];
    assert_eq!(begun["state"], "READING");
    read(who, begun["id"].as_str().unwrap()).await
}

async fn read(who: &Signed, id: &str) -> Value {
    until(who, id, &["ANALYSED", "UNREADABLE"]).await;
    who.send("residents", READ, json!({ "id": id })).await.ok()["import"].take()
}

async fn finished(who: &Signed, id: &str) -> Value {
    until(who, id, &["DONE", "FAILED"]).await
}

async fn until(who: &Signed, id: &str, states: &[&str]) -> Value {
    let query = "query($id: ID!) { import(id: $id) { state done total failure } }";
    let ask =
        || async { who.send("residents", query, json!({ "id": id })).await.ok()["import"].take() };
    eventually("the import gets there", || async {
        states.contains(&ask().await["state"].as_str().unwrap())
    })
    .await;
    ask().await
}

/// An estate with the demo roster in it.
pub(crate) async fn demo(world: &Arc<World>) -> (Company, EstateId) {
    let company = world.company();
    let estate = company.estate("FCH", "翡翠湖畔花园").await;
    let importer = importer(world.context("residents")).unwrap();
    let bytes = seed::demo_roster().unwrap();
    let import = importer
        .import_bytes(company.tenant, estate, ("demo.xlsx", &bytes), july(), "test")
        .await
        .unwrap();
    assert_eq!(import.counts, [0, 0, 0]);
    assert_eq!(import.done, import.total);
    (company, estate)
}

static DEMO: OnceCell<(Company, EstateId)> = OnceCell::const_new();

/// The demo estate, for tests that only read.
async fn shared_demo() -> (Arc<World>, Company, EstateId) {
    let world = world().await;
    let (company, estate) = DEMO.get_or_init(|| demo(&world)).await.clone();
    (world, company, estate)
}

const UNITS: &str = "query($e: ID!, $first: Int, $after: String) {
    units(estateId: $e, first: $first, after: $after) {
        pageInfo { hasNextPage endCursor }
        edges { node { id label state grossArea building { id code }
            household { payer { id name phone } members { person { id name } occupancy { kind from to } }
            vehicles { plate } } } } } }";

async fn all_units(who: &Signed, estate: EstateId) -> Vec<Value> {
    let (mut units, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "e": estate.to_string(), "first": 100, "after": after });
        let mut page = who.send("residents", UNITS, variables).await.ok()["units"].take();
        units.extend(page["edges"].as_array_mut().unwrap().iter_mut().map(|e| e["node"].take()));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            return units;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

const SEARCH: &str = "query($text: String!, $e: ID) { search(text: $text, estateId: $e) {
    edges { node { matched unit { id label household { payer { name } } } person { id name phone } } } } }";

async fn search(who: &Signed, text: &str) -> Vec<Value> {
    let mut found = who.send("residents", SEARCH, json!({ "text": text })).await.ok();
    let edges = found["search"]["edges"].as_array_mut().unwrap();
    edges.iter_mut().map(|edge| edge["node"].take()).collect()
}

#[test]
fn the_demo_estate_is_the_one_of_the_handbook() {
    testkit::run(async {
        let (_, company, estate) = shared_demo().await;
        let desk = company.staff("DESK", estate).await;
        let units = all_units(&desk, estate).await;
        assert_eq!(units.len(), 768);
        let mut states: BTreeMap<&str, usize> = BTreeMap::new();
        for unit in &units {
            *states.entry(unit["state"].as_str().unwrap()).or_default() += 1;
            assert!(unit["household"]["payer"]["id"].is_string(), "{unit}");
        }
        let wanted = [("IN_USE", 690), ("RENOVATING", 28), ("UNSOLD", 8), ("VACANT", 42)];
        assert_eq!(states.into_iter().collect::<Vec<_>>(), wanted);
        let lessees = units.iter().flat_map(|u| u["household"]["members"].as_array().unwrap());
        let lessees = lessees.filter(|m| m["occupancy"]["kind"] == "LESSEE").count();
        assert_eq!(lessees, 60);
        let people: std::collections::HashSet<&str> = units
            .iter()
            .flat_map(|u| u["household"]["members"].as_array().unwrap())
            .map(|m| m["person"]["id"].as_str().unwrap())
            .collect();
        assert!((1_850..=2_050).contains(&people.len()), "{}", people.len());
        let wang = units.iter().find(|unit| unit["label"] == "3-1-1201").unwrap();
        assert_eq!(wang["household"]["payer"]["name"], "王*");
        assert_eq!(wang["household"]["members"][0]["occupancy"]["from"], "2026-06-11");
        assert_eq!(wang["grossArea"], "118.56");
    });
}

#[test]
fn the_search_box_finds_by_number_name_phone_and_plate() {
    testkit::run(async {
        let (_, company, estate) = shared_demo().await;
        let desk = company.staff("DESK", estate).await;
        let by_label = search(&desk, "3-1-1201").await;
        assert_eq!(by_label.len(), 1, "{by_label:#?}");
        assert_eq!(by_label[0]["unit"]["household"]["payer"]["name"], "王*");
        let by_name = search(&desk, "陈伟").await;
        assert!(by_name.iter().any(|hit| hit["unit"]["label"] == "6-2-0801"), "{by_name:#?}");
        let chen = by_name.iter().find(|hit| hit["unit"]["label"] == "6-2-0801").unwrap();
        assert_eq!(chen["matched"], "NAME");
        let phone = chen["person"]["phone"].as_str().unwrap();
        assert!(phone.starts_with("199****"), "{phone}");
        let by_phone = search(&desk, &phone[7..]).await;
        assert!(by_phone.iter().any(|hit| hit["person"]["id"] == chen["person"]["id"]));
        let plate = search(&desk, "皖A10037").await;
        assert_eq!(plate.len(), 1, "{plate:#?}");
        assert_eq!(plate[0]["matched"], "PLATE");
        assert!(search(&desk, "没有这个人").await.is_empty());
        assert!(search(&desk, "%").await.is_empty());
        let empty = desk.send("residents", SEARCH, json!({ "text": " " })).await;
        assert_eq!((empty.code(), empty.field()), ("INVALID", "text"));
    });
}

#[test]
fn an_officer_sees_their_zone_and_a_resident_their_unit() {
    testkit::run(async {
        let (_, company, estate) = shared_demo().await;
        let desk = company.staff("DESK", estate).await;
        let units = all_units(&desk, estate).await;
        let building = |code: &str| {
            let unit = units.iter().find(|unit| unit["building"]["code"] == code).unwrap();
            unit["building"]["id"].as_str().unwrap().to_owned()
        };
        let zone: contracts::BuildingId = building("8").parse().unwrap();
        let officer = company.staff_in_zone("PO", estate, vec![zone.as_uuid()]).await;
        let seen = all_units(&officer, estate).await;
        assert_eq!(seen.len(), 132);
        assert!(
            search(&officer, "王芳")
                .await
                .iter()
                .all(|h| h["unit"]["label"].as_str().unwrap().starts_with("8-"))
        );
        let wang = units.iter().find(|unit| unit["label"] == "3-1-1201").unwrap();
        let unit = "query($id: ID!) { unit(id: $id) { label } }";
        let hidden = officer.send("residents", unit, json!({ "id": wang["id"] })).await;
        assert_eq!((hidden.code(), hidden.message()), ("NOT_FOUND", "not found"));

        let person: contracts::PersonId =
            wang["household"]["payer"]["id"].as_str().unwrap().parse().unwrap();
        let resident = company.resident(person.as_uuid()).await;
        let user = resident.user.as_uuid();
        let grant = Grant { user, role: "OWN".to_owned(), estate: Some(estate), zone: Vec::new() };
        company.change_policy(|policy| policy.grants.push(grant)).await;
        let own = all_units(&resident, estate).await;
        assert_eq!(own.len(), 1);
        assert_eq!(own[0]["label"], "3-1-1201");
        // The developer, who left, is not the owner's business.
        let members = own[0]["household"]["members"].as_array().unwrap();
        assert!(members.iter().all(|m| m["occupancy"]["kind"] != "DEVELOPER"));
        let other = units.iter().find(|unit| unit["label"] == "3-1-1101").unwrap();
        let foreign = resident.send("residents", unit, json!({ "id": other["id"] })).await;
        assert_eq!((foreign.code(), foreign.message()), ("NOT_FOUND", "not found"));
        assert!(search(&resident, "3-1-1101").await.is_empty());
        let people = "query($e: ID!) { people(estateId: $e) { edges { node { id } } } }";
        let people =
            resident.send("residents", people, json!({ "e": estate.to_string() })).await.ok();
        assert_eq!(people["people"]["edges"].as_array().unwrap().len(), members.len());
    });
}

#[test]
fn another_company_sees_nothing() {
    testkit::run(async {
        let (world, company, estate) = shared_demo().await;
        let desk = company.staff("DESK", estate).await;
        let unit = search(&desk, "3-1-1201").await.remove(0)["unit"]["id"].take();
        let stranger = world.company();
        let own = stranger.estate("AJ", "安居").await;
        let admin = stranger.staff("CADM", None).await;
        let foreign = admin
            .send("residents", "query($id: ID!) { unit(id: $id) { label } }", json!({ "id": unit }))
            .await;
        assert_eq!((foreign.code(), foreign.message()), ("NOT_FOUND", "not found"));
        assert!(search(&admin, "3-1-1201").await.is_empty());
        assert!(all_units(&admin, estate).await.is_empty());
        let person = search(&desk, "王芳").await.remove(0)["person"]["id"].take();
        let input = json!({ "unitId": unit, "personId": person, "kind": "OWNER", "from": "2026-07-01", "pays": true });
        let tie = "mutation($input: StartOccupancyInput!) { startOccupancy(input: $input) { occupancy { id } } }";
        assert_eq!(
            admin.send("residents", tie, json!({ "input": input })).await.code(),
            "NOT_FOUND"
        );
        let nobody = world.anonymous("residents", UNITS, json!({ "e": own.to_string() })).await;
        assert_eq!(nobody.code(), "UNAUTHENTICATED");
        let building = "mutation($input: AddBuildingInput!) { addBuilding(input: $input) { building { id } } }";
        let input = json!({ "estateId": estate.to_string(), "code": "9" });
        let refused = admin.send("residents", building, json!({ "input": input })).await;
        assert_eq!((refused.code(), refused.message()), ("NOT_FOUND", "not found"));
    });
}

const REVEAL: &str =
    "mutation($input: RevealPersonalDataInput!) { revealPersonalData(input: $input) { value } }";

#[test]
fn revealing_needs_a_right_and_a_reason_and_leaves_a_row() {
    testkit::run(async {
        let (world, company, estate) = shared_demo().await;
        let desk = company.staff("DESK", estate).await;
        let person = search(&desk, "3-1-1201").await.remove(0);
        assert_eq!(person["person"], Value::Null);
        let mut found = search(&desk, "陈伟").await;
        let chen = found.iter_mut().find(|hit| hit["unit"]["label"] == "6-2-0801").unwrap();
        let person = chen["person"]["id"].take();
        let ask = |field: &str, reason: &str| json!({ "input": { "personId": person, "field": field, "reason": reason } });
        let shown = desk.send("residents", REVEAL, ask("PHONE", "快递无法送达")).await.ok();
        let phone = shown["revealPersonalData"]["value"].as_str().unwrap();
        assert!(phone.len() == 11 && phone.starts_with("199"), "{phone}");
        let without = desk.send("residents", REVEAL, ask("PHONE", " ")).await;
        assert_eq!((without.code(), without.field()), ("INVALID", "reason"));
        let identity = desk.send("residents", REVEAL, ask("IDENTITY", "核对")).await;
        assert_eq!(identity.code(), "FORBIDDEN");
        let clerk = company.staff("CLERK", estate).await;
        assert_eq!(clerk.send("residents", REVEAL, ask("PHONE", "好奇")).await.code(), "FORBIDDEN");
        let scope = world.db("residents").read(company.tenant).await.unwrap();
        let rows = crate::people::repo::revealed(&scope, person.as_str().unwrap()).await.unwrap();
        assert_eq!(rows, ["快递无法送达"]);
    });
}

#[test]
fn a_file_of_an_older_system_comes_in_as_it_is() {
    testkit::run(async {
        let world = world().await;
        let company = world.company();
        let estate = company.estate("LEG", "旧小区").await;
        let director = company.staff("DIR", estate).await;
        let bytes = seed::legacy_roster().unwrap();
        let file = uploaded(&world, &director, "legacy.xlsx", &bytes).await;
        let import = start(&director, estate, &file).await;
        assert_eq!((import["errors"].as_i64(), import["undecided"].as_i64()), (Some(0), Some(8)));
        let findings = import["findings"]["edges"].as_array().unwrap();
        let at = |code: &str| -> Vec<(String, i64)> {
            let of = findings.iter().map(|e| &e["node"]).filter(|node| node["code"] == code);
            of.map(|n| (n["sheet"].as_str().unwrap().to_owned(), n["row"].as_i64().unwrap()))
                .collect()
        };
        let unit = |row| ("房屋信息".to_owned(), row);
        assert_eq!(at("DANGLING_OWNER"), [unit(7), unit(8), unit(9)]);
        assert_eq!(at("DOUBTFUL_IDENTITY").len(), 5);
        let doubtful = findings.iter().find(|e| e["node"]["code"] == "DOUBTFUL_IDENTITY").unwrap();
        assert_eq!(doubtful["node"]["value"], "34**************17");
        assert!(all_units(&director, estate).await.is_empty(), "a dry run imports nothing");

        let id = import["id"].as_str().unwrap();
        let undecided = json!({ "input": { "id": id, "rows": "ALL", "choices": [] } });
        let refused = director.send("residents", CONFIRM, undecided).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "choices"));
        let choices = json!([
            { "code": "DANGLING_OWNER", "choice": "IMPORT_AS_VACANT" },
            { "code": "DOUBTFUL_IDENTITY", "choice": "IMPORT_WITHOUT_IDENTITY" },
            { "code": "DOUBTFUL_IDENTITY", "sheet": "业主信息", "row": 2, "choice": "IMPORT_AS_WRITTEN" },
        ]);
        let all = json!({ "input": { "id": id, "rows": "ALL", "choices": choices } });
        director.send("residents", CONFIRM, all.clone()).await.ok();
        let end = finished(&director, id).await;
        assert_eq!(end["state"], "DONE", "{end}");
        assert_eq!(director.send("residents", CONFIRM, all).await.code(), "CONFLICT");
        let units = all_units(&director, estate).await;
        assert_eq!(units.len(), 8);
        let paid = units.iter().filter(|u| u["household"]["payer"].is_object()).count();
        assert_eq!(paid, 5);
        assert_eq!(units.iter().filter(|u| u["state"] == "VACANT").count(), 3);
        assert!(units.iter().all(|unit| unit["grossArea"] == "94.56"));
        let people =
            "query($e: ID!) { people(estateId: $e) { edges { node { code identityNumber } } }
            parkingSpaces(estateId: $e) { edges { node { label } } } }";
        let people =
            director.send("residents", people, json!({ "e": estate.to_string() })).await.ok();
        let kept = people["people"]["edges"].as_array().unwrap();
        assert_eq!(kept.len(), 5);
        assert_eq!(kept.iter().filter(|e| e["node"]["identityNumber"].is_string()).count(), 1);
        assert_eq!(people["parkingSpaces"]["edges"][0]["node"]["label"], "1-C0001");

        // The same file again changes nothing.
        let importer = importer(world.context("residents")).unwrap();
        let file = ("legacy.xlsx", bytes.as_slice());
        importer.import_bytes(company.tenant, estate, file, july(), "test").await.unwrap();
        assert_eq!(all_units(&director, estate).await, units);
    });
}

#[test]
fn a_wrong_row_is_named_and_the_good_ones_come_in() {
    testkit::run(async {
        let world = world().await;
        let company = world.company();
        let estate = company.estate("BAD", "坏文件").await;
        let director = company.staff("DIR", estate).await;
        let text = "房号,建筑面积\n1-1-101,90\n1-1-102,0\n1-1-103,abc\n";
        let file = uploaded(&world, &director, "房屋信息.csv", text.as_bytes()).await;
        let import = start(&director, estate, &file).await;
        assert_eq!(import["errors"], 2);
        let id = import["id"].as_str().unwrap();
        let confirm = |rows: &str| json!({ "input": { "id": id, "rows": rows, "choices": [] } });
        let refused = director.send("residents", CONFIRM, confirm("ALL")).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "rows"));
        director.send("residents", CONFIRM, confirm("GOOD")).await.ok();
        assert_eq!(finished(&director, id).await["state"], "DONE");
        let units = all_units(&director, estate).await;
        assert_eq!(units.len(), 1);
        assert_eq!(units[0]["label"], "1-1-101");

        let desk = company.staff("DESK", estate).await;
        let refused = upload(&world, &desk, "x.csv", text.as_bytes()).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let wrong = upload(&world, &director, "x.xlsx", b"%PDF-1.7").await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    });
}

/// What an estate holds, without ids.
async fn content(who: &Signed, estate: EstateId) -> Vec<Value> {
    let mut units = all_units(who, estate).await;
    for unit in &mut units {
        strip(unit);
        let members = unit["household"]["members"].as_array_mut().unwrap();
        members.sort_by_key(ToString::to_string);
    }
    units
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("id");
            fields.values_mut().for_each(strip);
        }
        Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}

#[test]
fn the_template_names_every_column_a_mapping_may_have() {
    testkit::run(async {
        let (_, company, estate) = shared_demo().await;
        let desk = company.staff("DESK", estate).await;
        let tables = "{ importTemplate { kind zh columns { key en required } } }";
        let answer = desk.send("residents", tables, json!({})).await.ok();
        let tables = answer["importTemplate"].as_array().unwrap();
        let units = tables.iter().find(|table| table["kind"] == "units").unwrap();
        assert_eq!(units["zh"], "房屋信息");
        let area = json!({ "key": "gross_area", "en": "Gross area", "required": true });
        assert!(units["columns"].as_array().unwrap().contains(&area));
    });
}

#[test]
fn an_export_imports_to_the_same_state() {
    testkit::run(async {
        let (world, company, estate) = shared_demo().await;
        let director = company.staff("DIR", None).await;
        let export =
            "mutation($input: ExportRosterInput!) { exportRoster(input: $input) { link } }";
        let input = json!({ "input": { "estateId": estate.to_string() } });
        let desk = company.staff("DESK", estate).await;
        assert_eq!(desk.send("residents", export, input.clone()).await.code(), "FORBIDDEN");
        let made = director.send("residents", export, input).await.ok();
        let link = made["exportRoster"]["link"].as_str().unwrap().replace("/residents", "");
        let answer = http(&world, Request::get(&link).body(Bytes::new()).unwrap()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert!(header("content-disposition").starts_with("attachment"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        let broken = Request::get(link.replace("signature=", "signature=00")).body(Bytes::new());
        assert_eq!(http(&world, broken.unwrap()).await.status(), StatusCode::NOT_FOUND);

        let copy = company.estate("FC2", "翡翠湖畔花园二").await;
        let importer = importer(world.context("residents")).unwrap();
        let file = ("copy.xlsx", &answer.body()[..]);
        let import =
            importer.import_bytes(company.tenant, copy, file, july(), "test").await.unwrap();
        assert_eq!(import.counts, [0, 0, 0]);
        let (ours, theirs) = (content(&director, estate).await, content(&director, copy).await);
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs);
        }
    });
}
