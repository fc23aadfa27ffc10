//! A removed right is refused in every service within a second, whether or not Redis is there.

use crate::town::services;
use http::{HeaderMap, Request};
use identity::{
    Passwords,
    seed::{self, SeedCompany, SeedEstate, SeedStaff, Seeded},
};
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    time::{Duration, Instant},
};
use testkit::{Answer, World, eventually, run};

const PASSWORD: &str = "correct horse battery";

/// What the director may see of each service while the right is there.
const QUESTIONS: [(&str, &str); 4] = [
    ("identity", "query($estate: ID!) { estate(id: $estate) { code } }"),
    ("residents", "query($estate: ID!) { buildings(estateId: $estate) { code } }"),
    (
        "billing",
        "query($estate: ID!) { previewBillRun(estateId: $estate, startMonth: \"2026-08\") { bills } }",
    ),
    ("service-desk", "query($estate: ID!) { quietHours(estateId: $estate) { version } }"),
];

async fn company(world: &World) -> Seeded {
    let staff = |login, roles| SeedStaff { login, name: "周敏", password: PASSWORD, roles };
    let seed = SeedCompany {
        code: "cuihu",
        name: "翠湖物业",
        estates: vec![SeedEstate { code: "FCH", name: "翡翠湖畔花园", address: "合肥" }],
        staff: vec![staff("admin", vec![]), staff("director", vec![("DIR", Some("FCH"))])],
    };
    let context = world.context("identity");
    let passwords = Passwords::from_config(&context.config).unwrap();
    seed::company(&context.db, &passwords, &seed).await.unwrap()
}

async fn token(world: &World, login: &str) -> String {
    let body = json!({ "company": "cuihu", "login": login, "password": PASSWORD });
    let request = Request::post("/auth/session?mode=token")
        .header("content-type", "application/json")
        .body(body.to_string().into())
        .unwrap();
    let answer = world.running.peers.get("identity").unwrap().call(request).await.unwrap();
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    body["accessToken"].as_str().unwrap().to_owned()
}

async fn ask(world: &World, token: &str, service: &str, text: &str, variables: Value) -> Answer {
    let bearer = ("authorization".parse().unwrap(), format!("Bearer {token}").parse().unwrap());
    world.send(service, HeaderMap::from_iter([bearer]), text, variables).await
}

async fn refused_within_a_second(world: &World) {
    let seeded = company(world).await;
    let estate = json!({ "estate": seeded.estates["FCH"].to_string() });
    let (admin, director) = (token(world, "admin").await, token(world, "director").await);
    for (service, question) in QUESTIONS {
        eventually(&format!("{service} lets the director in"), || async {
            ask(world, &director, service, question, estate.clone()).await.errors.is_empty()
        })
        .await;
    }
    let staff = "{ staff { edges { node { login grants { id } } } } }";
    let staff = ask(world, &admin, "identity", staff, json!({})).await.ok();
    let edges = staff["staff"]["edges"].as_array().unwrap();
    let one = edges.iter().find(|edge| edge["node"]["login"] == "director").unwrap();
    let grant = &one["node"]["grants"][0]["id"];
    let revoke =
        "mutation($grant: ID!) { revokeRole(input: { grantId: $grant }) { grant { id } } }";
    ask(world, &admin, "identity", revoke, json!({ "grant": grant })).await.ok();
    let since = Instant::now();
    for (service, question) in QUESTIONS {
        eventually(&format!("{service} refuses the director"), || async {
            let answer = ask(world, &director, service, question, estate.clone()).await;
            answer.errors.first().is_some_and(|error| error["extensions"]["code"] == "NOT_FOUND")
        })
        .await;
        assert!(since.elapsed() < Duration::from_secs(1), "{service}: {:?}", since.elapsed());
    }
}

const CHEAP: [(&str, &str); 2] = [("ARGON2_MEMORY_KIB", "8"), ("ARGON2_PASSES", "1")];

#[test]
fn a_removed_right_is_refused_in_every_service_within_a_second() {
    run(async {
        refused_within_a_second(&World::start(services(), &CHEAP).await).await;
    });
}

#[test]
fn a_removed_right_is_refused_as_soon_with_redis_down() {
    run(async {
        // Nobody listens there any more.
        let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let redis = format!("redis://{gone}");
        let extra = [CHEAP[0], CHEAP[1], ("REDIS_URL", redis.as_str())];
        refused_within_a_second(&World::start(services(), &extra).await).await;
    });
}
