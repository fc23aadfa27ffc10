//! Rows for the lists of figures; the tickets are late sheets, whose clocks `sla` makes.

use crate::testing::Stage;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 2] = [
    (
        "Query.deskFigureVersions",
        "/deskFigureVersions/edges",
        "deskFigureVersions(estateId: $estate, first: 100) { edges { node { version frozenBy { name } } } }",
    ),
    (
        "Query.deskFigureTickets",
        "/deskFigureTickets/edges",
        "deskFigureTickets(estateId: $estate, month: \"2026-07\", figure: { kind: MEMO, by: CLASS,
            key: \"LATE\", measure: OPENED }, first: 100) { edges { node { reference officer { name } } } }",
    ),
];

/// One more version of a month.
pub(crate) async fn row(stage: &Stage, n: usize) {
    let text = "mutation($input: FreezeDeskFiguresInput!) { freezeDeskFigures(input: $input) {
        version } }";
    let reason = (n > 0).then_some("补录");
    let input = json!({ "estateId": stage.estate.to_string(), "month": "2026-01",
        "expectedVersion": n, "reason": reason, "idempotencyKey": stage.id().to_string() });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}
