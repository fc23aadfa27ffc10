//! Of dunning.

use super::{List, Rows, Who};
use serde_json::{Value, json};
use testkit::Signed;

pub(super) fn lists() -> Vec<List> {
    use Who::Finance;
    vec![
        (
            "Query.dunningCases",
            "/dunningCases/edges",
            Finance,
            "dunningCases(estateId: $estate, first: 100) { edges { node { id principal { amount } account { id } tasks { step account { id } } } } }",
        ),
        (
            "Query.dunningTasks",
            "/dunningTasks/edges",
            Finance,
            "dunningTasks(estateId: $estate, first: 100) { edges { node { id held account { id } } } }",
        ),
        (
            "Query.dunningActions",
            "/dunningActions/edges",
            Finance,
            "dunningActions(accountId: $account, first: 100) { edges { node { id bills { billId } evidence promise { state } correctedById } } }",
        ),
        (
            "Query.dunningPauses",
            "/dunningPauses/edges",
            Finance,
            "dunningPauses(estateId: $estate, first: 100) { edges { node { id billIds } } }",
        ),
        (
            "Query.expiringDebts",
            "/expiringDebts/edges",
            Finance,
            "expiringDebts(estateId: $estate, withinDays: 1200, first: 100) { edges { node { billId barredOn account { id } } } }",
        ),
        (
            "Query.legalReferrals",
            "/legalReferrals/edges",
            Finance,
            "legalReferrals(estateId: $estate, first: 100) { edges { node { id debts { billId } account { id } } } }",
        ),
        (
            "Estate.dunningTemplates",
            "/_entities/0/dunningTemplates/edges",
            Finance,
            "_entities(representations: $estates) { ... on Estate { dunningTemplates(first: 100) { edges { node { id step } } } } }",
        ),
    ]
}

impl Rows {
    /// Each account has a case with a task, a contact, a referral and a pause; the first has as many
    /// contacts as there are accounts, the estate as many texts.
    pub(super) async fn dun(&self) {
        let stage = &self.stage;
        let (director, supervisor) =
            (&stage.director, stage.company.staff("SUP", stage.estate).await);
        let estate = stage.estate.to_string();
        let change = async |who: &Signed, name: &str, answer: &str, input: Value| {
            let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
            let text = format!(
                "mutation($input: {kind}!) {{ {name}(input: $input) {{ {answer} {{ id }} }} }}"
            );
            who.send("billing", &text, json!({ "input": input })).await.ok()[name][answer]["id"]
                .clone()
        };
        let key = || stage.id().to_string();
        let call = json!([{ "step": "CALL", "day": 0, "coolDownDays": 1, "graceDays": 0 }]);
        let ladder = json!({ "input": { "estateId": estate, "steps": call } });
        let text = "mutation($input: SetDunningLadderInput!) { setDunningLadder(input: $input) { dunningLadder { version } } }";
        director.send("billing", text, ladder).await.ok();
        for unit in &self.units {
            let bill = stage.bills(*unit).await[0].clone();
            let account = bill["account"]["id"].clone();
            let input = json!({ "accountId": account, "reason": "催缴", "idempotencyKey": key() });
            let case = change(&supervisor, "openDunningCase", "dunningCase", input).await;
            let calls = if account == self.account { self.units.len() } else { 1 };
            for _ in 0..calls {
                let now = stage.company.world.clock.now().to_rfc3339();
                let input = json!({ "caseId": case, "channel": "CALL", "idempotencyKey": key(),
                    "promiseAmount": "1.00", "promiseDueOn": "2026-08-31", "delivery": {
                        "deliveredAt": now, "evidence": "CALL_RECORD", "evidenceReference": "录音" } });
                change(&supervisor, "recordDunningAction", "dunningAction", input).await;
            }
            let input = json!({ "caseId": case, "contractTerms": "合同", "idempotencyKey": key() });
            change(&supervisor, "createLegalReferral", "legalReferral", input).await;
            let input = json!({ "accountId": account, "billIds": [bill["id"]], "reason": "核对",
                "idempotencyKey": key() });
            change(&supervisor, "pauseDunning", "dunningPause", input).await;
            let input =
                json!({ "estateId": estate, "step": "VISIT", "textZh": "上门", "textEn": "visit" });
            change(director, "setDunningTemplate", "dunningTemplate", input).await;
        }
    }
}
