//! Templates and quiet hours.

use super::{Scene, act};
use crate::{notices::tests as notices, testing::Stage};
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};

async fn save(who: &Signed, estate: Option<&str>, body: (&str, &str), version: i32) -> Answer {
    let input = json!({ "estateId": estate, "code": "WATER_OFF", "kind": "OUTAGE",
        "title": { "zh": "停水通知", "en": "Water off" },
        "body": { "zh": body.0, "en": body.1 }, "expectedVersion": version });
    act(who, "saveMessageTemplate", input, "messageTemplate { version placeholders estateId }")
        .await
}

async fn preview(who: &Signed, estate: &str, values: Value) -> Answer {
    let text = "query($estate: ID!, $values: [TemplateValueInput!]!) {
        previewMessageTemplate(estateId: $estate, code: \"WATER_OFF\", values: $values) {
            body { zh en } } }";
    who.send("service-desk", text, json!({ "estate": estate, "values": values })).await
}

const BODY: (&str, &str) = ("{{day}}停水,请储水。", "No water on {{day}}; store some.");

#[test]
fn an_estates_template_goes_before_the_companys_and_each_saving_is_a_version() {
    run(async {
        let stage = Stage::new().await;
        let estate = stage.estate.to_string();
        let admin = stage.company.staff("CADM", None).await;
        save(&admin, None, ("全公司 {{day}}", "All on {{day}}"), 0).await.ok();
        let values = json!([{ "name": "day", "value": "8月3日 {{x}}" }]);
        let company = preview(&stage.desk, &estate, values.clone()).await.ok();
        assert_eq!(company["previewMessageTemplate"]["body"]["zh"], "全公司 8月3日 {{x}}");
        let own = save(&stage.supervisor, Some(&estate), BODY, 0).await.ok();
        let own = &own["saveMessageTemplate"]["messageTemplate"];
        assert_eq!((&own["version"], &own["placeholders"]), (&json!(1), &json!(["day"])));
        assert_eq!(save(&stage.supervisor, Some(&estate), BODY, 0).await.code(), "CONFLICT");
        save(&stage.supervisor, Some(&estate), BODY, 1).await.ok();
        let filled = preview(&stage.desk, &estate, values).await.ok();
        assert_eq!(filled["previewMessageTemplate"]["body"]["zh"], "8月3日 {{x}}停水,请储水。");
        let text = "query($estate: ID!) { messageTemplates(estateId: $estate) { nodes {
            code version estateId } } }";
        let listed = stage.desk.send("service-desk", text, json!({ "estate": estate })).await.ok();
        let mut listed = listed["messageTemplates"]["nodes"].as_array().unwrap().clone();
        listed.sort_by_key(|it| it["version"].as_i64());
        assert_eq!(listed.len(), 2);
        assert_eq!(
            (&listed[0]["estateId"], &listed[1]["estateId"]),
            (&Value::Null, &json!(estate))
        );
        assert_eq!(listed[1]["version"], 2);
    });
}

#[test]
fn placeholders_are_checked_and_only_who_manages_saves() {
    run(async {
        let stage = Stage::new().await;
        let estate = stage.estate.to_string();
        let (supervisor, at) = (&stage.supervisor, Some(estate.as_str()));
        for (body, field) in [
            (("{{day停水", "No water on {{day}}"), "body.zh"),
            (("{{day}}停水", "No water"), "body.en"),
            (("", "No water"), "body.zh"),
        ] {
            let wrong = save(supervisor, at, body, 0).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        save(supervisor, at, BODY, 0).await.ok();
        for values in [
            json!([]),
            json!([{ "name": "day", "value": "1" }, { "name": "hour", "value": "1" }]),
            json!([{ "name": "day", "value": "1" }, { "name": "day", "value": "2" }]),
        ] {
            assert_eq!(preview(&stage.desk, &estate, values).await.field(), "values");
        }
        assert_eq!(save(&stage.desk, at, BODY, 1).await.code(), "FORBIDDEN");
        assert_eq!(save(&stage.engineer, at, BODY, 1).await.code(), "NOT_FOUND");
        assert_eq!(save(supervisor, None, BODY, 0).await.code(), "FORBIDDEN");
        let stranger = Stage::new().await;
        assert_eq!(save(&stranger.supervisor, at, BODY, 1).await.code(), "NOT_FOUND");
        assert_eq!(preview(&stranger.desk, &estate, json!([])).await.code(), "NOT_FOUND");
    });
}

#[test]
fn quiet_hours_are_ten_to_eight_until_somebody_says_otherwise() {
    run(async {
        let stage = Stage::new().await;
        let estate = stage.estate.to_string();
        let text = "query($estate: ID!) { quietHours(estateId: $estate) { from until version } }";
        let ask = json!({ "estate": estate });
        let read = stage.desk.send("service-desk", text, ask.clone()).await.ok();
        assert_eq!(read["quietHours"], json!({ "from": "22:00", "until": "08:00", "version": 0 }));
        let set = |who: &Signed, from: &str, until: &str, version: i32| {
            let input = json!({ "estateId": estate, "from": from, "until": until,
                "expectedVersion": version });
            let who = who.clone();
            async move { act(&who, "setQuietHours", input, "quietHours { from version }").await }
        };
        set(&stage.supervisor, "21:30", "08:30", 0).await.ok();
        assert_eq!(set(&stage.supervisor, "21:00", "08:30", 0).await.code(), "CONFLICT");
        set(&stage.director, "21:00", "08:30", 1).await.ok();
        let read = stage.desk.send("service-desk", text, ask.clone()).await.ok();
        assert_eq!(read["quietHours"], json!({ "from": "21:00", "until": "08:30", "version": 2 }));
        let wrong = set(&stage.supervisor, "25:00", "08:30", 2).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "from"));
        assert_eq!(set(&stage.supervisor, "08:30", "08:30", 2).await.field(), "until");
        assert_eq!(set(&stage.desk, "22:00", "08:30", 2).await.code(), "FORBIDDEN");
        assert_eq!(stage.engineer.send("service-desk", text, ask).await.code(), "NOT_FOUND");
    });
}

#[test]
fn a_notice_is_written_by_a_template_and_the_provider_is_told_which() {
    run(async {
        let scene = Scene::new("2026-07-31T04:00:00Z").await;
        let stage = &scene.stage;
        let estate = stage.estate.to_string();
        let (_, owner) = stage.home("6-2-0801", "王芳").await;
        let who = stage.resident(owner).await;
        scene.address(&who, "SMS", "13812345678").await;
        save(&stage.supervisor, Some(&estate), BODY, 0).await.ok();
        let day = json!([{ "name": "day", "value": "8月3日" }]);
        let by = |kind: &str, code: &str, values: &Value| json!({ "kind": kind, "audience": {}, "template": { "code": code, "values": values } });
        let mut both = by("OUTAGE", "WATER_OFF", &day);
        both["title"] = json!({ "zh": "停水", "en": "Water off" });
        let bare = json!({ "kind": "OUTAGE", "audience": {} });
        for (content, field) in [
            (by("OUTAGE", "NO_SUCH", &day), "template.code"),
            (by("SAFETY", "WATER_OFF", &day), "template.code"),
            (by("OUTAGE", "WATER_OFF", &json!([])), "template.values"),
            (both, "template"),
            (bare, "title.zh"),
        ] {
            let wrong = notices::write(stage, &stage.supervisor, content).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        let id = notices::approved(stage, by("OUTAGE", "WATER_OFF", &day)).await;
        // What becomes of the template later does not change what was approved.
        save(&stage.supervisor, Some(&estate), ("{{day}}无水", "Dry on {{day}}"), 1).await.ok();
        eventually("it is sent", || async {
            scene.phone.arrived().iter().any(|it| it["template"] == "WATER_OFF")
        })
        .await;
        let sent = scene.phone.arrived().pop().unwrap();
        assert_eq!(sent["values"], json!({ "day": "8月3日" }));
        assert_eq!(sent["text"], "停水通知\n8月3日停水,请储水。");
        let text = "query($id: ID!) { notice(id: $id) { templateCode templateVersion } }";
        let kept = stage.desk.send("service-desk", text, json!({ "id": id })).await.ok();
        let want = json!({ "templateCode": "WATER_OFF", "templateVersion": 1 });
        assert_eq!(kept["notice"], want);
    });
}
