//! Single charges through the graph.

use crate::testing::Stage;
use contracts::UnitId;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

async fn charge(stage: &Stage, who: &Signed, unit: UnitId, item: &str, more: Value) -> Answer {
    let mut input = json!({ "estateId": stage.estate.to_string(), "unitId": unit.to_string(),
        "feeItemId": item, "amount": "98.00", "day": "2026-07-20", "description": "换锁",
        "reason": "钥匙遗失", "idempotencyKey": stage.id().to_string() });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key] = value.clone();
    }
    let text = "mutation($input: ChargeOnceInput!) { chargeOnce(input: $input) { charge { id billId \
                amount { amount } account { id name } } } }";
    who.send("billing", text, json!({ "input": input })).await
}

#[test]
fn a_single_charge_is_a_bill_of_its_own_and_voiding_that_undoes_it() {
    run(async {
        let stage = Stage::new().await;
        let (unit, ..) = stage.scenario_1().await;
        let item = stage.item("LOCK", "SPECIAL_SERVICE").await;
        let key = json!({ "idempotencyKey": "lock-change-1" });
        let made = charge(&stage, &stage.director, unit, &item, key.clone()).await.ok();
        let one = &made["chargeOnce"]["charge"];
        assert_eq!(
            (&one["account"]["name"], &one["amount"]["amount"]),
            (&json!("王*"), &json!("98.00"))
        );
        assert_eq!(charge(&stage, &stage.director, unit, &item, key.clone()).await.ok(), made);
        let other = json!({ "idempotencyKey": "lock-change-1", "amount": "99.00" });
        let refused = charge(&stage, &stage.director, unit, &item, other).await;
        assert_eq!(refused.code(), "IDEMPOTENCY_MISMATCH");
        let bill = stage.bill_from(unit, "2026-07").await;
        assert_eq!(
            (&bill["id"], &bill["outstanding"]["amount"]),
            (&one["billId"], &json!("98.00"))
        );
        // The developer paid in June.
        let june = json!({ "day": "2026-06-05" });
        let june = charge(&stage, &stage.director, unit, &item, june).await.ok();
        assert_eq!(june["chargeOnce"]["charge"]["account"]["name"], "翠湖置业");
        let more = json!({ "unitId": null, "accountId": one["account"]["id"], "amount": "2.00" });
        charge(&stage, &stage.director, unit, &item, more).await.ok();
        let balance = stage.unit(&stage.finance, unit, "balance { amount }").await.ok();
        assert_eq!(balance["_entities"][0]["balance"]["amount"], "198.00");
        stage.void(&stage.finance, &one["billId"], "误收").await.ok();
        let balance = stage.unit(&stage.finance, unit, "balance { amount }").await.ok();
        assert_eq!(balance["_entities"][0]["balance"]["amount"], "100.00");
        let list = "oneOffCharges { edges { node { id description reason } } }";
        let seen = stage.estate(&stage.finance, list).await.ok();
        let seen = seen["_entities"][0]["oneOffCharges"]["edges"].as_array().unwrap().len();
        assert_eq!(seen, 3);
    });
}

#[test]
fn a_single_charge_ends_at_ones_limit_and_stays_in_the_estate() {
    run(async {
        let stage = Stage::new().await;
        let (unit, ..) = stage.scenario_1().await;
        let item = stage.item("LOCK", "SPECIAL_SERVICE").await;
        let supervisor = stage.company.staff("SUP", stage.estate).await;
        let over = json!({ "amount": "1000.01" });
        let refused = charge(&stage, &supervisor, unit, &item, over.clone()).await;
        assert_eq!(refused.code(), "FORBIDDEN");
        charge(&stage, &stage.finance, unit, &item, over).await.ok();
        let desk = stage.company.staff("DESK", stage.estate).await;
        assert_eq!(charge(&stage, &desk, unit, &item, json!({})).await.code(), "FORBIDDEN");
        for (wrong, field) in [
            (json!({ "amount": "0" }), "amount"),
            (json!({ "description": " " }), "description"),
            (json!({ "reason": "" }), "reason"),
            (json!({ "day": "2025-01-01" }), "unitId"),
        ] {
            let refused = charge(&stage, &stage.finance, unit, &item, wrong).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", field));
        }
        let late = stage.item("LATE", "LATE_FEE").await;
        let refused = charge(&stage, &stage.finance, unit, &late, json!({})).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "feeItemId"));
        let other = Stage::new().await;
        let (there, ..) = other.scenario_1().await;
        let foreign = other.item("LOCK", "SPECIAL_SERVICE").await;
        assert_eq!(
            charge(&stage, &stage.finance, there, &item, json!({})).await.code(),
            "NOT_FOUND"
        );
        let refused = charge(&stage, &stage.finance, unit, &foreign, json!({})).await;
        assert_eq!(refused.code(), "NOT_FOUND");
        let refused = charge(&stage, &other.finance, unit, &item, json!({})).await;
        assert_eq!(refused.code(), "NOT_FOUND");
    });
}
