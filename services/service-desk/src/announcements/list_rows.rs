//! Rows for the list of announcements.

use crate::testing::Stage;
use serde_json::json;

/// The list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 1] = [(
    "Query.announcements",
    "/announcements/edges",
    "announcements(estateId: $estate, first: 100) { edges { node { title publishedBy { name }
        unreadBy { name } } } }",
)];

/// One row more.
pub(crate) async fn make(stage: &Stage, n: usize) {
    let text = "mutation($input: PublishAnnouncementInput!) { publishAnnouncement(input: $input) {
        announcement { id } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "title": "值班", "body": "周六值班。",
        "roles": ["DESK"], "idempotencyKey": format!("announcement-{n}") });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}
