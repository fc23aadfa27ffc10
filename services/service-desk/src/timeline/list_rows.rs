//! Rows for the timeline of a household.

use super::household_tests::letter;
use crate::{contacts::tests::logged, messages::MessageKind, testing::Stage};
use contracts::UnitId;
use serde_json::json;

/// The list; `$home` is [`home`], where nothing else happens.
pub(crate) const LISTS: [(&str, &str, &str); 1] = [(
    "Query.householdTimeline",
    "/householdTimeline/edges",
    "householdTimeline(unitId: $home, first: 100) { edges { node { title kind state } } }",
)];

/// A quiet home.
pub(crate) async fn home(stage: &Stage) -> UnitId {
    stage.home("6-9-0102", "周静").await.0
}

/// One more entry: of one feature or of another.
pub(crate) async fn row(stage: &Stage, home: UnitId, n: usize) {
    if n.is_multiple_of(2) {
        logged(stage, &stage.desk, json!({ "unitId": home.to_string() })).await;
    } else {
        letter(stage, (home, stage.person()), MessageKind::Bill).await;
    }
}
