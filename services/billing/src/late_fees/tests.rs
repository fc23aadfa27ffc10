//! Scenarios 1 and 7 of the handbook, their money whole, on an advancing clock.

use crate::{
    documents::tests::{assert_says, printed},
    service,
    testing::{Stage, member},
};
use contracts::{
    BuildingId, PersonId, UnitId,
    residents::{MemberKind, UnitUse},
};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Backend, Signed, World, run};

pub(crate) const BILL: &str = "query($id: ID!, $on: NaiveDate) { bill(id: $id) { status \
    outstanding { amount } amountDue { principal { amount } lateFee { amount } total { amount } } \
    lateFee(on: $on) { on quoted { amount } frozen { amount } paid { amount } waived { amount } \
      due { amount } cap { amount } capped wordsEn \
      lines { from to days outstanding { amount } exact } } } }";
const PARTS: &str = "id amount { amount } prepaid { amount } parts { billId of amount { amount } } \
    receipts { amount { amount } lines { text amount { amount } } }";

/// A world of its own that begins at noon in Shanghai.
async fn world(day: &str) -> Arc<World> {
    let now = format!("{day}T04:00:00Z");
    Arc::new(World::start_on(Backend::from_env(), vec![service()], &[], &now).await)
}

/// Unit 3-1-1201 on 31 July, June and July billed and not paid: June since the 15th of June, July
/// since the 15th of July; in a world of its own.
pub(crate) async fn owing() -> (Stage, UnitId, PersonId) {
    let world = world("2026-06-01").await;
    let stage = Stage::in_world(&world).await;
    let (unit, _, owner) = stage.scenario_1().await;
    stage.property_fee().await;
    stage.run("2026-06").await;
    noon(&world, "2026-07-01");
    stage.run("2026-07").await;
    noon(&world, "2026-07-31");
    (stage, unit, owner)
}

/// The owner's bills of [`owing`], June first.
pub(crate) async fn owners(stage: &Stage, unit: UnitId) -> Vec<Value> {
    let mut bills = stage.bills(unit).await;
    bills.retain(|bill| bill["account"]["name"] == "王*");
    bills.sort_by_key(|bill| bill["firstMonth"].as_str().unwrap().to_owned());
    bills
}

fn noon(world: &World, day: &str) {
    world.clock.set(format!("{day}T04:00:00Z").parse().unwrap());
}

/// Sets late-fee terms as finance; the usual ones unless told otherwise.
pub(crate) async fn late_fees(stage: &Stage, more: Value) -> Value {
    let mut input = json!({ "estateId": stage.estate.to_string(), "from": "2026-01-01" });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key] = value.clone();
    }
    let text = "mutation($input: SetLateFeeTermsInput!) { setLateFeeTerms(input: $input) \
                { terms { from dailyRate cap allocation accountId } warnings } }";
    let set = stage.finance.send("billing", text, json!({ "input": input })).await.ok();
    set["setLateFeeTerms"].clone()
}

/// An owner of a quarterly paid home, and what was billed.
struct Home {
    stage: Stage,
    owner: Signed,
    cashier: Signed,
    account: Value,
    bills: Vec<Value>,
}

impl Home {
    /// Unit 8-1-0802 of scenario 7.
    async fn new(world: &Arc<World>) -> Self {
        let stage = Stage::in_world(world).await;
        let building = BuildingId::from_uuid(stage.id());
        let units = [("8-1-0802", "67.41", UnitUse::Residential)];
        let unit = stage.units(building, "8", &units).await[0];
        let person = stage.person();
        let owner = member(person, "李明", MemberKind::Owner, "2025-01-01", None);
        stage.members(vec![(unit, vec![owner])]).await;
        stage.property_fee().await;
        stage.terms(json!({ "cycle": "QUARTER" })).await.ok();
        stage.run("2026-01").await;
        let first = stage.bill_from(unit, "2026-01").await;
        assert_eq!(first["total"]["amount"], "475.23");
        Self {
            owner: stage.company.resident(person.as_uuid()).await,
            cashier: stage.company.staff("CASH", stage.estate).await,
            account: first["account"]["id"].clone(),
            bills: vec![first],
            stage,
        }
    }

    /// Bills the next quarter.
    async fn next(&mut self, month: &str) {
        self.stage.run(month).await;
        let text = "query($id: ID!) { billingAccount(id: $id) { bills(first: 1) { edges { node { id due } } } } }";
        let seen = self.stage.finance.send("billing", text, json!({ "id": self.account })).await;
        self.bills.push(seen.ok()["billingAccount"]["bills"]["edges"][0]["node"].clone());
    }

    async fn bill(&self, number: usize, on: Option<&str>) -> Value {
        let id = json!({ "id": self.bills[number]["id"], "on": on });
        self.owner.send("billing", BILL, id).await.ok()["bill"].clone()
    }

    async fn owed(&self) -> Value {
        let text = "query($id: ID!) { billingAccount(id: $id) { owed { principal { amount } \
                    lateFee { amount } total { amount } } } }";
        let seen = self.owner.send("billing", text, json!({ "id": self.account })).await.ok();
        seen["billingAccount"]["owed"].clone()
    }

    /// Pays at the counter; answers the payment.
    async fn pay(&self, amount: &str, bills: &[&Value]) -> Value {
        let text = format!(
            "mutation($input: TakePaymentInput!) {{ takePayment(input: $input) {{ payment {{ {PARTS} }} }} }}"
        );
        let input = json!({ "accountId": self.account, "amount": amount, "till": "CASH",
            "billIds": bills, "idempotencyKey": self.stage.id().to_string() });
        let paid = self.cashier.send("billing", &text, json!({ "input": input })).await.ok();
        paid["takePayment"]["payment"].clone()
    }

    /// Which part of which quarter got how much.
    fn parts(&self, payment: &Value) -> Vec<(usize, String, String)> {
        let part = |part: &Value| {
            let of = |bill: &Value| bill["id"] == part["billId"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let number = self.bills.iter().position(of).unwrap();
            (number, text(&part["of"]), text(&part["amount"]["amount"]))
        };
        payment["parts"].as_array().unwrap().iter().map(part).collect()
    }

    async fn agrees(&self) {
        let ask = "verifyLedger(estateId: $estate) { agrees }";
        let seen = self.stage.ask(&self.stage.finance, ask).await.ok();
        assert_eq!(seen["verifyLedger"]["agrees"], true);
    }
}

fn part(number: usize, of: &str, amount: &str) -> (usize, String, String) {
    (number, of.to_owned(), amount.to_owned())
}

fn three(principal: &str, late_fee: &str, total: &str) -> Value {
    json!({ "principal": { "amount": principal }, "lateFee": { "amount": late_fee },
        "total": { "amount": total } })
}

#[test]
fn scenario_7_in_both_variants_with_waiver_and_instalments() {
    run(async {
        let world = world("2026-01-01").await;
        let (mut plain, mut named) = (Home::new(&world).await, Home::new(&world).await);
        let mut principal_first = Home::new(&world).await;
        for home in [&plain, &named] {
            let set = late_fees(&home.stage, json!({})).await;
            assert_eq!(set["warnings"], json!([]));
        }
        late_fees(&principal_first.stage, json!({ "allocation": "PRINCIPAL_FIRST" })).await;
        noon(&world, "2026-04-01");
        for home in [&mut plain, &mut named, &mut principal_first] {
            home.next("2026-04").await;
        }
        noon(&world, "2026-06-30");
        statement_of_june(&plain).await;
        without_designation(&plain).await;
        with_designation(&named).await;
        all_principal_first(&principal_first).await;
        noon(&world, "2026-07-31");
        let july = plain.bill(1, None).await;
        let late_fee = &july["lateFee"];
        assert_eq!(late_fee["due"]["amount"], "24.10");
        assert_eq!(late_fee["lines"][1]["exact"], "6.04345");
        assert_eq!(
            late_fee["wordsEn"],
            "475.23 × 0.05% × 76 + 389.90 × 0.05% × 31 = 24.10219, rounded to 24.10"
        );
        waived(&plain).await;
        let plan = in_instalments(&plain).await;
        kept_then_broken(&world, &plain, &plan).await;
    });
}

async fn statement_of_june(home: &Home) {
    let (first, second) = (home.bill(0, None).await, home.bill(1, None).await);
    assert_eq!(first["lateFee"]["quoted"]["amount"], "39.44");
    assert_eq!(first["lateFee"]["lines"][0]["days"], 166);
    assert_eq!(first["lateFee"]["lines"][0]["exact"], "39.44409");
    assert_eq!(second["lateFee"]["quoted"]["amount"], "18.06");
    assert_eq!(second["lateFee"]["lines"][0]["days"], 76);
    assert_eq!(first["amountDue"], three("475.23", "39.44", "514.67"));
    assert_eq!(home.owed().await, three("950.46", "57.50", "1007.96"));
    // Any other day can be asked for.
    let march = home.bill(0, Some("2026-03-15")).await;
    assert_eq!(march["lateFee"]["lines"][0]["days"], 59);
}

async fn without_designation(home: &Home) {
    let paid = home.pay("600.00", &[]).await;
    let expected = [
        part(0, "PRINCIPAL", "475.23"),
        part(0, "LATE_FEE", "39.44"),
        part(1, "PRINCIPAL", "85.33"),
    ];
    assert_eq!(home.parts(&paid), expected);
    let lines = &paid["receipts"][0]["lines"];
    assert_eq!(
        lines[1]["text"],
        "账单 2026-01 至 2026-03 违约金 / Late fee of bill 2026-01 to 2026-03"
    );
    assert_eq!(lines[1]["amount"]["amount"], "39.44");
    assert_eq!(paid["receipts"][0]["amount"]["amount"], "600.00");
    assert_eq!(home.bill(1, None).await["outstanding"]["amount"], "389.90");
    let first = home.bill(0, Some("2026-12-31")).await;
    assert_eq!(first["lateFee"]["frozen"]["amount"], "39.44");
    assert_eq!(first["lateFee"]["due"]["amount"], "0.00");
    home.agrees().await;
}

async fn with_designation(home: &Home) {
    let paid = home.pay("600.00", &[&home.bills[1]["id"]]).await;
    let expected = [
        part(1, "PRINCIPAL", "475.23"),
        part(1, "LATE_FEE", "18.06"),
        part(0, "PRINCIPAL", "106.71"),
    ];
    assert_eq!(home.parts(&paid), expected);
    assert_eq!(home.bill(0, None).await["outstanding"]["amount"], "368.52");
    home.agrees().await;
}

/// A late fee whose principal is paid stays owed, does not grow and is met by the next payment.
async fn all_principal_first(home: &Home) {
    let paid = home.pay("960.00", &[]).await;
    let expected = [
        part(0, "PRINCIPAL", "475.23"),
        part(1, "PRINCIPAL", "475.23"),
        part(0, "LATE_FEE", "9.54"),
    ];
    assert_eq!(home.parts(&paid), expected);
    assert_eq!(home.owed().await, three("0.00", "47.96", "47.96"));
    let later = home.bill(0, Some("2026-12-31")).await;
    assert_eq!(later["lateFee"]["due"]["amount"], "29.90");
    let rest = home.pay("50.00", &[]).await;
    assert_eq!(home.parts(&rest), [part(0, "LATE_FEE", "29.90"), part(1, "LATE_FEE", "18.06")]);
    assert_eq!(rest["prepaid"]["amount"], "2.04");
    home.agrees().await;
}

async fn waived(home: &Home) {
    let desk = home.stage.company.staff("DESK", home.stage.estate).await;
    let supervisor = home.stage.company.staff("SUP", home.stage.estate).await;
    let text =
        "mutation($input: RequestWaiverInput!) { requestWaiver(input: $input) { waiver { id } } }";
    let input = json!({ "billId": home.bills[1]["id"], "of": "LATE_FEE", "amount": "24.10",
        "reason": "霉斑问题已处理", "evidence": "工单 T-1", "idempotencyKey": "waive-0001" });
    let asked = desk.send("billing", text, json!({ "input": input })).await.ok();
    let text = "mutation($input: ApproveWaiverInput!) { approveWaiver(input: $input) { waiver { status } } }";
    let input = json!({ "waiverId": asked["requestWaiver"]["waiver"]["id"], "idempotencyKey": "waive-0002" });
    let granted = supervisor.send("billing", text, json!({ "input": input })).await.ok();
    assert_eq!(granted["approveWaiver"]["waiver"]["status"], "GRANTED");
    let bill = home.bill(1, None).await;
    assert_eq!(bill["lateFee"]["quoted"]["amount"], "24.10");
    assert_eq!(bill["lateFee"]["due"]["amount"], "0.00");
    assert_eq!(bill["amountDue"], three("389.90", "0.00", "389.90"));
    home.agrees().await;
}

async fn in_instalments(home: &Home) -> Value {
    let text = "mutation($input: ProposeInstalmentPlanInput!) { proposeInstalmentPlan(input: $input) \
                { instalmentPlan { id status instalments { due amount { amount } } } } }";
    let input = json!({ "billIds": [home.bills[1]["id"]], "reason": "一次付清有困难",
        "dueDates": ["2026-08-15", "2026-09-15", "2026-10-15"], "idempotencyKey": "plan-0001" });
    let proposed = home.owner.send("billing", text, json!({ "input": input })).await.ok();
    let plan = &proposed["proposeInstalmentPlan"]["instalmentPlan"];
    let amounts = plan["instalments"].as_array().unwrap().iter();
    let amounts: Vec<_> = amounts.map(|it| it["amount"]["amount"].as_str().unwrap()).collect();
    assert_eq!(amounts, ["129.97", "129.97", "129.96"]);
    let text = "mutation($input: ApproveInstalmentPlanInput!) { approveInstalmentPlan(input: $input) \
                { instalmentPlan { status } } }";
    let input = json!({ "planId": plan["id"], "idempotencyKey": "plan-0002" });
    let supervisor = home.stage.company.staff("SUP", home.stage.estate).await;
    let agreed = supervisor.send("billing", text, json!({ "input": input })).await.ok();
    assert_eq!(agreed["approveInstalmentPlan"]["instalmentPlan"]["status"], "AGREED");
    let (world, paper) =
        (&home.stage.company.world, json!({ "planId": plan["id"], "language": "ZH" }));
    let (made, pdf) = printed(&home.owner, world, "printInstalmentAgreement", paper).await;
    assert_eq!(made["number"], "FCH-FQ-202607-000001");
    let parts =
        ["分期还款协议", "129.97", "259.93", "129.96", "389.90", "人民币叁佰捌拾玖元玖角整"];
    assert_says(&pdf, &parts);
    plan["id"].clone()
}

async fn kept_then_broken(world: &World, home: &Home, plan: &Value) {
    let text = "query($id: ID!) { instalmentPlan(id: $id) { status paid { amount } brokenOn } }";
    let seen = || async {
        let seen = home.owner.send("billing", text, json!({ "id": plan })).await.ok();
        seen["instalmentPlan"].clone()
    };
    noon(world, "2026-08-15");
    home.pay("129.97", &[]).await;
    noon(world, "2026-09-15");
    let kept = json!({ "status": "AGREED", "paid": { "amount": "129.97" }, "brokenOn": null });
    assert_eq!(seen().await, kept);
    let late_fee = home.bill(1, None).await["lateFee"].clone();
    assert_eq!(
        (&late_fee["quoted"]["amount"], &late_fee["due"]["amount"]),
        (&json!("24.10"), &json!("0.00"))
    );
    noon(world, "2026-09-20");
    let broken =
        json!({ "status": "BROKEN", "paid": { "amount": "129.97" }, "brokenOn": "2026-09-15" });
    assert_eq!(seen().await, broken);
    // 259.93 × 0.05 % × 5 days since the day that was missed.
    let bill = home.bill(1, None).await;
    assert_eq!(bill["lateFee"]["lines"][2]["days"], 5);
    assert_eq!(bill["amountDue"], three("259.93", "0.65", "260.58"));
    home.agrees().await;
}

#[test]
fn scenario_1_forty_days_late_the_cap_and_the_way_back() {
    run(async {
        let world = world("2026-06-01").await;
        let stage = Stage::in_world(&world).await;
        let (unit, _, person) = stage.scenario_1().await;
        stage.property_fee().await;
        stage.terms(json!({ "cycle": "QUARTER" })).await.ok();
        late_fees(&stage, json!({})).await;
        noon(&world, "2026-07-01");
        stage.run("2026-07").await;
        let bill = stage.bill_from(unit, "2026-07").await;
        assert_eq!(
            (&bill["total"]["amount"], &bill["due"]),
            (&json!("835.86"), &json!("2026-07-15"))
        );
        let home = Home {
            owner: stage.company.resident(person.as_uuid()).await,
            cashier: stage.company.staff("CASH", stage.estate).await,
            account: bill["account"]["id"].clone(),
            bills: vec![bill],
            stage,
        };
        noon(&world, "2026-08-24");
        let seen = home.bill(0, None).await;
        assert_eq!(seen["lateFee"]["wordsEn"], "835.86 × 0.05% × 40 = 16.7172, rounded to 16.72");
        assert_eq!(seen["amountDue"], three("835.86", "16.72", "852.58"));
        let long = home.bill(0, Some("2028-06-14")).await["lateFee"].clone();
        assert_eq!((&long["quoted"]["amount"], &long["capped"]), (&json!("250.76"), &json!(true)));
        assert_eq!(long["lines"][0]["days"], 700);
        assert_eq!(long["lines"][0]["exact"], "292.551");
        let paid = home.pay("852.58", &[]).await;
        let expected = [part(0, "PRINCIPAL", "835.86"), part(0, "LATE_FEE", "16.72")];
        assert_eq!(home.parts(&paid), expected);
        assert_eq!(home.owed().await, three("0.00", "0.00", "0.00"));
        home.agrees().await;
        money_goes_back(&world, &home, &paid).await;
    });
}

/// A refund opens both again, the late fee first; a bill of which a late fee is paid is not voided.
async fn money_goes_back(world: &World, home: &Home, paid: &Value) {
    let bill = &home.bills[0]["id"];
    for (amount, owed) in
        [("10.00", three("0.00", "10.00", "10.00")), ("836.86", three("830.14", "16.72", "846.86"))]
    {
        let refused = home.stage.void(&home.stage.finance, bill, "已付").await;
        assert_eq!(refused.code(), "CONFLICT");
        let text = "mutation($input: RequestRefundInput!) { requestRefund(input: $input) { refund { id } } }";
        let input = json!({ "paymentId": paid["id"], "amount": amount, "reason": "误缴",
            "idempotencyKey": home.stage.id().to_string() });
        let asked = home.owner.send("billing", text, json!({ "input": input })).await.ok();
        let text = "mutation($input: ApproveRefundInput!) { approveRefund(input: $input) { refund { status } } }";
        let input = json!({ "refundId": asked["requestRefund"]["refund"]["id"],
            "idempotencyKey": home.stage.id().to_string() });
        home.stage.finance.send("billing", text, json!({ "input": input })).await.ok();
        assert_eq!(home.owed().await, owed);
        home.agrees().await;
    }
    // The principal that was paid for these days bears no late fee for them.
    noon(world, "2026-08-25");
    assert_eq!(home.bill(0, None).await["lateFee"]["lines"][1]["outstanding"]["amount"], "830.14");
}

#[test]
fn terms_are_warned_of_checked_and_kept_apart() {
    run(async {
        let (stage, unit, owner) = owing().await;
        let bill = owners(&stage, unit).await.remove(0);
        let id = json!({ "id": bill["id"] });
        let seen = stage.finance.send("billing", BILL, id.clone()).await.ok();
        // Without a contract no late fee grows.
        assert_eq!(seen["bill"]["status"], "OVERDUE");
        assert_eq!(seen["bill"]["lateFee"]["quoted"]["amount"], "0.00");
        let high = late_fees(&stage, json!({ "dailyRate": "0.003", "cap": "0.5" })).await;
        assert_eq!(high["warnings"].as_array().unwrap().len(), 2);
        late_fees(&stage, json!({})).await;
        let own =
            json!({ "accountId": bill["account"]["id"], "dailyRate": "0", "from": "2026-07-01" });
        late_fees(&stage, own).await;
        let seen = stage.finance.send("billing", BILL, id).await.ok();
        assert_eq!(seen["bill"]["lateFee"]["lines"][0]["to"], "2026-06-30");
        let text = "query($id: ID!, $account: ID) { lateFeeTerms(estateId: $id, accountId: $account) { dailyRate } }";
        let ask = json!({ "id": stage.estate.to_string(), "account": bill["account"]["id"] });
        let resident = stage.company.resident(owner.as_uuid()).await;
        let estate = json!({ "id": stage.estate.to_string() });
        let seen = resident.send("billing", text, estate.clone()).await.ok();
        assert_eq!(
            seen["lateFeeTerms"],
            json!([{ "dailyRate": "0.003" }, { "dailyRate": "0.0005" }])
        );
        let seen = stage.finance.send("billing", text, ask.clone()).await.ok();
        assert_eq!(seen["lateFeeTerms"].as_array().unwrap().len(), 3);
        let elsewhere = Stage::in_world(&stage.company.world).await;
        assert_eq!(elsewhere.finance.send("billing", text, ask).await.code(), "NOT_FOUND");
        let set = "mutation($input: SetLateFeeTermsInput!) { setLateFeeTerms(input: $input) { warnings } }";
        let input = |more: Value| {
            let mut input = json!({ "estateId": stage.estate.to_string(), "from": "2026-01-01" });
            input[more[0].as_str().unwrap()] = more[1].clone();
            json!({ "input": input })
        };
        for (field, value) in [("dailyRate", "0.02"), ("cap", "1.01")] {
            let refused = stage.finance.send("billing", set, input(json!([field, value]))).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", field));
        }
        let foreign = stage
            .finance
            .send("billing", set, input(json!(["accountId", stage_account(&elsewhere).await])))
            .await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        let cashier = stage.company.staff("CASH", stage.estate).await;
        assert_eq!(
            cashier.send("billing", set, input(json!(["cap", "0.3"]))).await.code(),
            "FORBIDDEN"
        );
    });
}

/// An account of another estate.
async fn stage_account(stage: &Stage) -> Value {
    let (unit, ..) = stage.scenario_1().await;
    stage.property_fee().await;
    stage.run("2026-06").await;
    stage.bills(unit).await[0]["account"]["id"].clone()
}
