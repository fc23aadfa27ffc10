//! Bill runs through the graph.

use crate::{
    fees::{Scope, UnitUse as Priced},
    testing::{Stage, member},
};
use contracts::{
    BuildingId, UnitId,
    residents::{MemberKind, UnitUse},
};
use serde_json::{Value, json};
use testkit::run;

#[test]
fn scenario_1_june_is_split_and_the_quarter_is_the_sum_of_its_months() {
    run(async {
        let stage = Stage::new().await;
        let (unit, developer, owner) = stage.scenario_1().await;
        stage.property_fee().await;
        let preview = stage.preview("2026-06", "bills lines total { amount } doubtCount").await;
        assert_eq!(
            preview,
            json!({ "bills": 2, "lines": 2, "total": { "amount": "278.62" }, "doubtCount": 0 })
        );
        let june = stage.run("2026-06").await;
        assert_eq!(june["amount"]["amount"], "278.62");
        let _ = (unit, developer, owner);
    });
}

/// The demo estate of handbook Part 2 (d): 768 units, each with an owner.
pub(crate) async fn demo_estate(stage: &Stage) {
    let item = stage.item("PROPERTY", "PROPERTY_FEE").await;
    let tall = ["118.56", "103.75"];
    let middle = ["142.88", "118.56"];
    let low = ["142.88", "131.27"];
    let small = ["89.32", "67.41", "67.41", "89.32"];
    let buildings = [
        (1..=3, 27, 2, &tall[..], false),
        (4..=5, 18, 2, &middle[..], false),
        (6..=7, 11, 3, &low[..], true),
        (8..=8, 33, 1, &small[..], false),
    ];
    stage.seeded(&item, "2.35", Scope { unit_use: Some(Priced::Home), ..Scope::default() }).await;
    stage.seeded(&item, "4.50", Scope { unit_use: Some(Priced::Shop), ..Scope::default() }).await;
    let mut all: Vec<UnitId> = Vec::new();
    for (numbers, floors, entrances, areas, is_low) in buildings {
        for number in numbers {
            let building = BuildingId::from_uuid(stage.id());
            let mut labels = Vec::new();
            for entrance in 1..=entrances {
                for floor in 1..=floors {
                    for (door, area) in (1_u32..).zip(areas) {
                        labels.push((format!("{number}-{entrance}-{floor:02}{door:02}"), *area));
                    }
                }
            }
            let units: Vec<_> = labels
                .iter()
                .map(|(label, area)| (label.as_str(), *area, UnitUse::Residential))
                .collect();
            all.extend(stage.units(building, &number.to_string(), &units).await);
            if is_low {
                let place =
                    Scope { building: Some(building), unit_use: Some(Priced::Home), unit: None };
                stage.seeded(&item, "2.85", place).await;
            }
        }
    }
    let shops: Vec<String> = (1..=36).map(|shop| format!("S-{shop:02}")).collect();
    let shops: Vec<_> =
        shops.iter().map(|label| (label.as_str(), "62.50", UnitUse::Shop)).collect();
    all.extend(stage.units(BuildingId::from_uuid(stage.id()), "S", &shops).await);
    for part in all.chunks(400) {
        let members = part.iter().map(|unit| {
            let owner = stage.person();
            (*unit, vec![member(owner, "业主", MemberKind::Owner, "2022-01-01", None)])
        });
        stage.members(members.collect()).await;
    }
}

#[test]
fn the_demo_month_has_the_total_of_the_table_and_a_repeat_changes_nothing() {
    run(async {
        let stage = Stage::new().await;
        demo_estate(&stage).await;
        let fields = "bills lines total { amount } monthTotal { amount } difference { amount } \
                      byFeeItem { feeItem { code } amount { amount } } doubtCount \
                      units(first: 1) { edges { node { label lines { wordsZh wordsEn } } } }";
        let preview = stage.preview("2026-07", fields).await;
        assert_eq!(preview["total"]["amount"], "214870.98");
        assert_eq!(preview["difference"]["amount"], "214870.98");
        assert_eq!(preview["byFeeItem"][0]["feeItem"]["code"], "PROPERTY");
        assert_eq!((&preview["bills"], &preview["doubtCount"]), (&json!(768), &json!(0)));
        let first = &preview["units"]["edges"][0]["node"];
        assert_eq!(first["label"], "1-1-0101");
        assert_eq!(first["lines"][0]["wordsEn"], "118.56 m² × 2.35 = 278.616 → 278.62");
        let run = stage.run("2026-07").await;
        assert_eq!((&run["amount"]["amount"], &run["bills"]), (&json!("214870.98"), &json!(768)));
        assert_eq!((&run["done"], &run["total"]), (&json!(768), &json!(768)));
        let again = stage.run("2026-07").await;
        assert_eq!((&again["amount"]["amount"], &again["bills"]), (&json!("0.00"), &json!(0)));
        let fields = "total { amount } monthTotal { amount }";
        let preview: Value = stage.preview("2026-07", fields).await;
        assert_eq!(
            preview,
            json!({ "total": { "amount": "0.00" }, "monthTotal": { "amount": "214870.98" } })
        );
    });
}
