//! Giving money back, with a second person and through the payment's own channel.

use crate::stage::{Scene, scene};
use authz::Grant;
use fake_stripe::{Fault, Kind};
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::{Answer, eventually, run};

const REFUNDING: &str = "POST /v1/refunds";

fn payment_of(data: &Value) -> String {
    data["takePayment"]["payment"]["id"].as_str().unwrap().to_owned()
}

fn refund_of(data: &Value) -> String {
    data["requestRefund"]["refund"]["id"].as_str().unwrap().to_owned()
}

/// A payment of 835.86 by cash, taken by the cashier.
async fn taken(scene: &Scene) -> (crate::stage::Debt, String) {
    let debt = scene.owes("card-1", 83_586).await;
    let paid = scene.take(&scene.cashier, &debt.account, "835.86", "key-0001").await.ok();
    (debt, payment_of(&paid))
}

/// A payment of 835.86 made online.
async fn paid_online(scene: &Scene) -> (crate::stage::Debt, String, String) {
    let account = scene.connect().await;
    let (debt, payment) = scene.begun("card-1", 83_586).await;
    scene.stage.stripe.pay(&scene.page(&account), "card").unwrap();
    scene.becomes(&payment, "SUCCEEDED").await;
    (debt, payment, account)
}

async fn refund_becomes(scene: &Scene, refund: &str, status: &str) -> Value {
    let document = "query($id: ID!) { refund(id: $id) { status failure receipts { number } } }";
    let seen = || async {
        scene.finance.send("billing", document, json!({ "id": refund })).await.ok()["refund"].take()
    };
    eventually(&format!("{refund} is {status}"), || async { seen().await["status"] == status })
        .await;
    seen().await
}

#[test]
fn counter_money_is_paid_out_in_parts_and_owed_again() {
    run(async {
        let scene = scene().await;
        let (debt, payment) = taken(&scene).await;
        let first =
            refund_of(&scene.ask_refund(&scene.desk, &payment, "100", "key-0002").await.ok());
        let done = scene.approve(&scene.director, &first, "key-0003").await.ok();
        let refund = &done["approveRefund"]["refund"];
        assert_eq!(refund["status"], "SUCCEEDED");
        assert_eq!(refund["receipts"][0]["number"], "FCH-TK-202607-000001");
        assert_eq!(scene.payment(&payment).await["status"], "PARTLY_REFUNDED");
        assert_eq!(scene.open_of(&debt.bill).await, 10_000);
        let rest = scene.ask_refund(&scene.owner, &payment, "735.86", "key-0004").await.ok();
        scene.approve(&scene.finance, &refund_of(&rest), "key-0005").await.ok();
        let seen = scene.payment(&payment).await;
        assert_eq!(
            (&seen["status"], &seen["refunded"]["amount"]),
            (&json!("REFUNDED"), &json!("835.86"))
        );
        assert_eq!(scene.open_of(&debt.bill).await, 83_586);
    });
}

#[test]
fn who_decides_sees_whose_money_it_is() {
    run(async {
        let scene = scene().await;
        let (debt, payment) = taken(&scene).await;
        scene.ask_refund(&scene.desk, &payment, "1", "key-0002").await.ok();
        let document = "query($id: ID!) { refunds(estateId: $id, status: REQUESTED) { nodes { account { id unit { id } } } } }";
        let estate = json!({ "id": scene.estate.to_string() });
        let data = scene.finance.send("billing", document, estate).await.ok();
        let account = &data["refunds"]["nodes"][0]["account"];
        assert_eq!(account["id"], debt.account.as_str());
        assert_eq!(account["unit"]["id"], scene.unit.to_string());
    });
}

#[test]
fn no_more_is_promised_than_was_paid() {
    run(async {
        let scene = scene().await;
        let (_, payment) = taken(&scene).await;
        let over = scene.ask_refund(&scene.desk, &payment, "835.87", "key-0002").await;
        assert_eq!((over.code(), over.field()), ("INVALID", "amount"));
        let first = scene.ask_refund(&scene.desk, &payment, "800", "key-0002").await.ok();
        let second = scene.ask_refund(&scene.desk, &payment, "35.87", "key-0003").await;
        assert_eq!((second.code(), second.field()), ("INVALID", "amount"));
        // A rejected request sets its money free again.
        let document = "mutation($input: RejectRefundInput!) { rejectRefund(input: $input) { refund { status } } }";
        let reject = |reason: &str| {
            let refund = refund_of(&first);
            json!({"input": {"refundId": refund, "reason": reason, "idempotencyKey": "key-0004"}})
        };
        let answer = scene.director.send("billing", document, reject(" ")).await;
        assert_eq!(answer.field(), "reason");
        let data = scene.director.send("billing", document, reject("已核实,无需退款")).await.ok();
        assert_eq!(data["rejectRefund"]["refund"]["status"], "REJECTED");
        scene.ask_refund(&scene.desk, &payment, "835.86", "key-0005").await.ok();
        let late = scene.approve(&scene.finance, &refund_of(&first), "key-0006").await;
        assert_eq!(late.code(), "CONFLICT");
    });
}

#[test]
fn neither_the_taker_nor_the_requester_approves() {
    run(async {
        let scene = scene().await;
        let (_, payment) = taken(&scene).await;
        let by_desk =
            refund_of(&scene.ask_refund(&scene.desk, &payment, "1", "key-0002").await.ok());
        let users = [scene.cashier.user, scene.desk.user].map(authz::UserId::as_uuid);
        scene
            .company
            .change_policy(|policy| {
                policy.grants.extend(users.map(|user| Grant {
                    user,
                    role: "CFIN".to_owned(),
                    estate: None,
                    zone: Vec::new(),
                }));
            })
            .await;
        for who in [&scene.cashier, &scene.desk] {
            assert_eq!(scene.approve(who, &by_desk, "key-0003").await.code(), "FORBIDDEN");
        }
        scene.approve(&scene.finance, &by_desk, "key-0003").await.ok();
    });
}

#[test]
fn approving_ends_at_the_limit_and_at_the_estate() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 300_000).await;
        let paid = scene.take(&scene.cashier, &debt.account, "3000", "key-0001").await.ok();
        let payment = payment_of(&paid);
        let big =
            refund_of(&scene.ask_refund(&scene.desk, &payment, "1000.01", "key-0002").await.ok());
        let answer = scene.approve(&scene.director, &big, "key-0003").await;
        assert_eq!(answer.code(), "FORBIDDEN");
        assert!(answer.message().contains("1000.00"), "{}", answer.message());
        assert_eq!(scene.approve(&scene.desk, &big, "key-0003").await.code(), "FORBIDDEN");
        let elsewhere = scene.company.estate("NTH", "北苑").await;
        let stranger = scene.company.staff("DIR", elsewhere).await;
        let neighbour = scene.company.resident(scene.stage.world.clock.uuid()).await;
        assert_eq!(scene.approve(&stranger, &big, "key-0003").await.code(), "NOT_FOUND");
        let answer = scene.ask_refund(&neighbour, &payment, "1", "key-0004").await;
        assert_eq!(answer.code(), "NOT_FOUND");
        scene.approve(&scene.finance, &big, "key-0003").await.ok();
    });
}

#[test]
fn a_limit_is_not_passed_by_paying_back_in_parts() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 300_000).await;
        let paid = scene.take(&scene.cashier, &debt.account, "3000", "key-0001").await.ok();
        let payment = payment_of(&paid);
        let mut refunds = Vec::new();
        for (amount, key) in [("600", "key-0002"), ("400.01", "key-0003"), ("400", "key-0004")] {
            refunds
                .push(refund_of(&scene.ask_refund(&scene.desk, &payment, amount, key).await.ok()));
        }
        scene.approve(&scene.director, &refunds[0], "key-0005").await.ok();
        assert_eq!(
            scene.approve(&scene.director, &refunds[1], "key-0006").await.code(),
            "FORBIDDEN"
        );
        scene.approve(&scene.director, &refunds[2], "key-0007").await.ok();
        scene.approve(&scene.finance, &refunds[1], "key-0008").await.ok();
    });
}

#[test]
fn sixty_four_approvals_with_one_key_pay_out_once() {
    run(async {
        let scene = scene().await;
        let (debt, payment) = taken(&scene).await;
        let refund =
            refund_of(&scene.ask_refund(&scene.desk, &payment, "100", "key-0002").await.ok());
        let all =
            join_all((0..64).map(|_| scene.approve(&scene.finance, &refund, "key-0003"))).await;
        let all: Vec<Value> = all.into_iter().map(Answer::ok).collect();
        assert!(all.iter().all(|answer| *answer == all[0]));
        assert_eq!(scene.open_of(&debt.bill).await, 10_000);
    });
}

#[test]
fn money_paid_ahead_goes_back_first_unless_it_was_used() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let paid = scene.take(&scene.cashier, &debt.account, "1000", "key-0001").await.ok();
        let asked = scene.ask_refund(&scene.desk, &payment_of(&paid), "200", "key-0002").await.ok();
        scene.approve(&scene.finance, &refund_of(&asked), "key-0003").await.ok();
        assert_eq!(scene.ahead(&debt.account).await, 0);
        assert_eq!(scene.open_of(&debt.bill).await, 3_586);
    });
}

#[test]
fn online_money_goes_back_through_the_provider() {
    run(async {
        let scene = scene().await;
        let (debt, payment, account) = paid_online(&scene).await;
        let asked = scene.ask_refund(&scene.owner, &payment, "35.86", "key-0002").await.ok();
        let done = scene.approve(&scene.director, &refund_of(&asked), "key-0003").await.ok();
        assert_ne!(done["approveRefund"]["refund"]["status"], "REQUESTED");
        let seen = refund_becomes(&scene, &refund_of(&asked), "SUCCEEDED").await;
        assert_eq!(seen["receipts"][0]["number"], "FCH-TK-202607-000001");
        assert_eq!(scene.open_of(&debt.bill).await, 3_586);
        let rest = scene.ask_refund(&scene.owner, &payment, "800", "key-0004").await.ok();
        scene.approve(&scene.director, &refund_of(&rest), "key-0005").await.ok();
        refund_becomes(&scene, &refund_of(&rest), "SUCCEEDED").await;
        scene.stage.stripe.wait_idle().await;
        scene.acted_upon().await;
        let seen = scene.payment(&payment).await;
        assert_eq!(seen["status"], "REFUNDED");
        assert_eq!(seen["refunds"].as_array().unwrap().len(), 2);
        assert_eq!(scene.stage.stripe.list(&account, Kind::Refund).len(), 2);
    });
}

#[test]
fn a_refund_without_an_answer_is_found_or_repeated_and_never_doubled() {
    run(async {
        for fault in [
            Fault::TimeoutAfterEffect,
            Fault::DropAfterEffect,
            Fault::TimeoutBeforeEffect,
            Fault::ServerError,
            Fault::RateLimited,
        ] {
            let scene = scene().await;
            let (debt, payment, account) = paid_online(&scene).await;
            scene.stage.stripe.pause(true);
            // None of the payment's announcements looks at the refund.
            scene.stage.stripe.wait_idle().await;
            scene.acted_upon().await;
            scene.stage.stripe.fault(REFUNDING, fault.clone(), 1);
            let asked = scene.ask_refund(&scene.owner, &payment, "35.86", "key-0002").await.ok();
            scene.approve(&scene.director, &refund_of(&asked), "key-0003").await.ok();
            refund_becomes(&scene, &refund_of(&asked), "UNKNOWN").await;
            scene.later(60);
            refund_becomes(&scene, &refund_of(&asked), "SUCCEEDED").await;
            assert_eq!(scene.stage.stripe.list(&account, Kind::Refund).len(), 1, "{fault:?}");
            assert_eq!(scene.open_of(&debt.bill).await, 3_586);
        }
    });
}

#[test]
fn a_refund_that_fails_in_the_end_sets_its_money_free() {
    run(async {
        let scene = scene().await;
        let (debt, payment, account) = paid_online(&scene).await;
        scene.stage.stripe.fault(REFUNDING, Fault::PendingRefund, 1);
        let asked = scene.ask_refund(&scene.owner, &payment, "35.86", "key-0002").await.ok();
        scene.approve(&scene.director, &refund_of(&asked), "key-0003").await.ok();
        eventually("the provider has it", || async {
            !scene.stage.stripe.list(&account, Kind::Refund).is_empty()
        })
        .await;
        let at_provider = scene.stage.stripe.list(&account, Kind::Refund)[0]["id"].clone();
        scene.stage.stripe.finish_refund(at_provider.as_str().unwrap(), false).unwrap();
        scene.later(60);
        let seen = refund_becomes(&scene, &refund_of(&asked), "FAILED").await;
        assert!(seen["failure"].is_string());
        assert_eq!(scene.open_of(&debt.bill).await, 0);
        scene.ask_refund(&scene.owner, &payment, "835.86", "key-0004").await.ok();
    });
}
