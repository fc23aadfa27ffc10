//! Rows for the lists of surveys that estate staff may ask for; the rest is asked in `tests::lists`.

use super::tests::{Scene, draft, form};
use crate::testing::Stage;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 2] = [
    (
        "Query.surveys",
        "/surveys/edges",
        "surveys(estateId: $estate, first: 100) { edges { node { period drawnBy { name } } } }",
    ),
    (
        "Query.surveyImprovements",
        "/surveyImprovements/edges",
        "surveyImprovements(estateId: $estate, first: 100) { edges { node { rate owner { name } } } }",
    ),
];

/// Lists of the quality department, of officers and of residents.
pub(crate) const ELSEWHERE: [&str; 3] =
    ["Query.surveyInvites", "Query.surveyForms", "Query.surveyInvitations"];

/// One more survey with a weak item.
pub(crate) async fn row(stage: &Stage, n: usize) {
    let units = (0..5).map(|_| (stage.id(), stage.id())).collect::<Vec<_>>();
    let scene = Scene::beside(stage, &units, n).await;
    let survey = scene.designed(draft(10_000)).await;
    let survey = scene.issued(&survey).await;
    let forms = units.iter().take(5).map(|(unit, _)| {
        form(
            *unit,
            &json!([
        { "question": "OVERALL", "value": 1 }]),
        )
    });
    scene.enter(&survey, forms.collect(), &scene.key()).await.ok();
    scene.step("closeSurvey", &survey).await.ok();
}
