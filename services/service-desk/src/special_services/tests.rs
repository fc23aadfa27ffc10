//! Special services through the graph: the handbook's scenario 10.

use crate::{charges::SOURCE, testing::Stage};
use contracts::{
    PersonId, UnitId,
    billing::{ChargeAccepted, ChargeRejected, ChargeRequested, PaymentConfirmed},
};
use events::Event as _;
use money::Fen;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::{Answer, Signed, run};

const ORDER: &str = "id state version unitLabel personName serviceName appointmentKept reworks
    freeReworkUntil paidAt cancelFee { amount } charge { state billId paid { amount } }
    workers { name } partnerShare { amount } companyShare { amount }
    quote { night total { amount } lines { kind amount { amount } explanation } }";

/// A key nobody used before.
pub(crate) fn key() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("order-key-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// An input to save the tap change, with some of it otherwise.
pub(crate) fn tap(stage: &Stage, change: Value) -> Value {
    let mut input = json!({
        "estateId": stage.estate.to_string(), "code": "TAP", "effectiveFrom": "2026-07-31",
        "nameZh": "换水龙头", "nameEn": "Tap change", "unit": "次", "pricing": "FIXED",
        "labourPrice": "30.00", "feeItemCode": "SPECIAL", "listed": true,
        "materials": [{ "code": "TAP20", "name": "水龙头", "price": "68.00" }],
        "lateCancelFee": "20.00", "idempotencyKey": key(),
    });
    merge(&mut input, change);
    input
}

/// An input to save housekeeping.
pub(crate) fn cleaning(stage: &Stage, change: Value) -> Value {
    let mut input = tap(
        stage,
        json!({ "code": "CLEAN", "nameZh": "家政保洁",
        "nameEn": "Housekeeping", "unit": "小时", "pricing": "HOURLY", "labourPrice": "45.00",
        "housekeeping": true, "packageDiscountBp": 500, "materials": [] }),
    );
    merge(&mut input, change);
    input
}

fn merge(input: &mut Value, change: Value) {
    for (name, value) in change.as_object().unwrap() {
        input[name] = value.clone();
    }
}

pub(crate) async fn save(who: &Signed, input: Value) -> Answer {
    let text = "mutation($input: SaveSpecialServiceInput!) { saveSpecialService(input: $input) {
        specialService { id version terms { labourPrice { amount } partnerShareBp } } } }";
    who.send("service-desk", text, json!({ "input": input })).await
}

pub(crate) fn service_of(answer: Answer) -> String {
    let data = answer.ok();
    data["saveSpecialService"]["specialService"]["id"].as_str().unwrap().to_owned()
}

/// Orders a service for a home.
pub(crate) async fn request(
    who: &Signed,
    (service, unit): (&str, UnitId),
    person: Option<PersonId>,
) -> Answer {
    let text = format!(
        "mutation($input: RequestSpecialOrderInput!) {{ requestSpecialOrder(input: $input) {{
         specialOrder {{ {ORDER} }} }} }}"
    );
    let input = json!({ "serviceId": service, "unitId": unit.to_string(), "idempotencyKey": key(),
        "personId": person.map(|it| it.to_string()), "wantedAt": "2026-08-31T12:30:00Z" });
    who.send("service-desk", &text, json!({ "input": input })).await
}

/// Takes a step of an order: `quote`, `confirm`, …; with what it needs besides order and version.
pub(crate) async fn step(who: &Signed, name: &str, order: &Value, more: Value) -> Answer {
    let field = match name {
        "charge" => "chargeSpecialOrderAgain".to_owned(),
        name => format!("{name}SpecialOrder"),
    };
    let input = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
    let text = format!(
        "mutation($input: {input}!) {{ {field}(input: $input) {{ specialOrder {{ {ORDER} }} }} }}"
    );
    let mut input = json!({ "orderId": order["id"], "expectedVersion": order["version"],
        "idempotencyKey": key() });
    merge(&mut input, more);
    who.send("service-desk", &text, json!({ "input": input })).await
}

/// The order in an answer.
pub(crate) fn order(answer: Answer) -> Value {
    let data = answer.ok();
    let (_, payload) = data.as_object().unwrap().iter().next().unwrap();
    payload["specialOrder"].clone()
}

pub(super) async fn read(who: &Signed, id: &Value) -> Answer {
    let text = format!("query($id: ID!) {{ specialOrder(id: $id) {{ {ORDER} }} }}");
    who.send("service-desk", &text, json!({ "id": id })).await
}

pub(super) async fn reread(who: &Signed, of: &Value) -> Value {
    read(who, &of["id"]).await.ok()["specialOrder"].take()
}

/// Billing puts the order on a bill, and it is paid.
pub(crate) async fn paid(stage: &Stage, order: &Value, amount: Fen) {
    let reference = format!("special_order/{}", order["id"].as_str().unwrap());
    let (source, bill) = (SOURCE.to_owned(), "bil_1".to_owned());
    let event = ChargeAccepted { source: source.clone(), reference: reference.clone(), bill };
    stage.company.tell("billing", "service-desk", &event).await;
    let payment = "pay_1".to_owned();
    let event = PaymentConfirmed { source, reference, payment, amount, settled: true };
    stage.company.tell("billing", "service-desk", &event).await;
}

/// What billing was asked for.
pub(super) async fn asked(stage: &Stage) -> Vec<ChargeRequested> {
    let db = stage.company.world.db("service-desk");
    db.worker().place_events().await.unwrap();
    let all = db.events_after(0, 100_000).await.unwrap();
    let mine = all.iter().filter(|e| e.tenant == stage.company.tenant.as_uuid());
    mine.filter(|e| e.kind == ChargeRequested::KIND).map(|e| events::read(e).unwrap()).collect()
}

/// The steps from a quoted order to the work being done.
pub(crate) async fn done(stage: &Stage, resident: &Signed, quoted: &Value) -> Value {
    let mut now = order(step(resident, "confirm", quoted, json!({})).await);
    let workers = json!({ "workerIds": [stage.engineer.user.to_string()] });
    now = order(step(&stage.supervisor, "schedule", &now, workers).await);
    now = order(step(&stage.engineer, "start", &now, json!({})).await);
    order(step(&stage.engineer, "finish", &now, json!({ "result": "完成" })).await)
}

#[test]
fn scenario_10_a_tap_is_changed_at_night_for_113_yuan() {
    run(async {
        let world = crate::testing::own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let resident = stage.resident(person).await;
        let service = service_of(save(&stage.supervisor, tap(&stage, json!({}))).await);
        let requested = order(request(&resident, (&service, unit), None).await);
        assert_eq!(requested["personName"], "张伟");
        // 20:30 in Shanghai.
        let work = json!({ "appointment": "2026-07-31T12:30:00Z",
            "materials": [{ "name": "TAP20", "quantity": 1 }] });
        let quoted = order(step(&stage.supervisor, "quote", &requested, work).await);
        assert_eq!(quoted["quote"]["night"], true);
        let lines = &quoted["quote"]["lines"];
        assert_eq!(lines[0]["amount"]["amount"], "45.00");
        assert_eq!(lines[0]["explanation"], "labour 30.00 × 1 × 1.5 (night or holiday) = 45.00");
        assert_eq!(lines[1]["amount"]["amount"], "68.00");
        assert_eq!(quoted["quote"]["total"]["amount"], "113.00");
        // No work before the resident agrees.
        let workers = json!({ "workerIds": [stage.engineer.user.to_string()] });
        let early = step(&stage.supervisor, "schedule", &quoted, workers.clone()).await;
        assert_eq!(early.code(), "CONFLICT");
        // A new price from today on leaves the quoted order alone.
        let dearer = json!({ "serviceId": service, "expectedVersion": 1, "labourPrice": "50.00" });
        save(&stage.supervisor, tap(&stage, dearer)).await.ok();
        let confirmed = order(step(&resident, "confirm", &quoted, json!({})).await);
        assert_eq!(confirmed["quote"]["total"]["amount"], "113.00");
        let scheduled = order(step(&stage.supervisor, "schedule", &confirmed, workers).await);
        assert_eq!(scheduled["workers"][0]["name"], "孙工");
        world.clock.advance(chrono::Duration::minutes(8 * 60 + 25));
        let started = order(step(&stage.engineer, "start", &scheduled, json!({})).await);
        assert_eq!(started["appointmentKept"], true);
        let result = json!({ "result": "更换水龙头一个" });
        let finished = order(step(&stage.engineer, "finish", &started, result).await);
        assert!(asked(&stage).await.is_empty());
        let accepted = order(step(&resident, "accept", &finished, json!({})).await);
        assert_eq!(
            (&accepted["state"], &accepted["charge"]["state"]),
            (&json!("ACCEPTED"), &json!("REQUESTED"))
        );
        let charges = asked(&stage).await;
        assert_eq!(charges.len(), 1);
        assert_eq!((charges[0].amount, &*charges[0].fee_item), (Fen(11_300), "SPECIAL"));
        assert_eq!((charges[0].payer, charges[0].unit), (person, Some(unit)));
        paid(&stage, &accepted, Fen(11_300)).await;
        let now = reread(&resident, &accepted).await;
        assert_eq!((&now["state"], &now["charge"]["state"]), (&json!("PAID"), &json!("PAID")));
        assert_eq!(now["charge"]["paid"]["amount"], "113.00");
        let closed = order(step(&stage.supervisor, "close", &now, json!({})).await);
        assert_eq!(closed["state"], "CLOSED");
    });
}

#[test]
fn scenario_10_housekeeping_costs_256_50_and_rework_within_24_hours_is_free() {
    run(async {
        let world = crate::testing::own_world("2026-07-31T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let resident = stage.resident(person).await;
        let partner = crate::partner_settlements::tests::partner(&stage, "洁净家政").await;
        let shared = json!({ "partnerId": partner, "partnerShareBp": 8000 });
        let service = service_of(save(&stage.supervisor, cleaning(&stage, shared)).await);
        let requested = order(request(&stage.desk, (&service, unit), Some(person)).await);
        assert_eq!(requested["personName"], "张*");
        let work = json!({ "appointment": "2026-07-31T02:00:00Z", "workers": 2, "minutes": 180,
            "package": true });
        let quoted = order(step(&stage.supervisor, "quote", &requested, work).await);
        let lines = &quoted["quote"]["lines"];
        assert_eq!(lines[0]["amount"]["amount"], "270.00");
        assert_eq!(lines[1]["amount"]["amount"], "-13.50");
        assert_eq!(quoted["quote"]["total"]["amount"], "256.50");
        assert_eq!(quoted["partnerShare"]["amount"], "205.20");
        assert_eq!(quoted["companyShare"]["amount"], "51.30");
        let finished = done(&stage, &resident, &quoted).await;
        // The resident does not see what the partner gets.
        assert_eq!(reread(&resident, &finished).await["partnerShare"], Value::Null);
        // 60 minutes early is not the appointment.
        assert_eq!(finished["appointmentKept"], false);
        let accepted = order(step(&resident, "accept", &finished, json!({})).await);
        paid(&stage, &accepted, Fen(25_650)).await;
        world.clock.advance(chrono::Duration::hours(23));
        let now = reread(&resident, &accepted).await;
        let why = json!({ "reason": "厨房未擦干净" });
        let disputed = order(step(&resident, "dispute", &now, why.clone()).await);
        let workers = json!({ "workerIds": [stage.engineer.user.to_string()] });
        let mut now = order(step(&stage.supervisor, "schedule", &disputed, workers).await);
        now = order(step(&stage.engineer, "start", &now, json!({})).await);
        now = order(step(&stage.engineer, "finish", &now, json!({ "result": "补做" })).await);
        let again = order(step(&resident, "accept", &now, json!({})).await);
        assert_eq!((&again["state"], &again["reworks"]), (&json!("PAID"), &json!(1)));
        assert_eq!(asked(&stage).await.len(), 1);
        world.clock.advance(chrono::Duration::hours(2));
        let late = step(&resident, "dispute", &again, why).await;
        assert_eq!(late.code(), "CONFLICT");
    });
}

#[test]
fn the_first_housekeeping_is_asked_about_and_the_answer_moves_the_order() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let resident = stage.resident(person).await;
        let service = service_of(save(&stage.supervisor, cleaning(&stage, json!({}))).await);
        let requested = order(request(&resident, (&service, unit), None).await);
        let work = json!({ "appointment": "2026-07-31T05:00:00Z", "workers": 2, "minutes": 180 });
        let quoted = order(step(&stage.supervisor, "quote", &requested, work).await);
        let letters = "{ inbox { nodes { title body } } }";
        let inbox = resident.send("service-desk", letters, json!({})).await.ok();
        let letter = &inbox["inbox"]["nodes"][0];
        assert_eq!(letter["title"], "Your order is priced");
        assert!(letter["body"].as_str().unwrap().contains("270.00"), "{letter}");
        let finished = done(&stage, &resident, &quoted).await;
        let accepted = order(step(&resident, "accept", &finished, json!({})).await);
        paid(&stage, &accepted, Fen(27_000)).await;
        let asked =
            "query($estate: ID!) { revisits(estateId: $estate) { nodes { id version source } } }";
        let estate = json!({ "estate": stage.estate.to_string() });
        let revisits = resident.send("service-desk", asked, estate).await.ok();
        let revisit = &revisits["revisits"]["nodes"][0];
        assert_eq!(revisit["source"], "HOUSEKEEPING");
        let reply = "mutation($input: ReplyRevisitInput!) { replyRevisit(input: $input) {
            revisit { state } } }";
        let input = json!({ "revisitId": revisit["id"], "expectedVersion": revisit["version"],
            "rating": "A", "effect": "A", "manners": "A" });
        resident.send("service-desk", reply, json!({ "input": input })).await.ok();
        let now = reread(&resident, &accepted).await;
        assert_eq!(now["state"], "REVISITED");
        let closed = order(step(&stage.supervisor, "close", &now, json!({})).await);
        assert_eq!(closed["state"], "CLOSED");
    });
}

#[test]
fn everybody_sees_and_does_only_what_is_theirs() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let (other_unit, other) = stage.home("6-2-0802", "李娜").await;
        let (resident, neighbour) = (stage.resident(person).await, stage.resident(other).await);
        let service = service_of(save(&stage.supervisor, tap(&stage, json!({}))).await);
        let hidden = json!({ "code": "HIDDEN", "listed": false });
        let unlisted = service_of(save(&stage.supervisor, tap(&stage, hidden)).await);
        // A neighbour's unit, a service that is not offered.
        for wanted in [(&*service, other_unit), (&*unlisted, unit)] {
            assert_eq!(request(&resident, wanted, None).await.code(), "NOT_FOUND");
        }
        let requested = order(request(&resident, (&service, unit), None).await);
        let work = json!({ "appointment": "2026-08-01T02:00:00Z" });
        assert_eq!(step(&resident, "quote", &requested, work.clone()).await.code(), "NOT_FOUND");
        assert_eq!(step(&stage.desk, "quote", &requested, work.clone()).await.code(), "FORBIDDEN");
        assert_eq!(
            step(&stage.engineer, "quote", &requested, work.clone()).await.code(),
            "NOT_FOUND"
        );
        let quoted = order(step(&stage.supervisor, "quote", &requested, work).await);
        assert_eq!(step(&neighbour, "confirm", &quoted, json!({})).await.code(), "NOT_FOUND");
        assert_eq!(
            step(&stage.supervisor, "confirm", &quoted, json!({})).await.code(),
            "FORBIDDEN"
        );
        let confirmed = order(step(&resident, "confirm", &quoted, json!({})).await);
        let stale = step(
            &stage.supervisor,
            "quote",
            &quoted,
            json!({ "appointment": "2026-08-01T03:00:00Z" }),
        )
        .await;
        assert_eq!(stale.code(), "CONFLICT");
        let engineer = json!({ "workerIds": [stage.engineer.user.to_string()] });
        let unknown = stage.company.staff("ENG", stage.estate).await;
        let wrong = json!({ "workerIds": [unknown.user.to_string()] });
        assert_eq!(
            step(&stage.supervisor, "schedule", &confirmed, wrong).await.code(),
            "NOT_FOUND"
        );
        assert_eq!(read(&stage.engineer, &confirmed["id"]).await.code(), "NOT_FOUND");
        let scheduled = order(step(&stage.supervisor, "schedule", &confirmed, engineer).await);
        assert_eq!(reread(&stage.engineer, &scheduled).await["state"], "SCHEDULED");
        let colleague = stage.company.staff("ENG", stage.estate).await;
        let officer = |zone| stage.company.staff_in_zone("PO", stage.estate, zone);
        let (near, far) =
            (officer(vec![stage.building.as_uuid()]).await, officer(vec![stage.id()]).await);
        let strangers = Stage::new().await;
        assert_eq!(reread(&near, &scheduled).await["personName"], "张*");
        for who in [&colleague, &far, &neighbour, &strangers.supervisor] {
            assert_eq!(read(who, &scheduled["id"]).await.code(), "NOT_FOUND");
            let cancel = step(who, "cancel", &scheduled, json!({ "reason": "不要" })).await;
            assert_eq!(cancel.code(), "NOT_FOUND");
        }
        let list = "query($estate: ID!) { specialOrders(estateId: $estate) { nodes { id } } }";
        for (who, count) in [
            (&resident, 1),
            (&neighbour, 0),
            (&stage.engineer, 1),
            (&colleague, 0),
            (&far, 0),
            (&near, 1),
        ] {
            let answer =
                who.send("service-desk", list, json!({ "estate": stage.estate.to_string() })).await;
            assert_eq!(answer.ok()["specialOrders"]["nodes"].as_array().unwrap().len(), count);
        }
        let offered =
            "query($estate: ID!) { specialServices(estateId: $estate) { nodes { code } } }";
        for (who, count) in [(&resident, 1), (&stage.desk, 2)] {
            let answer = who
                .send("service-desk", offered, json!({ "estate": stage.estate.to_string() }))
                .await;
            assert_eq!(answer.ok()["specialServices"]["nodes"].as_array().unwrap().len(), count);
        }
    });
}

#[test]
fn a_late_cancellation_costs_its_fee_and_a_rejected_charge_is_asked_again() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let resident = stage.resident(person).await;
        let service = service_of(save(&stage.supervisor, tap(&stage, json!({}))).await);
        let mut orders = Vec::new();
        // 14:00 is two hours away, 13:59 is nearer.
        for at in ["2026-07-31T06:00:00Z", "2026-07-31T05:59:00Z"] {
            let requested = order(request(&resident, (&service, unit), None).await);
            let work = json!({ "appointment": at });
            let quoted = order(step(&stage.supervisor, "quote", &requested, work).await);
            orders.push(order(step(&resident, "confirm", &quoted, json!({})).await));
        }
        let why = json!({ "reason": "临时外出" });
        let free = order(step(&resident, "cancel", &orders[0], why.clone()).await);
        assert_eq!(free["cancelFee"]["amount"], "0.00");
        assert!(asked(&stage).await.is_empty());
        let late = order(step(&resident, "cancel", &orders[1], why).await);
        assert_eq!(
            (&late["state"], &late["cancelFee"]["amount"]),
            (&json!("CANCELLED"), &json!("20.00"))
        );
        let charges = asked(&stage).await;
        assert_eq!(charges[0].amount, Fen(2_000));
        let again = step(&stage.supervisor, "charge", &late, json!({})).await;
        assert_eq!(again.code(), "CONFLICT");
        let rejected = ChargeRejected {
            source: SOURCE.to_owned(),
            reference: charges[0].reference.clone(),
            field: Some("fee_item".to_owned()),
            reason: "不存在 / no such item".to_owned(),
        };
        stage.company.tell("billing", "service-desk", &rejected).await;
        assert_eq!(reread(&resident, &late).await["charge"]["state"], "REJECTED");
        let again = order(step(&stage.supervisor, "charge", &late, json!({})).await);
        assert_eq!(again["charge"]["state"], "REQUESTED");
        assert_eq!(asked(&stage).await.len(), 2);
    });
}

#[test]
fn a_repeat_is_harmless_and_wrong_input_names_its_field() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let resident = stage.resident(person).await;
        let input = tap(&stage, json!({}));
        let first = service_of(save(&stage.supervisor, input.clone()).await);
        assert_eq!(service_of(save(&stage.supervisor, input).await), first);
        for (change, field) in [
            (json!({}), "code"),
            (json!({ "code": "B", "labourPrice": "-1.00" }), "labourPrice"),
            (json!({ "code": "B", "nightFrom": "25:00" }), "nightFrom"),
            (json!({ "code": "B", "effectiveFrom": "2026-07-30" }), "effectiveFrom"),
            (json!({ "code": "B", "surchargeFactor": "0.5" }), "surchargeFactor"),
        ] {
            let wrong = save(&stage.supervisor, tap(&stage, change)).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        let later = json!({ "code": "LATER", "effectiveFrom": "2026-08-15" });
        let later = service_of(save(&stage.supervisor, tap(&stage, later)).await);
        // Without a price list nothing can be ordered.
        let priceless = request(&stage.desk, (&later, unit), Some(person)).await;
        assert_eq!(priceless.code(), "CONFLICT");
        let nobody = request(&stage.desk, (&first, unit), Some(stage.person())).await;
        assert_eq!((nobody.code(), nobody.field()), ("INVALID", "personId"));
        let requested = order(request(&resident, (&first, unit), None).await);
        for (work, field) in [
            (json!({ "appointment": "2026-07-31T03:00:00Z" }), "appointment"),
            (json!({ "appointment": "2026-08-01T03:00:00Z", "quantity": 0 }), "quantity"),
            (
                json!({ "appointment": "2026-08-01T03:00:00Z",
                "materials": [{ "name": "PIPE", "quantity": 1 }] }),
                "materials",
            ),
        ] {
            let wrong = step(&stage.supervisor, "quote", &requested, work).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        let work = json!({ "appointment": "2026-08-01T03:00:00Z", "idempotencyKey": key() });
        let quoted = order(step(&stage.supervisor, "quote", &requested, work.clone()).await);
        let repeated = order(step(&stage.supervisor, "quote", &requested, work).await);
        assert_eq!(repeated["version"], quoted["version"]);
        let denied = save(&stage.desk, tap(&stage, json!({ "code": "C" }))).await;
        assert_eq!(denied.code(), "FORBIDDEN");
    });
}
