//! Announcements through the graph.

use crate::testing::Stage;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

const SEEN: &str = "id toMe readAt readerCount readCount unreadBy { name }";

async fn act(who: &Signed, name: &str, input: Value) -> Answer {
    let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let text = format!(
        "mutation($input: {upper}Input!) {{ {name}(input: $input) {{ announcement {{ {SEEN} }} }} }}"
    );
    who.send("service-desk", &text, json!({ "input": input })).await
}

async fn publish(stage: &Stage, who: &Signed, roles: &[&str]) -> Answer {
    let input = json!({ "estateId": stage.estate.to_string(), "title": "台风值班",
        "body": "周六全员值班。", "roles": roles,
        "idempotencyKey": format!("announcement-{}", stage.id()) });
    act(who, "publishAnnouncement", input).await
}

async fn acknowledge(who: &Signed, id: &str) -> Answer {
    act(who, "acknowledgeAnnouncement", json!({ "announcementId": id })).await
}

async fn listed(stage: &Stage, who: &Signed) -> Answer {
    let text = format!(
        "query($estate: ID!) {{ announcements(estateId: $estate) {{ nodes {{ {SEEN} }} }} }}"
    );
    who.send("service-desk", &text, json!({ "estate": stage.estate.to_string() })).await
}

#[test]
fn everybody_it_is_to_says_that_they_read_it_and_who_has_not_is_known() {
    run(async {
        let stage = Stage::new().await;
        let published = publish(&stage, &stage.supervisor, &["ENG", "DESK"]).await.ok();
        let it = &published["publishAnnouncement"]["announcement"];
        assert_eq!((&it["readerCount"], &it["readCount"]), (&json!(2), &json!(0)));
        let id = it["id"].as_str().unwrap();
        for _ in 0..2 {
            let read = acknowledge(&stage.engineer, id).await.ok();
            let read = &read["acknowledgeAnnouncement"]["announcement"];
            assert_eq!(read["readAt"], "2026-07-31T04:00:00+00:00");
            // Who reads does not learn who has not.
            assert_eq!((&read["readCount"], &read["unreadBy"]), (&json!(1), &Value::Null));
        }
        let seen = listed(&stage, &stage.supervisor).await.ok();
        let seen = &seen["announcements"]["nodes"][0];
        assert_eq!(
            (&seen["toMe"], &seen["unreadBy"]),
            (&json!(false), &json!([{ "name": "陈前台" }]))
        );
        // It is not to the director, who may see it.
        assert_eq!(acknowledge(&stage.director, id).await.code(), "NOT_FOUND");
        let all = publish(&stage, &stage.supervisor, &[]).await.ok();
        assert_eq!(all["publishAnnouncement"]["announcement"]["readerCount"], 3);
    });
}

#[test]
fn announcements_are_of_their_estate_and_of_who_may_publish() {
    run(async {
        let stage = Stage::new().await;
        let stranger = Stage::new().await;
        let published = publish(&stage, &stage.supervisor, &[]).await.ok();
        let id = published["publishAnnouncement"]["announcement"]["id"].as_str().unwrap();
        assert_eq!(publish(&stage, &stranger.supervisor, &[]).await.code(), "NOT_FOUND");
        assert_eq!(acknowledge(&stranger.engineer, id).await.code(), "NOT_FOUND");
        assert_eq!(listed(&stage, &stranger.director).await.code(), "NOT_FOUND");
        assert_eq!(publish(&stage, &stage.desk, &[]).await.code(), "FORBIDDEN");
        let nobody = publish(&stage, &stage.supervisor, &["LG"]).await;
        assert_eq!((nobody.code(), nobody.field()), ("INVALID", "roles"));
        let resident = stage.resident(stage.person()).await;
        assert_eq!(listed(&stage, &resident).await.code(), "NOT_FOUND");
    });
}
