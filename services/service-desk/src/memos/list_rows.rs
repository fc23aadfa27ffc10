//! Rows for the list of contact sheets.

use crate::testing::Stage;
use serde_json::json;

/// The list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 1] = [(
    "Query.memos",
    "/memos/edges",
    "memos(estateId: $estate, first: 100) { edges { node { matter from { name } } } }",
)];

/// One row more.
pub(crate) async fn make(stage: &Stage, n: usize) {
    let text = "mutation($input: SendMemoInput!) { sendMemo(input: $input) { memo { id } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "to": { "roles": ["ENG"] },
        "matter": "电梯", "body": "请检查。", "idempotencyKey": format!("memo-{n:04}") });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}
