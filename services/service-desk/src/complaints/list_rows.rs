//! The lists of complaints, and rows for them.

use super::tests::resolved;
use crate::testing::Stage;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 1] = [(
    "Query.complaints",
    "/complaints/edges",
    "complaints(estateId: $estate, first: 100) { edges { node { number complainantName unitLabel
        aboutStaff { name } handler { name } timeline { kind by { name } } } } }",
)];

/// One complaint more, resolved, so that it has a revisit as well.
pub(crate) async fn make(stage: &Stage) {
    resolved(stage, json!({})).await;
}
