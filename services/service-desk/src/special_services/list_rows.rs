//! The lists of special services, and rows for them.

use super::tests::{order, request, save, service_of, step, tap};
use crate::testing::Stage;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 2] = [
    (
        "Query.specialServices",
        "/specialServices/edges",
        "specialServices(estateId: $estate, first: 100) { edges { node { code
            terms { nameZh } } } }",
    ),
    (
        "Query.specialOrders",
        "/specialOrders/edges",
        "specialOrders(estateId: $estate, first: 100) { edges { node { unitLabel personName
            serviceName workers { name } charge { state } quote { total { amount } } } } }",
    ),
];

/// One row more of each list.
pub(crate) async fn make(stage: &Stage, n: usize) {
    let (unit, person) = stage.home(&format!("6-3-{n:04}"), "张伟").await;
    let code = json!({ "code": format!("TAP-{n}") });
    let service = service_of(save(&stage.supervisor, tap(stage, code)).await);
    let requested = order(request(&stage.desk, (&service, unit), Some(person)).await);
    let work = json!({ "appointment": "2026-08-31T12:30:00Z" });
    let quoted = order(step(&stage.supervisor, "quote", &requested, work).await);
    let resident = stage.resident(person).await;
    super::tests::done(stage, &resident, &quoted).await;
}
