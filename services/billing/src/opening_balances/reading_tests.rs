//! Last readings that came with opening balances: what is used after them is charged, by the
//! difference, and they can be taken back as long as nothing is.

use super::tests::Scene;
use crate::meters::tests::{register, tariff, water_item};
use serde_json::{Value, json};
use testkit::run;

/// A scene whose unit has a water meter W-0801 that an earlier manager installed at 1,000 m³.
async fn scene() -> (Scene, String, Value) {
    let scene = Scene::new().await;
    let item = water_item(&scene.stage).await;
    tariff(&scene.stage, &item).await;
    let old = json!({ "installedOn": "2025-06-30", "installedReading": "1000", "usedBefore": "0" });
    let meter = register(&scene.stage, &scene.unit, &item, old).await.ok();
    let meter = meter["registerMeter"]["meter"]["id"].clone();
    (scene, item, meter)
}

fn row(change: Value) -> Value {
    let mut row = json!({ "kind": "METER_READING", "meterNumber": "W-0801", "reading": "1318",
        "readOn": "2026-06-30" });
    row.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    row
}

impl Scene {
    async fn with_reading(&self, row: Value) -> Value {
        let draft = self.draft(json!([row])).await;
        assert_eq!(
            draft["totals"],
            json!([{ "kind": "METER_READING", "count": 1, "sum": { "amount": "0.00" } }])
        );
        let totals = json!([{ "kind": "METER_READING", "count": 1, "sum": "0" }]);
        let key = self.stage.id().to_string();
        self.confirm(&self.stage.finance, &draft["id"], totals, &key).await.ok();
        draft["id"].clone()
    }

    async fn read(&self, meter: &Value, day: &str, value: &str) -> Value {
        let text = "mutation($input: EnterMeterReadingInput!) { enterMeterReading(input: $input) \
                    { reading { id } } }";
        let input = json!({ "meterId": meter, "day": day, "value": value,
            "idempotencyKey": self.stage.id().to_string() });
        let read = self.stage.director.send("billing", text, json!({ "input": input })).await.ok();
        read["enterMeterReading"]["reading"]["id"].clone()
    }

    /// Every revision of every reading of the unit's meter, newest first.
    async fn readings(&self) -> Value {
        let fields = "meters { readings { nodes { day value revision source stands reason } } }";
        let seen = self.stage.unit(&self.stage.finance, self.unit, fields).await.ok();
        seen["_entities"][0]["meters"][0]["readings"]["nodes"].clone()
    }
}

#[test]
fn the_first_reading_after_the_cut_over_is_charged_by_the_difference() {
    run(async {
        let (scene, _, meter) = scene().await;
        let opening = scene.with_reading(row(json!({}))).await;
        assert_eq!(scene.books().await, json!({}));
        let first = json!({ "day": "2026-06-30", "value": "1318", "revision": 0,
            "source": "OPENING", "stands": true, "reason": null });
        assert_eq!(scene.readings().await, json!([first]));
        scene.read(&meter, "2026-07-31", "1341").await;
        let fields = "units { edges { node { lines { from to amount { amount } wordsEn } } } }";
        let preview = scene.stage.preview("2026-07", fields).await;
        let lines = preview["units"]["edges"][0]["node"]["lines"].as_array().unwrap().clone();
        let water: Vec<_> = lines
            .iter()
            .filter(|line| line["wordsEn"].as_str().unwrap().contains("1318 → 1341 = 23"))
            .collect();
        assert_eq!(water.len(), 1, "{preview}");
        // The year's steps go by what was used before, too: 158 m³ of 216 at the first price.
        assert_eq!(water[0]["amount"]["amount"], "64.40");
        assert_eq!(water[0]["from"], "2026-07-01");
        scene.stage.run("2026-07").await;
        let charged = scene.reverse(&opening).await;
        assert_eq!(
            (charged.code(), charged.message()),
            (
                "CONFLICT",
                "what was used after a reading of it is charged already, or the reading was corrected"
            )
        );
        let bill = scene.stage.bill_from(scene.unit, "2026-07").await;
        scene.stage.void(&scene.stage.finance, &bill["id"], "期初有误").await.ok();
        scene.reverse(&opening).await.ok();
    });
}

#[test]
fn a_reading_is_taken_back_and_comes_again_as_a_revision() {
    run(async {
        let (scene, _, meter) = scene().await;
        let opening = scene.with_reading(row(json!({}))).await;
        // The same again is known, another value is not the same.
        let again = scene.draft(json!([row(json!({}))])).await;
        assert_eq!(again["knownRows"], 1);
        let other = scene.draft(json!([row(json!({ "reading": "1318.5" }))])).await;
        assert_eq!((&other["knownRows"], &other["wrongRows"]), (&json!(0), &json!(1)));
        scene.reverse(&opening).await.ok();
        let gone = json!({ "day": "2026-06-30", "value": "1318", "revision": 1,
            "source": "WITHDRAWN", "stands": false, "reason": "导入有误" });
        assert_eq!(scene.readings().await[0], gone);
        let other = scene.with_reading(row(json!({ "reading": "1319.5" }))).await;
        let third = json!({ "day": "2026-06-30", "value": "1319.5", "revision": 2,
            "source": "OPENING", "stands": true, "reason": null });
        assert_eq!(scene.readings().await[0], third);
        // Somebody else's reading of that day does not stand in the way either.
        scene.reverse(&other).await.ok();
        scene.read(&meter, "2026-06-30", "1320").await;
        assert_eq!(scene.readings().await[0]["revision"], 4);
    });
}

#[test]
fn every_wrong_reading_is_named_with_its_field() {
    run(async {
        let (scene, item, _) = scene().await;
        // A power meter has the same number.
        let twin = json!({ "kind": "POWER", "unitId": null, "feeItemId": null });
        register(&scene.stage, &scene.unit, &item, twin).await.ok();
        let own = json!({ "serial": "W-1", "digits": 4, "installedReading": "7" });
        register(&scene.stage, &scene.unit, &item, own).await.ok();
        let wrong = |change: Value| {
            let mut all = json!({ "meterNumber": "W-1", "reading": "8" });
            all.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            row(all)
        };
        let draft = scene
            .draft(json!([
                row(json!({})),
                row(json!({ "unitLabel": "3-1-1201" })),
                row(json!({ "unitLabel": "9-9-9999" })),
                wrong(json!({ "meterNumber": "W-2" })),
                wrong(json!({ "meterNumber": null })),
                wrong(json!({ "reading": null })),
                wrong(json!({ "reading": "10000", "readOn": "2026-07-01" })),
                wrong(json!({ "readOn": null })),
                wrong(json!({ "readOn": "2026-06-30" })),
                wrong(json!({ "amount": "1" })),
            ]))
            .await;
        assert_eq!(draft["wrongRows"], 9);
        let query = "query($id: ID!) { openingRows(openingId: $id, state: WRONG) { nodes { place problem problemField } } }";
        let seen = scene.admin.send("billing", query, json!({ "id": draft["id"] })).await.ok();
        let named: Vec<_> = seen["openingRows"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                (
                    row["place"].as_i64().unwrap(),
                    row["problemField"].as_str().unwrap(),
                    row["problem"].as_str().unwrap(),
                )
            })
            .collect();
        let meter = "there is no such meter in the estate";
        let day =
            "the day of the reading must be given, before the cut-over and after the last reading";
        let want = [
            (1, "unitLabel", "several meters have this number: name the unit"),
            (3, "unitLabel", "there is no such unit in the estate"),
            (4, "meterNumber", meter),
            (5, "meterNumber", meter),
            (6, "reading", "what the meter showed must be given, with no more digits than it has"),
            (7, "readOn", day),
            (8, "readOn", day),
            // It was installed that day.
            (9, "readOn", day),
            (10, "amount", "a reading has no amount"),
        ];
        assert_eq!(named, want);
        let falling = json!({ "reading": "999", "unitLabel": "3-1-1201" });
        let digits = json!({ "reading": "100000", "unitLabel": "3-1-1201" });
        let draft = scene.draft(json!([row(falling), row(digits)])).await;
        let seen = scene.admin.send("billing", query, json!({ "id": draft["id"] })).await.ok();
        let problem = |place: usize| seen["openingRows"]["nodes"][place]["problem"].clone();
        assert_eq!(problem(0), "the meter showed more before");
        assert_eq!(
            problem(1),
            "what the meter showed must be given, with no more digits than it has"
        );
    });
}

#[test]
fn a_meter_that_was_read_meanwhile_holds_the_whole_up() {
    run(async {
        let (scene, _, meter) = scene().await;
        let draft = scene.draft(json!([row(json!({}))])).await;
        scene.read(&meter, "2026-07-02", "1330").await;
        let totals = json!([{ "kind": "METER_READING", "count": 1, "sum": "0" }]);
        let late = scene.confirm(&scene.stage.finance, &draft["id"], totals, "key-0001").await;
        assert_eq!(
            (late.code(), late.message()),
            ("CONFLICT", "a meter was read or removed meanwhile: draft the readings anew")
        );
        assert_eq!(scene.readings().await.as_array().unwrap().len(), 1);
    });
}
