//! Files hang on what they belong to and are seen where that is.

use super::tests::{ask, attach, kept, listed, uploaded};
use crate::{
    community_events::tests::{announced, only, plan, planned},
    complaints::tests::{resolved, revisit_of},
    memos::tests::send,
    notices::tests::{content, is_out, step, write},
    special_services::tests::{request, save, service_of, tap},
    testing::{Stage, own_world},
};
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};

/// Uploads a file and hangs it on something.
async fn hang(stage: &Stage, who: &Signed, parent: &Value) -> Answer {
    let file = uploaded(stage, who, "照片.pdf", b"%PDF-1.7 a file").await;
    attach(who, parent, &file, &stage.id().to_string()).await
}

async fn unseen(stage: &Stage, parent: &Value, by: &[&Signed]) {
    for who in by {
        assert_eq!(ask(who, parent).await.code(), "NOT_FOUND", "{parent}");
    }
    let strangers = Stage::new().await;
    assert_eq!(ask(&strangers.supervisor, parent).await.code(), "NOT_FOUND");
    assert_eq!(hang(&strangers, &strangers.supervisor, parent).await.code(), "NOT_FOUND");
    assert_eq!(ask(&stage.supervisor, parent).await.errors, Vec::<Value>::new());
}

#[test]
fn files_of_an_order_are_of_who_ordered_and_who_works() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "王芳").await;
        let (_, neighbour) = stage.home("6-2-0901", "李四").await;
        let (owner, neighbour) = (stage.resident(person).await, stage.resident(neighbour).await);
        let service = service_of(save(&stage.supervisor, tap(&stage, json!({}))).await);
        let order = only(request(&owner, (&service, unit), None).await);
        hang(&stage, &owner, &order["id"]).await.ok();
        hang(&stage, &stage.supervisor, &order["id"]).await.ok();
        assert_eq!(listed(&owner, &order["id"]).await.len(), 2);
        // An engineer who does not work on it sees nothing, and the director only looks.
        unseen(&stage, &order["id"], &[&neighbour, &stage.engineer]).await;
        assert_eq!(hang(&stage, &neighbour, &order["id"]).await.code(), "NOT_FOUND");
        let file = uploaded(&stage, &stage.director, "a.csv", b"a,b").await;
        let refused = attach(&stage.director, &order["id"], &file, "director-1").await;
        assert_eq!(refused.code(), "FORBIDDEN");
    });
}

#[test]
fn files_of_an_event_are_seen_by_residents_once_it_is_announced() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (_, person) = stage.home("6-2-0801", "王芳").await;
        let resident = stage.resident(person).await;
        let secret = only(plan(&stage.supervisor, planned(&stage, json!({}))).await);
        hang(&stage, &stage.supervisor, &secret["id"]).await.ok();
        unseen(&stage, &secret["id"], &[&resident]).await;
        let event = announced(&world, &stage, json!({})).await;
        hang(&stage, &stage.supervisor, &event["id"]).await.ok();
        assert_eq!(listed(&resident, &event["id"]).await.len(), 1);
        assert_eq!(hang(&stage, &resident, &event["id"]).await.code(), "NOT_FOUND");
    });
}

#[test]
fn files_of_a_notice_are_approved_with_it_and_reach_whom_it_concerns() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "王芳").await;
        let (_, neighbour) = stage.home("6-2-0901", "李四").await;
        let (owner, neighbour) = (stage.resident(person).await, stage.resident(neighbour).await);
        let audience = json!({ "unitIds": [unit.to_string()] });
        let written = write(&stage, &stage.supervisor, content(audience)).await.ok();
        let id = written["writeNotice"]["notice"]["id"].clone();
        hang(&stage, &stage.supervisor, &id).await.ok();
        unseen(&stage, &id, &[&owner, &neighbour]).await;
        let text = id.as_str().unwrap();
        step(&stage.supervisor, "proposeNotice", text, 1).await.ok();
        step(&stage.director, "approveNotice", text, 2).await.ok();
        is_out(&stage, text).await;
        assert_eq!(listed(&owner, &id).await.len(), 1);
        assert!(listed(&owner, &id).await[0]["link"].is_string());
        unseen(&stage, &id, &[&neighbour]).await;
        // Nothing is added to what somebody else approved.
        assert_eq!(hang(&stage, &stage.supervisor, &id).await.code(), "CONFLICT");
    });
}

#[test]
fn files_of_sheets_and_revisits_stay_with_who_sees_those() {
    run(async {
        let stage = Stage::new().await;
        let (_, person) = stage.home("6-2-0801", "王芳").await;
        let resident = stage.resident(person).await;
        let sent = send(&stage, &stage.desk, json!({ "roles": ["ENG"], "staffIds": [] })).await;
        let memo = sent.ok()["sendMemo"]["memo"]["id"].take();
        hang(&stage, &stage.desk, &memo).await.ok();
        assert_eq!(listed(&stage.engineer, &memo).await.len(), 1);
        unseen(&stage, &memo, &[&resident]).await;
        let it = resolved(&stage, json!({})).await;
        let revisit = revisit_of(&stage, &stage.desk, &it["number"]).await.unwrap();
        hang(&stage, &stage.desk, &revisit["id"]).await.ok();
        unseen(&stage, &revisit["id"], &[&resident, &stage.engineer]).await;
    });
}

#[test]
fn every_file_that_is_kept_is_told_with_its_size() {
    run(async {
        let stage = Stage::new().await;
        let photo = super::thumbnail::picture(400, 400, image::ImageFormat::Png);
        let file = uploaded(&stage, &stage.desk, "a.png", &photo).await;
        let first = kept(&stage).await;
        assert_eq!(json!(first[0].file.to_string()), file);
        assert_eq!(first[0].bytes, i64::try_from(photo.len()).unwrap());
        eventually("its small picture is kept too", || async { kept(&stage).await.len() == 2 })
            .await;
        assert!(kept(&stage).await[1].bytes > 0);
    });
}
