//! Instalment plans through the graph; how one is kept and broken stands in scenario 7.

use super::kept_plans;
use crate::{
    documents::tests::{assert_says, issue, printed, verified},
    estates,
    late_fees::tests::{late_fees, owing, owners},
    testing::Stage,
};
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

struct Debt {
    stage: Stage,
    owner: Signed,
    supervisor: Signed,
    bills: Vec<Value>,
}

const DAYS: [&str; 3] = ["2026-08-15", "2026-09-15", "2026-10-15"];

impl Debt {
    /// June and July of an owner.
    async fn new() -> Self {
        let (stage, unit, owner) = owing().await;
        late_fees(&stage, json!({})).await;
        let bills = owners(&stage, unit).await;
        Self {
            owner: stage.company.resident(owner.as_uuid()).await,
            supervisor: stage.company.staff("SUP", stage.estate).await,
            bills,
            stage,
        }
    }

    async fn propose(&self, who: &Signed, bills: &[&Value], days: &[&str], key: &str) -> Answer {
        let text = "mutation($input: ProposeInstalmentPlanInput!) { proposeInstalmentPlan(input: $input) \
            { instalmentPlan { id status total { amount } account { name } \
              bills { billId principal { amount } lateFee { amount } } } } }";
        let input = json!({ "billIds": bills, "dueDates": days, "reason": "暂时困难", "idempotencyKey": key });
        who.send("billing", text, json!({ "input": input })).await
    }

    async fn proposed(&self, key: &str) -> Value {
        let bills: Vec<&Value> = self.bills.iter().map(|bill| &bill["id"]).collect();
        let done = self.propose(&self.owner, &bills, &DAYS, key).await.ok();
        done["proposeInstalmentPlan"]["instalmentPlan"].clone()
    }

    /// Approves, rejects or cancels.
    async fn act(&self, who: &Signed, verb: &str, plan: &Value) -> Answer {
        let kind = format!("{}{}", verb[..1].to_uppercase(), &verb[1..]);
        let text = format!(
            "mutation($input: {kind}InstalmentPlanInput!) {{ {verb}InstalmentPlan(input: $input) \
             {{ instalmentPlan {{ status }} }} }}"
        );
        let mut input = json!({ "planId": plan, "idempotencyKey": self.stage.id().to_string() });
        if verb != "approve" {
            input["reason"] = json!("另有安排");
        }
        who.send("billing", &text, json!({ "input": input })).await
    }

    /// How many bills are under a plan that is kept today.
    async fn kept(&self) -> usize {
        let db = self.stage.company.world.db("billing");
        let scope = db.read(self.stage.company.tenant).await.unwrap();
        let estate = estates::find(&scope, self.stage.estate).await.unwrap().unwrap();
        let account = self.bills[0]["account"]["id"].as_str().unwrap().parse().unwrap();
        let today = estate.today(scope.clock());
        kept_plans(&scope, &estate, &[account], today).await.unwrap().len()
    }
}

#[test]
fn a_plan_is_proposed_by_one_and_agreed_by_another() {
    run(async {
        let debt = Debt::new().await;
        let plan = debt.proposed("plan-0001").await;
        // 185.74 with 46 days and 278.62 with 16 days of late fee.
        assert_eq!(plan["total"]["amount"], "470.86");
        let late: Vec<_> =
            plan["bills"].as_array().unwrap().iter().map(|it| &it["lateFee"]["amount"]).collect();
        assert!(late.contains(&&json!("4.27")) && late.contains(&&json!("2.23")), "{late:?}");
        assert_eq!(debt.kept().await, 0);
        let again = debt.propose(&debt.owner, &[&debt.bills[0]["id"]], &DAYS, "plan-0002").await;
        assert_eq!(again.code(), "CONFLICT");
        assert_eq!(debt.act(&debt.owner, "approve", &plan["id"]).await.code(), "NOT_FOUND");
        let early = json!({ "planId": plan["id"] });
        let early = issue(&debt.owner, "printInstalmentAgreement", early).await;
        assert_eq!(early.code(), "CONFLICT", "nobody agreed yet");
        let done = debt.act(&debt.supervisor, "approve", &plan["id"]).await.ok();
        assert_eq!(done["approveInstalmentPlan"]["instalmentPlan"]["status"], "AGREED");
        assert_eq!(debt.kept().await, 2);
        let world = &debt.stage.company.world;
        let paper = json!({ "planId": plan["id"], "language": "EN" });
        let operation = "printInstalmentAgreement";
        let (agreement, pdf) = printed(&debt.owner, world, operation, paper.clone()).await;
        assert_says(
            &pdf,
            &["Instalment agreement", "2026-06, 2026-07", "156.96", "156.95", "470.86"],
        );
        let neighbour = debt.stage.company.resident(debt.stage.id()).await;
        assert_eq!(issue(&neighbour, operation, paper.clone()).await.code(), "NOT_FOUND");
        assert_eq!(debt.act(&debt.supervisor, "reject", &plan["id"]).await.code(), "CONFLICT");
        let voided = debt.stage.void(&debt.stage.finance, &debt.bills[0]["id"], "错误").await;
        assert_eq!(voided.code(), "CONFLICT");
        let done = debt.act(&debt.owner, "cancel", &plan["id"]).await.ok();
        assert_eq!(done["cancelInstalmentPlan"]["instalmentPlan"]["status"], "CANCELLED");
        assert_eq!(debt.kept().await, 0);
        assert_eq!(debt.act(&debt.owner, "cancel", &plan["id"]).await.code(), "CONFLICT");
        assert_eq!(verified(world, agreement["code"].as_str().unwrap()).await.1["void"], true);
        let next = debt.proposed("plan-0003").await;
        let done = debt.act(&debt.supervisor, "reject", &next["id"]).await.ok();
        assert_eq!(done["rejectInstalmentPlan"]["instalmentPlan"]["status"], "REJECTED");
    });
}

#[test]
fn nobody_agrees_to_their_own_plan_and_wrong_days_are_refused() {
    run(async {
        let debt = Debt::new().await;
        let first = [&debt.bills[0]["id"]];
        let own = debt.propose(&debt.supervisor, &first, &DAYS, "plan-0001").await.ok();
        let plan = &own["proposeInstalmentPlan"]["instalmentPlan"]["id"];
        for verb in ["approve", "reject"] {
            assert_eq!(debt.act(&debt.supervisor, verb, plan).await.code(), "FORBIDDEN");
        }
        debt.act(&debt.stage.director, "approve", plan).await.ok();
        let second = [&debt.bills[1]["id"]];
        for days in
            [&["2026-08-15"][..], &["2026-07-31", "2026-08-15"], &["2026-09-15", "2026-08-15"]]
        {
            let wrong = debt.propose(&debt.owner, &second, days, "plan-0002").await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", "dueDates"), "{days:?}");
        }
        let twice = [&debt.bills[1]["id"], &debt.bills[1]["id"]];
        assert_eq!(debt.propose(&debt.owner, &twice, &DAYS, "plan-0002").await.field(), "billIds");
        assert_eq!(debt.propose(&debt.owner, &[], &DAYS, "plan-0002").await.field(), "billIds");
    });
}

#[test]
fn a_plan_is_seen_by_its_debtor_and_by_those_in_charge() {
    run(async {
        let debt = Debt::new().await;
        let plan = debt.proposed("plan-0001").await["id"].clone();
        let list = "query($id: ID!, $decision: InstalmentPlanDecision, $account: ID) { \
            instalmentPlans(estateId: $id, decision: $decision, accountId: $account) { nodes { id status } } }";
        let estate = debt.stage.estate.to_string();
        let found = |answer: Value| answer["instalmentPlans"]["nodes"].as_array().unwrap().len();
        for (decision, count) in [(json!(null), 1), (json!("PROPOSED"), 1), (json!("AGREED"), 0)] {
            let ask = json!({ "id": estate, "decision": decision, "account": debt.bills[0]["account"]["id"] });
            for who in [&debt.owner, &debt.stage.finance] {
                assert_eq!(found(who.send("billing", list, ask.clone()).await.ok()), count);
            }
        }
        let strangers = Stage::in_world(&debt.stage.company.world).await;
        let far = strangers.company.resident(debt.stage.id()).await;
        let neighbour = debt.stage.company.resident(debt.stage.id()).await;
        let one = "query($id: ID!) { instalmentPlan(id: $id) { id } }";
        for who in [&far, &strangers.finance, &neighbour] {
            assert_eq!(who.send("billing", one, json!({ "id": plan })).await.code(), "NOT_FOUND");
            assert_eq!(
                who.send("billing", list, json!({ "id": estate })).await.code(),
                "NOT_FOUND"
            );
            for verb in ["approve", "reject", "cancel"] {
                assert_eq!(debt.act(who, verb, &plan).await.code(), "NOT_FOUND");
            }
            let first = [&debt.bills[0]["id"]];
            assert_eq!(debt.propose(who, &first, &DAYS, "plan-0009").await.code(), "NOT_FOUND");
        }
        // An officer of another zone sees nothing of it.
        let zone = vec![debt.stage.id()];
        let officer = debt.stage.company.staff_in_zone("PO", debt.stage.estate, zone).await;
        assert_eq!(found(officer.send("billing", list, json!({ "id": estate })).await.ok()), 0);
        assert_eq!(officer.send("billing", one, json!({ "id": plan })).await.code(), "NOT_FOUND");
    });
}
