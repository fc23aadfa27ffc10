//! Reports through the graph.

use crate::{
    closing::tests::{DAY, ask, closed, july},
    stage::Scene,
};
use serde_json::{Value, json};
use testkit::run;

const REPORT: &str = "monthReport(estateId: $estate, month: \"MONTH\") { version \
    receivables { feeItemCode buildingCode receivable { amount } received { amount } waived { amount } \
      open { notDue { amount } days1To30 { amount } days31To90 { amount } total { amount } } \
      openingArrears { amount } recovered { amount } } \
    totals { receivable { amount } received { amount } waived { amount } collectionPercent \
      open { total { amount } overdue { amount } } owedInBooks { amount } \
      openingArrears { amount } recovered { amount } recoveryPercent } \
    deposits { opening { amount } moves { kind amount { amount } } closing { amount } } \
    prepayments { opening { amount } moves { kind amount { amount } } closing { amount } } \
    revenue { code feeItemCode amount { amount } } }";

async fn report(scene: &Scene, month: &str) -> Value {
    let query = REPORT.replace("MONTH", month);
    ask(scene, &scene.director, &query).await.ok()["monthReport"].take()
}

fn fen(money: &Value) -> i64 {
    money["amount"].as_str().unwrap().parse::<money::Fen>().unwrap().0
}

fn assert_rolls(part: &Value) {
    let moved: i64 = part["moves"].as_array().unwrap().iter().map(|it| fen(&it["amount"])).sum();
    assert_eq!(fen(&part["opening"]) + moved, fen(&part["closing"]), "{part}");
}

#[test]
fn what_is_open_ages_and_what_comes_in_late_is_recovered() {
    run(async {
        let (scene, debt) = july().await;
        let first = report(&scene, "2026-07").await;
        let row = &first["receivables"][0];
        assert_eq!((&row["feeItemCode"], &row["buildingCode"]), (&json!("SERVICE"), &json!("3")));
        assert_eq!(row["receivable"]["amount"], "835.86");
        assert_eq!(row["received"]["amount"], "500.00");
        assert_eq!(first["totals"]["collectionPercent"], "59.82");
        assert_eq!(first["totals"]["recoveryPercent"], Value::Null);
        assert_eq!(first["revenue"][0]["amount"]["amount"], "835.86");

        // 60 days on, a part of the rest and more comes in.
        scene.later(60 * DAY);
        scene.take(&scene.cashier, &debt.account, "235.86", "key-0002").await.ok();
        let september = report(&scene, "2026-09").await;
        let totals = &september["totals"];
        assert_eq!(totals["openingArrears"]["amount"], "335.86");
        assert_eq!(totals["recovered"]["amount"], "235.86");
        assert_eq!(totals["recoveryPercent"], "70.23");
        assert_eq!(totals["open"]["overdue"]["amount"], "100.00");
        assert_eq!(totals["owedInBooks"]["amount"], "100.00");
        // A month that is past says what it said at its end.
        let july = report(&scene, "2026-07").await;
        assert_eq!(july, first);
        let august = report(&scene, "2026-08").await;
        assert_eq!(august["totals"]["open"]["total"]["amount"], "335.86");
        assert_eq!(august["totals"]["recovered"]["amount"], "0.00");
    });
}

#[test]
fn liabilities_roll_forward_and_every_figure_has_its_entries() {
    run(async {
        let (scene, debt) = july().await;
        scene.later(DAY);
        scene.take(&scene.cashier, &debt.account, "400", "key-0002").await.ok();
        let made = report(&scene, "2026-08").await;
        assert_rolls(&made["deposits"]);
        assert_rolls(&made["prepayments"]);
        assert_eq!(made["prepayments"]["closing"]["amount"], "64.14");
        let entries = |month: &str, figure: &str| {
            let query = format!(
                "reportEntries(estateId: $estate, month: \"{month}\", figure: {figure}) {{ nodes {{ kind lines {{ code amount {{ amount }} }} }} }}"
            );
            let scene = &scene;
            async move { ask(scene, &scene.finance, &query).await.ok()["reportEntries"]["nodes"].take() }
        };
        let found = entries("2026-08", "{ section: ACCOUNT, code: \"2203\" }").await;
        assert_eq!(found.as_array().unwrap().len(), 1);
        assert_eq!(found[0]["kind"], "PAYMENT");
        let found = entries("2026-07", "{ section: RECEIVABLE }").await;
        assert_eq!(found.as_array().unwrap().len(), 1);
        assert_eq!(found[0]["kind"], "CHARGE");
        let found = entries("2026-07", "{ section: RECEIVED }").await;
        assert_eq!(found.as_array().unwrap().len(), 1);
        assert_eq!(found[0]["kind"], "PAYMENT");
        assert_eq!(entries("2026-07", "{ section: OPEN }").await.as_array().unwrap().len(), 1);
        assert_eq!(entries("2026-08", "{ section: OPEN }").await, json!([]));
        let none = entries("2026-08", "{ section: ACCOUNT, code: \"2203\", kind: \"REFUND\" }");
        assert_eq!(none.await, json!([]));
    });
}

/// Waives a part of a bill's principal.
async fn waive(scene: &Scene, bill: &str, amount: &str, key: &str) {
    let text =
        "mutation($input: RequestWaiverInput!) { requestWaiver(input: $input) { waiver { id } } }";
    let input = json!({ "billId": bill, "of": "PRINCIPAL", "amount": amount, "reason": "服务不到位",
        "evidence": "工单 T-1", "idempotencyKey": format!("ask-{key}") });
    let asked = scene.desk.send("billing", text, json!({ "input": input })).await.ok();
    let text = "mutation($input: ApproveWaiverInput!) { approveWaiver(input: $input) { waiver { status } } }";
    let input = json!({ "waiverId": asked["requestWaiver"]["waiver"]["id"],
        "idempotencyKey": format!("grant-{key}") });
    let granted = scene.finance.send("billing", text, json!({ "input": input })).await.ok();
    assert_eq!(granted["approveWaiver"]["waiver"]["status"], "GRANTED");
}

#[test]
fn what_is_waived_did_not_come_in() {
    run(async {
        let (scene, debt) = july().await;
        // Of 835.86 are 500.00 paid and 100.00 waived.
        waive(&scene, &debt.bill, "100.00", "key-0002").await;
        let july = report(&scene, "2026-07").await;
        for part in [&july["totals"], &july["receivables"][0]] {
            assert_eq!(part["receivable"]["amount"], "835.86");
            assert_eq!(part["received"]["amount"], "500.00");
            assert_eq!(part["waived"]["amount"], "100.00");
            assert_eq!(part["open"]["total"]["amount"], "235.86");
        }
        assert_eq!(july["totals"]["collectionPercent"], "59.82");

        // 60 days on 35.86 more are waived and 200.00 come in: of 235.86 in arrears, 84.80 %.
        scene.later(60 * DAY);
        waive(&scene, &debt.bill, "35.86", "key-0003").await;
        scene.take(&scene.cashier, &debt.account, "200.00", "key-0004").await.ok();
        let september = report(&scene, "2026-09").await;
        let totals = &september["totals"];
        assert_eq!(totals["openingArrears"]["amount"], "235.86");
        assert_eq!(totals["recovered"]["amount"], "200.00");
        assert_eq!(totals["recoveryPercent"], "84.80");
        assert_eq!(totals["open"]["total"]["amount"], "0.00");
        assert_eq!(totals["owedInBooks"]["amount"], "0.00");
        assert_eq!(report(&scene, "2026-07").await, july, "a month that is past stays");

        let kinds = |section: &str| {
            let query = format!(
                "reportEntries(estateId: $estate, month: \"2026-07\", figure: {{ section: {section} }}) \
                 {{ nodes {{ kind lines {{ code amount {{ amount }} }} }} }}"
            );
            let scene = &scene;
            async move {
                let seen = ask(scene, &scene.finance, &query).await.ok();
                let nodes = seen["reportEntries"]["nodes"].as_array().unwrap().clone();
                nodes.iter().map(|it| it["kind"].clone()).collect::<Vec<_>>()
            }
        };
        assert_eq!(kinds("RECEIVED").await, ["PAYMENT"]);
        assert_eq!(kinds("WAIVED").await, ["WAIVER"]);
    });
}

#[test]
fn sums_are_for_the_staff_of_the_estate_and_entries_for_finance() {
    run(async {
        let (scene, _) = july().await;
        scene.later(DAY);
        closed(&scene, "2026-07").await;
        let query = "monthReport(estateId: $estate, month: \"2026-07\") { version }";
        let elsewhere = scene.company.estate("NTH", "北苑").await;
        let strangers = [
            scene.company.staff("DIR", elsewhere).await,
            scene.company.staff("OC", scene.estate).await,
            scene.stage.world.company().staff("CFIN", None).await,
        ];
        for stranger in strangers.iter().chain([&scene.owner]) {
            assert_eq!(ask(&scene, stranger, query).await.code(), "NOT_FOUND");
        }
        assert_eq!(ask(&scene, &scene.cashier, query).await.ok()["monthReport"]["version"], 1);
        let missing = query.replace("\"2026-07\"", "\"2026-07\", version: 7");
        assert_eq!(ask(&scene, &scene.director, &missing).await.code(), "NOT_FOUND");
        let entries = "reportEntries(estateId: $estate, month: \"2026-07\", figure: { section: OPEN }) { nodes { id } }";
        assert_eq!(ask(&scene, &scene.director, entries).await.code(), "NOT_FOUND");
        ask(&scene, &scene.finance, entries).await.ok();
    });
}
