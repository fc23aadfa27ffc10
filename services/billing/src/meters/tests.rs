//! Meters through the graph: registered, read, charged, corrected.

use crate::{
    service,
    testing::{Stage, member},
};
use contracts::{
    BuildingId, PersonId, UnitId,
    residents::{MemberKind, UnitUse},
};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{
    Answer, Signed, World,
    lists::{FEW, MANY, assert_flat},
    run,
};

struct Metered {
    stage: Stage,
    unit: UnitId,
    owner: PersonId,
    item: String,
    meter: String,
}

const WATER: [(Option<&str>, &str); 3] =
    [(Some("216"), "2.80"), (Some("300"), "3.60"), (None, "6.00")];

impl Metered {
    /// Unit 6-2-0801 with the water meter of scenario 6, read last on 30 June.
    async fn new() -> Self {
        let stage = Stage::new().await;
        let building = BuildingId::from_uuid(stage.id());
        let label = [("6-2-0801", "142.88", UnitUse::Residential)];
        let unit = stage.units(building, "6", &label).await[0];
        let owner = stage.person();
        let owns = member(owner, "李雷", MemberKind::Owner, "2024-01-01", None);
        stage.members(vec![(unit, vec![owns])]).await;
        let item = water_item(&stage).await;
        tariff(&stage, &item).await;
        let meter = register(&stage, &unit, &item, json!({})).await.ok();
        let meter = meter["registerMeter"]["meter"]["id"].as_str().unwrap().to_owned();
        Self { stage, unit, owner, item, meter }
    }

    async fn enter(&self, who: &Signed, input: Value) -> Answer {
        let all = merged(
            json!({ "meterId": self.meter, "day": "2026-07-31",
                "idempotencyKey": self.stage.id().to_string() }),
            &input,
        );
        let text = "mutation($input: EnterMeterReadingInput!) { enterMeterReading(input: $input) \
                    { reading { id value source } } }";
        who.send("billing", text, json!({ "input": all })).await
    }
}

fn merged(mut all: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().into_iter().flatten() {
        all[key] = value.clone();
    }
    all
}

pub(crate) async fn water_item(stage: &Stage) -> String {
    let text =
        "mutation($input: CreateFeeItemInput!) { createFeeItem(input: $input) { feeItem { id } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "code": "WATER", "nameZh": "水费",
        "nameEn": "Water", "kind": "PASS_THROUGH", "partner": "自来水公司" });
    let made = stage.director.send("billing", text, json!({ "input": input })).await.ok();
    made["createFeeItem"]["feeItem"]["id"].as_str().unwrap().to_owned()
}

/// The steps of scenario 6, in effect since 2020 as a seed writes them.
pub(crate) async fn tariff(stage: &Stage, item: &str) {
    let scope = stage.company.world.db("billing").write(stage.company.tenant).await.unwrap();
    let steps: Vec<_> = WATER
        .iter()
        .map(|(up_to, price)| crate::charges::Step {
            up_to: up_to.map(|it| crate::charges::Quantity::of(it.parse().unwrap()).unwrap()),
            price: price.parse().unwrap(),
        })
        .collect();
    let price = crate::seed::Price {
        item: item.parse().unwrap(),
        place: crate::fees::Scope::default(),
        formula: crate::charges::Formula::Metered {
            steps: crate::charges::Tiers::new(&steps).unwrap(),
        },
        from: "2020-01-01".parse().unwrap(),
    };
    crate::seed::price(&scope, stage.estate, &price).await.unwrap();
    scope.commit().await.unwrap();
}

pub(crate) async fn register(stage: &Stage, unit: &UnitId, item: &str, input: Value) -> Answer {
    let all = merged(
        json!({ "estateId": stage.estate.to_string(), "unitId": unit.to_string(), "kind": "WATER",
            "serial": "W-0801", "feeItemId": item, "installedOn": "2026-06-30",
            "installedReading": "1318", "usedBefore": "205",
            "idempotencyKey": stage.id().to_string() }),
        &input,
    );
    let text = "mutation($input: RegisterMeterInput!) { registerMeter(input: $input) { meter { id serial digits } } }";
    stage.director.send("billing", text, json!({ "input": all })).await
}

async fn correct(stage: &Stage, reading: &Value, value: &str) -> Answer {
    let text = "mutation($input: CorrectMeterReadingInput!) { correctMeterReading(input: $input) \
                { reading { id value revision reason } } }";
    let input = json!({ "readingId": reading, "value": value, "reason": "抄错",
        "idempotencyKey": stage.id().to_string() });
    stage.finance.send("billing", text, json!({ "input": input })).await
}

#[test]
fn scenario_6_the_water_of_the_unit_joins_the_bill_and_credits_the_partner() {
    run(async {
        let it = Metered::new().await;
        let stage = &it.stage;
        let owner = stage.company.resident(it.owner.as_uuid()).await;
        let read = it.enter(&owner, json!({ "value": "1341" })).await.ok();
        assert_eq!(read["enterMeterReading"]["reading"]["source"], "APP");
        let fields = "total { amount } doubtCount units { edges { node { lines { from to amount { amount } wordsEn standing } } } }";
        let preview = stage.preview("2026-07", fields).await;
        assert_eq!(preview["total"]["amount"], "74.00");
        let line = &preview["units"]["edges"][0]["node"]["lines"][0];
        assert_eq!(
            line,
            &json!({ "from": "2026-07-01", "to": "2026-07-31", "amount": { "amount": "74.00" },
                "wordsEn": "1318 → 1341 = 23; 11 × 2.80 + 12 × 3.60 = 74.00 → 74.00",
                "standing": "NEW" })
        );
        stage.run("2026-07").await;
        assert_eq!(stage.bill_from(it.unit, "2026-07").await["total"]["amount"], "74.00");
        assert_eq!(stage.run("2026-07").await["bills"], 0);
        assert_eq!(stage.run("2026-08").await["bills"], 0);
        let explain = "explain(month: \"2026-07\") { total { amount } }";
        let seen = stage.unit(&owner, it.unit, explain).await.ok();
        assert_eq!(seen["_entities"][0]["explain"]["total"]["amount"], "74.00");
        let balances = "ledgerEntries(estateId: $estate, first: 5) { edges { node { lines { code amount { amount } } } } }";
        let books = stage.ask(&stage.finance, balances).await;
        assert!(books.ok().to_string().contains("2202"), "the partner is owed");
    });
}

#[test]
fn a_corrected_reading_of_a_billed_month_makes_a_difference_in_the_next_bill() {
    run(async {
        let it = Metered::new().await;
        let stage = &it.stage;
        let read = it.enter(&stage.director, json!({ "value": "1341" })).await.ok();
        stage.run("2026-07").await;
        let reading = &read["enterMeterReading"]["reading"]["id"];
        let low = correct(stage, reading, "1317").await;
        assert_eq!((low.code(), low.field()), ("INVALID", "value"));
        let better = correct(stage, reading, "1343").await.ok();
        let better = &better["correctMeterReading"]["reading"];
        assert_eq!((&better["revision"], &better["reason"]), (&json!(1), &json!("抄错")));
        assert_eq!(correct(stage, reading, "1344").await.code(), "CONFLICT");
        // Two more at 3.60.
        let run = stage.run("2026-08").await;
        assert_eq!((&run["bills"], &run["amount"]["amount"]), (&json!(1), &json!("7.20")));
        assert_eq!(stage.run("2026-08").await["bills"], 0);
        // Too much: nothing is charged, the preview says so.
        correct(stage, &better["id"], "1341").await.ok();
        let found = stage.preview("2026-08", "bills doubts { edges { node { code } } }").await;
        assert_eq!(found["bills"], 0);
        assert!(found.to_string().contains("METER_CREDIT"), "{found}");
        let meter = "meters { serial readings(first: 2) { edges { node { revision stands } } pageInfo { hasNextPage } } }";
        let seen = stage.unit(&stage.finance, it.unit, meter).await.ok();
        let readings = &seen["_entities"][0]["meters"][0]["readings"];
        assert_eq!(readings["edges"][0]["node"], json!({ "revision": 2, "stands": true }));
        assert_eq!(readings["edges"][1]["node"], json!({ "revision": 1, "stands": false }));
        assert_eq!(readings["pageInfo"]["hasNextPage"], true);
    });
}

#[test]
fn a_voided_bill_of_water_is_charged_again_by_a_reissue_alone() {
    run(async {
        let it = Metered::new().await;
        let stage = &it.stage;
        it.enter(&stage.director, json!({ "value": "1341" })).await.ok();
        stage.run("2026-07").await;
        let bill = stage.bill_from(it.unit, "2026-07").await;
        stage.void(&stage.finance, &bill["id"], "错误").await.ok();
        assert_eq!(stage.run("2026-07").await["bills"], 0);
        let again = stage.reissue(&bill["id"]).await.ok();
        assert_eq!(again["reissueBill"]["bill"]["total"]["amount"], "74.00");
        assert_eq!(stage.run("2026-07").await["bills"], 0);
    });
}

#[test]
fn who_may_not_cannot_read_a_meter_and_a_wrong_reading_is_refused() {
    run(async {
        let it = Metered::new().await;
        let stage = &it.stage;
        let stranger = stage.company.resident(stage.id()).await;
        assert_eq!(it.enter(&stranger, json!({ "value": "1341" })).await.code(), "NOT_FOUND");
        let officer = stage.company.staff_in_zone("PO", stage.estate, vec![stage.id()]).await;
        assert_eq!(it.enter(&officer, json!({ "value": "1341" })).await.code(), "NOT_FOUND");
        let engineer = stage.company.staff("ENG", stage.estate).await;
        assert_eq!(it.enter(&engineer, json!({ "value": "1341" })).await.code(), "NOT_FOUND");
        let strangers = Stage::new().await;
        let foreign = it.enter(&strangers.director, json!({ "value": "1341" })).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        let desk = stage.company.staff("DESK", stage.estate).await;
        let falls = it.enter(&desk, json!({ "value": "1317" })).await;
        assert_eq!((falls.code(), falls.field()), ("INVALID", "value"));
        let future = it.enter(&desk, json!({ "value": "1341", "day": "2026-12-31" })).await;
        assert_eq!((future.code(), future.field()), ("INVALID", "day"));
        let key = json!({ "value": "1341", "idempotencyKey": "reading-0001" });
        let first = it.enter(&desk, key.clone()).await.ok();
        assert_eq!(it.enter(&desk, key).await.ok(), first);
        let other = json!({ "value": "1342", "idempotencyKey": "reading-0001" });
        assert_eq!(it.enter(&desk, other).await.code(), "IDEMPOTENCY_MISMATCH");
        let elsewhere = Metered::new().await;
        let used = register(stage, &it.unit, &it.item, json!({})).await;
        assert_eq!((used.code(), used.field()), ("INVALID", "serial"));
        let more = json!({ "serial": "W-2" });
        let foreign = register(stage, &elsewhere.unit, &it.item, more.clone()).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        let foreign = register(stage, &it.unit, &elsewhere.item, more).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
    });
}

#[test]
fn many_readings_stand_or_fall_each_by_itself() {
    run(async {
        let it = Metered::new().await;
        let stage = &it.stage;
        let text = "mutation($input: EnterMeterReadingsInput!) { enterMeterReadings(input: $input) \
                    { entered results { serial readingId problem { code field } } } }";
        let rows = json!([
            { "serial": "W-0801", "day": "2026-07-15", "value": "1330" },
            { "serial": "nobody's", "day": "2026-07-31", "value": "1" },
            { "serial": "W-0801", "day": "2026-07-31", "value": "1329" },
            { "serial": "W-0801", "day": "2026-07-31", "value": "1341" },
        ]);
        let input = json!({ "estateId": stage.estate.to_string(), "rows": rows,
            "idempotencyKey": "round-0001" });
        let clerk = stage.company.staff("CLERK", stage.estate).await;
        let done = clerk.send("billing", text, json!({ "input": input })).await.ok();
        let done = &done["enterMeterReadings"];
        assert_eq!(done["entered"], 2);
        let problems: Vec<_> = done["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["problem"]["code"].as_str().unwrap_or("").to_owned())
            .collect();
        assert_eq!(problems, ["", "NOT_FOUND", "INVALID", ""]);
        let again = clerk.send("billing", text, json!({ "input": input })).await.ok();
        assert_eq!(&again["enterMeterReadings"], done);
        let text = "mutation($input: ImportMeterReadingsInput!) { importMeterReadings(input: $input) \
                    { entered results { problem { code field } } } }";
        let csv = "number,day,value\nW-0801,2026-07-31,1350\nW-0801,yesterday,1\n";
        let input = json!({ "estateId": stage.estate.to_string(), "csv": csv,
            "idempotencyKey": "file-0001" });
        let done = clerk.send("billing", text, json!({ "input": input })).await.ok();
        let results = &done["importMeterReadings"]["results"];
        assert_eq!(results[0]["problem"]["field"], "day");
        assert_eq!(results[1]["problem"]["field"], "csv");
    });
}

#[test]
fn a_replaced_meter_is_charged_with_its_successor_and_an_estimate_is_put_right() {
    run(async {
        let it = Metered::new().await;
        let stage = &it.stage;
        let text = "mutation($input: ReplaceMeterInput!) { replaceMeter(input: $input) \
                    { meter { id replacesId } } }";
        let input = json!({ "meterId": it.meter, "day": "2026-07-10", "reading": "1325",
            "serial": "W-NEW", "newReading": "3", "idempotencyKey": "replace-0001" });
        let new = stage.director.send("billing", text, json!({ "input": input })).await.ok();
        let new = &new["replaceMeter"]["meter"];
        assert_eq!(new["replacesId"], json!(it.meter));
        let gone = it.enter(&stage.director, json!({ "value": "1341" })).await;
        assert_eq!((gone.code(), gone.field()), ("INVALID", "day"));
        let read = json!({ "meterId": new["id"], "value": "19" });
        it.enter(&stage.director, read).await.ok();
        let preview = stage
            .preview("2026-07", "total { amount } units { edges { node { lines { wordsEn } } } }")
            .await;
        assert_eq!(preview["total"]["amount"], "74.00");
        let words = &preview["units"]["edges"][0]["node"]["lines"][0]["wordsEn"];
        let both = "1318 → 1325 = 7 + 3 → 19 = 16; 11 × 2.80 + 12 × 3.60 = 74.00 → 74.00";
        assert_eq!(words, both);
        let text = "mutation($input: EstimateMeterReadingsInput!) { estimateMeterReadings(input: $input) { readingIds } }";
        let input = json!({ "estateId": stage.estate.to_string(), "day": "2026-07-31",
            "idempotencyKey": "estimate-0001" });
        let made = stage.finance.send("billing", text, json!({ "input": input })).await.ok();
        // It was read that day.
        assert_eq!(made["estimateMeterReadings"]["readingIds"], json!([]));
        let later = json!({ "estateId": stage.estate.to_string(), "day": "2026-08-31",
            "idempotencyKey": "estimate-0002" });
        let early = stage.finance.send("billing", text, json!({ "input": later })).await;
        assert_eq!((early.code(), early.field()), ("INVALID", "day"));
    });
}

#[test]
fn a_tiered_price_is_proposed_with_steps_and_approved_by_another_person() {
    run(async {
        let stage = Stage::new().await;
        let item = water_item(&stage).await;
        let steps: Vec<_> =
            WATER.iter().map(|(up_to, price)| json!({ "upTo": up_to, "price": price })).collect();
        let price = |more: Value| {
            merged(json!({ "feeItemId": item, "effectiveFrom": "2026-08-01" }), &more)
        };
        let wrong = stage.propose(price(json!({ "formula": "METER_TIERED" }))).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "steps"));
        let falling =
            json!([{ "upTo": "5", "price": "1" }, { "upTo": "4", "price": "2" }, { "price": "3" }]);
        let wrong =
            stage.propose(price(json!({ "formula": "METER_TIERED", "steps": falling }))).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "steps"));
        let wrong = stage.propose(price(json!({ "formula": "METER", "price": "1" }))).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "price"));
        let made =
            stage.propose(price(json!({ "formula": "METER_TIERED", "steps": steps }))).await.ok();
        stage.approve(made["proposeFeeStandard"]["feeStandard"]["id"].as_str().unwrap()).await.ok();
        let seen = stage
            .estate(
                &stage.finance,
                "feeStandards { edges { node { formula steps { upTo price } } } }",
            )
            .await
            .ok();
        let node = &seen["_entities"][0]["feeStandards"]["edges"][0]["node"];
        assert_eq!((&node["formula"], &node["steps"]), (&json!("METER_TIERED"), &json!(steps)));
    });
}

/// An estate of so many units, the water meter of each read at the end of July.
async fn read(world: &Arc<World>, units: usize) -> Stage {
    let stage = Stage::in_world(world).await;
    let labels: Vec<String> = (0..units).map(|number| format!("6-1-{number:04}")).collect();
    let facts: Vec<_> =
        labels.iter().map(|label| (label.as_str(), "90", UnitUse::Residential)).collect();
    let units = stage.units(BuildingId::from_uuid(stage.id()), "6", &facts).await;
    let owner = || member(stage.person(), "李雷", MemberKind::Owner, "2024-01-01", None);
    stage.members(units.iter().map(|unit| (*unit, vec![owner()])).collect()).await;
    let item = water_item(&stage).await;
    tariff(&stage, &item).await;
    for (label, unit) in labels.iter().zip(&units) {
        register(&stage, unit, &item, json!({ "serial": label })).await.ok();
    }
    let row = |serial| json!({ "serial": serial, "day": "2026-07-31", "value": "1341" });
    let rows: Vec<Value> = labels.iter().map(row).collect();
    let text = "mutation($input: EnterMeterReadingsInput!) { enterMeterReadings(input: $input) { entered } }";
    let input = json!({ "estateId": stage.estate.to_string(), "rows": rows,
        "idempotencyKey": stage.id().to_string() });
    stage.director.send("billing", text, json!({ "input": input })).await.ok();
    stage
}

#[test]
fn what_meters_of_many_units_counted_costs_as_many_statements_as_of_few() {
    run(async {
        let world = Arc::new(World::start(vec![service()], &[]).await);
        let (few, many) = (read(&world, FEW).await, read(&world, MANY).await);
        let text = "query($id: ID!) { previewBillRun(estateId: $id, startMonth: \"2026-07\") \
                    { lines total { amount } units(first: 100) { edges { node { lines { wordsEn } } } } } }";
        let ask = |stage: &Stage| {
            let (finance, id) = (stage.finance.clone(), stage.estate.to_string());
            async move { finance.send("billing", text, json!({ "id": id })).await }
        };
        let seen = ask(&many).await.ok();
        assert_eq!(seen["previewBillRun"]["lines"], MANY);
        assert_eq!(seen["previewBillRun"]["total"]["amount"], "2220.00");
        let place = ("metered lines", "/previewBillRun/units/edges");
        assert_flat((&world, "billing"), place, || ask(&few), || ask(&many)).await;
    });
}
