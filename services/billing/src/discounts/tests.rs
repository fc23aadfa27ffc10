//! Discounts and vacancies through the graph.

use crate::testing::Stage;
use contracts::UnitId;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

async fn propose(stage: &Stage, item: &str, more: Value) -> Answer {
    let mut input = json!({ "feeItemId": item, "name": "空置房七折", "percent": "30",
        "from": "2026-08-01", "idempotencyKey": stage.id().to_string() });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key] = value.clone();
    }
    let text = "mutation($input: ProposeDiscountInput!) { proposeDiscount(input: $input) \
                { discount { id percent status forVacant } } }";
    stage.director.send("billing", text, json!({ "input": input })).await
}

async fn approve(who: &Signed, id: &Value) -> Answer {
    let text = "mutation($id: ID!) { approveDiscount(input: { id: $id }) { discount { status } } }";
    who.send("billing", text, json!({ "id": id })).await
}

async fn vacant(stage: &Stage, unit: UnitId, from: &str, to: Option<&str>) -> Answer {
    let text = "mutation($input: RegisterVacancyInput!) { registerVacancy(input: $input) { vacancy { id } } }";
    let input = json!({ "unitId": unit.to_string(), "from": from, "to": to, "note": "业主报备",
        "idempotencyKey": stage.id().to_string() });
    stage.director.send("billing", text, json!({ "input": input })).await
}

#[test]
fn an_empty_unit_pays_less_from_the_day_of_approval_on_and_the_line_says_why() {
    run(async {
        let stage = Stage::new().await;
        let (unit, ..) = stage.scenario_1().await;
        let item = stage.property_fee().await;
        let made = propose(&stage, &item, json!({})).await.ok();
        let id = &made["proposeDiscount"]["discount"]["id"];
        assert_eq!(made["proposeDiscount"]["discount"]["forVacant"], true);
        let admin = stage.company.staff("CADM", None).await;
        assert_eq!(approve(&admin, id).await.code(), "FORBIDDEN");
        assert_eq!(
            approve(&stage.finance, id).await.ok()["approveDiscount"]["discount"]["status"],
            "APPROVED"
        );
        assert_eq!(approve(&stage.finance, id).await.code(), "CONFLICT");
        let fields = "total { amount } units { edges { node { lines { wordsEn } } } }";
        let full = stage.preview("2026-08", fields).await;
        assert_eq!(full["total"]["amount"], "278.62");
        vacant(&stage, unit, "2026-07-15", None).await.ok();
        let overlap = vacant(&stage, unit, "2026-09-01", None).await;
        assert_eq!((overlap.code(), overlap.field()), ("INVALID", "from"));
        // July lies before the rule.
        assert_eq!(stage.preview("2026-07", fields).await["total"]["amount"], "278.62");
        let less = stage.preview("2026-08", fields).await;
        assert_eq!(less["total"]["amount"], "195.03");
        let words = &less["units"]["edges"][0]["node"]["lines"][0]["wordsEn"];
        assert_eq!(words, "118.56 m² × 2.35 = 278.616; less 30.00 % = 195.0312 → 195.03");
        let end = "mutation($id: ID!) { endDiscount(input: { id: $id, reason: \"取消\" }) { discount { status to } } }";
        let ended = stage.finance.send("billing", end, json!({ "id": id })).await.ok();
        assert_eq!(ended["endDiscount"]["discount"]["status"], "WITHDRAWN");
        assert_eq!(stage.preview("2026-08", fields).await["total"]["amount"], "278.62");
    });
}

#[test]
fn a_discount_of_named_units_needs_them_in_the_estate_and_a_day_that_is_to_come() {
    run(async {
        let stage = Stage::new().await;
        let (unit, ..) = stage.scenario_1().await;
        let item = stage.property_fee().await;
        let named = json!({ "percent": null, "fixed": "50.00", "unitIds": [unit.to_string()] });
        let made = propose(&stage, &item, named).await.ok();
        approve(&stage.finance, &made["proposeDiscount"]["discount"]["id"]).await.ok();
        let less = stage.preview("2026-08", "total { amount }").await;
        assert_eq!(less["total"]["amount"], "228.62");
        let past = propose(&stage, &item, json!({ "from": "2026-07-01" })).await.ok();
        let refused = approve(&stage.finance, &past["proposeDiscount"]["discount"]["id"]).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "from"));
        for (wrong, field) in [
            (json!({ "percent": "101" }), "percent"),
            (json!({ "percent": "0" }), "percent"),
            (json!({ "fixed": "1.00" }), "fixed"),
            (json!({ "to": "2026-07-01" }), "to"),
            (json!({ "unitIds": [] }), "unitIds"),
        ] {
            let refused = propose(&stage, &item, wrong).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", field));
        }
        let other = Stage::new().await;
        let (there, ..) = other.scenario_1().await;
        let refused = propose(&stage, &item, json!({ "unitIds": [there.to_string()] })).await;
        assert_eq!(refused.code(), "NOT_FOUND");
        assert_eq!(vacant(&stage, there, "2026-08-01", None).await.code(), "NOT_FOUND");
        let id = &made["proposeDiscount"]["discount"]["id"];
        assert_eq!(approve(&other.finance, id).await.code(), "NOT_FOUND");
        let open = vacant(&stage, unit, "2026-08-01", None).await.ok();
        let end = "mutation($id: ID!, $to: NaiveDate!) { endVacancy(input: { id: $id, to: $to }) { vacancy { to } } }";
        let id = &open["registerVacancy"]["vacancy"]["id"];
        let ended =
            stage.director.send("billing", end, json!({ "id": id, "to": "2026-08-20" })).await.ok();
        assert_eq!(ended["endVacancy"]["vacancy"]["to"], "2026-08-20");
        let longer =
            stage.director.send("billing", end, json!({ "id": id, "to": "2026-08-21" })).await;
        assert_eq!(longer.code(), "CONFLICT");
        vacant(&stage, unit, "2026-08-21", Some("2026-08-31")).await.ok();
        let lists = "discounts { edges { node { name units { id } } } } vacancies { edges { node { to } } }";
        let seen = stage.estate(&stage.finance, lists).await.ok();
        assert_eq!(seen["_entities"][0]["vacancies"]["edges"].as_array().unwrap().len(), 2);
    });
}
