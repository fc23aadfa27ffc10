//! Bills through the graph: seen by whom, voided and issued again.

use crate::testing::{Stage, member};
use contracts::{UnitId, residents::MemberKind};
use serde_json::{Value, json};
use testkit::run;

async fn june() -> (Stage, UnitId, Value) {
    let stage = Stage::new().await;
    let (unit, ..) = stage.scenario_1().await;
    stage.property_fee().await;
    stage.run("2026-06").await;
    let bills = stage.bills(unit).await;
    let owner = bills.into_iter().find(|bill| bill["account"]["name"] == "王*").unwrap();
    (stage, unit, owner)
}

#[test]
fn a_wrong_bill_is_voided_and_issued_again_with_another_area() {
    run(async {
        let (stage, unit, bill) = june().await;
        let voided = stage.void(&stage.finance, &bill["id"], "面积登记错误").await.ok();
        assert_eq!(voided["voidBill"]["bill"]["status"], "VOIDED");
        let again = stage.void(&stage.finance, &bill["id"], "又一次").await;
        assert_eq!(again.code(), "CONFLICT");
        // A repeated run does not bring it back; only the re-issue does, once.
        assert_eq!(stage.run("2026-06").await["bills"], 0);
        let issued = stage.reissue(&bill["id"]).await.ok();
        let issued = &issued["reissueBill"]["bill"];
        assert_eq!(issued["total"]["amount"], "185.74");
        assert_eq!(
            (&issued["replacesId"], &issued["lines"][0]["revision"]),
            (&bill["id"], &json!(1))
        );
        assert_eq!(stage.reissue(&bill["id"]).await.code(), "CONFLICT");
        assert_eq!(stage.run("2026-06").await["bills"], 0);
        // Voided once more and issued once more: the revision rises again.
        stage.void(&stage.finance, &issued["id"], "再次").await.ok();
        let third = stage.reissue(&issued["id"]).await.ok();
        assert_eq!(third["reissueBill"]["bill"]["lines"][0]["revision"], 2);
        let seen = stage.unit(&stage.finance, unit, "balance { amount }").await.ok();
        assert_eq!(seen["_entities"][0]["balance"]["amount"], "278.62");
        assert_eq!(stage.reissue(&third["reissueBill"]["bill"]["id"]).await.code(), "CONFLICT");
    });
}

#[test]
fn voiding_ends_at_ones_limit_and_at_what_is_paid() {
    run(async {
        let (stage, _, bill) = june().await;
        let supervisor = stage.company.staff("SUP", stage.estate).await;
        let refused = stage.void(&supervisor, &bill["id"], "超过权限").await;
        assert_eq!(
            (refused.code(), refused.message()),
            ("FORBIDDEN", "the permission `bill.void` ends at 100.00")
        );
        let desk = stage.company.staff("DESK", stage.estate).await;
        assert_eq!(stage.void(&desk, &bill["id"], "无权").await.code(), "FORBIDDEN");
        let empty = stage.void(&stage.director, &bill["id"], " ").await;
        assert_eq!((empty.code(), empty.field()), ("INVALID", "reason"));
        stage.pay(&bill["id"], &bill["account"]["id"], 10_000).await;
        let paid = stage.void(&stage.director, &bill["id"], "已付").await;
        assert_eq!(
            (paid.code(), paid.message()),
            ("CONFLICT", "100.00 of the bill is paid: refund it first")
        );
    });
}

#[test]
fn what_was_paid_ahead_meets_the_next_bill_and_comes_back_when_it_is_voided() {
    run(async {
        let (stage, unit, bill) = june().await;
        let account = bill["account"]["id"].as_str().unwrap();
        stage.prepay(account, 30_000).await;
        stage.run("2026-07").await;
        let bills = stage.bills(unit).await;
        // June, the older one, is settled whole; July gets the rest of 114.26.
        let june = bills.iter().find(|it| it["id"] == bill["id"]).unwrap();
        assert_eq!(
            (&june["status"], &june["settled"]["amount"]),
            (&json!("PAID"), &json!("185.74"))
        );
        let july = stage.bill_from(unit, "2026-07").await;
        assert_eq!(july["settled"]["amount"], "114.26");
        assert_eq!(july["outstanding"]["amount"], "164.36");
        stage.void(&stage.finance, &july["id"], "错误").await.ok();
        let text = "query($id: ID!) { billingAccount(id: $id) { prepayment { amount } balance { amount } } }";
        let seen = stage.finance.send("billing", text, json!({ "id": account })).await.ok();
        assert_eq!(
            seen["billingAccount"],
            json!({ "prepayment": { "amount": "114.26" }, "balance": { "amount": "-114.26" } })
        );
        // The re-issue takes it again.
        stage.reissue(&july["id"]).await.ok();
        let again = stage.bill_from(unit, "2026-07").await;
        assert_eq!(again["outstanding"]["amount"], "164.36");
        let verified =
            stage.ask(&stage.finance, "verifyLedger(estateId: $estate) { agrees }").await;
        assert_eq!(verified.ok()["verifyLedger"]["agrees"], true);
    });
}

#[test]
fn a_corrected_name_reaches_the_account_and_staff_see_it_masked() {
    run(async {
        let stage = Stage::new().await;
        let (unit, developer, owner) = stage.scenario_1().await;
        stage.property_fee().await;
        stage.run("2026-06").await;
        let from = "2026-06-11";
        let mut members = vec![member(owner, "汪芳", MemberKind::Owner, from, None)];
        let until = Some("2026-06-10");
        members.push(member(developer, "翠湖置业", MemberKind::Developer, "2026-01-01", until));
        stage.members(vec![(unit, members)]).await;
        let mut seen: Vec<_> = stage.bills(unit).await.iter().map(name).collect();
        seen.sort();
        assert_eq!(seen, ["汪*", "翠湖置业"]);
        let resident = stage.company.resident(owner.as_uuid()).await;
        let own = resident.send("billing", "{ myAccounts { name } }", json!({})).await.ok();
        assert_eq!(own["myAccounts"], json!([{ "name": "汪芳" }]));
    });
}

fn name(bill: &Value) -> String {
    bill["account"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn a_bill_is_seen_by_its_debtor_and_by_those_in_charge_alone() {
    run(async {
        let stage = Stage::new().await;
        let (unit, developer, owner) = stage.scenario_1().await;
        stage.property_fee().await;
        stage.run("2026-06").await;
        let bills = stage.bills(unit).await;
        let mine = bills.iter().find(|bill| bill["account"]["name"] == "王*").unwrap();
        let text = "query($id: ID!) { bill(id: $id) { total { amount } status } }";
        let id = json!({ "id": mine["id"] });
        let resident = stage.company.resident(owner.as_uuid()).await;
        let seen = resident.send("billing", text, id.clone()).await.ok();
        assert_eq!(seen["bill"]["total"]["amount"], "185.74");
        let neighbour = stage.company.resident(developer.as_uuid()).await;
        assert_eq!(neighbour.send("billing", text, id.clone()).await.code(), "NOT_FOUND");
        let engineer = stage.company.staff("ENG", stage.estate).await;
        assert_eq!(engineer.send("billing", text, id.clone()).await.code(), "NOT_FOUND");
        let zone = vec![stage.id()];
        let officer = stage.company.staff_in_zone("PO", stage.estate, zone).await;
        assert_eq!(officer.send("billing", text, id.clone()).await.code(), "NOT_FOUND");
        let strangers = Stage::new().await;
        let foreign = strangers.finance.send("billing", text, id).await;
        let missing = json!({ "id": "bil_01900000000070008000000000000000" });
        let missing = strangers.finance.send("billing", text, missing).await;
        assert_eq!((foreign.code(), &foreign.errors), ("NOT_FOUND", &missing.errors));
        let malformed = strangers.finance.send("billing", text, json!({ "id": "1" })).await;
        assert_eq!((malformed.code(), malformed.field()), ("INVALID", "id"));

        let own = stage.ask(&resident, "myBills(estateId: $estate) { edges { node { total { amount } } } } myAccounts { name balance { amount } }").await.ok();
        assert_eq!(own["myBills"]["edges"].as_array().unwrap().len(), 1);
        assert_eq!(
            own["myAccounts"],
            json!([{ "name": "王芳", "balance": { "amount": "185.74" } }])
        );
        let of_unit = stage
            .unit(&resident, unit, "balance { amount } bills { edges { node { id } } }")
            .await
            .ok();
        assert_eq!(of_unit["_entities"][0]["balance"]["amount"], "185.74");
        assert_eq!(of_unit["_entities"][0]["bills"]["edges"].as_array().unwrap().len(), 1);
        assert_eq!(stage.unit(&engineer, unit, "balance { amount }").await.code(), "NOT_FOUND");
    });
}
