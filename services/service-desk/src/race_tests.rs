//! Many who save the same thing for the first time at once: one is first, the rest hear of it.

use crate::testing::Stage;
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::{Signed, run};

const MANY: usize = 8;

/// Sends the same input many times at once, each with a key of its own where it takes one.
async fn at_once(stage: &Stage, who: &Signed, (name, answer): (&str, &str), input: Value) {
    let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let text = format!("mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {answer} }} }}");
    let sent = (0..MANY).map(|_| {
        let mut input = input.clone();
        if input.get("idempotencyKey").is_some() {
            input["idempotencyKey"] = json!(stage.id().to_string());
        }
        who.send("service-desk", &text, json!({ "input": input }))
    });
    let answers = join_all(sent).await;
    let won = answers.iter().filter(|answer| answer.errors.is_empty()).count();
    assert_eq!(won, 1, "{name}");
    for lost in answers.iter().filter(|answer| !answer.errors.is_empty()) {
        // Who comes when the first is through already is told which field is taken.
        assert!(["CONFLICT", "INVALID"].contains(&lost.code()), "{name}: {}", lost.code());
    }
}

#[test]
fn of_many_who_are_first_one_is_and_the_rest_get_conflict() {
    run(async {
        let stage = Stage::new().await;
        let estate = stage.estate.to_string();
        let (_, person) = stage.home("6-2-0801", "王芳").await;
        let resident = stage.resident(person).await;
        let (lead, both) = (&stage.supervisor, json!({ "zh": "停水", "en": "Water off" }));
        let template = json!({ "estateId": estate, "code": "WATER_OFF", "kind": "OUTAGE",
            "title": both, "body": both, "expectedVersion": 0 });
        at_once(&stage, lead, ("saveMessageTemplate", "messageTemplate { code }"), template).await;
        let quiet = json!({ "estateId": estate, "from": "21:00", "until": "07:00",
            "expectedVersion": 0 });
        at_once(&stage, lead, ("setQuietHours", "quietHours { version }"), quiet).await;
        let wishes = json!({ "language": "EN", "kinds": [], "expectedVersion": 0 });
        let set = ("setMessagePreferences", "messagePreferences { version }");
        at_once(&stage, &resident, set, wishes).await;
        let partner = json!({ "estateId": estate, "name": "洁净公司", "active": true,
            "idempotencyKey": "" });
        at_once(&stage, &stage.director, ("saveServicePartner", "servicePartner { id }"), partner)
            .await;
        let officer = json!({ "estateId": estate, "staffId": stage.desk.user.to_string(),
            "level": "STAFF", "skills": [], "buildingIds": [] });
        let text = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) {
            responder { level } } }";
        lead.send("service-desk", text, json!({ "input": officer })).await.ok();
        let plan = json!({ "estateId": estate, "officerId": stage.desk.user.to_string(),
            "month": "2026-08", "count": 1, "idempotencyKey": "" });
        at_once(&stage, lead, ("planVisits", "planned"), plan).await;
    });
}
