//! Rows for the lists of notices.

use crate::testing::Stage;
use contracts::UnitId;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 2] = [
    (
        "Query.notices",
        "/notices/edges",
        "notices(estateId: $estate, first: 100) { edges { node { state writtenBy { name } } } }",
    ),
    (
        "Query.unitTags",
        "/unitTags/edges",
        "unitTags(estateId: $estate, first: 100) { edges { node { tag unitLabel } } }",
    ),
];

/// One row more of each list.
pub(crate) async fn make(stage: &Stage, unit: UnitId, n: usize) {
    let text =
        "mutation($input: WriteNoticeInput!) { writeNotice(input: $input) { notice { id } } }";
    let both = json!({ "zh": "停水", "en": "Water off" });
    let content = json!({ "kind": "NOTICE", "title": both, "body": both, "audience": {} });
    let input = json!({ "estateId": stage.estate.to_string(), "content": content,
        "idempotencyKey": format!("notice-{n}") });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
    let text = "mutation($input: SetUnitTagsInput!) { setUnitTags(input: $input) { tags } }";
    let tags: Vec<String> = (0..=n).map(|n| format!("TAG{n}")).collect();
    let input = json!({ "unitId": unit.to_string(), "tags": tags });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}
