//! When the promises of a complaint begin, and what they are.

use super::{act, done, found, input, new, on, seen};
use crate::{
    contacts::tests::logged,
    testing::{Stage, own_world},
    work_orders::tests as orders,
};
use chrono::Duration;
use serde_json::{Value, json};
use testkit::run;

/// When a complaint is to be answered and solved.
fn times(it: &Value) -> (&str, &str) {
    (it["firstResponseDueAt"].as_str().unwrap(), it["promisedAt"].as_str().unwrap())
}

#[test]
fn what_came_of_a_call_counts_from_the_call_and_what_is_typed_in_later_from_when_it_came() {
    run(async {
        // 22:30 in Shanghai; the call was at 21:40, as in S3.
        let world = own_world("2026-07-31T14:30:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let call = json!({ "at": "2026-07-31T13:40:00Z", "class": "COMPLAINT" });
        let call = logged(&stage, &stage.desk, call).await;
        let from =
            |at: &str| new(&stage, json!({ "contactId": call["id"].clone(), "receivedAt": at }));
        for wrong in ["2026-07-31T13:39:59Z", "2026-07-31T14:30:01Z"] {
            let refused = act(&stage.desk, "receiveComplaint", from(wrong)).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", "receivedAt"), "{wrong}");
        }
        let by_call = new(&stage, json!({ "contactId": call["id"] }));
        let it = done(&stage.desk, "receiveComplaint", by_call).await;
        assert_eq!(times(&it), ("2026-07-31T14:10:00+00:00", "2026-08-01T13:40:00+00:00"));
        let letter = json!({ "channel": "LETTER", "receivedAt": "2026-07-30T02:00:00Z" });
        let it = done(&stage.desk, "receiveComplaint", new(&stage, letter.clone())).await;
        assert_eq!(times(&it), ("2026-07-30T02:15:00+00:00", "2026-07-31T02:00:00+00:00"));
        let resident = stage.resident(person).await;
        let theirs = act(&resident, "receiveComplaint", new(&stage, letter)).await;
        assert_eq!((theirs.code(), theirs.field()), ("INVALID", "receivedAt"));
        // So does an order that came of a call.
        let call = json!({ "at": "2026-07-31T14:20:00Z", "class": "REPAIR" });
        let call = logged(&stage, &stage.desk, call).await;
        let mut report = orders::report(&stage, Some(unit), "DOOR", "by-call-01");
        (report["contactId"], report["urgency"]) = (call["id"].clone(), json!("URGENT"));
        let order = orders::order_of(orders::act(&stage.desk, "createWorkOrder", report).await);
        assert_eq!(order["sla"]["respondBy"], "2026-07-31T14:50:00+00:00");
    });
}

#[test]
fn the_policy_and_the_calendar_say_when_it_is_due_also_when_it_begins_anew() {
    run(async {
        // 18:30 in Shanghai: the night duty of the estate has begun.
        let world = own_world("2026-07-31T10:30:00Z").await;
        let stage = Stage::in_world(&world).await;
        let it = done(&stage.desk, "receiveComplaint", new(&stage, json!({}))).await;
        assert_eq!(times(&it), ("2026-07-31T11:00:00+00:00", "2026-08-01T10:30:00+00:00"));
        let text = "mutation($input: SaveSlaPolicyInput!) { saveSlaPolicy(input: $input) {
            slaPolicy { id } } }";
        let policy = json!({ "estateId": stage.estate.to_string(), "kind": "COMPLAINT",
            "effectiveFrom": "2026-07-31", "responseMinutes": 20, "nightResponseMinutes": 40,
            "resolutionMinutes": 600, "clock": "CALENDAR" });
        stage.director.send("service-desk", text, json!({ "input": policy })).await.ok();
        let it = done(&stage.desk, "receiveComplaint", new(&stage, json!({}))).await;
        assert_eq!(times(&it), ("2026-07-31T11:10:00+00:00", "2026-07-31T20:30:00+00:00"));
        let it =
            done(&stage.desk, "respondToComplaint", input(&it, json!({ "words": "好" }))).await;
        let why = json!({ "explanation": "属市政道路" });
        let it = done(&stage.supervisor, "declineComplaint", input(&it, why)).await;
        world.clock.advance(Duration::days(1));
        let why = json!({ "reason": "属本小区道路" });
        let it = done(&stage.desk, "reopenComplaint", input(&it, why)).await;
        assert_eq!(it["promisedAt"], "2026-08-01T20:30:00+00:00");
    });
}

#[test]
fn a_grade_decides_who_ends_it_and_lifts_who_is_too_low() {
    run(async {
        let stage = Stage::new().await;
        let elsewhere = stage.company.estate("BJ", "滨江苑").await;
        let stranger = stage.company.staff("SUP", elsewhere).await;
        stage.hired(stranger.user, "何主管").await;
        let it = super::assigned(&stage, json!({}), &stage.engineer).await;
        let other = json!({ "handlerId": stranger.user.to_string() });
        let wrong = on(&stage.supervisor, "assignComplaint", &it, other).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "handlerId"));
        let grave = json!({ "ground": "SERIOUS_LOSS" });
        let it = done(&stage.supervisor, "gradeComplaint", input(&it, grave)).await;
        assert_eq!((&it["handler"], &it["state"]), (&Value::Null, &json!("GRADED")));
        let text = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) {
            responder { level } } }";
        let save = json!({ "estateId": stage.estate.to_string(), "level": "DIRECTOR",
            "staffId": stage.director.user.to_string(), "skills": [], "buildingIds": [] });
        stage.director.send("service-desk", text, json!({ "input": save })).await.ok();
        let director = json!({ "handlerId": stage.director.user.to_string() });
        let it = done(&stage.supervisor, "assignComplaint", input(&it, director)).await;
        for (name, more) in [
            ("resolveComplaint", found()),
            ("declineComplaint", json!({ "explanation": "?" })),
            ("proposeComplaintTime", json!({ "until": "2026-08-09T00:00:00Z", "reason": "?" })),
            ("agreeComplaintTime", json!({ "agreement": "电话" })),
            ("closeComplaint", json!({ "reason": "?" })),
        ] {
            assert_eq!(on(&stage.supervisor, name, &it, more).await.code(), "FORBIDDEN", "{name}");
        }
        let it = done(&stage.director, "resolveComplaint", input(&it, found())).await;
        assert_eq!(it["state"], "REVISIT_DUE");
        assert!(seen(&stage.supervisor, &it["id"]).await.errors.is_empty());
    });
}
