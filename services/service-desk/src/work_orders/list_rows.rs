//! The lists of work orders, and rows for them.

use crate::testing::Stage;
use serde_json::json;

/// Each list, where its rows are, and how it is asked.
pub(crate) const LISTS: [(&str, &str, &str); 4] = [
    (
        "Query.workOrders",
        "/workOrders/edges",
        "workOrders(estateId: $estate, first: 100) { edges { node { unitLabel reporterName
            assignee { name } category { nameZh } sla { respondBy resolveBy } quote { total { amount } }
            charge { state } incident { messageZh } timeline { by { name } } } } }",
    ),
    (
        "Query.workCategories",
        "/workCategories/edges",
        "workCategories(estateId: $estate, first: 100) { edges { node { code } } }",
    ),
    (
        "Query.workPrices",
        "/workPrices/edges",
        "workPrices(estateId: $estate, first: 100) { edges { node { code } } }",
    ),
    (
        "Query.incidents",
        "/incidents/edges",
        "incidents(estateId: $estate, first: 100) { edges { node { messageZh unitIds
            reportedBy { name } } } }",
    ),
];

/// One row more of each list.
pub(crate) async fn make(stage: &Stage, n: usize) {
    let (unit, owner) = stage.home(&format!("6-1-{n:04}"), "王芳").await;
    let estate = stage.estate.to_string();
    let category = json!({ "input": { "estateId": estate, "code": format!("KIND_{n}"),
        "nameZh": "类", "nameEn": "kind", "slaCode": "ORDINARY", "publicPart": false,
        "active": true, "expectedVersion": 0 } });
    let text = "mutation($input: SaveWorkCategoryInput!) { saveWorkCategory(input: $input) {
        workCategory { code } } }";
    stage.supervisor.send("service-desk", text, category).await.ok();
    let price = json!({ "input": { "estateId": estate, "code": format!("PRICE_{n}"),
        "nameZh": "价", "nameEn": "price", "unit": "次", "priceFen": 100, "kind": "LABOUR",
        "warrantyDays": 0, "active": true, "expectedVersion": 0 } });
    let text = "mutation($input: SaveWorkPriceInput!) { saveWorkPrice(input: $input) {
        workPrice { code } } }";
    stage.supervisor.send("service-desk", text, price).await.ok();
    let incident = json!({ "input": { "estateId": estate, "category": "POWER", "messageZh": "停电",
        "messageEn": "No power", "buildingIds": [], "unitIds": [unit.to_string()],
        "idempotencyKey": format!("incident-{n}") } });
    let text = "mutation($input: ReportIncidentInput!) { reportIncident(input: $input) {
        incident { id } } }";
    stage.desk.send("service-desk", text, incident).await.ok();
    let order = json!({ "input": { "estateId": estate, "unitId": unit.to_string(),
        "category": "POWER_LIGHT", "description": "灯不亮", "reporterId": owner.to_string(),
        "idempotencyKey": format!("order-{n:04}") } });
    let text = "mutation($input: CreateWorkOrderInput!) { createWorkOrder(input: $input) {
        workOrder { id } } }";
    stage.desk.send("service-desk", text, order).await.ok();
}
