//! Meetings and tasks through the graph.

use crate::testing::{Stage, own_world};
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

const TASK: &str = "task { id state version doneOn overdue verifiedBy { name } }";

async fn act(who: &Signed, name: &str, input: Value, answer: &str) -> Answer {
    let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let text =
        format!("mutation($input: {upper}Input!) {{ {name}(input: $input) {{ {answer} }} }}");
    who.send("service-desk", &text, json!({ "input": input })).await
}

fn minutes(stage: &Stage, dues: &[&str]) -> Value {
    let owner = stage.engineer.user.to_string();
    let decision = |due: &&str| json!({ "ownerId": owner, "text": "更换路灯", "due": due });
    json!({ "estateId": stage.estate.to_string(), "kind": "WEEKLY", "heldOn": "2026-07-31",
        "title": "周例会", "minutes": "讨论路灯。",
        "presentIds": [stage.supervisor.user.to_string(), owner],
        "absentIds": [stage.desk.user.to_string()],
        "decisions": dues.iter().map(decision).collect::<Vec<_>>(),
        "idempotencyKey": format!("meeting-{}", stage.id()) })
}

async fn record(who: &Signed, input: Value) -> Answer {
    let answer = "meeting { id present { name } absent { name } tasks { id due owner { name } } }";
    act(who, "recordMeeting", input, answer).await
}

async fn finish(who: &Signed, id: &Value, version: i32) -> Answer {
    let input = json!({ "taskId": id, "result": "已更换", "expectedVersion": version });
    act(who, "finishDeskTask", input, TASK).await
}

async fn verify(who: &Signed, id: &Value, version: i32, done: bool) -> Answer {
    let input = json!({ "taskId": id, "done": done, "expectedVersion": version });
    act(who, "verifyDeskTask", input, TASK).await
}

async fn overdue(stage: &Stage) -> usize {
    let text =
        "query($estate: ID!) { deskTasks(estateId: $estate, overdue: true) { nodes { id } } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    let answer = stage.supervisor.send("service-desk", text, ask).await.ok();
    answer["deskTasks"]["nodes"].as_array().unwrap().len()
}

async fn rate(stage: &Stage, who: &Signed) -> Answer {
    let text = "query($estate: ID!) { deskTaskRate(estateId: $estate, from: \"2026-07-01\",
        to: \"2026-08-31\") { counted onTime percent } }";
    who.send("service-desk", text, json!({ "estate": stage.estate.to_string() })).await
}

#[test]
fn decisions_become_tasks_that_another_verifies_and_count_when_in_time() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let dues = ["2026-08-01", "2026-08-02", "2026-08-20"];
        let meeting = record(&stage.supervisor, minutes(&stage, &dues)).await.ok();
        let meeting = &meeting["recordMeeting"]["meeting"];
        assert_eq!(meeting["absent"], json!([{ "name": "陈前台" }]));
        let tasks = meeting["tasks"].as_array().unwrap();
        assert_eq!(tasks.len(), 3);
        assert_eq!(tasks[0]["owner"]["name"], "孙工");
        let (first, second) = (&tasks[0]["id"], &tasks[1]["id"]);
        assert_eq!(finish(&stage.desk, first, 1).await.code(), "FORBIDDEN");
        assert_eq!(verify(&stage.supervisor, first, 1, true).await.code(), "CONFLICT");
        finish(&stage.engineer, first, 1).await.ok();
        assert_eq!(finish(&stage.engineer, first, 1).await.code(), "CONFLICT");
        assert_eq!(verify(&stage.engineer, first, 2, true).await.code(), "FORBIDDEN");
        let seen = verify(&stage.supervisor, first, 2, true).await.ok();
        let seen = &seen["verifyDeskTask"]["task"];
        assert_eq!((&seen["state"], &seen["doneOn"]), (&json!("VERIFIED"), &json!("2026-07-31")));
        assert_eq!(seen["verifiedBy"]["name"], "林主管");
        // Called done but not done: open again, and late two days after.
        finish(&stage.engineer, second, 1).await.ok();
        verify(&stage.director, second, 2, false).await.ok();
        assert_eq!(overdue(&stage).await, 0);
        world.clock.advance(chrono::Duration::days(3));
        assert_eq!(overdue(&stage).await, 1);
        let of = rate(&stage, &stage.desk).await.ok();
        assert_eq!(of["deskTaskRate"], json!({ "counted": 2, "onTime": 1, "percent": 50 }));
    });
}

#[test]
fn an_owner_who_also_records_cannot_verify_their_own_task() {
    run(async {
        let stage = Stage::new().await;
        let mut input = minutes(&stage, &["2026-08-01"]);
        input["decisions"][0]["ownerId"] = json!(stage.supervisor.user.to_string());
        let meeting = record(&stage.supervisor, input).await.ok();
        let task = &meeting["recordMeeting"]["meeting"]["tasks"][0]["id"];
        finish(&stage.supervisor, task, 1).await.ok();
        assert_eq!(verify(&stage.supervisor, task, 2, true).await.code(), "FORBIDDEN");
        verify(&stage.director, task, 2, true).await.ok();
    });
}

#[test]
fn minutes_are_of_their_estate_and_checked() {
    run(async {
        let stage = Stage::new().await;
        let input = minutes(&stage, &["2026-08-01"]);
        let first = record(&stage.supervisor, input.clone()).await.ok();
        assert_eq!(record(&stage.supervisor, input.clone()).await.ok(), first);
        let text = "query($estate: ID!) { meetings(estateId: $estate) { nodes { title } } }";
        let ask = json!({ "estate": stage.estate.to_string() });
        let listed = stage.engineer.send("service-desk", text, ask.clone()).await.ok();
        assert_eq!(listed["meetings"]["nodes"], json!([{ "title": "周例会" }]));
        let stranger = Stage::new().await;
        assert_eq!(stranger.director.send("service-desk", text, ask).await.code(), "NOT_FOUND");
        assert_eq!(record(&stranger.supervisor, input.clone()).await.code(), "NOT_FOUND");
        assert_eq!(record(&stage.desk, input.clone()).await.code(), "FORBIDDEN");
        let task = &first["recordMeeting"]["meeting"]["tasks"][0]["id"];
        assert_eq!(finish(&stranger.engineer, task, 1).await.code(), "NOT_FOUND");
        for (field, wrong) in [
            ("heldOn", json!("2026-08-01")),
            ("title", json!(" ")),
            ("presentIds", json!([])),
            ("absentIds", json!([stage.engineer.user.to_string()])),
        ] {
            let mut input = minutes(&stage, &["2026-08-01"]);
            input[field] = wrong;
            let refused = record(&stage.supervisor, input).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", field));
        }
        let early = record(&stage.supervisor, minutes(&stage, &["2026-07-30"])).await;
        assert_eq!(early.field(), "decisions.due");
    });
}

#[test]
fn a_task_goes_to_somebody_who_works_there_or_is_cancelled_with_a_reason() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let other = stage.company.estate("XCH", "星辰花园").await;
        let outsider = stage.company.staff("ENG", other).await;
        stage.hired(outsider.user, "吴工").await;
        let mut input = minutes(&stage, &["2026-08-01"]);
        input["decisions"][0]["ownerId"] = json!(outsider.user.to_string());
        let refused = record(&stage.supervisor, input).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "decisions.ownerId"));
        let meeting = record(&stage.supervisor, minutes(&stage, &["2026-08-01", "2026-08-01"]));
        let meeting = meeting.await.ok();
        let tasks = &meeting["recordMeeting"]["meeting"]["tasks"];
        let (first, second) = (&tasks[0]["id"], &tasks[1]["id"]);
        let give = async |who: &Signed, to: &Signed, due: &str, version: i32| {
            let input = json!({ "taskId": first, "ownerId": to.user.to_string(), "due": due,
                "reason": "孙工休假", "expectedVersion": version });
            act(who, "reassignDeskTask", input, "task { owner { name } due reason version }").await
        };
        for (to, due, field) in
            [(&outsider, "2026-08-09", "ownerId"), (&stage.desk, "2026-07-30", "due")]
        {
            let refused = give(&stage.supervisor, to, due, 1).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", field));
        }
        assert_eq!(give(&stage.engineer, &stage.desk, "2026-08-09", 1).await.code(), "FORBIDDEN");
        assert_eq!(give(&outsider, &stage.desk, "2026-08-09", 1).await.code(), "NOT_FOUND");
        let given = give(&stage.supervisor, &stage.desk, "2026-08-09", 1).await.ok();
        assert_eq!(
            given["reassignDeskTask"]["task"],
            json!({ "owner": { "name": "陈前台" },
            "due": "2026-08-09", "reason": "孙工休假", "version": 2 })
        );
        assert_eq!(finish(&stage.engineer, first, 2).await.code(), "FORBIDDEN");
        finish(&stage.desk, first, 2).await.ok();
        assert_eq!(
            give(&stage.supervisor, &stage.engineer, "2026-08-09", 3).await.code(),
            "CONFLICT"
        );
        let cancel = async |who: &Signed, reason: &str| {
            let input = json!({ "taskId": second, "reason": reason, "expectedVersion": 1 });
            act(who, "cancelDeskTask", input, TASK).await
        };
        assert_eq!(cancel(&stage.desk, "不再需要").await.code(), "FORBIDDEN");
        assert_eq!(cancel(&stage.supervisor, " ").await.field(), "reason");
        let ended = cancel(&stage.supervisor, "不再需要").await.ok();
        assert_eq!(ended["cancelDeskTask"]["task"]["state"], "CANCELLED");
        assert_eq!(finish(&stage.engineer, second, 2).await.code(), "CONFLICT");
        // It neither is overdue nor counts.
        world.clock.advance(chrono::Duration::days(20));
        assert_eq!(overdue(&stage).await, 0);
        let of = rate(&stage, &stage.desk).await.ok();
        assert_eq!(of["deskTaskRate"], json!({ "counted": 1, "onTime": 1, "percent": 100 }));
    });
}
