//! The lists of promises, and rows for them.

use super::{Subject, SubjectKind, start};
use crate::{homes, testing::Stage};
use chrono::Duration;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 2] = [
    (
        "Query.slaPolicies",
        "/slaPolicies/edges",
        "slaPolicies(estateId: $estate, first: 100) { edges { node { code savedBy { name }
            steps { percent } } } }",
    ),
    (
        "Query.slaEscalations",
        "/slaEscalations/edges",
        "slaEscalations(estateId: $estate, first: 100) { edges { node { percent told { name }
            acknowledgedBy { name } } } }",
    ),
];

/// One row more of each list.
pub(crate) async fn make(stage: &Stage, n: usize) {
    let text = "mutation($input: SaveSlaPolicyInput!) { saveSlaPolicy(input: $input) {
        slaPolicy { id } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "kind": "MEMO",
        "code": format!("CODE_{n}"), "effectiveFrom": "2026-01-01", "responseMinutes": 5,
        "resolutionMinutes": 10, "clock": "CALENDAR" });
    stage.director.send("service-desk", text, json!({ "input": input })).await.ok();
    let db = stage.company.world.db("service-desk");
    let scope = db.write(stage.company.tenant).await.unwrap();
    let estate = homes::estate(&scope, stage.estate).await.unwrap();
    // Half of the time to the end is over: one row.
    let (subject, at) =
        (Subject::new(SubjectKind::Memo, stage.id()), scope.now() - Duration::minutes(90));
    start(&scope, &estate, subject, "LATE", at, Some(stage.engineer.user)).await.unwrap();
    scope.commit().await.unwrap();
}
