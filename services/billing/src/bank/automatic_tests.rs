//! Rules that match by themselves: only what can be nothing else, and what they did can be undone.

use super::tests::{HEAD, account, agreement, bring, line, lines, mutate, put, unput};
use crate::stage::{Scene, scene};
use serde_json::{Value, json};
use testkit::{Answer, run};

async fn add(scene: &Scene, more: Value) -> Answer {
    let mut rule = json!({ "estateId": scene.estate.to_string(), "name": "王芳物业费",
        "automatic": true, "idempotencyKey": scene.stage.world.clock.uuid().to_string() });
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    mutate(&scene.finance, "addBankRule", rule, "rule { id automatic }").await
}

async fn added(scene: &Scene, more: Value) -> Value {
    let data = add(scene, more).await.ok();
    data["addBankRule"]["rule"]["id"].clone()
}

/// A rule for the money of an account, told by the payer's name.
fn of_account(account: &str) -> Value {
    json!({ "payerContains": "王芳", "kind": "ACCOUNT", "accountId": account })
}

async fn matched(scene: &Scene, bank: &str, rows: &str, key: &str) -> i64 {
    let file = format!("{HEAD}{rows}");
    let data = bring(&scene.finance, bank, &file, false, key).await.ok();
    data["importBankStatement"]["matchedByRules"].as_i64().unwrap()
}

#[test]
fn what_can_be_nothing_else_is_matched_with_its_rule_and_can_be_undone() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let bank = account(&scene, "0").await;
        let rule = added(&scene, of_account(&debt.account)).await;
        let fee = json!({ "textContains": "手续费", "amount": "-5", "kind": "BANK_FEE" });
        let fee = added(&scene, fee).await;
        // The second of the same payer is no debt any more, and the last charge is another amount.
        let rows = "2026-07-30,835.86,,,王芳,622299,物业费,S1\n2026-07-31,835.86,,,王芳,622299,物业费,S2\n\
                    2026-07-31,,5,,,,手续费,S3\n2026-07-31,,6,,,,手续费,S4\n";
        assert_eq!(matched(&scene, &bank, rows, "import-1").await, 2);
        // The same import again matches nothing twice.
        assert_eq!(matched(&scene, &bank, rows, "import-1").await, 2);
        assert_eq!(matched(&scene, &bank, rows, "import-2").await, 0);
        assert_eq!(scene.open_of(&debt.bill).await, 0);
        let open = lines(&scene, ", matched: false").await;
        let mut open: Vec<_> =
            open.iter().map(|line| line["amount"]["amount"].as_str().unwrap()).collect();
        open.sort_unstable();
        assert_eq!(open, ["-6.00", "835.86"]);
        let s1 = lines(&scene, ", words: \"S1\"").await[0].clone();
        assert_eq!(
            (&s1["parts"][0]["kind"], &s1["parts"][0]["ruleId"]),
            (&json!("ACCOUNT"), &rule)
        );
        let s3 = lines(&scene, ", words: \"S3\"").await[0].clone();
        assert_eq!(
            (&s3["parts"][0]["kind"], &s3["parts"][0]["ruleId"]),
            (&json!("BANK_FEE"), &fee)
        );
        agreement(&scene, &bank, "2026-07-31").await;

        let s1 = s1["id"].as_str().unwrap();
        unput(&scene, s1, "undo-001").await.ok();
        assert_eq!(scene.open_of(&debt.bill).await, 83_586);
        let parts = json!([{ "kind": "ACCOUNT", "targetId": debt.account }]);
        let by_hand = put(&scene, s1, parts, "match-01").await.ok();
        assert_eq!(by_hand["matchBankLine"]["line"]["parts"][0]["ruleId"], Value::Null);
        agreement(&scene, &bank, "2026-07-31").await;
    });
}

#[test]
fn two_rules_two_candidates_or_another_amount_leave_a_line_in_the_queue() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let bank = account(&scene, "0").await;
        added(&scene, of_account(&debt.account)).await;
        // A part of the debt is another amount.
        let part = "2026-07-28,835.85,,,王芳,,x,S1\n";
        assert_eq!(matched(&scene, &bank, part, "import-1").await, 0);
        // The cashier took a transfer of this amount: the line is rather that.
        let taken = json!({ "accountId": debt.account, "amount": "100.00", "till": "TRANSFER",
            "idempotencyKey": "take-0001" });
        let taken = scene.take_as(&scene.cashier, taken).await.ok();
        let more = scene.owes("card-2", 100).await;
        assert_eq!(more.account, debt.account);
        scene.take(&scene.cashier, &debt.account, "636.86", "take-0002").await.ok();
        let either = "2026-07-29,100,,,王芳,,x,S2\n";
        assert_eq!(matched(&scene, &bank, either, "import-2").await, 0);
        let s2 = line(&scene, "S2").await;
        let booked =
            json!([{ "kind": "BOOKED", "targetId": taken["takePayment"]["payment"]["id"] }]);
        put(&scene, &s2, booked, "match-01").await.ok();
        // Two rules fit: nobody knows which is right.
        let second = json!({ "name": "第二条", "payerContains": "芳", "kind": "ACCOUNT",
            "accountId": debt.account });
        let second = added(&scene, second).await;
        let both = "2026-07-30,100,,,王芳,,y,S3\n";
        assert_eq!(matched(&scene, &bank, both, "import-3").await, 0);
        let input = json!({ "ruleId": second });
        mutate(&scene.finance, "removeBankRule", input, "rule { id }").await.ok();
        // Of two that fit, one that only suggests does not count.
        let only_suggests = json!({ "name": "建议", "payerContains": "王", "kind": "UNALLOCATED",
            "automatic": false });
        added(&scene, only_suggests).await;
        assert_eq!(lines(&scene, ", matched: false").await.len(), 2);
        let one = "2026-07-31,100,,,王芳,,z,S4\n";
        assert_eq!(matched(&scene, &bank, one, "import-4").await, 1);
        agreement(&scene, &bank, "2026-07-31").await;
    });
}

#[test]
fn a_rule_is_automatic_only_when_it_says_so_and_names_what_is_exact() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let bank = account(&scene, "0").await;
        let vague = json!({ "textContains": "手续费", "kind": "BANK_FEE" });
        let vague = add(&scene, vague).await;
        assert_eq!((vague.code(), vague.field()), ("INVALID", "amount"));
        let mut plain = of_account(&debt.account);
        plain["automatic"] = json!(false);
        added(&scene, plain).await;
        let rows = "2026-07-30,835.86,,,王芳,,x,S1\n";
        assert_eq!(matched(&scene, &bank, rows, "import-1").await, 0);
        // Who may see rules but not set them cannot make one.
        let mut input = of_account(&debt.account);
        input["estateId"] = json!(scene.estate.to_string());
        input["name"] = json!("x");
        input["automatic"] = json!(true);
        input["idempotencyKey"] = json!("rule-0099");
        let refused = mutate(&scene.director, "addBankRule", input, "rule { id }").await;
        assert_eq!(refused.code(), "FORBIDDEN");
    });
}
