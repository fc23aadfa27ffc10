//! What complainants read of their complaints in their inbox, and that the clock of one runs on
//! whoever it is about.

use super::{assigned, done, found, input, new, of_home};
use crate::{
    messages::tests::inbox,
    testing::{Stage, own_world},
};
use chrono::Duration;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Signed, eventually, run};

/// The kinds and titles of the letters about a complaint.
async fn told(who: &Signed, it: &Value) -> BTreeSet<(String, String)> {
    let letters = inbox(who, None).await;
    let about = letters.as_array().unwrap().iter().filter(|letter| letter["reference"] == it["id"]);
    let word = |letter: &Value, field: &str| letter[field].as_str().unwrap().to_owned();
    about.map(|letter| (word(letter, "kind"), word(letter, "title"))).collect()
}

fn letters(kind: &str, titles: &[&str]) -> BTreeSet<(String, String)> {
    titles.iter().map(|title| (kind.to_owned(), (*title).to_owned())).collect()
}

#[test]
fn a_complainant_reads_the_answer_the_result_and_the_end() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let resident = stage.resident(person).await;
        let who = of_home(unit, person);
        let it = assigned(&stage, who.clone(), &stage.engineer).await;
        let answered = "An answer to your complaint";
        assert_eq!(told(&resident, &it).await, letters("COMPLAINT", &[answered]));
        let it = done(&stage.supervisor, "resolveComplaint", input(&it, found())).await;
        let both = letters("COMPLAINT", &[answered, "Your complaint is resolved"]);
        assert_eq!(told(&resident, &it).await, both);
        let it = done(&stage.desk, "receiveComplaint", new(&stage, who.clone())).await;
        let words = json!({ "words": "已收到" });
        let it = done(&stage.desk, "respondToComplaint", input(&it, words)).await;
        let why = json!({ "explanation": "属市政道路，已转告" });
        let it = done(&stage.supervisor, "declineComplaint", input(&it, why)).await;
        let both = letters("COMPLAINT", &[answered, "Your complaint is closed"]);
        assert_eq!(told(&resident, &it).await, both);
        // The log of deliveries does not say of an anonymous one that they complained.
        let mut nameless = who;
        nameless["anonymous"] = json!(true);
        let it = assigned(&stage, nameless, &stage.engineer).await;
        assert_eq!(told(&resident, &it).await, letters("SERVICE", &[answered]));
    });
}

#[test]
fn saying_whom_it_is_about_stops_no_clock() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let text = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) {
            responder { level } } }";
        for (who, level) in [(&stage.supervisor, "SUPERVISOR"), (&stage.director, "DIRECTOR")] {
            let save = json!({ "estateId": stage.estate.to_string(), "level": level,
                "staffId": who.user.to_string(), "skills": [], "buildingIds": [] });
            stage.director.send("service-desk", text, json!({ "input": save })).await.ok();
        }
        let it = done(&stage.desk, "receiveComplaint", new(&stage, json!({}))).await;
        let about = json!({ "aboutStaffIds": [stage.supervisor.user.to_string()] });
        done(&stage.desk, "setComplaintAbout", input(&it, about)).await;
        world.clock.advance(Duration::days(2));
        let text = "query($estate: ID!) { slaEscalations(estateId: $estate, mine: true) {
            nodes { percent } } }";
        let mine = async |who: &Signed| {
            let ask = json!({ "estate": stage.estate.to_string() });
            let answer = who.send("service-desk", text, ask).await.ok();
            answer["slaEscalations"]["nodes"].as_array().unwrap().len()
        };
        // Each step of both promises, to who is left of those above.
        eventually("the director is told of every step", || async {
            mine(&stage.director).await == 6
        })
        .await;
        assert_eq!(mine(&stage.supervisor).await, 0);
    });
}
