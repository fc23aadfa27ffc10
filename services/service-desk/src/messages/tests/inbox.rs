//! The inbox: one's own, unread and read; reminders of billing's arrive and are told back.

use super::{act, inbox, letter, prefer};
use crate::{messages::MessageKind, testing::Stage};
use contracts::billing::DunningMessageSent;
use serde_json::json;
use testkit::{Signed, run};

async fn mark(who: &Signed, id: &str) -> testkit::Answer {
    act(who, "markRead", json!({ "letterIds": [id] }), "unread").await
}

#[test]
fn a_letter_is_unread_until_its_reader_reads_it_and_nobody_elses() {
    run(async {
        let stage = Stage::new().await;
        let (_, owner) = stage.home("6-2-0801", "王芳").await;
        let who = stage.resident(owner).await;
        letter(&stage, owner, MessageKind::Notice, "停水通知").await;
        letter(&stage, owner, MessageKind::Event, "活动").await;
        let all = inbox(&who, None).await;
        let all = all.as_array().unwrap();
        let notice = all.iter().find(|it| it["kind"] == "NOTICE").unwrap();
        assert_eq!((all.len(), &notice["title"]), (2, &json!("停水通知 in English")));
        assert_eq!(notice["state"], "UNREAD");
        let id = notice["id"].as_str().unwrap();
        assert_eq!(mark(&who, id).await.ok()["markRead"]["unread"], 1);
        let read = inbox(&who, Some(false)).await;
        assert_eq!(read[0]["readAt"], "2026-07-31T04:00:00+00:00");
        assert_eq!(mark(&who, id).await.ok()["markRead"]["unread"], 1);
        assert_eq!(inbox(&who, Some(true)).await.as_array().unwrap().len(), 1);
        let neighbour = stage.resident(stage.person()).await;
        assert_eq!(inbox(&neighbour, None).await, json!([]));
        assert_eq!(mark(&neighbour, id).await.code(), "NOT_FOUND");
        let mixed = json!({ "letterIds": [] });
        assert_eq!(act(&who, "markRead", mixed, "unread").await.field(), "letterIds");
        // Staff have no inbox.
        let staff = stage.director.send("service-desk", "{ inbox { nodes { id } } }", json!({}));
        assert_eq!(staff.await.code(), "NOT_FOUND");
    });
}

#[test]
fn what_was_refused_does_not_come_and_what_is_essential_cannot_be_refused() {
    run(async {
        let stage = Stage::new().await;
        let (_, owner) = stage.home("6-2-0801", "王芳").await;
        let who = stage.resident(owner).await;
        let refuse = |kind: &str| json!([{ "kind": kind, "channels": [] }]);
        let set = prefer(&who, "EN", refuse("SURVEY"), 0).await.ok();
        let wanted = &set["setMessagePreferences"]["messagePreferences"];
        assert_eq!((&wanted["language"], &wanted["version"]), (&json!("EN"), &json!(1)));
        let survey = wanted["kinds"].as_array().unwrap().iter().find(|it| it["kind"] == "SURVEY");
        assert_eq!(survey.unwrap()["channels"], json!([]));
        letter(&stage, owner, MessageKind::Survey, "问卷").await;
        letter(&stage, owner, MessageKind::Safety, "燃气").await;
        assert_eq!(inbox(&who, None).await.as_array().unwrap().len(), 1);
        for kind in ["SAFETY", "OUTAGE", "BILL", "DUNNING"] {
            let wrong = prefer(&who, "EN", refuse(kind), 1).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", "kinds"), "{kind}");
        }
        assert_eq!(prefer(&who, "ZH", json!([]), 0).await.code(), "CONFLICT");
        assert_eq!(prefer(&who, "ZH", json!([]), 7).await.code(), "CONFLICT");
        assert_eq!(prefer(&stage.desk, "ZH", json!([]), 0).await.code(), "NOT_FOUND");
    });
}

#[test]
fn a_reminder_is_posted_and_billing_is_told_when_it_is_read() {
    run(async {
        let stage = Stage::new().await;
        let (unit, owner) = stage.home("6-2-0801", "王芳").await;
        let action = format!("dac_{}", stage.id().simple());
        let event = DunningMessageSent {
            action: action.clone(),
            estate: stage.estate,
            unit: Some(unit),
            debtor: owner,
            text_zh: "请于 7 日内缴费 407.21 元。".to_owned(),
            text_en: "Please pay 407.21 within 7 days.".to_owned(),
        };
        stage.company.tell("billing", "service-desk", &event).await;
        let who = stage.resident(owner).await;
        let letters = inbox(&who, None).await;
        assert_eq!(letters[0]["kind"], "DUNNING");
        assert_eq!(letters[0]["reference"], action);
        let id = letters[0]["id"].as_str().unwrap();
        for _ in 0..2 {
            mark(&who, id).await.ok();
        }
        let told = crate::messages::tests::told(&stage).await;
        let told: Vec<_> = told.iter().filter(|it| it.contains(&action)).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("app_read") && told[0].contains(id), "{told:?}");
    });
}
