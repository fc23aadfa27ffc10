//! The lists of revisits, and rows for them.

use crate::testing::Stage;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 3] = [
    (
        "Query.revisits",
        "/revisits/edges",
        "revisits(estateId: $estate, first: 100) { edges { node { personName unitLabel
            workers { name } attempts { madeBy { name } } } } }",
    ),
    (
        "Query.revisitsToMake",
        "/revisitsToMake/edges",
        "revisitsToMake(estateId: $estate, first: 100) { edges { node { personName unitLabel
            workers { name } attempts { madeBy { name } } } } }",
    ),
    (
        "Query.revisitDraws",
        "/revisitDraws/edges",
        "revisitDraws(estateId: $estate, first: 100) { edges { node { month chosen } } }",
    ),
];

/// One draw more; complaints bring revisits along.
pub(crate) async fn make(stage: &Stage, n: usize) {
    let text =
        "mutation($input: DrawRevisitsInput!) { drawRevisits(input: $input) { draw { id } } }";
    let month = format!("{}-{:02}", 2020 + n / 12, n % 12 + 1);
    let input = json!({ "estateId": stage.estate.to_string(), "source": "WORK_ORDER",
        "month": month });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}
