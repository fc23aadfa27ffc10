//! Calls to be returned on a clock that moves.

use crate::{
    contacts::tests::done,
    sla::tests::{leaders, many, told_of},
    testing::{Stage, own_world},
};
use chrono::Duration;
use serde_json::{Value, json};
use testkit::{Answer, run};

const SERVICE: &str = "service-desk";

async fn missed(stage: &Stage) -> Value {
    let text = "mutation($input: LogMissedCallInput!) { logMissedCall(input: $input) { callBack {
        id version dueAt contact { id version } } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "phone": "13912340000",
        "idempotencyKey": stage.id().to_string() });
    let mut call = stage.desk.send(SERVICE, text, json!({ "input": input })).await.ok();
    call["logMissedCall"]["callBack"].take()
}

async fn tried(stage: &Stage, call: &Value, version: i32, outcome: &str) -> Answer {
    let text = "mutation($input: CompleteCallBackInput!) { completeCallBack(input: $input) {
        callBack { outcome tries doneAt dueAt overdue contact { id version dueAt } } } }";
    let input = json!({ "callBackId": call["id"], "outcome": outcome, "expectedVersion": version });
    stage.desk.send(SERVICE, text, json!({ "input": input })).await
}

/// What the figures of the month say of missed calls: how many, answered in time, done in time, open.
async fn counted(stage: &Stage) -> [i64; 4] {
    let text =
        "query($estate: ID!) { deskFigures(estateId: $estate, month: \"2026-07\", by: CLASS) {
        rows { kind opened respondedOnTime resolvedOnTime open } } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    let found = stage.supervisor.send(SERVICE, text, ask).await.ok();
    let rows = found["deskFigures"]["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["kind"] == "CALL_BACK").unwrap();
    ["opened", "respondedOnTime", "resolvedOnTime", "open"].map(|it| row[it].as_i64().unwrap())
}

#[test]
fn a_missed_call_nobody_returns_is_told_of_once_and_a_returned_one_not() {
    run(async {
        let world = own_world("2026-07-20T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        leaders(&stage).await;
        let (left, returned) = (missed(&stage).await, missed(&stage).await);
        let ended = tried(&stage, &returned, 1, "REACHED").await.ok();
        assert_eq!(ended["completeCallBack"]["callBack"]["tries"], 0);
        world.clock.advance(Duration::minutes(16));
        // Half of the time, then all of it; half of the time to the end is over as well.
        many(&stage, 3).await;
        assert_eq!(told_of(&stage, &stage.desk).await, ["RESOLUTION 50", "RESPONSE 50"]);
        assert_eq!(told_of(&stage, &stage.supervisor).await, ["RESPONSE 100"]);
        assert_eq!(counted(&stage).await, [2, 1, 1, 1]);
        tried(&stage, &left, 1, "REACHED").await.ok();
        assert_eq!(counted(&stage).await, [2, 1, 2, 0]);
        world.clock.advance(Duration::hours(2));
        let another = missed(&stage).await;
        world.clock.advance(Duration::minutes(8));
        // The first of the new one is the only one more.
        many(&stage, 4).await;
        assert_eq!(another["version"], 1);
    });
}

#[test]
fn who_does_not_pick_up_is_tried_three_times() {
    run(async {
        let world = own_world("2026-07-20T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        leaders(&stage).await;
        let call = missed(&stage).await;
        for (version, hour) in [(1, 5), (2, 6)] {
            let answer = tried(&stage, &call, version, "NOT_REACHED").await.ok();
            let again = &answer["completeCallBack"]["callBack"];
            assert_eq!((&again["tries"], &again["doneAt"]), (&json!(version), &Value::Null));
            let next = format!("2026-07-20T0{hour}:00:00+00:00");
            assert_eq!((&again["dueAt"], &again["contact"]["dueAt"]), (&json!(next), &json!(next)));
            assert_eq!(again["overdue"], false);
            world.clock.advance(Duration::hours(1));
        }
        let last = tried(&stage, &call, 3, "NOT_REACHED").await.ok();
        let last = &last["completeCallBack"]["callBack"];
        assert_eq!((&last["tries"], &last["outcome"]), (&json!(3), &json!("NOT_REACHED")));
        assert_eq!(last["doneAt"], "2026-07-20T06:00:00+00:00");
        assert_eq!(tried(&stage, &call, 4, "REACHED").await.code(), "CONFLICT");
        assert_eq!(counted(&stage).await[3], 0);
    });
}

#[test]
fn a_missed_call_that_was_answered_needs_no_call_back() {
    run(async {
        let world = own_world("2026-07-20T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        leaders(&stage).await;
        let call = missed(&stage).await;
        done(&stage.desk, "answerContact", &call["contact"], json!({ "answer": "已到前台" })).await;
        assert_eq!(tried(&stage, &call, 1, "REACHED").await.code(), "CONFLICT");
        world.clock.advance(Duration::hours(1));
        missed(&stage).await;
        world.clock.advance(Duration::minutes(8));
        // Only the second one is told of.
        many(&stage, 1).await;
        assert_eq!(counted(&stage).await, [2, 1, 1, 1]);
    });
}
