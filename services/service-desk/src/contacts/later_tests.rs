//! What is said of a contact at once or afterwards, through the graph.

use super::tests::{act, done, listed, log, logged};
use crate::testing::{Stage, own_world};
use chrono::Duration;
use serde_json::json;
use testkit::run;

#[test]
fn who_called_and_about_which_unit_is_said_afterwards_and_what_nobody_took_is_found() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "王建国").await;
        let resident = stage.resident(person).await;
        let call = logged(&stage, &stage.desk, json!({})).await;
        let none = act(&stage.desk, "linkContact", &call, json!({})).await;
        assert_eq!((none.code(), none.field()), ("INVALID", "personId"));
        let nobody = json!({ "personId": stage.person().to_string() });
        assert_eq!(act(&stage.desk, "linkContact", &call, nobody).await.code(), "NOT_FOUND");
        let who = json!({ "personId": person.to_string(), "unitId": unit.to_string() });
        assert_eq!(act(&resident, "linkContact", &call, who.clone()).await.code(), "NOT_FOUND");
        let call = done(&stage.desk, "linkContact", &call, who).await;
        assert_eq!((&call["personName"], &call["unitLabel"]), (&json!("王*"), &json!("6-2-0801")));
        let of_unit = json!({ "unitId": unit.to_string() });
        assert_eq!(listed(&stage, &stage.desk, of_unit).await[0]["id"], call["id"]);
        let sent = logged(&stage, &resident, json!({ "channel": "APP" })).await;
        let unowned = listed(&stage, &stage.desk, json!({ "unowned": true })).await;
        assert_eq!((unowned.len(), &unowned[0]["id"]), (1, &sent["id"]));
        let (_, other) = stage.home("6-2-0901", "李四").await;
        let other = json!({ "personId": other.to_string() });
        let theirs = act(&stage.desk, "linkContact", &sent, other).await;
        assert_eq!((theirs.code(), theirs.field()), ("INVALID", "personId"));
        let sent = done(&stage.desk, "acceptContact", &sent, json!({})).await;
        assert!(listed(&stage, &stage.desk, json!({ "unowned": true })).await.is_empty());
        // Who asked reads the answer in their inbox.
        done(&stage.desk, "answerContact", &sent, json!({ "answer": "每月 150 元" })).await;
        let letters = crate::messages::tests::inbox(&resident, None).await;
        assert_eq!(
            (&letters[0]["title"], &letters[0]["reference"]),
            (&json!("An answer to your question"), &sent["id"])
        );
    });
}

#[test]
fn what_is_answered_at_once_is_answered_at_first_contact_whatever_the_clock() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let at_once = json!({ "answer": "每月 150 元", "at": "2026-07-31T03:55:00Z" });
        let call = logged(&stage, &stage.desk, at_once).await;
        assert_eq!((&call["state"], &call["answer"]), (&json!("ANSWERED"), &json!("每月 150 元")));
        assert_eq!(call["answeredBy"]["name"], "陈前台");
        // Another is answered when the caller has hung up.
        let later = logged(&stage, &stage.desk, json!({})).await;
        world.clock.advance(Duration::minutes(5));
        done(&stage.desk, "answerContact", &later, json!({ "answer": "每月 150 元" })).await;
        let text = "query($estate: ID!) { deskFigures(estateId: $estate, month: \"2026-07\",
            by: CLASS) { rows { kind handled firstContact } } }";
        let ask = json!({ "estate": stage.estate.to_string() });
        let counted = stage.supervisor.send("service-desk", text, ask).await.ok();
        let row = json!({ "kind": "CONTACT", "handled": 2, "firstContact": 1 });
        assert_eq!(counted["deskFigures"]["rows"], json!([row]));
        for (more, field) in [
            (json!({ "answer": " " }), "answer"),
            (json!({ "answer": "好", "class": "SUGGESTION" }), "answer"),
        ] {
            let wrong = log(&stage, &stage.desk, more).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        let (_, person) = stage.home("6-2-0801", "王建国").await;
        let resident = stage.resident(person).await;
        let own = json!({ "channel": "APP", "answer": "好" });
        let wrong = log(&stage, &resident, own).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "answer"));
    });
}
