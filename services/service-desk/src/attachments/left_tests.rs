//! Files for staff alone, and files that nobody attached.

use super::tests::{attach, attach_so, from_the_app, kept, listed, remove, upload, uploaded};
use crate::{
    contacts::tests::logged,
    testing::{Stage, own_world},
};
use chrono::Duration;
use http::StatusCode;
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};

async fn internal(stage: &Stage, who: &Signed, parent: &Value) -> Answer {
    let file = uploaded(stage, who, "a.pdf", b"%PDF-1.7 inside").await;
    let input = json!({ "parentId": parent, "fileId": file, "internal": true,
        "idempotencyKey": stage.id().to_string() });
    attach_so(who, input).await
}

#[test]
fn what_staff_attach_for_themselves_no_resident_sees_or_takes_away() {
    run(async {
        let stage = Stage::new().await;
        let (resident, call) = from_the_app(&stage).await;
        let mut done = internal(&stage, &stage.desk, &call["id"]).await.ok();
        let inside = done["attach"]["attachment"].take();
        assert_eq!(inside["internal"], true);
        let open = uploaded(&stage, &stage.desk, "b.csv", b"a,b").await;
        attach(&stage.desk, &call["id"], &open, "attach-0001").await.ok();
        assert_eq!(listed(&stage.supervisor, &call["id"]).await.len(), 2);
        let seen = listed(&resident, &call["id"]).await;
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0]["internal"], false);
        assert_eq!(remove(&resident, &inside, "看不到的").await.code(), "NOT_FOUND");
        let refused = internal(&stage, &resident, &call["id"]).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "internal"));
    });
}

async fn bytes(stage: &Stage) -> Vec<i64> {
    kept(stage).await.into_iter().map(|file| file.bytes).collect()
}

#[test]
fn what_nobody_attached_is_deleted_after_a_day() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let call = logged(&stage, &stage.desk, json!({})).await;
        let used = uploaded(&stage, &stage.desk, "a.csv", b"a,b").await;
        attach(&stage.desk, &call["id"], &used, "attach-0001").await.ok();
        let left = uploaded(&stage, &stage.desk, "b.csv", b"a,b,c,d").await;
        world.clock.advance(Duration::hours(25));
        eventually("the file is gone", || async { bytes(&stage).await == [3, 7, -7] }).await;
        let late = attach(&stage.desk, &call["id"], &left, "attach-0002").await;
        assert_eq!(late.code(), "NOT_FOUND");
        let config = &world.context("service-desk").config;
        let store = files::FileStore::from_config(config, world.clock.clone()).unwrap();
        let content = async |file: &Value| {
            let id: contracts::FileId = file.as_str().unwrap().parse().unwrap();
            store.read(stage.company.tenant, id.as_uuid()).await
        };
        eventually("its content is gone", || async { content(&left).await.is_err() }).await;
        assert_eq!(&content(&used).await.unwrap()[..], b"a,b");
        assert!(listed(&stage.desk, &call["id"]).await[0]["link"].is_string());
    });
}

#[test]
fn nobody_leaves_more_than_fifty_files_unattached() {
    run(async {
        let stage = Stage::new().await;
        let call = logged(&stage, &stage.desk, json!({})).await;
        let first = uploaded(&stage, &stage.desk, "a.csv", b"a,b").await;
        for _ in 1..super::left::MOST {
            uploaded(&stage, &stage.desk, "a.csv", b"a,b").await;
        }
        let refused = upload(&stage, &stage.desk, "a.csv", b"a,b").await;
        assert_eq!(refused.status(), StatusCode::CONFLICT);
        // Others are not held up, and neither are they who make use of what they have.
        uploaded(&stage, &stage.supervisor, "a.csv", b"a,b").await;
        attach(&stage.desk, &call["id"], &first, "attach-0001").await.ok();
        uploaded(&stage, &stage.desk, "a.csv", b"a,b").await;
    });
}
