//! The board through the graph.

use crate::testing::{Stage, world};
use futures::{StreamExt as _, stream::BoxStream};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{Answer, Signed, run};

const BOARD: &str = "subscription($estate: ID!, $after: String) {
    deskChanges(estateId: $estate, after: $after) { position objectId action } }";

fn listen(stage: &Stage, who: &Signed, after: Option<&str>) -> BoxStream<'static, Answer> {
    let variables = json!({ "estate": stage.estate.to_string(), "after": after });
    who.listen("service-desk", BOARD, variables)
}

async fn heard(board: &mut BoxStream<'static, Answer>) -> Option<Answer> {
    tokio::time::timeout(Duration::from_secs(20), board.next()).await.expect("something is heard")
}

async fn change(board: &mut BoxStream<'static, Answer>) -> Value {
    heard(board).await.expect("it goes on").ok()["deskChanges"].take()
}

/// Somebody who takes work, and goes on duty or off.
async fn duty(stage: &Stage, on: bool) {
    let save = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) { responder { level } } }";
    let (estate, staff) = (stage.estate.to_string(), stage.engineer.user.to_string());
    let input = json!({ "estateId": estate, "staffId": staff, "level": "STAFF", "skills": [], "buildingIds": [] });
    stage.supervisor.send("service-desk", save, json!({ "input": input })).await.ok();
    let set = "mutation($input: SetDutyInput!) { setDuty(input: $input) { responder { level } } }";
    let input = json!({ "estateId": estate, "staffId": staff, "onDuty": on });
    stage.supervisor.send("service-desk", set, json!({ "input": input })).await.ok();
}

#[test]
fn what_is_done_is_heard_in_order_and_a_break_loses_nothing() {
    run(async {
        let stage = Stage::new().await;
        let mut board = listen(&stage, &stage.desk, Some("0"));
        duty(&stage, true).await;
        let first = change(&mut board).await;
        assert_eq!(first["action"], "responder.saved");
        assert_eq!(first["objectId"], stage.engineer.user.to_string());
        assert_eq!(change(&mut board).await["action"], "responder.duty_set");
        drop(board);
        duty(&stage, false).await;
        let mut again = listen(&stage, &stage.desk, first["position"].as_str());
        let mut actions = Vec::new();
        for _ in 0..3 {
            actions.push(change(&mut again).await["action"].take());
        }
        assert_eq!(actions, ["responder.duty_set", "responder.saved", "responder.duty_set"]);
    });
}

#[test]
fn who_listens_from_now_on_hears_nothing_old() {
    run(async {
        let stage = Stage::new().await;
        duty(&stage, true).await;
        let db = world().await.db("service-desk").clone();
        testkit::eventually("every event has its place", || async {
            let last = db.worker().place_events().await.unwrap();
            db.worker().last_position().await.unwrap() == last
        })
        .await;
        let before = db.worker().last_position().await.unwrap();
        let mut board = listen(&stage, &stage.desk, None);
        let heard = loop {
            tokio::select! {
                heard = change(&mut board) => break heard,
                () = duty(&stage, false) => {}
            }
        };
        let position: i64 = heard["position"].as_str().unwrap().parse().unwrap();
        assert!(position > before, "{position} after {before}");
    });
}

#[test]
fn a_stranger_cannot_listen_and_a_right_that_is_taken_away_ends_it() {
    run(async {
        let stage = Stage::new().await;
        let strangers = Stage::new().await;
        let refused = heard(&mut listen(&stage, &strangers.desk, None)).await.unwrap();
        assert_eq!(refused.code(), "NOT_FOUND");
        let wrong = heard(&mut listen(&stage, &stage.desk, Some("soon"))).await.unwrap();
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "after"));
        let mut board = listen(&stage, &stage.desk, Some("0"));
        duty(&stage, true).await;
        change(&mut board).await;
        let desk = stage.desk.user.as_uuid();
        stage.company.change_policy(|policy| policy.grants.retain(|one| one.user != desk)).await;
        while heard(&mut board).await.is_some() {}
        let refused = heard(&mut listen(&stage, &stage.desk, None)).await.unwrap();
        assert_eq!(refused.code(), "NOT_FOUND");
    });
}
