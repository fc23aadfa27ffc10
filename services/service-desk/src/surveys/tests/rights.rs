//! Who may do and see what of surveys.

use super::{Scene, draft, due_days, form};
use crate::testing::Stage;
use serde_json::{Value, json};
use testkit::run;

fn few(stage: &Stage, many: usize) -> Vec<(uuid::Uuid, uuid::Uuid)> {
    (0..many).map(|_| (stage.id(), stage.id())).collect()
}

#[test]
fn the_estate_never_draws_its_own_sample() {
    run(async {
        let stage = Stage::new().await;
        let scene = Scene::beside(&stage, &few(&stage, 10), 0).await;
        let survey = scene.designed(draft(3_000)).await;
        for who in [&stage.supervisor, &stage.director] {
            assert_eq!(scene.step_as(who, "drawSurveySample", &survey).await.code(), "FORBIDDEN");
        }
        assert_eq!(
            scene.step_as(&stage.desk, "drawSurveySample", &survey).await.code(),
            "NOT_FOUND"
        );
        // The right of one estate only, or beside collecting there, makes nobody independent.
        let near = stage.company.staff("QA", stage.estate).await;
        assert_eq!(scene.step_as(&near, "drawSurveySample", &survey).await.code(), "FORBIDDEN");
        let stale = json!({ "surveyId": survey, "expectedVersion": 9 });
        let stale = scene.act(&scene.quality, "drawSurveySample", stale, "survey { id }").await;
        assert_eq!(stale.code(), "CONFLICT");
        scene.step("drawSurveySample", &survey).await.ok();
        assert_eq!(scene.step("drawSurveySample", &survey).await.code(), "CONFLICT", "once");
        let change = json!({ "surveyId": survey, "expectedVersion": 2, "draft": draft(5_000) });
        let late = scene.act(&scene.quality, "changeSurvey", change, "survey { id }").await;
        assert_eq!(late.code(), "CONFLICT");
    });
}

#[test]
fn staff_see_neither_homes_nor_forms_and_strangers_nothing() {
    run(async {
        let stage = Stage::new().await;
        let units = few(&stage, 10);
        let scene = Scene::beside(&stage, &units, 0).await;
        let survey = scene.designed(draft(10_000)).await;
        scene.issued(&survey).await;
        let lists = [
            "surveyInvites(surveyId: $id) { nodes { state } }",
            "surveyForms(surveyId: $id) { nodes { code } }",
            "verifySurveySample(surveyId: $id) { same }",
        ];
        for list in lists {
            for who in [&stage.supervisor, &stage.director, &stage.desk] {
                assert_eq!(scene.ask(who, list, &survey).await.code(), "NOT_FOUND", "{list}");
            }
        }
        let forms = scene.ask(&scene.officer, lists[1], &survey).await;
        assert_eq!(forms.code(), "NOT_FOUND");
        let other = stage.company.staff_in_zone("PO", stage.estate, vec![stage.id()]).await;
        let homes = scene.ask(&other, lists[0], &survey).await.ok();
        assert_eq!(homes["surveyInvites"]["nodes"], json!([]), "another zone");
        let form = json!({ "surveyId": survey, "idempotencyKey": scene.key(),
            "forms": [form(units[0].0, &json!([]))] });
        let foreign = scene.act(&other, "enterSurveyForms", form.clone(), "codes").await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        let desk = scene.act(&stage.supervisor, "enterSurveyForms", form, "codes").await;
        assert_eq!(desk.code(), "FORBIDDEN");
        let strangers = Stage::new().await;
        let quality = strangers.company.staff("QA", None).await;
        for who in [&quality, &strangers.supervisor] {
            let seen = scene.ask(who, "survey(id: $id) { state }", &survey).await;
            assert_eq!(seen.code(), "NOT_FOUND");
            let moved = json!({ "surveyId": survey, "expectedVersion": 3 });
            let moved = scene.act(who, "closeSurvey", moved, "survey { id }").await;
            assert_eq!(moved.code(), "NOT_FOUND");
        }
    });
}

#[test]
fn a_resident_answers_for_their_own_home_and_may_stay_unknown() {
    run(async {
        let stage = Stage::new().await;
        let units = few(&stage, 6);
        let scene = Scene::beside(&stage, &units, 0).await;
        let survey = scene.designed(draft(10_000)).await;
        scene.issued(&survey).await;
        let resident = stage.company.resident(units[0].1).await;
        let answer = |unit: uuid::Uuid, answers: &Value| {
            let mut input = form(unit, answers);
            input["surveyId"] = survey.clone();
            input["anonymous"] = json!(true);
            input["idempotencyKey"] = json!(scene.key());
            input
        };
        let good = json!([{ "question": "OVERALL", "value": 5 }, { "question": "COMMENT", "text": "很好" }]);
        let neighbour =
            scene.act(&resident, "answerSurvey", answer(units[1].0, &good), "surveyId").await;
        assert_eq!(neighbour.code(), "NOT_FOUND");
        let wrong = json!([{ "question": "OVERALL", "value": 6 }]);
        let wrong =
            scene.act(&resident, "answerSurvey", answer(units[0].0, &wrong), "surveyId").await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "answers"));
        let blank =
            scene.act(&resident, "answerSurvey", answer(units[0].0, &json!([])), "surveyId").await;
        assert_eq!((blank.code(), blank.field()), ("INVALID", "answers"));
        let input = answer(units[0].0, &good);
        scene.act(&resident, "answerSurvey", input.clone(), "surveyId").await.ok();
        scene.act(&resident, "answerSurvey", input, "surveyId").await.ok();
        let report = "surveyReport(surveyId: $id) { returned }";
        assert_eq!(scene.ask(&resident, report, &survey).await.ok()["surveyReport"], Value::Null);
        let units: Vec<String> = units[1..3]
            .iter()
            .map(|(unit, _)| contracts::UnitId::from_uuid(*unit).to_string())
            .collect();
        let input = json!({ "surveyId": survey, "unitIds": units, "mark": "REFUSED" });
        let done = scene
            .act(&scene.officer, "markSurveyHomes", input.clone(), "invites { state }")
            .await
            .ok();
        assert_eq!(done["markSurveyHomes"]["invites"][1]["state"], "REFUSED");
        let again = scene.act(&scene.officer, "markSurveyHomes", input, "invites { state }").await;
        assert_eq!(again.code(), "CONFLICT");
        scene.step("closeSurvey", &survey).await.ok();
        assert_eq!(due_days(&stage).await, Vec::<String>::new(), "nobody may know whom to call");
        let seen = scene.ask(&scene.quality, "surveyReport(surveyId: $id) { returned refused comments items { tally { valid } } }", &survey).await.ok();
        let seen = &seen["surveyReport"];
        assert_eq!(
            (&seen["returned"], &seen["refused"], &seen["comments"]),
            (&json!(1), &json!(2), &json!(1))
        );
        assert_eq!(seen["items"][0]["tally"], Value::Null, "one answer is no total");
    });
}
