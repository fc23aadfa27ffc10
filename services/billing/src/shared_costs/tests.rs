//! Shared costs through the graph.

use crate::testing::{Stage, member};
use contracts::{
    BuildingId, UnitId,
    residents::{MemberKind, UnitUse},
};
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

struct Shared {
    stage: Stage,
    building: BuildingId,
    units: Vec<UnitId>,
    item: String,
}

/// Three units of 100, 100 and 50 m², the last of which nobody pays for until 16 July.
async fn three() -> Shared {
    let stage = Stage::new().await;
    let building = BuildingId::from_uuid(stage.id());
    let all = [
        ("3-1-0101", "100", UnitUse::Residential),
        ("3-1-0102", "100", UnitUse::Residential),
        ("3-1-0103", "50", UnitUse::Residential),
    ];
    let units = stage.units(building, "3", &all).await;
    let owner = |from: &str| vec![member(stage.person(), "王芳", MemberKind::Owner, from, None)];
    let members = vec![
        (units[0], owner("2024-01-01")),
        (units[1], owner("2024-01-01")),
        (units[2], owner("2026-07-17")),
    ];
    stage.members(members).await;
    let item = stage.item("LIFT", "SHARED_ENERGY").await;
    Shared { stage, building, units, item }
}

async fn propose(shared: &Shared, more: Value) -> Answer {
    let stage = &shared.stage;
    let mut input = json!({ "estateId": stage.estate.to_string(), "feeItemId": shared.item,
        "from": "2026-07-01", "to": "2026-07-31", "total": "100.01", "sharedBy": "AREA",
        "supplierRef": "DL-2026-07", "description": "七月电梯电费",
        "idempotencyKey": stage.id().to_string() });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key] = value.clone();
    }
    let text = "mutation($input: ProposeSharedCostInput!) { proposeSharedCost(input: $input) \
                { sharedCost { id state } } }";
    stage.director.send("billing", text, json!({ "input": input })).await
}

async fn act(stage: &Stage, who: &Signed, name: &str, id: &Value) -> Answer {
    let reason = if name == "approve" { "" } else { ", reason: \"误报\"" };
    let text = format!(
        "mutation($id: ID!, $key: String!) {{ {name}SharedCost(input: {{ sharedCostId: $id, \
         idempotencyKey: $key{reason} }}) {{ sharedCost {{ state reason }} }} }}"
    );
    let key = stage.id().to_string();
    who.send("billing", &text, json!({ "id": id, "key": key })).await
}

async fn balance(stage: &Stage, unit: UnitId) -> String {
    let seen = stage.unit(&stage.finance, unit, "balance { amount }").await.ok();
    seen["_entities"][0]["balance"]["amount"].as_str().unwrap().to_owned()
}

#[test]
fn a_cost_is_shared_to_the_fen_charged_by_a_second_person_and_reversed() {
    run(async {
        let shared = three().await;
        let stage = &shared.stage;
        let made = propose(&shared, json!({})).await.ok();
        let id = &made["proposeSharedCost"]["sharedCost"]["id"];
        let text = "query($id: ID!) { previewSharedCost(sharedCostId: $id) { owed { amount } unowed { amount } \
                    parts { edges { node { label amount { amount } unowed { amount } shares { amount { amount } words } } } } } }";
        let seen = stage.finance.send("billing", text, json!({ "id": id })).await.ok();
        let preview = &seen["previewSharedCost"];
        let parts: Vec<_> = preview["parts"]["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| edge["node"]["amount"]["amount"].as_str().unwrap())
            .collect();
        // 40.004, 40.004 and 20.002: the fen goes to the first of the largest remainders.
        assert_eq!(parts, ["40.01", "40.00", "20.00"]);
        let words = &preview["parts"]["edges"][0]["node"]["shares"][0]["words"];
        assert_eq!(words, "100.01 × 100.00 m² / 250.00 m² → 40.01");
        // 15 of 31 days of the third.
        assert_eq!(
            (&preview["owed"]["amount"], &preview["unowed"]["amount"]),
            (&json!("89.69"), &json!("10.32"))
        );
        let refused = act(stage, &stage.director, "approve", id).await;
        assert_eq!(refused.code(), "FORBIDDEN");
        let done = act(stage, &stage.finance, "approve", id).await.ok();
        assert_eq!(done["approveSharedCost"]["sharedCost"]["state"], "CHARGED");
        assert_eq!(balance(stage, shared.units[0]).await, "40.01");
        assert_eq!(balance(stage, shared.units[2]).await, "9.68");
        let bill = stage.bill_from(shared.units[2], "2026-07").await;
        let words = &bill["lines"][0]["wordsEn"];
        assert_eq!(words, "100.01 × 50.00 m² / 250.00 m² → 20.00; 15/31 days of it → 9.68");
        assert_eq!(act(stage, &stage.finance, "approve", id).await.code(), "CONFLICT");
        assert_eq!(act(stage, &stage.finance, "reject", id).await.code(), "CONFLICT");
        // What is paid must be refunded first; then nothing of the cost is left.
        let first = stage.bill_from(shared.units[0], "2026-07").await;
        stage.pay(&first["id"], &first["account"]["id"], 100).await;
        assert_eq!(act(stage, &stage.finance, "reverse", id).await.code(), "CONFLICT");
        assert_eq!(balance(stage, shared.units[2]).await, "9.68");
        stage.unpay(&first["id"], &first["account"]["id"], 100).await;
        let done = act(stage, &stage.finance, "reverse", id).await.ok();
        assert_eq!(done["reverseSharedCost"]["sharedCost"]["state"], "REVERSED");
        for unit in &shared.units {
            assert_eq!(balance(stage, *unit).await, "0.00");
        }
        assert_eq!(act(stage, &stage.finance, "reverse", id).await.code(), "CONFLICT");
    });
}

#[test]
fn a_cost_is_shared_by_household_or_by_what_meters_counted() {
    run(async {
        let shared = three().await;
        let stage = &shared.stage;
        for (n, used) in [(0, "130"), (1, "110")] {
            let text = "mutation($input: RegisterMeterInput!) { registerMeter(input: $input) { meter { id } } }";
            let input = json!({ "estateId": stage.estate.to_string(),
                "unitId": shared.units[n].to_string(), "kind": "HEAT", "serial": format!("H{n}"),
                "installedOn": "2026-06-30", "installedReading": "100",
                "idempotencyKey": stage.id().to_string() });
            let made = stage.director.send("billing", text, json!({ "input": input })).await.ok();
            let text = "mutation($input: EnterMeterReadingInput!) { enterMeterReading(input: $input) { reading { id } } }";
            let input = json!({ "meterId": made["registerMeter"]["meter"]["id"],
                "day": "2026-07-31", "value": used, "idempotencyKey": stage.id().to_string() });
            stage.director.send("billing", text, json!({ "input": input })).await.ok();
        }
        let by = json!({ "sharedBy": "USAGE", "meterKind": "HEAT", "total": "100.00",
            "buildingId": shared.building.to_string() });
        let made = propose(&shared, by).await.ok();
        act(stage, &stage.finance, "approve", &made["proposeSharedCost"]["sharedCost"]["id"])
            .await
            .ok();
        assert_eq!(balance(stage, shared.units[0]).await, "75.00");
        assert_eq!(balance(stage, shared.units[1]).await, "25.00");
        let by = json!({ "sharedBy": "HOUSEHOLD", "total": "0.05" });
        let made = propose(&shared, by).await.ok();
        act(stage, &stage.finance, "approve", &made["proposeSharedCost"]["sharedCost"]["id"])
            .await
            .ok();
        assert_eq!(balance(stage, shared.units[0]).await, "75.02");
        let nothing = json!({ "sharedBy": "USAGE", "meterKind": "GAS" });
        let made = propose(&shared, nothing).await.ok();
        let id = &made["proposeSharedCost"]["sharedCost"]["id"];
        assert_eq!(act(stage, &stage.finance, "approve", id).await.code(), "CONFLICT");
        let done = act(stage, &stage.finance, "reject", id).await.ok();
        assert_eq!(
            done["rejectSharedCost"]["sharedCost"],
            json!({ "state": "REJECTED", "reason": "误报" })
        );
    });
}

#[test]
fn a_cost_stays_in_its_estate() {
    run(async {
        let (shared, other) = (three().await, three().await);
        let stage = &shared.stage;
        let foreign = json!({ "buildingId": other.building.to_string() });
        assert_eq!(propose(&shared, foreign).await.code(), "NOT_FOUND");
        let foreign = json!({ "feeItemId": other.item });
        assert_eq!(propose(&shared, foreign).await.code(), "NOT_FOUND");
        for (wrong, field) in [
            (json!({ "total": "0" }), "total"),
            (json!({ "to": "2026-06-30" }), "to"),
            (json!({ "to": "2027-12-31" }), "to"),
            (json!({ "sharedBy": "USAGE" }), "meterKind"),
            (json!({ "meterKind": "WATER" }), "meterKind"),
            (json!({ "supplierRef": " " }), "supplierRef"),
            (json!({ "description": " " }), "description"),
        ] {
            let refused = propose(&shared, wrong).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", field));
        }
        let made = propose(&shared, json!({})).await.ok();
        let id = &made["proposeSharedCost"]["sharedCost"]["id"];
        let strangers = &other.stage.finance;
        assert_eq!(act(stage, strangers, "approve", id).await.code(), "NOT_FOUND");
        let cashier = stage.company.staff("CASH", stage.estate).await;
        assert_eq!(act(stage, &cashier, "approve", id).await.code(), "FORBIDDEN");
        let desk = stage.company.staff("DESK", stage.estate).await;
        assert_eq!(act(stage, &desk, "approve", id).await.code(), "NOT_FOUND");
    });
}
