//! A resident reads their statement; nobody else does.

use crate::stage::{Scene, scene};
use serde_json::{Value, json};
use testkit::run;

async fn ask(scene: &Scene, who: &testkit::Signed, fields: &str) -> testkit::Answer {
    let text = format!("query($id: ID!) {{ myStatement(estateId: $id) {{ {fields} }} }}");
    who.send("billing", &text, json!({ "id": scene.estate.to_string() })).await
}

async fn mine(scene: &Scene, fields: &str) -> Value {
    ask(scene, &scene.owner, fields).await.ok()["myStatement"].clone()
}

const SUMS: &str =
    "asOf owed { amount } overdue { amount } nextDue paidAhead { amount } deposits { amount }";

#[test]
fn a_statement_says_what_is_owed_why_and_when() {
    run(async {
        let scene = scene().await;
        let first = scene.owes("card-1", 83_586).await;
        // Of two due on one day the earlier is paid first.
        scene.later(1);
        scene.owes("card-2", 10_000).await;
        scene.take(&scene.desk, &first.account, "500", "key-0001").await.ok();
        let seen = mine(&scene, SUMS).await;
        // A due day that has passed when the bill is issued is the day of issue.
        assert_eq!(
            seen,
            json!({ "asOf": "2026-07-31", "owed": { "amount": "435.86" }, "overdue": { "amount": "0.00" },
                "nextDue": "2026-07-31", "paidAhead": { "amount": "0.00" }, "deposits": { "amount": "0.00" } })
        );
        let open = mine(
            &scene,
            "openBills { edges { node { id outstanding { amount } lines { description feeItem { code } } } } }",
        )
        .await;
        let open = open["openBills"]["edges"].as_array().unwrap().clone();
        assert_eq!(open.len(), 2);
        let why = json!([{ "description": "泳池十次卡", "feeItem": { "code": "SERVICE" } }]);
        assert!(open.iter().all(|edge| edge["node"]["lines"] == why), "{open:?}");
    });
}

#[test]
fn history_pages_back_with_receipts_and_a_balance_that_runs() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        scene.later(1);
        let paid = scene.take(&scene.desk, &debt.account, "900", "key-0001").await.ok();
        let payment = &paid["takePayment"]["payment"];
        scene.later(1);
        let asked =
            scene.ask_refund(&scene.desk, payment["id"].as_str().unwrap(), "10", "key-0002").await;
        let refund = asked.ok()["requestRefund"]["refund"]["id"].as_str().unwrap().to_owned();
        scene.approve(&scene.finance, &refund, "key-0003").await.ok();
        let text = "query($id: ID!, $after: String) { myStatement(estateId: $id) { history(first: 2, after: $after) \
                    { pageInfo { hasNextPage endCursor } edges { node { kind amount { amount } balance { amount } \
                    billId paymentId refundId receipts { number } } } } } }";
        let estate = scene.estate.to_string();
        let page = |after: Value| {
            let variables = json!({ "id": estate, "after": after });
            async {
                scene.owner.send("billing", text, variables).await.ok()["myStatement"]["history"]
                    .clone()
            }
        };
        let first = page(Value::Null).await;
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let second = page(first["pageInfo"]["endCursor"].clone()).await;
        assert_eq!(second["pageInfo"]["hasNextPage"], false);
        let seen: Vec<Value> = [&first, &second]
            .iter()
            .flat_map(|page| page["edges"].as_array().unwrap())
            .map(|edge| edge["node"].clone())
            .collect();
        let want = [
            json!({ "kind": "REFUND", "amount": { "amount": "10.00" }, "balance": { "amount": "-54.14" },
                "billId": null, "paymentId": null, "refundId": refund,
                "receipts": [{ "number": "FCH-TK-202607-000001" }] }),
            json!({ "kind": "PAYMENT", "amount": { "amount": "-900.00" }, "balance": { "amount": "-64.14" },
                "billId": null, "paymentId": payment["id"], "refundId": null,
                "receipts": [{ "number": "FCH-SJ-202607-000001" }] }),
            json!({ "kind": "CHARGE", "amount": { "amount": "835.86" }, "balance": { "amount": "835.86" },
                "billId": debt.bill, "paymentId": null, "refundId": null, "receipts": [] }),
        ];
        assert_eq!(seen, want);
        let receipts = mine(&scene, "receipts { edges { node { number amountInWords } } }").await;
        let numbers: Vec<&str> = receipts["receipts"]["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| edge["node"]["number"].as_str().unwrap())
            .collect();
        assert_eq!(numbers, ["FCH-TK-202607-000001", "FCH-SJ-202607-000001"]);
    });
}

#[test]
fn the_ways_to_pay_are_those_the_estate_names_and_online_once_it_works() {
    run(async {
        let scene = scene().await;
        let set = "mutation($input: SetPaymentWaysInput!) { setPaymentWays(input: $input) { ways { kind } } }";
        let ways = json!([{ "kind": "TRANSFER", "wordsZh": "建设银行 6217", "wordsEn": "CCB 6217" },
            { "kind": "COUNTER", "wordsZh": "服务中心", "wordsEn": "Service centre" }]);
        let input = json!({ "input": { "estateId": scene.estate.to_string(), "ways": ways } });
        let refused = scene.desk.send("billing", set, input.clone()).await;
        assert_eq!(refused.code(), "FORBIDDEN");
        for _ in 0..2 {
            scene.finance.send("billing", set, input.clone()).await.ok();
        }
        let fields = "waysToPay { kind wordsEn }";
        let seen = mine(&scene, fields).await;
        assert_eq!(
            seen["waysToPay"],
            json!([{ "kind": "TRANSFER", "wordsEn": "CCB 6217" }, { "kind": "COUNTER", "wordsEn": "Service centre" }])
        );
        scene.connect().await;
        assert_eq!(
            mine(&scene, fields).await["waysToPay"][0],
            json!({ "kind": "ONLINE", "wordsEn": null })
        );
    });
}

#[test]
fn a_statement_is_the_residents_own() {
    run(async {
        let scene = scene().await;
        scene.owes("card-1", 83_586).await;
        let neighbour = scene.company.resident(scene.stage.world.clock.uuid()).await;
        for who in [&neighbour, &scene.finance] {
            assert_eq!(ask(&scene, who, SUMS).await.code(), "NOT_FOUND");
        }
    });
}
