//! Bank statements and how they agree with the books, through the front door.

use crate::stage::{Scene, scene};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures::future::join;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

const LINE: &str = "id day amount { amount } payer payerNumber text matched age \
                    parts { id kind sourceId amount { amount } ruleId }";

pub(super) async fn mutate(who: &Signed, name: &str, input: Value, wanted: &str) -> Answer {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ {wanted} }} }}");
    who.send("billing", &document, json!({ "input": input })).await
}

async fn ask(who: &Signed, head: &str, body: &str, variables: Value) -> Answer {
    who.send("billing", &format!("query({head}) {{ {body} }}"), variables).await
}

/// A bank account with this much on it; its id.
pub(super) async fn account(scene: &Scene, opening: &str) -> String {
    let input = json!({
        "estateId": scene.estate.to_string(), "name": "基本户", "number": "6222 0210 0111 6245 702",
        "opening": opening, "idempotencyKey": "account-1",
    });
    let data = mutate(&scene.finance, "addBankAccount", input, "account { id number }").await.ok();
    assert_eq!(data["addBankAccount"]["account"]["number"], "****5702");
    data["addBankAccount"]["account"]["id"].as_str().unwrap().to_owned()
}

pub(super) async fn bring(who: &Signed, account: &str, file: &str, dry: bool, key: &str) -> Answer {
    let input = json!({
        "accountId": account, "format": "TABLE", "fileName": "7月.csv", "dryRun": dry,
        "content": STANDARD.encode(file), "idempotencyKey": key,
    });
    let wanted = "statement { id opening { amount } closing { amount } lines } alreadyImported matchedByRules \
                  preview { faults { row reason } lines known opening { amount } closing { amount } shown { row known } }";
    mutate(who, "importBankStatement", input, wanted).await
}

pub(super) const HEAD: &str = "交易日期,收入,支出,余额,对方户名,对方账号,摘要,流水号\n";

pub(super) async fn lines(scene: &Scene, filter: &str) -> Vec<Value> {
    let body = format!("bankLines(estateId: $e, first: 100{filter}) {{ nodes {{ {LINE} }} }}");
    let variables = json!({ "e": scene.estate.to_string() });
    let data = ask(&scene.finance, "$e: ID!", &body, variables).await.ok();
    data["bankLines"]["nodes"].as_array().unwrap().clone()
}

/// The id of the line with this reference.
pub(super) async fn line(scene: &Scene, reference: &str) -> String {
    let found = lines(scene, &format!(", words: \"{reference}\"")).await;
    found[0]["id"].as_str().unwrap().to_owned()
}

pub(super) async fn put(scene: &Scene, line: &str, parts: Value, key: &str) -> Answer {
    let input = json!({ "lineId": line, "parts": parts, "idempotencyKey": key });
    mutate(&scene.finance, "matchBankLine", input, &format!("line {{ {LINE} }}")).await
}

pub(super) async fn unput(scene: &Scene, line: &str, key: &str) -> Answer {
    let input = json!({ "lineId": line, "reason": "认错", "idempotencyKey": key });
    mutate(&scene.finance, "unmatchBankLine", input, &format!("line {{ {LINE} }}")).await
}

/// What a line may be, the likeliest first: kind, target and confidence.
async fn suggested(scene: &Scene, line: &str) -> Vec<(String, Option<String>, i64)> {
    let body = "bankLineSuggestions(lineId: $l) { kind targetId confidence why }";
    let data = ask(&scene.finance, "$l: ID!", body, json!({ "l": line })).await.ok();
    let rows = data["bankLineSuggestions"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            assert!(!row["why"].as_str().unwrap().is_empty());
            let target = row["targetId"].as_str().map(str::to_owned);
            (row["kind"].as_str().unwrap().to_owned(), target, row["confidence"].as_i64().unwrap())
        })
        .collect()
}

pub(super) async fn agreement(scene: &Scene, account: &str, on: &str) -> Value {
    let body = "bankReconciliation(accountId: $a, on: $d) { statementBalance { amount } books { amount } \
                difference { amount } openItems openAmount { amount } unmatchedLines \
                unmatchedAmount { amount } unexplained { amount } reconciled }";
    let variables = json!({ "a": account, "d": on });
    let data = ask(&scene.finance, "$a: ID!, $d: NaiveDate!", body, variables).await.ok();
    assert_eq!(data["bankReconciliation"]["unexplained"]["amount"], "0.00", "{data:#}");
    data["bankReconciliation"].clone()
}

#[test]
fn a_statement_is_tried_then_taken_once_and_its_gaps_are_refused() {
    run(async {
        let scene = scene().await;
        let account = account(&scene, "1000.00").await;
        let bad = format!(
            "{HEAD}2026-07-30,835.86,,1835.86,王芳,622299,x,S1\nmorgen,1,,,,,,S2\n2026-07-31,,5,1831,,,fee,S3\n"
        );
        let data = bring(&scene.finance, &account, &bad, true, "import-1").await.ok();
        let preview = &data["importBankStatement"]["preview"];
        let rows: Vec<i64> = preview["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["row"].as_i64().unwrap())
            .collect();
        assert_eq!(rows, [3, 4], "a wrong day, a balance that does not follow");
        assert_eq!(data["importBankStatement"]["statement"], Value::Null);
        let refused = bring(&scene.finance, &account, &bad, false, "import-2").await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "content"));
        assert!(lines(&scene, "").await.is_empty());

        let first = format!("{HEAD}2026-07-30,835.86,,1835.86,王芳,622299,x,S1\n");
        let data = bring(&scene.finance, &account, &first, false, "import-3").await.ok();
        let statement = &data["importBankStatement"]["statement"];
        assert_eq!(
            (&statement["lines"], &statement["closing"]["amount"]),
            (&json!(1), &json!("1835.86"))
        );
        let again = bring(&scene.finance, &account, &first, false, "import-3").await.ok();
        assert_eq!(again, data);
        let other = bring(&scene.finance, &account, &first, false, "import-4").await.ok();
        assert_eq!(other["importBankStatement"]["alreadyImported"], true);
        assert_eq!(lines(&scene, "").await.len(), 1);

        let gap = format!("{HEAD}2026-08-02,1.00,,2000.00,,,,S9\n");
        assert_eq!(
            bring(&scene.finance, &account, &gap, false, "import-5").await.field(),
            "content"
        );
        let longer = format!("{first}2026-07-31,,5.00,1830.86,,,手续费,S3\n");
        let data = bring(&scene.finance, &account, &longer, true, "import-6").await.ok();
        assert_eq!(data["importBankStatement"]["preview"]["known"], 1);
        let data = bring(&scene.finance, &account, &longer, false, "import-6").await.ok();
        assert_eq!(data["importBankStatement"]["statement"]["lines"], 1);
        assert_eq!(lines(&scene, "").await.len(), 2);
        let less =
            format!("{HEAD}2026-07-31,,5.00,1830.86,,,手续费,S3\n2026-07-31,2,,1832.86,,,,S4\n");
        bring(&scene.finance, &account, &less, false, "import-7").await.ok();
    });
}

#[test]
fn every_kind_of_line_finds_its_reason_and_the_day_is_reconciled() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let bank = account(&scene, "1000.00").await;
        let taken = json!({ "accountId": debt.account, "amount": "100.00", "till": "TRANSFER",
            "channelReference": "WIRE-7", "idempotencyKey": "take-0001" });
        let data = scene.take_as(&scene.cashier, taken).await.ok();
        let wired = data["takePayment"]["payment"]["id"].as_str().unwrap().to_owned();
        scene.take(&scene.cashier, &debt.account, "300.00", "take-0002").await.ok();
        let input = json!({ "estateId": scene.estate.to_string(), "amount": "300.00",
            "slipNumber": "SLIP-9", "idempotencyKey": "carry-01" });
        let data = mutate(&scene.cashier, "carryCash", input, "deposit { id }").await.ok();
        let cash = data["carryCash"]["deposit"]["id"].as_str().unwrap().to_owned();
        let seen = agreement(&scene, &bank, "2026-07-31").await;
        assert_eq!(
            (&seen["openItems"], &seen["openAmount"]["amount"]),
            (&json!(1), &json!("100.00"))
        );
        assert_eq!(seen["reconciled"], false);

        let file = format!(
            "{HEAD}2026-07-31,100,,1100,,,转账 WIRE-7,S1\n2026-07-31,300,,1400,,,现金 SLIP-9,S2\n\
             2026-07-31,435.86,,1835.86,王芳,622299,物业费 3-1-1201,S3\n\
             2026-07-31,,5,1830.86,,,手续费,S4\n2026-07-31,50,,1880.86,无名,,?,S5\n"
        );
        bring(&scene.finance, &bank, &file, false, "import-1").await.ok();
        let seen = agreement(&scene, &bank, "2026-07-31").await;
        assert_eq!(
            (&seen["unmatchedLines"], &seen["unmatchedAmount"]["amount"]),
            (&json!(5), &json!("880.86"))
        );

        let [s1, s2, s3, s4, s5] = [
            line(&scene, "S1").await,
            line(&scene, "S2").await,
            line(&scene, "S3").await,
            line(&scene, "S4").await,
            line(&scene, "S5").await,
        ];
        assert_eq!(suggested(&scene, &s1).await[0], ("BOOKED".to_owned(), Some(wired.clone()), 95));
        assert_eq!(
            suggested(&scene, &s2).await[0],
            ("CASH_DEPOSIT".to_owned(), Some(cash.clone()), 95)
        );
        let best = suggested(&scene, &s3).await[0].clone();
        assert_eq!(best, ("ACCOUNT".to_owned(), Some(debt.account.clone()), 96));
        assert_eq!(suggested(&scene, &s4).await[0], ("BANK_FEE".to_owned(), None, 80));

        put(&scene, &s1, json!([{ "kind": "BOOKED", "targetId": wired }]), "match-01").await.ok();
        put(&scene, &s2, json!([{ "kind": "CASH_DEPOSIT", "targetId": cash }]), "match-02")
            .await
            .ok();
        put(&scene, &s3, json!([{ "kind": "ACCOUNT", "targetId": debt.account }]), "match-03")
            .await
            .ok();
        put(&scene, &s4, json!([{ "kind": "BANK_FEE" }]), "match-04").await.ok();
        let data = put(&scene, &s5, json!([{ "kind": "UNALLOCATED" }]), "match-05").await.ok();
        assert_eq!(scene.open_of(&debt.bill).await, 0);
        let seen = agreement(&scene, &bank, "2026-07-31").await;
        assert_eq!(
            (&seen["reconciled"], &seen["books"]["amount"]),
            (&json!(true), &json!("1880.86"))
        );
        assert!(suggested(&scene, &s4).await.is_empty());

        let part = data["matchBankLine"]["line"]["parts"][0]["id"].clone();
        let input =
            json!({ "partId": part, "accountId": debt.account, "idempotencyKey": "move-001" });
        let wanted = format!("line {{ {LINE} }}");
        let data = mutate(&scene.finance, "moveUnallocated", input.clone(), &wanted).await.ok();
        assert_eq!(data["moveUnallocated"]["line"]["parts"][0]["kind"], "ACCOUNT");
        let again = mutate(&scene.finance, "moveUnallocated", input, &wanted).await.ok();
        assert_eq!(again, data);
        assert_eq!(scene.ahead(&debt.account).await, 5_000);
        assert_eq!(agreement(&scene, &bank, "2026-07-31").await["reconciled"], true);
    });
}

#[test]
fn unmatching_takes_everything_back_and_the_books_still_agree() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 43_586).await;
        let bank = account(&scene, "0").await;
        let file = format!("{HEAD}2026-07-31,435.86,,,王芳,,x,S3\n2026-07-31,,5,,,,手续费,S4\n");
        bring(&scene.finance, &bank, &file, false, "import-1").await.ok();
        let (s3, s4) = (line(&scene, "S3").await, line(&scene, "S4").await);
        let to_account = json!([{ "kind": "ACCOUNT", "targetId": debt.account }]);
        put(&scene, &s3, to_account.clone(), "match-01").await.ok();
        put(&scene, &s4, json!([{ "kind": "BANK_FEE" }]), "match-02").await.ok();
        assert_eq!(agreement(&scene, &bank, "2026-07-31").await["reconciled"], true);
        assert_eq!(
            put(&scene, &s4, json!([{ "kind": "BANK_FEE" }]), "match-03").await.code(),
            "CONFLICT"
        );

        unput(&scene, &s3, "undo-001").await.ok();
        let data = unput(&scene, &s4, "undo-002").await.ok();
        assert_eq!(data["unmatchBankLine"]["line"]["matched"], false);
        assert_eq!(unput(&scene, &s4, "undo-003").await.code(), "CONFLICT");
        assert_eq!(scene.open_of(&debt.bill).await, 43_586);
        let seen = agreement(&scene, &bank, "2026-07-31").await;
        assert_eq!((&seen["openItems"], &seen["unmatchedLines"]), (&json!(0), &json!(2)));
        assert_eq!(seen["books"]["amount"], "0.00");

        put(&scene, &s3, to_account, "match-04").await.ok();
        put(&scene, &s4, json!([{ "kind": "BANK_FEE" }]), "match-05").await.ok();
        assert_eq!(scene.open_of(&debt.bill).await, 0);
        assert_eq!(agreement(&scene, &bank, "2026-07-31").await["reconciled"], true);
    });
}

#[test]
fn a_line_has_parts_that_add_up_and_nothing_is_explained_twice() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let bank = account(&scene, "0").await;
        let taken = json!({ "accountId": debt.account, "amount": "100.00", "till": "CARD",
            "idempotencyKey": "take-0001" });
        let data = scene.take_as(&scene.cashier, taken).await.ok();
        let card = data["takePayment"]["payment"]["id"].as_str().unwrap().to_owned();
        let file = format!("{HEAD}2026-07-31,99.40,,,,,POS,S1\n2026-07-31,100,,,,,POS,S2\n");
        bring(&scene.finance, &bank, &file, false, "import-1").await.ok();
        let (s1, s2) = (line(&scene, "S1").await, line(&scene, "S2").await);
        let booked = |amount: &str| json!({ "kind": "BOOKED", "targetId": card, "amount": amount });
        let fee = json!({ "kind": "BANK_FEE", "amount": "-0.60" });
        let short = put(&scene, &s1, json!([booked("100.00")]), "match-01").await;
        assert_eq!((short.code(), short.field()), ("INVALID", "parts"));
        let data = put(&scene, &s1, json!([booked("100.00"), fee]), "match-02").await.ok();
        assert_eq!(data["matchBankLine"]["line"]["parts"].as_array().unwrap().len(), 2);
        let twice = put(&scene, &s2, json!([booked("100.00")]), "match-03").await;
        assert_eq!(twice.code(), "NOT_FOUND", "nothing of it is open any more");
        let bare = put(&scene, &s2, json!([{ "kind": "ACCOUNT" }]), "match-04").await;
        assert_eq!(bare.field(), "targetId");

        // Two people match the same line at once: one of them does.
        let other = scene.company.staff("CFIN", None).await;
        let input = json!({ "lineId": s2, "parts": [{ "kind": "UNALLOCATED" }], "idempotencyKey": "match-05" });
        let (one, two) = join(
            mutate(&scene.finance, "matchBankLine", input.clone(), "line { id }"),
            mutate(&other, "matchBankLine", input, "line { id }"),
        )
        .await;
        assert_eq!([&one, &two].iter().filter(|answer| answer.errors.is_empty()).count(), 1);
        assert_eq!(agreement(&scene, &bank, "2026-07-31").await["reconciled"], true);
    });
}

#[test]
fn rules_suggest_first_and_the_queue_is_filtered() {
    run(async {
        let scene = scene().await;
        let bank = account(&scene, "0").await;
        let file = format!("{HEAD}2026-07-30,20,,,供电局,,退费,S1\n2026-07-31,30,,,王芳,,y,S2\n");
        bring(&scene.finance, &bank, &file, false, "import-1").await.ok();
        let rule = json!({ "estateId": scene.estate.to_string(), "name": "供电局退费",
            "payerContains": "供电", "kind": "UNALLOCATED", "idempotencyKey": "rule-001" });
        let data = mutate(&scene.finance, "addBankRule", rule, "rule { id }").await.ok();
        let id = data["addBankRule"]["rule"]["id"].clone();
        let s1 = line(&scene, "S1").await;
        assert_eq!(suggested(&scene, &s1).await[0], ("UNALLOCATED".to_owned(), None, 98));
        let empty = json!({ "estateId": scene.estate.to_string(), "name": "x", "kind": "BANK_FEE",
            "idempotencyKey": "rule-002" });
        let refused = mutate(&scene.finance, "addBankRule", empty, "rule { id }").await;
        assert_eq!(refused.code(), "INVALID");
        for _ in 0..2 {
            mutate(&scene.finance, "removeBankRule", json!({ "ruleId": id }), "rule { id }")
                .await
                .ok();
        }
        assert!(suggested(&scene, &s1).await.is_empty());

        assert_eq!(lines(&scene, ", until: \"2026-07-30\"").await.len(), 1);
        assert_eq!(lines(&scene, ", words: \"王芳\"").await.len(), 1);
        assert_eq!(lines(&scene, ", matched: true").await.len(), 0);
        let body = "bankLines(estateId: $e, first: 1) { nodes { text } pageInfo { endCursor hasNextPage } }";
        let variables = json!({ "e": scene.estate.to_string() });
        let data = ask(&scene.finance, "$e: ID!", body, variables).await.ok();
        let cursor = data["bankLines"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let next = lines(&scene, &format!(", after: \"{cursor}\"")).await;
        assert_eq!((next.len(), &next[0]["text"]), (1, &json!("y")));
    });
}

#[test]
fn who_may_not_hears_nothing_or_what_is_missing() {
    run(async {
        let scene = scene().await;
        let bank = account(&scene, "0").await;
        let file = format!("{HEAD}2026-07-31,20,,,,,,S1\n");
        bring(&scene.finance, &bank, &file, false, "import-1").await.ok();
        let s1 = line(&scene, "S1").await;
        let foreign = scene.stage.world.company().staff("CFIN", None).await;
        let elsewhere = scene.company.estate("YJ", "云景").await;
        let stranger = scene.company.staff("DIR", elsewhere).await;
        for who in [&foreign, &stranger, &scene.cashier, &scene.owner] {
            let input = json!({ "lineId": s1, "parts": [{ "kind": "UNALLOCATED" }], "idempotencyKey": "match-99" });
            assert_eq!(
                mutate(who, "matchBankLine", input, "line { id }").await.code(),
                "NOT_FOUND"
            );
            assert_eq!(bring(who, &bank, &file, false, "import-9").await.code(), "NOT_FOUND");
            assert_eq!(bring(who, &bank, &file, true, "import-9").await.code(), "NOT_FOUND");
            let seen = ask(who, "$l: ID!", "bankLine(id: $l) { id }", json!({ "l": s1 })).await;
            assert_eq!(seen.code(), "NOT_FOUND");
        }
        assert_eq!(
            bring(&scene.director, &bank, &file, false, "import-9").await.code(),
            "FORBIDDEN"
        );
        let input = json!({ "lineId": s1, "reason": "x", "idempotencyKey": "undo-999" });
        assert_eq!(
            mutate(&scene.director, "unmatchBankLine", input, "line { id }").await.code(),
            "FORBIDDEN"
        );
        // Money of one estate cannot go to an account of another.
        let parts =
            json!([{ "kind": "BOOKED", "targetId": "pay_00000000000000000000000000000000" }]);
        assert_eq!(put(&scene, &s1, parts, "match-01").await.code(), "NOT_FOUND");
    });
}
