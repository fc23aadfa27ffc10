//! Rows for the lists of contacts.

use super::tests::logged;
use crate::testing::Stage;
use contracts::UnitId;
use serde_json::json;

/// The lists of contacts; `$unit` is [`home`].
pub(crate) const LISTS: [(&str, &str, &str); 3] = [
    (
        "Query.contacts",
        "/contacts/edges",
        "contacts(estateId: $estate, filter: { unitId: $unit }, first: 100) { edges { node { unitLabel personName
            recordedBy { name } owner { name } } } }",
    ),
    (
        "Query.callBacks",
        "/callBacks/edges",
        "callBacks(estateId: $estate, first: 100) { edges { node { contact { personName } } } }",
    ),
    (
        "Query.contactScriptVersions",
        "/contactScriptVersions/edges",
        "contactScriptVersions(estateId: $estate, class: REPAIR, first: 100) { edges { node {
            savedBy { name } } } }",
    ),
];

/// A home for the rows.
pub(crate) async fn home(stage: &Stage) -> UnitId {
    stage.home("6-9-0101", "周行").await.0
}

/// One more row of each list.
pub(crate) async fn row(stage: &Stage, unit: UnitId, n: usize) {
    let (_, person) = stage.home(&format!("6-8-{n:04}"), "何许").await;
    let more = json!({ "unitId": unit.to_string(), "personId": person.to_string() });
    logged(stage, &stage.desk, more).await;
    let text = "mutation($input: LogMissedCallInput!) { logMissedCall(input: $input) {
        callBack { id } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "phone": "13812345678",
        "personId": person.to_string(), "idempotencyKey": stage.id().to_string() });
    stage.desk.send("service-desk", text, json!({ "input": input })).await.ok();
    let text = "mutation($input: SaveContactScriptInput!) { saveContactScript(input: $input) {
        script { version } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "class": "REPAIR", "zh": "好",
        "en": "Hello", "expectedVersion": n });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}
