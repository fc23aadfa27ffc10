//! Contact sheets through the graph.

use crate::{
    sla::tests::{leaders, many, told_of},
    testing::{Stage, own_world},
};
use chrono::Duration;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

const MEMO: &str = "memo { id state overdue receiveBy replyBy reply version toRoles
    receivedBy { name } }";

async fn act(who: &Signed, name: &str, input: Value) -> Answer {
    let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let text = format!("mutation($input: {upper}Input!) {{ {name}(input: $input) {{ {MEMO} }} }}");
    who.send("service-desk", &text, json!({ "input": input })).await
}

pub(crate) async fn send(stage: &Stage, who: &Signed, to: Value) -> Answer {
    let input = json!({ "estateId": stage.estate.to_string(), "to": to, "matter": "6 栋电梯",
        "body": "请检查 6 栋 2 单元电梯异响。", "idempotencyKey": format!("memo-{}", stage.id()) });
    act(who, "sendMemo", input).await
}

async fn step(who: &Signed, name: &str, id: &str, version: i32) -> Answer {
    let mut input = json!({ "memoId": id, "expectedVersion": version });
    match name {
        "replyMemo" => input["reply"] = json!("已更换导靴。"),
        "confirmMemo" => input["done"] = json!(true),
        "withdrawMemo" => input["reason"] = json!("已另行处理。"),
        "handOnMemo" => input["to"] = json!({ "roles": ["DESK"] }),
        _ => {}
    }
    act(who, name, input).await
}

async fn listed(stage: &Stage, who: &Signed, more: Value) -> Vec<Value> {
    let text = "query($estate: ID!, $overdue: Boolean, $toMe: Boolean) {
        memos(estateId: $estate, overdue: $overdue, toMe: $toMe) { nodes { id state } } }";
    let mut ask = json!({ "estate": stage.estate.to_string() });
    for (key, value) in more.as_object().unwrap() {
        ask[key] = value.clone();
    }
    let mut answer = who.send("service-desk", text, ask).await.ok();
    answer["memos"]["nodes"].take().as_array().unwrap().clone()
}

async fn overdue(stage: &Stage) -> usize {
    listed(stage, &stage.supervisor, json!({ "overdue": true })).await.len()
}

async fn sent(stage: &Stage, who: &Signed, to: Value) -> String {
    let sent = send(stage, who, to).await.ok();
    sent["sendMemo"]["memo"]["id"].as_str().unwrap().to_owned()
}

/// What the figures of the month say of sheets: how many, received in time, answered in time, open.
async fn counted(stage: &Stage) -> [i64; 4] {
    let text =
        "query($estate: ID!) { deskFigures(estateId: $estate, month: \"2026-07\", by: MONTH) {
        rows { kind opened respondedOnTime resolvedOnTime open } } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    let found = stage.supervisor.send("service-desk", text, ask).await.ok();
    let rows = found["deskFigures"]["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["kind"] == "MEMO").unwrap();
    ["opened", "respondedOnTime", "resolvedOnTime", "open"].map(|it| row[it].as_i64().unwrap())
}

#[test]
fn a_sheet_is_received_in_two_hours_answered_in_a_day_and_confirmed_by_its_sender() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let sent = send(&stage, &stage.desk, json!({ "roles": ["ENG"] })).await.ok();
        let memo = &sent["sendMemo"]["memo"];
        assert_eq!(memo["receiveBy"], "2026-07-31T06:00:00+00:00");
        assert_eq!(memo["replyBy"], "2026-08-01T04:00:00+00:00");
        let id = memo["id"].as_str().unwrap();
        assert_eq!(overdue(&stage).await, 0);
        world.clock.advance(Duration::minutes(121));
        assert_eq!(overdue(&stage).await, 1);
        // Neither the sender nor another post receives it.
        for who in [&stage.desk, &stage.supervisor] {
            assert_eq!(step(who, "receiveMemo", id, 1).await.code(), "FORBIDDEN");
        }
        assert_eq!(step(&stage.engineer, "replyMemo", id, 1).await.code(), "CONFLICT");
        let received = step(&stage.engineer, "receiveMemo", id, 1).await.ok();
        assert_eq!(received["receiveMemo"]["memo"]["receivedBy"]["name"], "孙工");
        assert_eq!(overdue(&stage).await, 0);
        world.clock.advance(Duration::hours(23));
        assert_eq!(overdue(&stage).await, 1);
        assert_eq!(step(&stage.engineer, "replyMemo", id, 1).await.code(), "CONFLICT");
        step(&stage.engineer, "replyMemo", id, 2).await.ok();
        assert_eq!(step(&stage.engineer, "confirmMemo", id, 3).await.code(), "FORBIDDEN");
        // Not done yet: it goes back, for a day.
        let back = json!({ "memoId": id, "expectedVersion": 3, "done": false });
        let back = act(&stage.desk, "confirmMemo", back).await.ok();
        assert_eq!(back["confirmMemo"]["memo"]["state"], "RECEIVED");
        assert_eq!(overdue(&stage).await, 0);
        step(&stage.engineer, "replyMemo", id, 4).await.ok();
        let done = step(&stage.desk, "confirmMemo", id, 5).await.ok();
        assert_eq!(done["confirmMemo"]["memo"]["state"], "CONFIRMED");
        assert_eq!(step(&stage.desk, "confirmMemo", id, 6).await.code(), "CONFLICT");
    });
}

#[test]
fn a_sheet_is_to_somebody_of_the_estate() {
    run(async {
        let stage = Stage::new().await;
        let stranger = Stage::new().await;
        let colleague = json!({ "staffIds": [stage.engineer.user.to_string()] });
        let sent = send(&stage, &stage.desk, colleague.clone()).await.ok();
        let id = sent["sendMemo"]["memo"]["id"].as_str().unwrap();
        step(&stage.engineer, "receiveMemo", id, 1).await.ok();
        for (to, field) in [
            (json!({}), "to"),
            (json!({ "roles": ["LG"] }), "to.roles"),
            (json!({ "staffIds": [stranger.engineer.user.to_string()] }), "to.staffIds"),
        ] {
            let wrong = send(&stage, &stage.desk, to).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        assert_eq!(send(&stage, &stranger.desk, colleague.clone()).await.code(), "NOT_FOUND");
        assert_eq!(step(&stranger.engineer, "replyMemo", id, 2).await.code(), "NOT_FOUND");
        let resident = stage.resident(stage.person()).await;
        assert_eq!(send(&stage, &resident, colleague).await.code(), "NOT_FOUND");
    });
}

#[test]
fn a_sheet_that_lies_is_told_of_once_and_an_answered_one_not() {
    run(async {
        let world = own_world("2026-07-20T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        leaders(&stage).await;
        let to = json!({ "roles": ["ENG"] });
        let (lies, answered) =
            (sent(&stage, &stage.desk, to.clone()).await, sent(&stage, &stage.desk, to).await);
        step(&stage.engineer, "receiveMemo", &answered, 1).await.ok();
        step(&stage.engineer, "replyMemo", &answered, 2).await.ok();
        world.clock.advance(Duration::minutes(121));
        // The engineer at half of the two hours, the supervisor at their end.
        many(&stage, 2).await;
        assert_eq!(told_of(&stage, &stage.engineer).await, ["RESPONSE 50"]);
        assert_eq!(told_of(&stage, &stage.supervisor).await, ["RESPONSE 100"]);
        assert_eq!(counted(&stage).await, [2, 1, 1, 1]);
        step(&stage.engineer, "receiveMemo", &lies, 1).await.ok();
        world.clock.advance(Duration::hours(22));
        many(&stage, 4).await;
        assert_eq!(told_of(&stage, &stage.supervisor).await, ["RESOLUTION 100", "RESPONSE 100"]);
        step(&stage.engineer, "replyMemo", &lies, 2).await.ok();
        assert_eq!(counted(&stage).await, [2, 1, 1, 0]);
        // Sent back it is to be answered within another day; a withdrawn one counts no more.
        let back = json!({ "memoId": lies, "expectedVersion": 3, "done": false });
        let back = act(&stage.desk, "confirmMemo", back).await.ok();
        assert_eq!(back["confirmMemo"]["memo"]["replyBy"], "2026-07-22T04:01:00+00:00");
        assert_eq!(counted(&stage).await, [2, 1, 1, 1]);
        step(&stage.desk, "withdrawMemo", &lies, 4).await.ok();
        assert_eq!(counted(&stage).await, [1, 1, 1, 0]);
        world.clock.advance(Duration::days(3));
        let last = sent(&stage, &stage.desk, json!({ "roles": ["ENG"] })).await;
        world.clock.advance(Duration::minutes(61));
        many(&stage, 5).await;
        assert_eq!(told_of(&stage, &stage.engineer).await.len(), 3, "{last}");
    });
}

#[test]
fn a_sheet_is_seen_by_whom_it_concerns_and_who_supervises() {
    run(async {
        let stage = Stage::new().await;
        let id = sent(&stage, &stage.desk, json!({ "roles": ["ENG"] })).await;
        let other = stage.company.estate("XCH", "星辰花园").await;
        let (guard, elsewhere) = (
            stage.company.staff("SEC", stage.estate).await,
            stage.company.staff("SUP", other).await,
        );
        let stranger = Stage::new().await;
        for (who, sees, to_me) in [
            (&stage.desk, 1, 0),
            (&stage.engineer, 1, 1),
            (&stage.supervisor, 1, 0),
            (&stage.director, 1, 0),
            (&guard, 0, 0),
        ] {
            assert_eq!(listed(&stage, who, json!({})).await.len(), sees);
            assert_eq!(listed(&stage, who, json!({ "toMe": true })).await.len(), to_me);
        }
        for who in [&guard, &elsewhere, &stranger.supervisor] {
            for name in ["receiveMemo", "replyMemo", "confirmMemo", "withdrawMemo", "handOnMemo"] {
                assert_eq!(step(who, name, &id, 1).await.code(), "NOT_FOUND", "{name}");
            }
        }
        // Whoever comes to the post later was not meant; who supervises hands it on to them.
        let successor = stage.company.staff("ENG", stage.estate).await;
        assert!(listed(&stage, &successor, json!({})).await.is_empty());
        let to = json!({ "staffIds": [successor.user.to_string()] });
        let given = json!({ "memoId": id, "to": to, "expectedVersion": 1 });
        act(&stage.supervisor, "handOnMemo", given).await.ok();
        assert_eq!(listed(&stage, &successor, json!({ "toMe": true })).await.len(), 1);
        // Who had it still sees it, and does not act on it.
        assert_eq!(listed(&stage, &stage.engineer, json!({})).await.len(), 1);
        assert!(listed(&stage, &stage.engineer, json!({ "toMe": true })).await.is_empty());
        assert_eq!(step(&stage.engineer, "receiveMemo", &id, 2).await.code(), "FORBIDDEN");
        step(&successor, "receiveMemo", &id, 2).await.ok();
    });
}

#[test]
fn a_sheet_is_handed_on_and_taken_back_until_it_is_answered() {
    run(async {
        let stage = Stage::new().await;
        let id = sent(&stage, &stage.supervisor, json!({ "roles": ["ENG"] })).await;
        step(&stage.engineer, "receiveMemo", &id, 1).await.ok();
        let nobody = json!({ "memoId": id, "to": { "roles": ["LG"] }, "expectedVersion": 2 });
        let wrong = act(&stage.engineer, "handOnMemo", nobody).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "to.roles"));
        assert_eq!(step(&stage.engineer, "handOnMemo", &id, 1).await.code(), "CONFLICT");
        let handed = step(&stage.engineer, "handOnMemo", &id, 2).await.ok();
        let memo = &handed["handOnMemo"]["memo"];
        assert_eq!((&memo["state"], &memo["toRoles"]), (&json!("SENT"), &json!(["DESK"])));
        assert_eq!(memo["receivedBy"], Value::Null);
        assert_eq!(step(&stage.engineer, "replyMemo", &id, 3).await.code(), "FORBIDDEN");
        assert_eq!(step(&stage.desk, "withdrawMemo", &id, 3).await.code(), "FORBIDDEN");
        let taken = step(&stage.supervisor, "withdrawMemo", &id, 3).await.ok();
        assert_eq!(taken["withdrawMemo"]["memo"]["state"], "WITHDRAWN");
        assert_eq!(step(&stage.desk, "receiveMemo", &id, 4).await.code(), "CONFLICT");
        let id = sent(&stage, &stage.supervisor, json!({ "roles": ["ENG"] })).await;
        step(&stage.engineer, "receiveMemo", &id, 1).await.ok();
        step(&stage.engineer, "replyMemo", &id, 2).await.ok();
        for name in ["withdrawMemo", "handOnMemo"] {
            assert_eq!(step(&stage.supervisor, name, &id, 3).await.code(), "CONFLICT");
        }
    });
}

#[test]
fn who_supervises_confirms_for_a_sender_who_has_left() {
    run(async {
        let stage = Stage::new().await;
        let id = sent(&stage, &stage.desk, json!({ "roles": ["ENG", "DIR"] })).await;
        step(&stage.director, "receiveMemo", &id, 1).await.ok();
        step(&stage.director, "replyMemo", &id, 2).await.ok();
        assert_eq!(step(&stage.supervisor, "confirmMemo", &id, 3).await.code(), "FORBIDDEN");
        let gone = stage.desk.user.as_uuid();
        stage.company.change_policy(|policy| policy.grants.retain(|it| it.user != gone)).await;
        // Not by who answered it.
        assert_eq!(step(&stage.director, "confirmMemo", &id, 3).await.code(), "FORBIDDEN");
        assert_eq!(step(&stage.engineer, "confirmMemo", &id, 3).await.code(), "FORBIDDEN");
        let done = step(&stage.supervisor, "confirmMemo", &id, 3).await.ok();
        assert_eq!(done["confirmMemo"]["memo"]["state"], "CONFIRMED");
    });
}
