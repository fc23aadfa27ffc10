//! Settlements of partners through the graph: the handbook's scenario 10.

use crate::{
    charges::SOURCE,
    special_services::tests::{cleaning, key, order, paid, request, save, service_of, step},
    testing::Stage,
};
use contracts::billing::Refunded;
use money::Fen;
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};
use testkit::{Answer, Signed, World, run};

const SETTLEMENT: &str = "id version state month partnerName orders base { amount }
    share { amount } claims { amount } net { amount } preparedBy { name } decidedBy { name }
    lines(first: 100) { nodes { number orderId claimId base { amount } amount { amount } explanation } }";

async fn save_partner(who: &Signed, stage: &Stage, name: &str) -> Answer {
    let text = "mutation($input: SaveServicePartnerInput!) { saveServicePartner(input: $input) {
        servicePartner { id name version } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "name": name, "active": true,
        "idempotencyKey": key() });
    who.send("service-desk", text, json!({ "input": input })).await
}

/// A new partner's id.
pub(crate) async fn partner(stage: &Stage, name: &str) -> String {
    let data = save_partner(&stage.supervisor, stage, name).await.ok();
    data["saveServicePartner"]["servicePartner"]["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn prepare(who: &Signed, partner: &str, month: &str) -> Answer {
    let text = format!(
        "mutation($input: PreparePartnerSettlementInput!) {{
         preparePartnerSettlement(input: $input) {{ partnerSettlement {{ {SETTLEMENT} }} }} }}"
    );
    let input = json!({ "partnerId": partner, "month": month, "idempotencyKey": key() });
    who.send("service-desk", &text, json!({ "input": input })).await
}

async fn decide(who: &Signed, settlement: &Value, rejected: Option<&str>) -> Answer {
    let (field, input) = match rejected {
        None => ("approvePartnerSettlement", "ApprovePartnerSettlementInput"),
        Some(_) => ("rejectPartnerSettlement", "RejectPartnerSettlementInput"),
    };
    let text = format!(
        "mutation($input: {input}!) {{ {field}(input: $input) {{
         partnerSettlement {{ {SETTLEMENT} }} }} }}"
    );
    let mut input = json!({ "settlementId": settlement["id"], "idempotencyKey": key(),
        "expectedVersion": settlement["version"] });
    if let Some(reason) = rejected {
        input["reason"] = json!(reason);
    }
    who.send("service-desk", &text, json!({ "input": input })).await
}

async fn claim(who: &Signed, order: &Value, amount: &str) -> Answer {
    let text = "mutation($input: NotePartnerClaimInput!) { notePartnerClaim(input: $input) {
        partnerClaim { id amount { amount } } } }";
    let input = json!({ "orderId": order["id"], "amount": amount, "reason": "刮花地板",
        "on": "2026-07-31", "idempotencyKey": key() });
    who.send("service-desk", text, json!({ "input": input })).await
}

fn settlement(answer: Answer) -> Value {
    let data = answer.ok();
    let (_, payload) = data.as_object().unwrap().iter().next().unwrap();
    payload["partnerSettlement"].clone()
}

/// A home with a resident, and who cleans it.
struct Cleaned {
    stage: Stage,
    world: Arc<World>,
    partner: String,
    service: String,
    resident: Signed,
    unit: contracts::UnitId,
}

impl Cleaned {
    async fn new() -> Self {
        let world = crate::testing::own_world("2026-07-31T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let resident = stage.resident(person).await;
        let partner = partner(&stage, "洁净家政").await;
        let shared = json!({ "partnerId": partner, "partnerShareBp": 8000,
            "pricing": "FIXED", "labourPrice": "20.00" });
        let service = service_of(save(&stage.supervisor, cleaning(&stage, shared)).await);
        Self { stage, world, partner, service, resident, unit }
    }

    /// An order of so many pieces at 20.00, accepted; paid unless it shall not.
    async fn order(&self, quantity: u32, pay: bool) -> Value {
        let stage = &self.stage;
        let requested = order(request(&self.resident, (&self.service, self.unit), None).await);
        let work = json!({ "appointment": "2026-07-31T02:00:00Z", "quantity": quantity });
        let quoted = order(step(&stage.supervisor, "quote", &requested, work).await);
        let finished = crate::special_services::tests::done(stage, &self.resident, &quoted).await;
        let accepted = order(step(&self.resident, "accept", &finished, json!({})).await);
        if pay {
            paid(stage, &accepted, Fen(i64::from(quantity) * 2_000)).await;
        }
        accepted
    }
}

#[test]
fn scenario_10_forty_one_orders_are_settled_for_7768_yuan() {
    run(async {
        let cleaned = Cleaned::new().await;
        let stage = &cleaned.stage;
        let mut orders = Vec::new();
        for _ in 0..40 {
            orders.push(cleaned.order(12, true).await);
        }
        orders.push(cleaned.order(13, true).await);
        // Not paid: not settled.
        cleaned.order(99, false).await;
        claim(&stage.supervisor, &orders[3], "120.00").await.ok();
        let early = prepare(&stage.supervisor, &cleaned.partner, "2026-07").await;
        assert_eq!((early.code(), early.field()), ("INVALID", "month"));
        cleaned.world.clock.advance(chrono::Duration::days(3));
        let prepared = settlement(prepare(&stage.supervisor, &cleaned.partner, "2026-07").await);
        assert_eq!(prepared["orders"], 41);
        for (field, amount) in
            [("base", "9860.00"), ("share", "7888.00"), ("claims", "120.00"), ("net", "7768.00")]
        {
            assert_eq!(prepared[field]["amount"], amount, "{field}");
        }
        let lines = prepared["lines"]["nodes"].as_array().unwrap();
        assert_eq!(lines.len(), 42);
        let settled: BTreeSet<&str> =
            lines[..41].iter().map(|line| line["orderId"].as_str().unwrap()).collect();
        assert_eq!(settled, orders.iter().map(|order| order["id"].as_str().unwrap()).collect());
        let twelve = lines.iter().find(|line| line["amount"]["amount"] == "192.00").unwrap();
        assert_eq!(twelve["explanation"], "labour 240.00 × 80 % = 192.00");
        assert_eq!(lines[41]["explanation"], "damage claim: -120.00");
        // The same month again is the same settlement, and the next has nothing left.
        let again = settlement(prepare(&stage.supervisor, &cleaned.partner, "2026-07").await);
        assert_eq!(again["id"], prepared["id"]);
        // What happens afterwards changes nothing of it.
        claim(&stage.supervisor, &orders[5], "50.00").await.ok();
        let own = stage.company.staff("CFIN", None).await;
        let by_finance = settlement(decide(&own, &prepared, None).await);
        assert_eq!(
            (&by_finance["state"], &by_finance["net"]["amount"]),
            (&json!("APPROVED"), &json!("7768.00"))
        );
        let late = decide(&stage.director, &by_finance, Some("重复")).await;
        assert_eq!(late.code(), "CONFLICT");
    });
}

#[test]
fn a_settlement_needs_two_people_and_a_rejected_one_makes_room() {
    run(async {
        let cleaned = Cleaned::new().await;
        let stage = &cleaned.stage;
        cleaned.order(12, true).await;
        cleaned.world.clock.advance(chrono::Duration::days(3));
        let finance = stage.company.staff("CFIN", None).await;
        let prepared = settlement(prepare(&finance, &cleaned.partner, "2026-07").await);
        let same = decide(&finance, &prepared, None).await;
        assert_eq!(same.code(), "FORBIDDEN");
        assert_eq!(decide(&stage.supervisor, &prepared, None).await.code(), "FORBIDDEN");
        assert_eq!(decide(&stage.engineer, &prepared, None).await.code(), "NOT_FOUND");
        let rejected = settlement(decide(&stage.director, &prepared, Some("缺少签字")).await);
        assert_eq!(rejected["state"], "REJECTED");
        let second = settlement(prepare(&finance, &cleaned.partner, "2026-07").await);
        assert_ne!(second["id"], prepared["id"]);
        assert_eq!(second["net"]["amount"], "192.00");
        let approved = settlement(decide(&stage.director, &second, None).await);
        assert_eq!(approved["decidedBy"]["name"], "周主任");
        // All is settled.
        let next = prepare(&finance, &cleaned.partner, "2026-06").await;
        assert_eq!(next.code(), "CONFLICT");
    });
}

#[test]
fn strangers_and_the_wrong_roles_see_no_partner() {
    run(async {
        let stage = Stage::new().await;
        let partner = partner(&stage, "洁净家政").await;
        let strangers = Stage::new().await;
        let list = "query($estate: ID!) { servicePartners(estateId: $estate) { nodes { name } } }";
        let ask = json!({ "estate": stage.estate.to_string() });
        let seen = stage.supervisor.send("service-desk", list, ask.clone()).await.ok();
        assert_eq!(seen["servicePartners"]["nodes"], json!([{ "name": "洁净家政" }]));
        for who in [&strangers.supervisor, &stage.desk, &stage.engineer] {
            assert_eq!(who.send("service-desk", list, ask.clone()).await.code(), "NOT_FOUND");
            assert_eq!(prepare(who, &partner, "2026-06").await.code(), "NOT_FOUND");
            let theirs = save_partner(who, &stage, "别家").await;
            assert_eq!(theirs.code(), "NOT_FOUND");
        }
        let twice = save_partner(&stage.supervisor, &stage, "洁净家政").await;
        assert_eq!((twice.code(), twice.field()), ("INVALID", "name"));
        let wrong = prepare(&stage.supervisor, &partner, "2026-13").await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "month"));
        // Another estate's partner does nothing here.
        let foreign = crate::partner_settlements::tests::partner(&strangers, "外地").await;
        let shared = json!({ "partnerId": foreign, "partnerShareBp": 8000 });
        assert_eq!(save(&stage.supervisor, cleaning(&stage, shared)).await.code(), "NOT_FOUND");
    });
}

#[test]
fn a_refund_after_the_settlement_is_a_negative_line_of_the_next() {
    run(async {
        let cleaned = Cleaned::new().await;
        let stage = &cleaned.stage;
        let (whole, half) = (cleaned.order(12, true).await, cleaned.order(10, true).await);
        cleaned.world.clock.advance(chrono::Duration::days(3));
        let july = settlement(prepare(&stage.supervisor, &cleaned.partner, "2026-07").await);
        let july = settlement(decide(&stage.director, &july, None).await);
        assert_eq!(july["net"]["amount"], "352.00");
        for (of, amount) in [(&whole, 24_000), (&half, 10_000)] {
            let event = Refunded {
                source: SOURCE.to_owned(),
                reference: format!("special_order/{}", of["id"].as_str().unwrap()),
                refund: "rfd_1".to_owned(),
                amount: Fen(amount),
            };
            stage.company.tell("billing", "service-desk", &event).await;
        }
        // The first is paid again: it is settled again as well.
        paid(stage, &whole, Fen(24_000)).await;
        cleaned.world.clock.advance(chrono::Duration::days(31));
        let august = settlement(prepare(&stage.supervisor, &cleaned.partner, "2026-08").await);
        let lines = august["lines"]["nodes"].as_array().unwrap();
        let said: BTreeSet<&str> =
            lines.iter().map(|line| line["explanation"].as_str().unwrap()).collect();
        let expected = [
            "labour 240.00 × 80 % = 192.00",
            "share of a refunded order: -192.00",
            "share of a refunded order: -80.00",
        ];
        assert_eq!((lines.len(), said), (3, expected.into()));
        assert_eq!(august["net"]["amount"], "-80.00");
        let first = settlement(prepare(&stage.supervisor, &cleaned.partner, "2026-07").await);
        assert_eq!(first["net"]["amount"], "352.00", "what is approved stays");
    });
}
