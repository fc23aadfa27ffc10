//! Of late fees, waivers and instalments.

use super::{List, Rows, Who};
use serde_json::json;

pub(super) fn lists() -> Vec<List> {
    use Who::Finance;
    vec![
        (
            "Query.waivers",
            "/waivers/edges",
            Finance,
            "waivers(estateId: $estate, first: 100) { edges { node { id status account { id } } } }",
        ),
        (
            "Query.instalmentPlans",
            "/instalmentPlans/edges",
            Finance,
            "instalmentPlans(estateId: $estate, first: 100) { edges { node { id status account { id } \
             instalments { due } bills { billId } } } }",
        ),
        (
            "Query.lateFeeTerms",
            "/lateFeeTerms",
            Finance,
            "lateFeeTerms(estateId: $estate) { from dailyRate }",
        ),
    ]
}

impl Rows {
    /// A waiver and an instalment plan of each unit's bill.
    pub(super) async fn ask_and_spread(&self) {
        let stage = &self.stage;
        let ask = "mutation($waiver: RequestWaiverInput!, $plan: ProposeInstalmentPlanInput!) { \
                   requestWaiver(input: $waiver) { waiver { id } } \
                   proposeInstalmentPlan(input: $plan) { instalmentPlan { id } } }";
        for unit in &self.units {
            let bill = stage.bills(*unit).await[0]["id"].clone();
            let (first, second) = (stage.id().to_string(), stage.id().to_string());
            let waiver = json!({ "billId": bill, "of": "PRINCIPAL", "amount": "0.01",
                "reason": "误会", "evidence": "通话记录", "idempotencyKey": first });
            let plan = json!({ "billIds": [bill], "dueDates": ["2026-08-15", "2026-09-15"],
                "reason": "困难", "idempotencyKey": second });
            let both = json!({ "waiver": waiver, "plan": plan });
            self.owner.send("billing", ask, both).await.ok();
        }
    }
}
