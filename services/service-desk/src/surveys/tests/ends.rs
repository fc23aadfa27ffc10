//! How a survey ends: by its day, after a reminder, or because it is given up.

use super::{Scene, draft, form};
use crate::testing::{Stage, own_world};
use serde_json::{Value, json};
use std::collections::HashSet;
use testkit::{Answer, Signed, eventually, run};
use uuid::Uuid;

fn homes(stage: &Stage, many: usize) -> Vec<(Uuid, Uuid)> {
    (0..many).map(|_| (stage.id(), stage.id())).collect()
}

async fn cancel(scene: &Scene<'_>, who: &Signed, id: &Value, reason: &str) -> Answer {
    let version = scene.survey(id).await["version"].clone();
    let input = json!({ "surveyId": id, "expectedVersion": version, "reason": reason });
    scene.act(who, "cancelSurvey", input, "survey { state cancelledBecause }").await
}

#[test]
fn a_survey_that_is_given_up_counts_as_not_asked() {
    run(async {
        let stage = Stage::new().await;
        let units = homes(&stage, 10);
        let scene = Scene::over(&stage, &units, &[stage.id()], "7").await;
        let first = scene.designed(draft(5_000)).await;
        scene.issued(&first).await;
        let wrong = scene.sample(&first).await;
        let resident = stage
            .company
            .resident(units.iter().find(|(unit, _)| *unit == wrong[0]).unwrap().1)
            .await;
        let happy = json!([{ "question": "OVERALL", "value": 5 }]);
        scene.enter(&first, vec![form(wrong[1], &happy)], &scene.key()).await.ok();
        let empty = cancel(&scene, &scene.quality, &first, " ").await;
        assert_eq!((empty.code(), empty.field()), ("INVALID", "reason"));
        for who in [&stage.supervisor, &resident] {
            let refused = cancel(&scene, who, &first, "题目有误").await;
            assert!(["FORBIDDEN", "NOT_FOUND"].contains(&refused.code()));
        }
        let gone = cancel(&scene, &scene.quality, &first, "题目有误").await.ok();
        assert_eq!(
            gone["cancelSurvey"]["survey"],
            json!({ "state": "CANCELLED", "cancelledBecause": "题目有误" })
        );
        assert_eq!(cancel(&scene, &scene.quality, &first, "再次").await.code(), "CONFLICT");
        let late = scene.enter(&first, vec![form(wrong[2], &happy)], &scene.key()).await;
        assert_eq!(late.code(), "CONFLICT");
        let estate = json!(stage.estate.to_string());
        let open = "surveyInvitations(estateId: $id) { nodes { invite { state } } }";
        let seen = scene.ask(&resident, open, &estate).await.ok();
        assert_eq!(seen["surveyInvitations"]["nodes"], json!([]));
        // Everybody can be drawn in the two surveys that follow.
        let mut asked = HashSet::new();
        for _ in 0..2 {
            let next = scene.designed(draft(5_000)).await;
            scene.issued(&next).await;
            asked.extend(scene.sample(&next).await);
            scene.step("closeSurvey", &next).await.ok();
        }
        assert_eq!(asked.len(), 10, "the first of them counts as the first of the round");
    });
}

#[test]
fn silent_homes_are_reminded_and_the_day_closes_the_survey() {
    run(async {
        let world = own_world("2026-07-10T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let units = homes(&stage, 2);
        let scene = Scene::over(&stage, &units, &[stage.id()], "7").await;
        let mut passed = draft(10_000);
        passed["closesOn"] = json!("2026-07-09");
        let input = json!({ "estateId": stage.estate.to_string(), "draft": passed,
            "idempotencyKey": scene.key() });
        let wrong = scene.act(&scene.quality, "designSurvey", input, "survey { id }").await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "closesOn"));
        let mut ends = draft(10_000);
        ends["closesOn"] = json!("2026-07-20");
        let survey = scene.designed(ends).await;
        scene.issued(&survey).await;
        let happy = json!([{ "question": "OVERALL", "value": 5 }]);
        scene.enter(&survey, vec![form(units[0].0, &happy)], &scene.key()).await.ok();
        let (answered, silent) =
            (stage.company.resident(units[0].1).await, stage.company.resident(units[1].1).await);
        let titles = async |who: &Signed| {
            let inbox = who.send("service-desk", "{ inbox { nodes { title } } }", json!({})).await;
            inbox.ok()["inbox"]["nodes"].as_array().unwrap().len()
        };
        // The 17th begins in Shanghai: three days before the last one.
        world.clock.set("2026-07-16T16:00:01Z".parse().unwrap());
        eventually("the silent home is reminded", || async { titles(&silent).await == 2 }).await;
        assert_eq!(titles(&answered).await, 1);
        assert_eq!(scene.survey(&survey).await["state"], "COLLECTING");
        world.clock.set("2026-07-20T16:00:01Z".parse().unwrap());
        eventually("the survey is closed", || async {
            scene.survey(&survey).await["state"] == "CLOSED"
        })
        .await;
        assert_eq!(titles(&silent).await, 2, "reminded once");
    });
}
