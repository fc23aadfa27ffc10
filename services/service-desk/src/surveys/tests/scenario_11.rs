//! Handbook S11: a half-year survey with its exact figures.

use super::{Scene, draft, due_days, form};
use crate::testing::Stage;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use testkit::run;
use uuid::Uuid;

/// What the n-th of 178 forms says: 2 wholly blank, 163 of 176 satisfied overall, 138 of 171 with
/// greening, 41 with a comment.
fn answers(n: usize) -> Value {
    let Some(n) = n.checked_sub(2) else { return json!([]) };
    let mut all = vec![json!({ "question": "OVERALL", "value": if n < 163 { 4 } else { 2 } })];
    if n < 171 {
        all.push(json!({ "question": "GREENING", "value": if n < 138 { 5 } else { 3 } }));
    }
    if n < 41 {
        all.push(json!({ "question": "COMMENT", "text": format!("绿化太少 {n}") }));
    }
    json!(all)
}

const REPORT: &str =
    "surveyReport(surveyId: $id) { issued refused returned returnRate enough blank valid
    overallRate satisfied comments
    items { question { code } low tally { valid satisfied rate counts }
        buildings { buildingCode tally { valid satisfied } } }
    improvements { id question rate due state version } }";

#[test]
fn a_half_year_survey_from_the_draw_to_the_effect() {
    run(async {
        let stage = Stage::new().await;
        let units: Vec<(Uuid, Uuid)> = (0..690).map(|_| (stage.id(), stage.id())).collect();
        let buildings: Vec<Uuid> = (0..6).map(|_| stage.id()).collect();
        let scene = Scene::over(&stage, &units, &buildings, "").await;
        // A unit nobody lives in is not occupied.
        stage.unit(contracts::UnitId::from_uuid(stage.id()), stage.building, "9-1-0001").await;

        // The last round; nobody answered.
        let first = scene.designed(draft(3_000)).await;
        scene.issued(&first).await;
        let asked_before: HashSet<Uuid> = scene.sample(&first).await.into_iter().collect();
        assert_eq!(asked_before.len(), 207);
        scene.step("closeSurvey", &first).await.ok();

        let survey = scene.designed(draft(3_000)).await;
        scene.issued(&survey).await;
        let seen = scene.survey(&survey).await;
        assert_eq!((&seen["occupied"], &seen["sampleSize"]), (&json!(690), &json!(207)));
        assert_eq!(seen["drawnBy"]["name"], "钱品质");
        let sample = scene.sample(&survey).await;
        assert_eq!(sample.len(), 207);
        assert!(sample.iter().all(|unit| !asked_before.contains(unit)), "asked in the last round");
        let query = "verifySurveySample(surveyId: $id) { seed occupied sampleSize same }";
        let check = scene.ask(&scene.quality, query, &survey).await.ok();
        let check = &check["verifySurveySample"];
        assert_eq!((&check["same"], &check["seed"]), (&json!(true), &seen["seed"]));

        let codes = collected(&scene, &survey, &sample, &units).await;
        let hidden = scene.ask(&stage.supervisor, REPORT, &survey).await.ok();
        assert_eq!(hidden["surveyReport"], Value::Null, "nobody counts before it is closed");
        scene.step("closeSurvey", &survey).await.ok();
        let report = reported(&scene, &survey).await;

        audited(&scene, &survey, &codes).await;
        // What was corrected moved no figure: the form that differed was read wrong the first time.
        let again = scene.ask(&stage.supervisor, REPORT, &survey).await.ok();
        for figure in ["returned", "valid", "overallRate", "comments"] {
            assert_eq!(again["surveyReport"][figure], report[figure]);
        }
        assert_eq!(again["surveyReport"]["improvements"][0]["rate"], 8_070);
        improved(&scene, &survey, &units).await;
    });
}

/// 177 forms on paper, one in the app; each code and which form it is.
async fn collected(
    scene: &Scene<'_>,
    survey: &Value,
    sample: &[Uuid],
    units: &[(Uuid, Uuid)],
) -> HashMap<String, usize> {
    let mut codes = HashMap::new();
    for batch in [0..100, 100..177] {
        let forms: Vec<Value> = batch.clone().map(|n| form(sample[n], &answers(n))).collect();
        let key = scene.key();
        let entered = scene.enter(survey, forms.clone(), &key).await.ok();
        let again = scene.enter(survey, forms, &key).await.ok();
        assert_eq!(entered, again, "a repeat enters nothing");
        let given = entered["enterSurveyForms"]["codes"].as_array().unwrap();
        codes.extend(given.iter().map(|code| code.as_str().unwrap().to_owned()).zip(batch));
    }
    let twice = scene.enter(survey, vec![form(sample[0], &answers(0))], &scene.key()).await;
    assert_eq!(twice.code(), "CONFLICT");
    let home = sample[177];
    let (_, person) = units.iter().find(|(unit, _)| *unit == home).unwrap();
    let resident = scene.stage.company.resident(*person).await;
    let open = "surveyInvitations(estateId: $id) { nodes { survey { titleZh questions { code } } invite { state } } }";
    let estate = json!(scene.stage.estate.to_string());
    let seen = scene.ask(&resident, open, &estate).await.ok();
    assert_eq!(seen["surveyInvitations"]["nodes"][0]["invite"]["state"], "SENT");
    let mut input = form(home, &answers(177));
    input["surveyId"] = survey.clone();
    input["idempotencyKey"] = json!(scene.key());
    scene.act(&resident, "answerSurvey", input.clone(), "surveyId").await.ok();
    input["idempotencyKey"] = json!(scene.key());
    let twice = scene.act(&resident, "answerSurvey", input, "surveyId").await;
    assert_eq!(twice.code(), "CONFLICT", "once");
    let seen = scene.ask(&resident, open, &estate).await.ok();
    assert_eq!(seen["surveyInvitations"]["nodes"], json!([]));
    codes
}

async fn reported(scene: &Scene<'_>, survey: &Value) -> Value {
    let stage = scene.stage;
    let report = scene.ask(&stage.supervisor, REPORT, survey).await.ok()["surveyReport"].take();
    assert_eq!((&report["issued"], &report["returned"]), (&json!(207), &json!(178)));
    assert_eq!((&report["returnRate"], &report["enough"]), (&json!(8_599), &json!(true)));
    assert_eq!((&report["blank"], &report["valid"]), (&json!(2), &json!(176)));
    assert_eq!((&report["overallRate"], &report["satisfied"]), (&json!(9_261), &json!(true)));
    assert_eq!(report["comments"], 41);
    let greening = &report["items"][1];
    assert_eq!(greening["question"]["code"], "GREENING");
    assert_eq!(greening["tally"]["rate"], 8_070);
    assert_eq!(
        (&greening["tally"]["satisfied"], &greening["tally"]["valid"], &greening["low"]),
        (&json!(138), &json!(171), &json!(true))
    );
    // Closed on Friday, 31 July: ten working days are two weeks.
    let plans = report["improvements"].as_array().unwrap();
    assert_eq!(plans.len(), 1);
    assert_eq!(
        (&plans[0]["question"], &plans[0]["due"]),
        (&json!("GREENING"), &json!("2026-08-14"))
    );
    // The choice was answered by nobody: no group of it is shown.
    assert!(
        report["items"][2]["buildings"].as_array().unwrap().iter().all(|it| it["tally"].is_null())
    );
    assert_eq!(due_days(scene.stage).await, vec!["2026-08-15"; 41]);
    report
}

async fn audited(scene: &Scene<'_>, survey: &Value, codes: &HashMap<String, usize>) {
    let wanted = scene
        .pages(survey, "surveyForms", ", audit: true", "code channel answers { question }")
        .await;
    assert_eq!(wanted.len(), 18, "a tenth of those on paper, rounded up");
    assert!(wanted.iter().all(|form| form["channel"] == "PAPER" && form["answers"].is_null()));
    let seen = scene.survey(survey).await;
    assert_eq!(seen["calls"].as_array().unwrap().len(), 3);
    let refused = scene.step("completeSurveyAudit", survey).await;
    assert_eq!(refused.code(), "CONFLICT");
    for call in seen["calls"].as_array().unwrap() {
        let input =
            json!({ "surveyId": survey, "unitId": call["unit"]["id"], "note": "没收到问卷" });
        scene.act(&scene.quality, "noteSurveyCall", input, "survey { state }").await.ok();
    }
    // One of the eighteen reads otherwise.
    let again = |code: &Value| {
        let known = codes.get(code.as_str().unwrap());
        json!({ "code": code, "answers": answers(known.copied().unwrap_or(177)) })
    };
    let mut forms: Vec<Value> = wanted.iter().map(|form| again(&form["code"])).collect();
    let different = forms.iter().position(|form| form["answers"].as_array().unwrap().len() > 1);
    let original = forms[different.unwrap()].clone();
    forms[different.unwrap()]["answers"][0]["value"] = match &original["answers"][0]["value"] {
        four if *four == 4 => json!(5),
        _ => json!(1),
    };
    let done = scene.rekey(&scene.quality, survey, &forms).await.ok();
    let done = &done["rekeySurveyForms"];
    assert_eq!((&done["compared"], &done["different"]), (&json!(18), &json!(1)));
    assert_eq!(done["survey"]["recheck"], true, "one is enough");
    let refused = scene.step("completeSurveyAudit", survey).await;
    assert_eq!(refused.code(), "CONFLICT", "now all of them");
    let all =
        scene.pages(survey, "surveyForms", ", audit: true", "code same answers { question }").await;
    assert!(all.iter().all(|form| form["same"].is_null() == form["answers"].is_null()));
    assert_eq!(all.len(), 177, "but for the one of the app, which nobody keyed");
    let rest: Vec<Value> =
        all.iter().filter(|form| form["same"].is_null()).map(|form| again(&form["code"])).collect();
    assert_eq!(rest.len(), 159);
    for part in rest.chunks(100) {
        let done = scene.rekey(&scene.quality, survey, part).await.ok();
        assert_eq!(done["rekeySurveyForms"]["different"], 0);
    }
    let done = scene.step("completeSurveyAudit", survey).await.ok();
    assert_eq!(done["completeSurveyAudit"]["survey"]["state"], "AUDITED");
}

/// Published, improved, and measured in the next round.
async fn improved(scene: &Scene<'_>, survey: &Value, units: &[(Uuid, Uuid)]) {
    let stage = scene.stage;
    let committee = stage.company.staff("OC", stage.estate).await;
    let early = scene.ask(&committee, REPORT, survey).await.ok();
    assert_eq!(early["surveyReport"], Value::Null, "not yet published");
    let resident = stage.company.resident(units[0].1).await;
    scene.step("publishSurvey", survey).await.ok();
    for who in [&committee, &resident] {
        let seen = scene.ask(who, REPORT, survey).await.ok();
        assert_eq!(seen["surveyReport"]["overallRate"], 9_261);
    }
    let plans = "surveyReport(surveyId: $id) { improvements { id version } }";
    let plan = scene.ask(&stage.supervisor, plans, survey).await.ok();
    let plan = plan["surveyReport"]["improvements"][0].clone();
    let input = json!({ "improvementId": plan["id"], "expectedVersion": 1, "cause": "养护不足",
        "action": "补种", "ownerId": stage.supervisor.user.to_string() });
    let wanted = "improvement { state version owner { name } laterRate }";
    let done =
        scene.act(&stage.supervisor, "planSurveyImprovement", input.clone(), wanted).await.ok();
    assert_eq!(done["planSurveyImprovement"]["improvement"]["owner"]["name"], "林主管");
    let stale = scene.act(&stage.supervisor, "planSurveyImprovement", input, wanted).await;
    assert_eq!(stale.code(), "CONFLICT");
    assert_eq!(scene.survey(survey).await["state"], "IMPROVING");
    let input =
        json!({ "improvementId": plan["id"], "expectedVersion": 2, "effect": "绿化补种完成" });
    scene.act(&stage.supervisor, "completeSurveyImprovement", input, wanted).await.ok();
    let next = next_round(scene).await;
    let input = json!({ "improvementId": plan["id"], "expectedVersion": 3, "surveyId": next });
    let refused =
        scene.act(&stage.director, "verifySurveyImprovement", input.clone(), wanted).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    let done = scene.act(&scene.quality, "verifySurveyImprovement", input, wanted).await.ok();
    assert_eq!(done["verifySurveyImprovement"]["improvement"]["laterRate"], 10_000);
    assert_eq!(scene.survey(survey).await["state"], "VERIFIED");
}

/// A later survey in which everybody likes the greening, audited.
async fn next_round(scene: &Scene<'_>) -> Value {
    let next = scene.designed(draft(3_000)).await;
    scene.issued(&next).await;
    let sample = scene.sample(&next).await;
    let happy =
        json!([{ "question": "OVERALL", "value": 5 }, { "question": "GREENING", "value": 5 }]);
    let forms = sample[..20].iter().map(|unit| form(*unit, &happy));
    scene.enter(&next, forms.collect(), &scene.key()).await.ok();
    scene.step("closeSurvey", &next).await.ok();
    let wanted = scene.pages(&next, "surveyForms", ", audit: true", "code").await;
    let forms: Vec<Value> =
        wanted.iter().map(|it| json!({ "code": it["code"], "answers": happy })).collect();
    scene.rekey(&scene.quality, &next, &forms).await.ok();
    for call in scene.survey(&next).await["calls"].as_array().unwrap() {
        let input = json!({ "surveyId": next, "unitId": call["unit"]["id"], "note": "外出" });
        scene.act(&scene.quality, "noteSurveyCall", input, "survey { state }").await.ok();
    }
    scene.step("completeSurveyAudit", &next).await.ok();
    next
}
