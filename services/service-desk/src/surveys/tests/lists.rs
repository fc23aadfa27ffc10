//! Lists of the quality department, officers and residents cost the same whatever their length.

use super::{Scene, draft, form};
use crate::{service, testing::Stage};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{
    World,
    lists::{FEW, MANY, assert_flat},
    run,
};

#[test]
fn lists_that_estate_staff_may_not_ask_for_cost_the_same_too() {
    run(async {
        let world = Arc::new(World::start(vec![service()], &[]).await);
        let stages = [Stage::in_world(&world).await, Stage::in_world(&world).await];
        let mut scenes = Vec::new();
        for (stage, many) in stages.iter().zip([FEW, MANY]) {
            // All of them belong to one person.
            let person = stage.id();
            let units: Vec<_> = (0..many).map(|_| (stage.id(), person)).collect();
            let scene = Scene::beside(stage, &units, 0).await;
            let survey = scene.designed(draft(10_000)).await;
            scene.issued(&survey).await;
            let owner = stage.company.resident(person).await;
            scenes.push((scene, survey, owner, units));
        }
        let [few, many] = &*scenes else { panic!("two") };
        let which = (&*world, "service-desk");
        let asked = "surveyInvites(surveyId: $id, first: 100) { edges { node { unitLabel } } }";
        let ask = |(scene, survey, ..): &(Scene<'_>, Value, _, _)| {
            let (who, id) = (scene.quality.clone(), json!({ "id": survey }));
            async move { who.send("service-desk", &format!("query($id: ID!) {{ {asked} }}"), id).await }
        };
        let place = ("Query.surveyInvites", "/surveyInvites/edges");
        assert_flat(which, place, || ask(few), || ask(many)).await;
        let asked =
            "surveyInvitations(estateId: $id, first: 100) { edges { node { survey { period }
            invite { unitLabel } } } }";
        let ask = |(scene, _, owner, _): &(Scene<'_>, _, testkit::Signed, _)| {
            let (who, id) = (owner.clone(), json!({ "id": scene.stage.estate.to_string() }));
            async move { who.send("service-desk", &format!("query($id: ID!) {{ {asked} }}"), id).await }
        };
        let place = ("Query.surveyInvitations", "/surveyInvitations/edges");
        assert_flat(which, place, || ask(few), || ask(many)).await;
        for (scene, survey, _, units) in &scenes {
            let forms = units.iter().map(|(unit, _)| form(*unit, &json!([])));
            scene.enter(survey, forms.collect(), &scene.key()).await.ok();
        }
        let asked =
            "surveyForms(surveyId: $id, first: 100) { edges { node { code enteredBy { name } } } }";
        let ask = |(scene, survey, ..): &(Scene<'_>, Value, _, _)| {
            let (who, id) = (scene.quality.clone(), json!({ "id": survey }));
            async move { who.send("service-desk", &format!("query($id: ID!) {{ {asked} }}"), id).await }
        };
        let place = ("Query.surveyForms", "/surveyForms/edges");
        assert_flat(which, place, || ask(few), || ask(many)).await;
    });
}
