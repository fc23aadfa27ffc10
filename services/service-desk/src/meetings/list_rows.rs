//! Rows for the lists of meetings and tasks.

use crate::testing::Stage;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 2] = [
    (
        "Query.meetings",
        "/meetings/edges",
        "meetings(estateId: $estate, first: 100) { edges { node { title present { name }
            tasks { owner { name } } } } }",
    ),
    (
        "Query.deskTasks",
        "/deskTasks/edges",
        "deskTasks(estateId: $estate, first: 100) { edges { node { decision owner { name } } } }",
    ),
];

/// One row more of each list.
pub(crate) async fn make(stage: &Stage, n: usize) {
    let text = "mutation($input: RecordMeetingInput!) { recordMeeting(input: $input) {
        meeting { id } } }";
    let owner = stage.engineer.user.to_string();
    let decision = json!({ "ownerId": owner, "text": "更换路灯", "due": "2026-08-07" });
    let input = json!({ "estateId": stage.estate.to_string(), "kind": "MORNING",
        "heldOn": "2026-07-31", "title": "早会", "minutes": "无", "presentIds": [owner],
        "absentIds": [], "decisions": [decision], "idempotencyKey": format!("meeting-{n}") });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}
