//! What belongs to the owners, through the graph.

use crate::{
    closing::tests::{ask, by_hand, july},
    documents::tests::{assert_says, issue, printed, verified},
    stage::{Scene, scene},
};
use authz::Grant;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

async fn record(scene: &Scene, who: &Signed, direction: &str, amount: &str, key: &str) -> Answer {
    let document = "mutation($input: RecordCommonItemInput!) { recordCommonItem(input: $input) { commonItem { id state entryId } } }";
    let input = json!({ "estateId": scene.estate.to_string(), "direction": direction,
        "source": if direction == "COST" { "电梯维护" } else { "电梯广告" },
        "amount": amount, "document": "HT-2026-7", "idempotencyKey": key });
    who.send("billing", document, json!({ "input": input })).await
}

fn item(answer: &Value) -> String {
    answer["recordCommonItem"]["commonItem"]["id"].as_str().unwrap().to_owned()
}

async fn approve(who: &Signed, id: &str, key: &str) -> Answer {
    let document = "mutation($input: ApproveCommonItemInput!) { approveCommonItem(input: $input) { commonItem { state entryId } } }";
    who.send("billing", document, json!({ "input": { "id": id, "idempotencyKey": key } })).await
}

async fn fund(scene: &Scene, input: Value) -> Answer {
    let mut all = json!({ "estateId": scene.estate.to_string(), "day": "2026-07-31",
        "document": "银行回单" });
    for (key, value) in input.as_object().into_iter().flatten() {
        all[key] = value.clone();
    }
    let document = "mutation($input: RecordFundInput!) { recordFund(input: $input) { record { id } fund { balance { amount } firstDeposit { amount } low } } }";
    scene.director.send("billing", document, json!({ "input": all })).await
}

async fn vote(scene: &Scene, joined: i64, agreed: i64, key: &str) -> Value {
    let document = "mutation($input: RecordFundApplicationInput!) { recordFundApplication(input: $input) { application { id passed } } }";
    let input = json!({ "estateId": scene.estate.to_string(), "purpose": "更换电梯曳引机",
        "amount": "800.00", "votedOn": "2026-07-30", "document": "表决纪要",
        "totalArea": "9000", "totalHeads": 90, "joinedArea": (joined * 100).to_string(),
        "joinedHeads": joined, "agreedArea": (agreed * 100).to_string(), "agreedHeads": agreed,
        "idempotencyKey": key });
    let answer = scene.director.send("billing", document, json!({ "input": input })).await;
    answer.ok()["recordFundApplication"]["application"].take()
}

#[test]
fn common_income_is_posted_by_a_second_person_and_its_cost_is_within_it() {
    run(async {
        let scene = scene().await;
        let made = record(&scene, &scene.cashier, "INCOME", "900", "item-0001").await.ok();
        let again = record(&scene, &scene.cashier, "INCOME", "900", "item-0001").await.ok();
        assert_eq!(made, again);
        assert_eq!(made["recordCommonItem"]["commonItem"]["entryId"], Value::Null);
        let user = scene.cashier.user.as_uuid();
        let finance = Grant { user, role: "CFIN".to_owned(), estate: None, zone: Vec::new() };
        scene.company.change_policy(|policy| policy.grants.push(finance)).await;
        let alone = approve(&scene.cashier, &item(&made), "yes-0001").await;
        assert_eq!(alone.code(), "FORBIDDEN");
        let done = approve(&scene.director, &item(&made), "yes-0001").await.ok();
        assert_eq!(done["approveCommonItem"]["commonItem"]["state"], "APPROVED");
        let twice = approve(&scene.finance, &item(&made), "yes-0002").await;
        assert_eq!(twice.code(), "CONFLICT");

        let much = record(&scene, &scene.cashier, "COST", "900.01", "item-0002").await.ok();
        assert_eq!(approve(&scene.finance, &item(&much), "yes-0003").await.code(), "CONFLICT");
        let cost = record(&scene, &scene.cashier, "COST", "150", "item-0003").await.ok();
        approve(&scene.director, &item(&cost), "yes-0004").await.ok();
        let large = record(&scene, &scene.cashier, "INCOME", "1000.01", "item-0004").await.ok();
        let over = approve(&scene.director, &item(&large), "yes-0005").await;
        assert_eq!(over.code(), "FORBIDDEN");
        let document = "mutation($input: RejectCommonItemInput!) { rejectCommonItem(input: $input) { commonItem { state decision } } }";
        let input =
            json!({ "id": item(&large), "reason": "合同不符", "idempotencyKey": "no-00001" });
        let gone = scene.finance.send("billing", document, json!({ "input": input })).await.ok();
        assert_eq!(gone["rejectCommonItem"]["commonItem"]["state"], "REJECTED");

        let query = "commonIncome(estateId: $estate, from: \"2026-07\", to: \"2026-07\") \
                     { opening { amount } sources { direction source amount { amount } } closing { amount } } \
                     trialBalance(estateId: $estate, on: \"2026-07-31\") { rows { code debit { amount } credit { amount } } }";
        let seen = ask(&scene, &scene.finance, query).await.ok();
        assert_eq!(
            seen["commonIncome"],
            json!({ "opening": { "amount": "0.00" }, "closing": { "amount": "750.00" }, "sources": [
                { "direction": "COST", "source": "电梯维护", "amount": { "amount": "150.00" } },
                { "direction": "INCOME", "source": "电梯广告", "amount": { "amount": "900.00" } },
            ] })
        );
        assert_eq!(
            seen["trialBalance"]["rows"],
            json!([
                { "code": "1002", "debit": { "amount": "750.00" }, "credit": null },
                { "code": "2242", "debit": null, "credit": { "amount": "750.00" } },
            ])
        );
    });
}

#[test]
fn the_fund_is_used_as_voted_and_never_touches_the_books() {
    run(async {
        let scene = scene().await;
        let first =
            json!({ "kind": "FIRST_DEPOSIT", "amount": "1000", "idempotencyKey": "fund-0001" });
        let done = fund(&scene, first.clone()).await.ok();
        assert_eq!(done["recordFund"]["fund"]["low"], false);
        assert_eq!(fund(&scene, first).await.ok(), done);
        let unvoted =
            fund(&scene, json!({ "kind": "USE", "amount": "1", "idempotencyKey": "fund-0002" }));
        assert_eq!(unvoted.await.field(), "applicationId");
        let failed = vote(&scene, 60, 30, "vote-0001").await;
        assert_eq!(failed["passed"], false);
        let spend = |application: &Value, amount: &str, key: &str| {
            json!({ "kind": "USE", "amount": amount, "applicationId": application["id"],
                "idempotencyKey": key })
        };
        let refused = fund(&scene, spend(&failed, "1", "fund-0003")).await;
        assert_eq!(refused.code(), "CONFLICT");
        let passed = vote(&scene, 60, 31, "vote-0002").await;
        assert_eq!(passed["passed"], true);
        let too_much = fund(&scene, spend(&passed, "800.01", "fund-0004")).await;
        assert_eq!(too_much.code(), "CONFLICT");
        let done = fund(&scene, spend(&passed, "700.01", "fund-0005")).await.ok();
        let left = &done["recordFund"]["fund"];
        assert_eq!((&left["balance"]["amount"], &left["low"]), (&json!("299.99"), &json!(true)));
        let rest = fund(&scene, spend(&passed, "100.00", "fund-0006")).await;
        assert_eq!(rest.code(), "CONFLICT");
        let wrong =
            json!({ "kind": "CORRECTION", "amount": "-300", "idempotencyKey": "fund-0007" });
        assert_eq!(fund(&scene, wrong).await.code(), "CONFLICT");
        let late = json!({ "kind": "TOP_UP", "amount": "1", "day": "2026-08-01", "idempotencyKey": "fund-0008" });
        assert_eq!(fund(&scene, late).await.field(), "day");
        let query = "ledgerEntries(estateId: $estate) { nodes { id } } \
                     fundRecords(estateId: $estate) { nodes { kind } } maintenanceFund(estateId: $estate) { low }";
        let seen = ask(&scene, &scene.finance, query).await.ok();
        assert_eq!(seen["ledgerEntries"]["nodes"], json!([]));
        assert_eq!(seen["fundRecords"]["nodes"].as_array().unwrap().len(), 2);

        // An application of another estate is not there.
        let elsewhere = scene.company.estate("NTH", "北苑").await;
        let admin = scene.company.staff("CFIN", None).await;
        let document =
            "mutation($input: RecordFundInput!) { recordFund(input: $input) { record { id } } }";
        let input = json!({ "estateId": elsewhere.to_string(), "day": "2026-07-31", "kind": "USE",
            "amount": "1", "document": "x", "applicationId": passed["id"], "idempotencyKey": "fund-0009" });
        let hidden = admin.send("billing", document, json!({ "input": input })).await;
        assert_eq!(hidden.code(), "NOT_FOUND");
    });
}

async fn publish(scene: &Scene, who: &Signed, key: &str) -> Answer {
    let document = "mutation($input: PublishDisclosureInput!) { publishDisclosure(input: $input) { disclosure { id version sheet { \
        rates { code priceEn } commonIncome { opening { amount } income { name amount { amount } } cost { name } closing { amount } } \
        fund { added { name amount { amount } } uses { name } closing { amount } low } } } } }";
    let input = json!({ "estateId": scene.estate.to_string(), "from": "2026-07", "to": "2026-07",
        "idempotencyKey": key });
    who.send("billing", document, json!({ "input": input })).await
}

/// The first of two versions is on paper as it was published, for whoever reads it; the next has what
/// came later.
async fn on_paper(scene: &Scene, committee: &Signed, (paper, next): (&Value, &Value)) {
    let world = &scene.stage.world;
    let (made, pdf) = printed(&scene.director, world, "printDisclosure", paper.clone()).await;
    assert_eq!(made["number"], "FCH-GS-202607-000001");
    let parts = ["公示", "电梯广告", "900.00", "首期交存", "1,000.00", "第1页/共1页"];
    assert_says(&pdf, &parts);
    for reader in [committee, &scene.owner] {
        let (same, again) = printed(reader, world, "printDisclosure", paper.clone()).await;
        assert_eq!(same["code"], made["code"]);
        assert!(again == pdf, "the same bytes");
    }
    let next = json!({ "disclosureId": next, "language": "EN" });
    let (_, pdf) = printed(committee, world, "printDisclosure", next).await;
    assert_says(&pdf, &["Version", "2", "电梯维护", "150.00", "750.00", "First deposits"]);
    let (_, seen) = verified(world, made["code"].as_str().unwrap()).await;
    assert_eq!((&seen["amount"], &seen["void"]), (&json!("1900.00"), &json!(false)));
}

#[test]
fn a_disclosure_stays_as_published_and_is_read_by_owners_and_their_committee() {
    run(async {
        let (scene, debt) = july().await;
        let made = record(&scene, &scene.cashier, "INCOME", "900", "item-0001").await.ok();
        approve(&scene.director, &item(&made), "yes-0001").await.ok();
        fund(
            &scene,
            json!({ "kind": "FIRST_DEPOSIT", "amount": "1000", "idempotencyKey": "fund-0001" }),
        )
        .await
        .ok();
        assert_eq!(publish(&scene, &scene.finance, "show-0001").await.code(), "FORBIDDEN");
        let first = publish(&scene, &scene.director, "show-0001").await.ok();
        assert_eq!(publish(&scene, &scene.director, "show-0001").await.ok(), first);
        let shown = &first["publishDisclosure"]["disclosure"];
        assert_eq!(shown["version"], 1);
        assert_eq!(shown["sheet"]["commonIncome"]["closing"]["amount"], "900.00");
        assert_eq!(
            shown["sheet"]["fund"]["added"],
            json!([{ "name": "FIRST_DEPOSIT", "amount": { "amount": "1000.00" } }])
        );
        // What happens later is in the next version alone.
        scene.later(1);
        let cost = record(&scene, &scene.cashier, "COST", "150", "item-0002").await.ok();
        approve(&scene.director, &item(&cost), "yes-0002").await.ok();
        let second = publish(&scene, &scene.director, "show-0002").await.ok();
        assert_eq!(second["publishDisclosure"]["disclosure"]["version"], 2);

        let query = "disclosures(estateId: $estate) { nodes { version sheet { commonIncome { closing { amount } } } } }";
        let committee = scene.company.staff("OC", scene.estate).await;
        for reader in [&committee, &scene.owner, &scene.desk] {
            let seen = ask(&scene, reader, query).await.ok()["disclosures"]["nodes"].take();
            let closing = |n: usize| &seen[n]["sheet"]["commonIncome"]["closing"]["amount"];
            assert_eq!((closing(0), closing(1)), (&json!("750.00"), &json!("900.00")));
        }
        let paper = json!({ "disclosureId": shown["id"], "language": "ZH" });
        on_paper(&scene, &committee, (&paper, &second["publishDisclosure"]["disclosure"]["id"]))
            .await;
        // The committee sees what is the owners', and no household.
        let owners = "commonIncome(estateId: $estate, from: \"2026-07\", to: \"2026-07\") { closing { amount } } \
                      maintenanceFund(estateId: $estate) { balance { amount } }";
        ask(&scene, &committee, owners).await.ok();
        let account = "query($id: ID!) { billingAccount(id: $id) { balance { amount } } }";
        let hidden = committee.send("billing", account, json!({ "id": debt.account })).await;
        assert_eq!(hidden.code(), "NOT_FOUND");
        let bill = "query($id: ID!) { bill(id: $id) { total { amount } } }";
        let hidden = committee.send("billing", bill, json!({ "id": debt.bill })).await;
        assert_eq!(hidden.code(), "NOT_FOUND");

        let neighbour = scene.company.resident(scene.stage.world.clock.uuid()).await;
        let elsewhere = scene.company.estate("NTH", "北苑").await;
        let strangers = [
            neighbour,
            scene.company.staff("DIR", elsewhere).await,
            scene.stage.world.company().staff("CFIN", None).await,
        ];
        let one = "query($id: ID!) { disclosure(id: $id) { version } }";
        for stranger in &strangers {
            assert_eq!(ask(&scene, stranger, query).await.code(), "NOT_FOUND");
            assert_eq!(ask(&scene, stranger, owners).await.code(), "NOT_FOUND");
            let answer = stranger.send("billing", one, json!({ "id": shown["id"] })).await;
            assert_eq!(answer.code(), "NOT_FOUND");
            assert_eq!(publish(&scene, stranger, "show-0003").await.code(), "NOT_FOUND");
            assert_eq!(issue(stranger, "printDisclosure", paper.clone()).await.code(), "NOT_FOUND");
            let answer = record(&scene, stranger, "COST", "1", "item-0009").await;
            assert_eq!(answer.code(), "NOT_FOUND");
            assert_eq!(approve(stranger, &item(&made), "yes-0009").await.code(), "NOT_FOUND");
        }
        assert_eq!(ask(&scene, &scene.owner, owners).await.code(), "NOT_FOUND");
    });
}

#[test]
fn no_sql_by_hand_changes_what_owners_were_told() {
    run(async {
        let scene = scene().await;
        fund(
            &scene,
            json!({ "kind": "FIRST_DEPOSIT", "amount": "1000", "idempotencyKey": "fund-0001" }),
        )
        .await
        .ok();
        vote(&scene, 60, 31, "vote-0001").await;
        publish(&scene, &scene.director, "show-0001").await.ok();
        let connection = by_hand(&scene).await;
        for table in ["fund_records", "fund_applications", "disclosures"] {
            for sql in [
                format!("UPDATE {table} SET estate_id = estate_id"),
                format!("DELETE FROM {table}"),
            ] {
                assert!(connection.execute_unprepared(&sql).await.is_err(), "{sql}");
            }
        }
        connection.close().await.unwrap();
    });
}
