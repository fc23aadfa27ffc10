//! Contact sheets through the graph.

use crate::testing::{Stage, own_world};
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
        _ => {}
    }
    act(who, name, input).await
}

async fn overdue(stage: &Stage) -> usize {
    let text = "query($estate: ID!) { memos(estateId: $estate, overdue: true) { nodes { id } } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    let answer = stage.supervisor.send("service-desk", text, ask).await.ok();
    answer["memos"]["nodes"].as_array().unwrap().len()
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
        world.clock.advance(chrono::Duration::minutes(121));
        assert_eq!(overdue(&stage).await, 1);
        // Neither the sender nor another post receives it.
        for who in [&stage.desk, &stage.supervisor] {
            assert_eq!(step(who, "receiveMemo", id, 1).await.code(), "FORBIDDEN");
        }
        assert_eq!(step(&stage.engineer, "replyMemo", id, 1).await.code(), "CONFLICT");
        let received = step(&stage.engineer, "receiveMemo", id, 1).await.ok();
        assert_eq!(received["receiveMemo"]["memo"]["receivedBy"]["name"], "孙工");
        assert_eq!(overdue(&stage).await, 0);
        world.clock.advance(chrono::Duration::hours(23));
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
