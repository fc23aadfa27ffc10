//! Waivers through the graph: two people, limits, and the way back.

use crate::{
    late_fees::tests::{late_fees, owing, owners},
    testing::Stage,
};
use authz::Grant;
use contracts::UnitId;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

/// The owner's bill of June, 185.74, 46 days late with a late fee of 4.27.
struct Debt {
    stage: Stage,
    unit: UnitId,
    owner: Signed,
    desk: Signed,
    supervisor: Signed,
    bill: Value,
}

impl Debt {
    async fn new() -> Self {
        let (stage, unit, owner) = owing().await;
        late_fees(&stage, json!({})).await;
        let bill = owners(&stage, unit).await.remove(0);
        Self {
            unit,
            owner: stage.company.resident(owner.as_uuid()).await,
            desk: stage.company.staff("DESK", stage.estate).await,
            supervisor: stage.company.staff("SUP", stage.estate).await,
            bill,
            stage,
        }
    }

    async fn ask(&self, who: &Signed, of: &str, amount: &str, key: &str) -> Answer {
        let text = "mutation($input: RequestWaiverInput!) { requestWaiver(input: $input) \
                    { waiver { id status account { name } } } }";
        let input = json!({ "billId": self.bill["id"], "of": of, "amount": amount,
            "reason": "漏水维修延误", "evidence": "工单 T-7", "idempotencyKey": key });
        who.send("billing", text, json!({ "input": input })).await
    }

    async fn asked(&self, of: &str, amount: &str) -> Value {
        let key = self.stage.id().to_string();
        let asked = self.ask(&self.desk, of, amount, &key).await.ok();
        asked["requestWaiver"]["waiver"]["id"].clone()
    }

    async fn approve(&self, who: &Signed, waiver: &Value) -> Answer {
        let text = "mutation($input: ApproveWaiverInput!) { approveWaiver(input: $input) { waiver { status } } }";
        let input = json!({ "waiverId": waiver, "idempotencyKey": self.stage.id().to_string() });
        who.send("billing", text, json!({ "input": input })).await
    }

    /// Rejects, withdraws or reverses.
    async fn act(&self, who: &Signed, verb: &str, waiver: &Value, reason: &str) -> Answer {
        let kind = format!("{}{}", verb[..1].to_uppercase(), &verb[1..]);
        let text = format!(
            "mutation($input: {kind}WaiverInput!) {{ {verb}Waiver(input: $input) {{ waiver {{ status decision }} }} }}"
        );
        let input = json!({ "waiverId": waiver, "reason": reason,
            "idempotencyKey": self.stage.id().to_string() });
        who.send("billing", &text, json!({ "input": input })).await
    }

    /// Principal, late fee and what is waived of the principal, as the owner sees it.
    async fn owed(&self) -> (String, String, String) {
        let text = "query($id: ID!) { bill(id: $id) { waived { amount } \
                    amountDue { principal { amount } lateFee { amount } } } }";
        let seen = self.owner.send("billing", text, json!({ "id": self.bill["id"] })).await.ok();
        let (bill, amount) =
            (&seen["bill"], |it: &Value| it["amount"].as_str().unwrap().to_owned());
        let due = &bill["amountDue"];
        (amount(&due["principal"]), amount(&due["lateFee"]), amount(&bill["waived"]))
    }

    async fn agrees(&self) {
        let ask = "verifyLedger(estateId: $estate) { agrees }";
        let seen = self.stage.ask(&self.stage.finance, ask).await.ok();
        assert_eq!(seen["verifyLedger"]["agrees"], true);
    }
}

fn three(principal: &str, late_fee: &str, waived: &str) -> (String, String, String) {
    (principal.to_owned(), late_fee.to_owned(), waived.to_owned())
}

#[test]
fn principal_and_late_fee_are_waived_and_owed_again() {
    run(async {
        let debt = Debt::new().await;
        assert_eq!(debt.owed().await, three("185.74", "4.27", "0.00"));
        let principal = debt.asked("PRINCIPAL", "85.74").await;
        let late_fee = debt.asked("LATE_FEE", "4.00").await;
        assert_eq!(debt.owed().await, three("185.74", "4.27", "0.00"));
        debt.approve(&debt.supervisor, &principal).await.ok();
        debt.approve(&debt.supervisor, &late_fee).await.ok();
        assert_eq!(debt.owed().await, three("100.00", "0.27", "85.74"));
        debt.agrees().await;
        let again = debt.approve(&debt.supervisor, &principal).await;
        assert_eq!(again.code(), "CONFLICT");
        let undone = debt.act(&debt.supervisor, "reverse", &principal, "证据不足").await.ok();
        assert_eq!(undone["reverseWaiver"]["waiver"]["status"], "REVERSED");
        debt.act(&debt.supervisor, "reverse", &late_fee, "证据不足").await.ok();
        assert_eq!(debt.owed().await, three("185.74", "4.27", "0.00"));
        let twice = debt.act(&debt.supervisor, "reverse", &late_fee, "证据不足").await;
        assert_eq!(twice.code(), "CONFLICT");
        debt.agrees().await;
    });
}

#[test]
fn a_limit_ends_the_right_and_is_not_passed_in_parts() {
    run(async {
        let debt = Debt::new().await;
        let big = debt.asked("PRINCIPAL", "100.01").await;
        let refused = debt.approve(&debt.supervisor, &big).await;
        assert_eq!(
            (refused.code(), refused.message()),
            ("FORBIDDEN", "the permission `waiver.approve` ends at 100.00")
        );
        let (first, second) =
            (debt.asked("PRINCIPAL", "60.00").await, debt.asked("LATE_FEE", "4.27").await);
        debt.approve(&debt.supervisor, &first).await.ok();
        debt.approve(&debt.supervisor, &second).await.ok();
        let third = debt.asked("PRINCIPAL", "20.00").await;
        debt.act(&debt.desk, "withdraw", &third, "重新计算").await.ok();
        let third = debt.asked("PRINCIPAL", "25.73").await;
        debt.approve(&debt.stage.director, &third).await.ok();
        // Only what is left is asked for: the big request still speaks for 100.01.
        let over = debt.ask(&debt.desk, "PRINCIPAL", "0.01", "waive-0001").await;
        assert_eq!((over.code(), over.field()), ("INVALID", "amount"));
        debt.approve(&debt.stage.finance, &big).await.ok();
        assert_eq!(debt.owed().await, three("0.00", "0.00", "185.74"));
        debt.agrees().await;
    });
}

#[test]
fn neither_who_asks_nor_who_took_money_grants() {
    run(async {
        let debt = Debt::new().await;
        let cashier = debt.stage.company.staff("CASH", debt.stage.estate).await;
        let text =
            "mutation($input: TakePaymentInput!) { takePayment(input: $input) { payment { id } } }";
        let input = json!({ "accountId": debt.bill["account"]["id"], "amount": "10.00",
            "till": "CASH", "idempotencyKey": "take-0001" });
        cashier.send("billing", text, json!({ "input": input })).await.ok();
        let waiver = debt.asked("PRINCIPAL", "1.00").await;
        let users = [cashier.user, debt.desk.user].map(authz::UserId::as_uuid);
        let company = &debt.stage.company;
        company
            .change_policy(|policy| {
                policy.grants.extend(users.map(|user| Grant {
                    user,
                    role: "CFIN".to_owned(),
                    estate: None,
                    zone: Vec::new(),
                }));
            })
            .await;
        for who in [&cashier, &debt.desk] {
            assert_eq!(debt.approve(who, &waiver).await.code(), "FORBIDDEN");
            assert_eq!(debt.act(who, "reject", &waiver, "不同意").await.code(), "FORBIDDEN");
        }
        debt.approve(&debt.supervisor, &waiver).await.ok();
    });
}

#[test]
fn who_sees_asks_and_finds_what() {
    run(async {
        let debt = Debt::new().await;
        let own = debt.ask(&debt.owner, "PRINCIPAL", "50.00", "waive-0001").await.ok();
        let waiver = own["requestWaiver"]["waiver"]["id"].clone();
        assert_eq!(own, debt.ask(&debt.owner, "PRINCIPAL", "50.00", "waive-0001").await.ok());
        let other = debt.ask(&debt.owner, "PRINCIPAL", "51.00", "waive-0001").await;
        assert_eq!(other.code(), "IDEMPOTENCY_MISMATCH");
        for (of, amount, field) in [("PRINCIPAL", "0", "amount"), ("LATE_FEE", "4.28", "amount")] {
            let wrong = debt.ask(&debt.desk, of, amount, "waive-0002").await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        let nameless = debt.act(&debt.stage.director, "reject", &waiver, " ").await;
        assert_eq!((nameless.code(), nameless.field()), ("INVALID", "reason"));
        assert_eq!(
            debt.ask(&debt.supervisor, "PRINCIPAL", "1", "waive-0003").await.code(),
            "FORBIDDEN"
        );
        let list = "query($id: ID!, $bill: ID, $status: WaiverStatus, $of: BillPart) { \
                    waivers(estateId: $id, billId: $bill, status: $status, of: $of) { nodes { id } } }";
        let estate = debt.stage.estate.to_string();
        let ask = |more: Value| {
            let mut all = json!({ "id": estate, "bill": debt.bill["id"] });
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            all
        };
        let found = |answer: Value| answer["waivers"]["nodes"].as_array().unwrap().len();
        for (more, count) in [
            (json!({}), 1),
            (json!({ "status": "REQUESTED", "of": "PRINCIPAL" }), 1),
            (json!({ "status": "GRANTED" }), 0),
            (json!({ "of": "LATE_FEE" }), 0),
        ] {
            let seen = debt.stage.director.send("billing", list, ask(more)).await.ok();
            assert_eq!(found(seen), count);
        }
        assert_eq!(found(debt.owner.send("billing", list, json!({ "id": estate })).await.ok()), 1);
        let on_bill = "query($id: ID!) { bill(id: $id) { waivers { id status evidence } } }";
        let seen = debt.owner.send("billing", on_bill, json!({ "id": debt.bill["id"] })).await.ok();
        assert_eq!(seen["bill"]["waivers"][0]["status"], "REQUESTED");
        let neighbour = debt.stage.company.resident(debt.stage.id()).await;
        let strangers = Stage::in_world(&debt.stage.company.world).await;
        let far = strangers.company.resident(debt.stage.id()).await;
        let one = "query($id: ID!) { waiver(id: $id) { id } }";
        for who in [&neighbour, &strangers.finance, &far] {
            assert_eq!(who.send("billing", list, ask(json!({}))).await.code(), "NOT_FOUND");
            assert_eq!(who.send("billing", one, json!({ "id": waiver })).await.code(), "NOT_FOUND");
            assert_eq!(debt.approve(who, &waiver).await.code(), "NOT_FOUND");
            let asked = debt.ask(who, "PRINCIPAL", "1", "waive-0009").await;
            assert_eq!(asked.code(), "NOT_FOUND");
        }
        let engineer = debt.stage.company.staff("ENG", debt.stage.estate).await;
        assert_eq!(debt.approve(&engineer, &waiver).await.code(), "NOT_FOUND");
    });
}

#[test]
fn a_voided_bill_takes_its_waivers_along() {
    run(async {
        let debt = Debt::new().await;
        let (granted, waiting) =
            (debt.asked("PRINCIPAL", "10.00").await, debt.asked("LATE_FEE", "1.00").await);
        debt.approve(&debt.supervisor, &granted).await.ok();
        debt.stage.void(&debt.stage.finance, &debt.bill["id"], "面积登记错误").await.ok();
        let text = "query($id: ID!) { bill(id: $id) { waivers { id status } amountDue { total { amount } } } }";
        let seen = debt.owner.send("billing", text, json!({ "id": debt.bill["id"] })).await.ok();
        let waivers = seen["bill"]["waivers"].as_array().unwrap();
        let status =
            |id: &Value| waivers.iter().find(|it| it["id"] == *id).unwrap()["status"].clone();
        assert_eq!((status(&granted), status(&waiting)), (json!("REVERSED"), json!("WITHDRAWN")));
        assert_eq!(seen["bill"]["amountDue"]["total"]["amount"], "0.00");
        let late = debt.ask(&debt.desk, "PRINCIPAL", "1", "waive-0009").await;
        assert_eq!(late.code(), "CONFLICT");
        let seen = debt.stage.unit(&debt.owner, debt.unit, "balance { amount }").await.ok();
        assert_eq!(seen["_entities"][0]["balance"]["amount"], "278.62");
        debt.agrees().await;
    });
}
