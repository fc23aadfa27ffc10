//! Bill runs through the graph.

use super::{
    job::{DoRun, chunk},
    plan::Cursor,
    repo::{self, BillRun, RunState},
};
use crate::{
    charges::BillingMonth,
    fees::{Scope, UnitUse as Priced},
    ids::BillRunId,
    testing::{Stage, member, party_name},
};
use contracts::{
    BuildingId, ParkingSpaceId, PersonId, UnitId,
    residents::{MemberKind, ParkingSpaceFact, ParkingSpacesChanged, UnitUse},
};
use db::{ClaimedJob, JobEnd};
use money::Fen;
use runtime::JobHandler as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::{eventually, run};
use tokio_util::sync::CancellationToken;

#[test]
fn scenario_1_june_is_split_and_the_quarter_is_the_sum_of_its_months() {
    run(async {
        let stage = Stage::new().await;
        let (unit, ..) = stage.scenario_1().await;
        stage.property_fee().await;
        let preview = stage.preview("2026-06", "bills lines total { amount } doubtCount").await;
        assert_eq!(
            preview,
            json!({ "bills": 2, "lines": 2, "total": { "amount": "278.62" }, "doubtCount": 0 })
        );
        stage.run("2026-06").await;
        let june = stage.bills(unit).await;
        let mut amounts: Vec<_> = june
            .iter()
            .map(|bill| (bill["account"]["name"].as_str().unwrap(), &bill["total"]["amount"]))
            .collect();
        amounts.sort_unstable_by_key(|(name, _)| *name);
        assert_eq!(amounts, [("王*", &json!("185.74")), ("翠湖置业", &json!("92.88"))]);
        let words: Vec<_> =
            june.iter().map(|bill| bill["lines"][0]["wordsEn"].as_str().unwrap()).collect();
        assert!(
            words.contains(&"118.56 m² × 2.35 = 278.616; 278.616 × 20/30 days = 185.744 → 185.74")
        );
        assert!(words.iter().any(|words| words.ends_with("remainder: 278.62 − 185.74 = 92.88")));

        // The owner pays by the quarter; the due day of the third quarter has passed when it is
        // issued on 31 July, so that it falls due on the day of issue.
        let owner = june.iter().find(|bill| bill["account"]["name"] == "王*").unwrap();
        let account = owner["account"]["id"].clone();
        stage.terms(json!({ "accountId": account, "cycle": "QUARTER" })).await.ok();
        let run = stage.run("2026-07").await;
        assert_eq!((&run["bills"], &run["lines"]), (&json!(1), &json!(3)));
        let quarter = stage.bill_from(unit, "2026-07").await;
        assert_eq!(quarter["total"]["amount"], "835.86");
        assert_eq!(quarter["lastMonth"], "2026-09");
        assert_eq!(quarter["due"], "2026-07-31");
        // August lies in a quarter that is charged already.
        assert_eq!(stage.run("2026-08").await["bills"], 0);
    });
}

#[test]
fn a_unit_explains_its_month_and_the_run_says_what_is_doubtful() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _, owner) = stage.scenario_1().await;
        let building = BuildingId::from_uuid(stage.id());
        let vacant = [("9-1-0101", "50.00", UnitUse::Residential)];
        stage.units(building, "9", &vacant).await;
        stage.property_fee().await;
        let fields = "explain(month: \"2026-06\") { total { amount } lines { payer amount { amount } wordsZh standing feeItem { code } } }";
        let seen = stage.unit(&stage.finance, unit, fields).await.ok();
        let explained = &seen["_entities"][0]["explain"];
        assert_eq!(explained["total"]["amount"], "278.62");
        assert_eq!(explained["lines"].as_array().unwrap().len(), 2);
        assert_eq!(explained["lines"][0]["standing"], "NEW");
        assert_eq!(explained["lines"][0]["feeItem"]["code"], "PROPERTY");
        // A resident sees what concerns them alone.
        let resident = stage.company.resident(owner.as_uuid()).await;
        let own = stage.unit(&resident, unit, fields).await.ok();
        let own = &own["_entities"][0]["explain"];
        assert_eq!(
            (own["lines"].as_array().unwrap().len(), &own["total"]["amount"]),
            (1, &json!("185.74"))
        );
        let stranger = stage.company.resident(stage.id()).await;
        assert_eq!(stage.unit(&stranger, unit, fields).await.code(), "NOT_FOUND");

        let doubts = "doubts { edges { node { label code } } }";
        let found = stage.preview("2026-06", doubts).await;
        assert_eq!(
            found["doubts"]["edges"],
            json!([{ "node": { "label": "9-1-0101", "code": "NO_PAYER" } }])
        );
        // Somebody else turns out to have been the owner since the 6th: those days stand charged.
        stage.run("2026-06").await;
        let (late, new) = (stage.person(), stage.person());
        let members = vec![
            member(late, "开发商", MemberKind::Developer, "2026-01-01", Some("2026-06-05")),
            member(new, "王芳", MemberKind::Owner, "2026-06-06", None),
        ];
        stage.members(vec![(unit, members)]).await;
        let found =
            stage.preview("2026-06", "bills doubts { edges { node { label code } } }").await;
        assert_eq!(found["bills"], 0);
        // The list follows the units' ids, which are random within one instant.
        let doubts = found["doubts"]["edges"].as_array().unwrap();
        assert!(
            doubts.iter().any(|edge| edge["node"]["code"] == "CHARGED_OTHERWISE"),
            "{doubts:?}"
        );
    });
}

#[test]
fn parking_is_charged_with_the_unit_or_with_its_holder() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _, owner) = stage.scenario_1().await;
        let item = stage.item("PARKING", "PARKING").await;
        let input = json!({ "feeItemId": item, "formula": "PER_PARKING_SPACE", "price": "60.00",
            "effectiveFrom": "2026-08-01" });
        let proposed = stage.propose(input).await.ok();
        let id = proposed["proposeFeeStandard"]["feeStandard"]["id"].as_str().unwrap().to_owned();
        stage.approve(&id).await.ok();
        let space = |label: &str, holder: Option<PersonId>, unit| ParkingSpaceFact {
            space: ParkingSpaceId::from_uuid(stage.id()),
            label: label.to_owned(),
            holder,
            holder_name: holder.map(|_| party_name("王芳")),
            unit,
        };
        let spaces = vec![
            space("U-001", Some(owner), Some(unit)),
            space("U-002", Some(owner), None),
            space("U-003", None, Some(unit)),
            space("U-004", None, None),
        ];
        let mut event = ParkingSpacesChanged { estate: stage.estate, spaces };
        stage.company.tell("residents", "billing", &event).await;
        let run = stage.run("2026-08").await;
        // Two of them with the unit, one with the person alone, none for nobody's space.
        assert_eq!((&run["bills"], &run["lines"]), (&json!(2), &json!(3)));
        assert_eq!(run["amount"]["amount"], "180.00");
        assert_eq!(stage.bill_from(unit, "2026-08").await["total"]["amount"], "120.00");
        assert_eq!(stage.run("2026-08").await["bills"], 0);
        // A corrected name reaches the account of the person alone, too.
        for space in event.spaces.iter_mut().filter(|space| space.holder.is_some()) {
            space.holder_name = Some(party_name("汪芳"));
        }
        stage.company.tell("residents", "billing", &event).await;
        let resident = stage.company.resident(owner.as_uuid()).await;
        let own = resident.send("billing", "{ myAccounts { name } }", json!({})).await.ok();
        assert_eq!(own["myAccounts"], json!([{ "name": "汪芳" }, { "name": "汪芳" }]));
    });
}

#[test]
fn nothing_before_the_cut_over_is_charged() {
    run(async {
        let stage = Stage::new().await;
        stage.scenario_1().await;
        stage.property_fee().await;
        stage.terms(json!({ "cutOverMonth": "2026-08" })).await.ok();
        let refused = stage.start("2026-07", "before-the-cut-over").await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "startMonth"));
        assert_eq!(stage.start("2028-01", "too-far-ahead").await.code(), "INVALID");
        assert_eq!(stage.start("August", "not-a-month").await.field(), "startMonth");
        // A yearly payer starts in the middle and owes the rest of the year.
        stage.terms(json!({ "cycle": "YEAR" })).await.ok();
        let run = stage.run("2026-08").await;
        assert_eq!((&run["lines"], &run["amount"]["amount"]), (&json!(5), &json!("1393.10")));
    });
}

#[test]
fn two_runs_at_once_have_one_result_and_a_key_is_one_run() {
    run(async {
        let stage = Stage::new().await;
        stage.scenario_1().await;
        stage.property_fee().await;
        let (a, b) = tokio::join!(
            stage.start("2026-06", "first-person-s-key"),
            stage.start("2026-06", "second-person-s-key")
        );
        let (a, b) = (a.ok(), b.ok());
        let again = stage.start("2026-06", "first-person-s-key").await.ok();
        assert_eq!(a["startBillRun"]["billRun"]["id"], again["startBillRun"]["billRun"]["id"]);
        let other = stage.start("2026-07", "first-person-s-key").await;
        assert_eq!(other.code(), "IDEMPOTENCY_MISMATCH");
        // One run, or a second one that came when the first was done and finds nothing to bill.
        let ids = [&a, &b].map(|it| &it["startBillRun"]["billRun"]["id"]);
        let mut amounts = BTreeMap::new();
        for id in ids {
            eventually("the run ends", || async { stage.progress(id).await["state"] == "DONE" })
                .await;
            let amount = stage.progress(id).await["amount"]["amount"].clone();
            amounts.insert(id.to_string(), amount.as_str().unwrap().to_owned());
        }
        let mut amounts: Vec<String> = amounts.into_values().collect();
        amounts.sort();
        assert!(amounts == ["278.62"] || amounts == ["0.00", "278.62"], "{amounts:?}");
    });
}

#[test]
fn a_run_that_is_killed_in_the_middle_goes_on_where_it_stopped() {
    run(async {
        let stage = Stage::new().await;
        demo_estate(&stage).await;
        // A run that nobody works on: written, but its job is done by hand here.
        let scope = stage.company.world.db("billing").write(stage.company.tenant).await.unwrap();
        let id = BillRunId::from_uuid(scope.new_id());
        let july: BillingMonth = "2026-07".parse().unwrap();
        let new = BillRun {
            id,
            estate: stage.estate,
            start: july,
            issued_on: "2026-07-31".parse().unwrap(),
            state: RunState::Queued,
            cursor: Cursor::default(),
            total: 768,
            done: 0,
            bills: 0,
            lines: 0,
            doubts: 0,
            amount: Fen::ZERO,
            failure: None,
            started_by: stage.finance.user,
            started_at: scope.now(),
            finished_at: None,
        };
        repo::insert(&scope, &new).await.unwrap();
        scope.commit().await.unwrap();
        let db = stage.company.world.db("billing").clone();
        let tenant = stage.company.tenant;
        // Two chunks are kept; in the third the process dies: the transaction is dropped.
        assert!(chunk(&db, tenant, id).await.unwrap());
        assert!(chunk(&db, tenant, id).await.unwrap());
        // Who starts the month meanwhile is answered the run that is open.
        let same = stage.start("2026-07", "somebody-else-s-key").await.ok();
        assert_eq!(same["startBillRun"]["billRun"]["id"], id.to_string());
        let third =
            tokio::time::timeout(std::time::Duration::from_millis(5), chunk(&db, tenant, id));
        let _ = third.await;
        let job = ClaimedJob { tenant, id: id.as_uuid() };
        let handler = DoRun { db };
        assert!(matches!(handler.run(&job, &CancellationToken::new()).await, JobEnd::Done));
        let run = stage.progress(&json!(id.to_string())).await;
        assert_eq!((&run["amount"]["amount"], &run["bills"]), (&json!("214870.98"), &json!(768)));
        assert_eq!((&run["state"], &run["done"]), (&json!("DONE"), &json!(768)));
    });
}

#[test]
fn the_demo_quarter_has_the_total_of_the_table_and_is_collected_and_listed_cheaply() {
    run(async {
        let stage = Stage::new().await;
        demo_estate(&stage).await;
        stage.terms(json!({ "cycle": "QUARTER" })).await.ok();
        let run = stage.run("2026-07").await;
        assert_eq!((&run["amount"]["amount"], &run["lines"]), (&json!("644612.94"), &json!(2304)));
        let rate = "collectionRate(from: \"2026-07\", to: \"2026-07\") { receivable { amount } received { amount } percent }";
        let seen = stage.estate(&stage.finance, rate).await.ok();
        assert_eq!(
            seen["_entities"][0]["collectionRate"],
            json!({ "receivable": { "amount": "214870.98" }, "received": { "amount": "0.00" }, "percent": "0.00" })
        );
        let empty = rate.replace("2026-07", "2025-01");
        let seen = stage.estate(&stage.finance, &empty).await.ok();
        assert_eq!(seen["_entities"][0]["collectionRate"]["percent"], Value::Null);
        // A hundred units with their debts cost as many statements as one.
        let fields = "units(first: 100) { edges { node { unit { id } } } }";
        let units = stage.preview("2026-10", fields).await;
        let ids: Vec<Value> = units["units"]["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| json!({ "__typename": "Unit", "id": edge["node"]["unit"]["id"] }))
            .collect();
        let text = "query($units: [_Any!]!) { _entities(representations: $units) { ... on Unit { balance { amount } } } }";
        let all = stage.finance.send("billing", text, json!({ "units": ids })).await.ok();
        assert_eq!(all["_entities"][0]["balance"]["amount"], "835.86");
        assert_eq!(all["_entities"].as_array().unwrap().len(), 100);
    });
}

#[test]
fn who_may_not_cannot_run_bills() {
    run(async {
        let stage = Stage::new().await;
        stage.scenario_1().await;
        let start = "mutation($estate: ID!) { startBillRun(input: { estateId: $estate, startMonth: \"2026-06\", idempotencyKey: \"who-may-not\" }) { billRun { id } } }";
        let of = json!({ "estate": stage.estate.to_string() });
        let cashier = stage.company.staff("CASH", stage.estate).await;
        let refused = cashier.send("billing", start, of.clone()).await;
        assert_eq!(
            (refused.code(), refused.message()),
            ("FORBIDDEN", "the permission `bill_run.start` is missing")
        );
        let other = stage.company.estate("B", "另一个小区").await;
        let elsewhere = stage.company.staff("DIR", other).await;
        assert_eq!(elsewhere.send("billing", start, of.clone()).await.code(), "NOT_FOUND");
        let strangers = Stage::new().await;
        assert_eq!(strangers.director.send("billing", start, of.clone()).await.code(), "NOT_FOUND");
        let nobody = stage.company.world.anonymous("billing", start, of).await;
        assert_eq!(nobody.code(), "UNAUTHENTICATED");
        let mine = stage.start("2026-06", "the-estate-s-own-run").await.ok();
        let id = json!({ "id": mine["startBillRun"]["billRun"]["id"] });
        let progress = "query($id: ID!) { billRun(id: $id) { id } }";
        assert_eq!(strangers.director.send("billing", progress, id).await.code(), "NOT_FOUND");
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
