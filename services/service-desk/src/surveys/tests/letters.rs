//! What the homes of a sample are told.

use super::{Scene, draft};
use crate::{messages::tests::inbox, testing::Stage};
use contracts::{PersonId, UnitId};
use std::collections::BTreeSet;
use testkit::run;

#[test]
fn who_belongs_to_the_homes_of_the_sample_is_asked_once_and_nobody_else() {
    run(async {
        let stage = Stage::new().await;
        let units: Vec<_> = (0..10).map(|_| (stage.id(), stage.id())).collect();
        let scene = Scene::beside(&stage, &units, 0).await;
        let survey = scene.designed(draft(3_000)).await;
        scene.step("drawSurveySample", &survey).await.ok();
        let asked = async || {
            let mut homes = BTreeSet::new();
            for (unit, person) in &units {
                let who = stage.resident(PersonId::from_uuid(*person)).await;
                let letters = inbox(&who, None).await;
                let letters = letters.as_array().unwrap().clone();
                assert!(letters.len() <= 1, "{letters:?}");
                if let Some(letter) = letters.first() {
                    assert_eq!(
                        (&letter["kind"], &letter["title"], &letter["reference"]),
                        (&"SURVEY".into(), &"We would like your opinion".into(), &survey)
                    );
                    homes.insert(UnitId::from_uuid(*unit).to_string());
                }
            }
            homes
        };
        assert!(asked().await.is_empty(), "drawn only");
        scene.step("issueSurvey", &survey).await.ok();
        let list = "surveyInvites(surveyId: $id, first: 100) { nodes { unit { id } } }";
        let invites = scene.ask(&scene.officer, list, &survey).await.ok();
        let invites = invites["surveyInvites"]["nodes"].as_array().unwrap().clone();
        let sample: BTreeSet<String> =
            invites.iter().map(|it| it["unit"]["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(sample.len(), 3);
        assert_eq!(asked().await, sample);
        assert_eq!(scene.step("issueSurvey", &survey).await.code(), "CONFLICT");
        assert_eq!(asked().await, sample);
    });
}
