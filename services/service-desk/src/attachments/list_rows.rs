//! Rows for the list of attachments.

use super::tests::{attach, uploaded};
use crate::testing::Stage;
use serde_json::Value;

/// The lists of attachments; `$contact` has them all.
pub(crate) const LISTS: [(&str, &str, &str); 1] = [(
    "Query.attachments",
    "/attachments/edges",
    "attachments(parentId: $contact, first: 100) { edges { node { name link
        attachedBy { name } } } }",
)];

/// One more row.
pub(crate) async fn row(stage: &Stage, contact: &Value) {
    let file = uploaded(stage, &stage.desk, "a.csv", b"a,b").await;
    attach(&stage.desk, contact, &file, &stage.id().to_string()).await.ok();
}
