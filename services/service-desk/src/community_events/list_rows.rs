//! The list of community events, and rows for it.

use super::tests::{plan, planned};
use crate::testing::Stage;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 1] = [(
    "Query.communityEvents",
    "/communityEvents/edges",
    "communityEvents(estateId: $estate, first: 100) { edges { node { titleZh placesLeft
        budget { code spent { amount } } figures { attended } proposedBy { name } } } }",
)];

/// One row more of each list.
pub(crate) async fn make(stage: &Stage, n: usize) {
    let title = json!({ "titleZh": format!("活动{n}") });
    plan(&stage.supervisor, planned(stage, title)).await.ok();
}
