//! Responders through the graph.

use crate::testing::Stage;
use contracts::UnitId;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

const LIST: &str =
    "query($estate: ID!, $on: Boolean) { responders(estateId: $estate, onDuty: $on) {
    nodes { staff { id name } level skills buildingIds onDutySince } } }";

async fn save(stage: &Stage, who: &Signed, of: &Signed, skills: &[&str]) -> Answer {
    let text = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) {
        responder { staff { name } level skills buildingIds } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "staffId": of.user.to_string(),
        "level": "STAFF", "skills": skills, "buildingIds": [stage.building.to_string()] });
    who.send("service-desk", text, json!({ "input": input })).await
}

async fn duty(stage: &Stage, who: &Signed, of: Option<&Signed>, on: bool) -> Answer {
    let text = "mutation($input: SetDutyInput!) { setDuty(input: $input) {
        responder { onDutySince } } }";
    let staff = of.map(|who| who.user.to_string());
    let input = json!({ "estateId": stage.estate.to_string(), "staffId": staff, "onDuty": on });
    who.send("service-desk", text, json!({ "input": input })).await
}

async fn listed(stage: &Stage, who: &Signed, on: Option<bool>) -> Value {
    let ask = json!({ "estate": stage.estate.to_string(), "on": on });
    who.send("service-desk", LIST, ask).await.ok()["responders"]["nodes"].take()
}

#[test]
fn who_takes_work_is_listed_with_skills_and_goes_on_duty() {
    run(async {
        let stage = Stage::new().await;
        stage.unit(UnitId::from_uuid(stage.id()), stage.building, "6-1-1001").await;
        let saved = save(&stage, &stage.supervisor, &stage.engineer, &["WATER", "GAS"]).await.ok();
        let saved = &saved["saveResponder"]["responder"];
        assert_eq!(saved["skills"], json!(["GAS", "WATER"]));
        assert_eq!(saved["staff"]["name"], "孙工");
        assert_eq!(listed(&stage, &stage.desk, Some(true)).await, json!([]));
        duty(&stage, &stage.engineer, None, true).await.ok();
        let on = listed(&stage, &stage.desk, Some(true)).await;
        assert_eq!(on[0]["onDutySince"], "2026-07-31T04:00:00+00:00");
        // Saying it again keeps the duty, and so does going on duty twice.
        save(&stage, &stage.supervisor, &stage.engineer, &["WATER"]).await.ok();
        duty(&stage, &stage.engineer, None, true).await.ok();
        assert_eq!(listed(&stage, &stage.desk, Some(true)).await.as_array().unwrap().len(), 1);
        duty(&stage, &stage.supervisor, Some(&stage.engineer), false).await.ok();
        assert_eq!(listed(&stage, &stage.desk, Some(false)).await.as_array().unwrap().len(), 1);
        let text = "mutation($input: RemoveResponderInput!) { removeResponder(input: $input) { staffId } }";
        let input = json!({ "input": { "estateId": stage.estate.to_string(),
            "staffId": stage.engineer.user.to_string() } });
        stage.supervisor.send("service-desk", text, input.clone()).await.ok();
        assert_eq!(listed(&stage, &stage.desk, None).await, json!([]));
        let again = stage.supervisor.send("service-desk", text, input).await;
        assert_eq!(again.code(), "NOT_FOUND");
    });
}

#[test]
fn only_who_manages_says_who_takes_work() {
    run(async {
        let stage = Stage::new().await;
        let denied = save(&stage, &stage.desk, &stage.engineer, &[]).await;
        assert_eq!(denied.code(), "FORBIDDEN");
        let building = save(&stage, &stage.supervisor, &stage.engineer, &[]).await;
        assert_eq!(building.code(), "NOT_FOUND", "nobody told of the building");
        stage.unit(UnitId::from_uuid(stage.id()), stage.building, "6-1-1001").await;
        let wrong = save(&stage, &stage.supervisor, &stage.engineer, &["water"]).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "skills"));
        save(&stage, &stage.supervisor, &stage.engineer, &[]).await.ok();
        assert_eq!(
            duty(&stage, &stage.desk, Some(&stage.engineer), true).await.code(),
            "FORBIDDEN"
        );
        assert_eq!(duty(&stage, &stage.desk, None, true).await.code(), "NOT_FOUND");
        let strangers = Stage::new().await;
        for who in [&strangers.supervisor, &strangers.director] {
            assert_eq!(save(&stage, who, &stage.engineer, &[]).await.code(), "NOT_FOUND");
            let ask = json!({ "estate": stage.estate.to_string() });
            assert_eq!(who.send("service-desk", LIST, ask).await.code(), "NOT_FOUND");
        }
        // Nobody of whom identity has not told.
        let unknown = stage.company.staff("ENG", stage.estate).await;
        assert_eq!(save(&stage, &stage.supervisor, &unknown, &[]).await.code(), "NOT_FOUND");
    });
}
