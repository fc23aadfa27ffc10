//! Rows for the lists of visits.

use super::repo::{Planned, insert_plan};
use crate::testing::Stage;
use contracts::UnitId;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 3] = [
    (
        "Query.visitPlan",
        "/visitPlan/edges",
        "visitPlan(estateId: $estate, month: \"2026-08\", first: 100) { edges { node {
            unitLabel visitedOn officer { name } } } }",
    ),
    (
        "Query.visits",
        "/visits/edges",
        "visits(estateId: $estate, first: 100) { edges { node { unitLabel officer { name } } } }",
    ),
    (
        "Query.visitPromises",
        "/visitPromises/edges",
        "visitPromises(estateId: $estate, first: 100) { edges { node { unitLabel
            officer { name } } } }",
    ),
];

/// One row more of each list.
pub(crate) async fn make(stage: &Stage, unit: UnitId, n: usize) {
    let db = stage.company.world.db("service-desk");
    let scope = db.write(stage.company.tenant).await.unwrap();
    let planned = Planned {
        unit: UnitId::from_uuid(scope.new_id()),
        building: stage.building,
        label: format!("6-1-{n:04}"),
        officer: stage.desk.user,
    };
    let month = "2026-08-01".parse().unwrap();
    insert_plan(&scope, (stage.estate, month), &[planned]).await.unwrap();
    scope.commit().await.unwrap();
    let text =
        "mutation($input: RecordVisitInput!) { recordVisit(input: $input) { visit { id } } }";
    let input = json!({ "unitId": unit.to_string(), "visitedOn": "2026-07-31", "who": "户主",
        "topics": ["保洁"], "mood": "CONTENT", "promise": { "text": "修灯", "due": "2026-08-05" },
        "idempotencyKey": format!("visit-{n:04}") });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}
