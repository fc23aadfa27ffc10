//! Orders of households without the app, of those who live together, and how the desk ends what goes
//! wrong.

use super::tests::{asked, done, key, order, read, request, reread, save, service_of, step, tap};
use crate::{
    attachments::tests::uploaded,
    sla::tests::calendar,
    testing::{Stage, own_world},
};
use chrono::Duration;
use contracts::{PersonId, UnitId, residents::MemberKind};
use money::Fen;
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};

/// A priced order of a home, for tomorrow at 10:00.
async fn quoted(stage: &Stage, (unit, person): (UnitId, PersonId)) -> Value {
    let code = json!({ "code": format!("TAP-{}", key()) });
    let service = service_of(save(&stage.supervisor, tap(stage, code)).await);
    let requested = order(request(&stage.desk, (&service, unit), Some(person)).await);
    let work = json!({ "appointment": "2026-08-01T02:00:00Z" });
    order(step(&stage.supervisor, "quote", &requested, work).await)
}

async fn record(who: &Signed, of: &Value, answer: &str, more: Value) -> Answer {
    let text = "mutation($input: RecordSpecialOrderAnswerInput!) {
        recordSpecialOrderAnswer(input: $input) { specialOrder { id state version
            answers { answer way personName recordedBy { name } note } charge { state } } } }";
    let mut input = json!({ "orderId": of["id"], "expectedVersion": of["version"],
        "answer": answer, "idempotencyKey": key() });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    who.send("service-desk", text, json!({ "input": input })).await
}

fn said_by(person: PersonId) -> Value {
    json!({ "personId": person.to_string() })
}

/// How many letters with a title are in somebody's inbox.
async fn letters(who: &Signed, title: &str) -> usize {
    let inbox = who.send("service-desk", "{ inbox { nodes { title } } }", json!({})).await.ok();
    let nodes = inbox["inbox"]["nodes"].as_array().unwrap();
    nodes.iter().filter(|node| node["title"] == title).count()
}

/// A picture attached to an order after the work.
async fn picture(stage: &Stage, who: &Signed, of: &Value) -> Value {
    let file = uploaded(stage, who, "签名.jpg", b"\xFF\xD8\xFFsignature").await;
    let text = "mutation($input: AttachInput!) { attach(input: $input) { attachment { id } } }";
    let input = json!({ "parentId": of["id"], "fileId": file, "stage": "AFTER",
        "idempotencyKey": key() });
    let made = who.send("service-desk", text, json!({ "input": input })).await.ok();
    made["attach"]["attachment"]["id"].clone()
}

/// From a confirmed order to the work being done.
async fn worked(stage: &Stage, confirmed: &Value) -> Value {
    let workers = json!({ "workerIds": [stage.engineer.user.to_string()] });
    let now = order(step(&stage.supervisor, "schedule", confirmed, workers).await);
    let now = order(step(&stage.engineer, "start", &now, json!({})).await);
    order(step(&stage.engineer, "finish", &now, json!({ "result": "完成" })).await)
}

#[test]
fn an_order_of_somebody_without_the_app_is_agreed_to_on_the_phone_and_signed_for() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let (_, neighbour) = stage.home("6-2-0802", "李娜").await;
        let resident = stage.resident(person).await;
        let first = quoted(&stage, (unit, person)).await;
        let foreign = record(&stage.desk, &first, "CONFIRMS", said_by(neighbour)).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        // Who priced it does not say that the price is agreed to; residents have the app.
        let own = record(&stage.supervisor, &first, "CONFIRMS", said_by(person)).await;
        assert_eq!(own.code(), "FORBIDDEN");
        let app = record(&resident, &first, "CONFIRMS", said_by(person)).await;
        assert!(["FORBIDDEN", "NOT_FOUND"].contains(&app.code()));
        let strangers = Stage::new().await;
        let other = record(&strangers.desk, &first, "CONFIRMS", said_by(person)).await;
        assert_eq!(other.code(), "NOT_FOUND");
        let mut heard = said_by(person);
        heard["note"] = json!("下午来电同意");
        let confirmed = order(record(&stage.desk, &first, "CONFIRMS", heard.clone()).await);
        assert_eq!(confirmed["state"], "CONFIRMED");
        assert_eq!(
            confirmed["answers"],
            json!([{ "answer": "CONFIRMS", "way": "PHONE", "personName": "张*",
                "recordedBy": { "name": "陈前台" }, "note": "下午来电同意" }])
        );
        assert_eq!(letters(&resident, "Your answer to an order").await, 1);
        assert_eq!(record(&stage.desk, &first, "CONFIRMS", heard).await.code(), "CONFLICT");
        let finished = worked(&stage, &confirmed).await;
        assert_eq!(letters(&resident, "Your order is done").await, 1);
        // A dispute says why; the worker brings a signature, not a word of mouth.
        let silent = record(&stage.desk, &finished, "DISPUTES", said_by(person)).await;
        assert_eq!((silent.code(), silent.field()), ("INVALID", "note"));
        let spoken = record(&stage.engineer, &finished, "ACCEPTS", said_by(person)).await;
        assert_eq!(spoken.code(), "FORBIDDEN");
        let mut signed = said_by(person);
        signed["attachmentId"] = picture(&stage, &stage.engineer, &finished).await;
        let accepted = order(record(&stage.engineer, &finished, "ACCEPTS", signed).await);
        assert_eq!(
            (&accepted["state"], &accepted["answers"][1]["way"], &accepted["charge"]["state"]),
            (&json!("ACCEPTED"), &json!("SIGNATURE"), &json!("REQUESTED"))
        );
    });
}

#[test]
fn who_lives_with_somebody_answers_for_them_and_a_tenant_not_for_the_owner() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let (wife, tenant) = (stage.person(), stage.person());
        let people = [
            (person, "张伟", MemberKind::Owner),
            (wife, "李娜", MemberKind::Family),
            (tenant, "王强", MemberKind::Lessee),
        ];
        stage.belongs(unit, &people).await;
        let (wife, tenant) = (stage.resident(wife).await, stage.resident(tenant).await);
        let first = quoted(&stage, (unit, person)).await;
        assert_eq!(read(&tenant, &first["id"]).await.code(), "NOT_FOUND");
        assert_eq!(step(&tenant, "confirm", &first, json!({})).await.code(), "NOT_FOUND");
        let list = "query($estate: ID!) { specialOrders(estateId: $estate) { nodes { id } } }";
        for (who, count) in [(&wife, 1), (&tenant, 0)] {
            let ask = json!({ "estate": stage.estate.to_string() });
            let answer = who.send("service-desk", list, ask).await.ok();
            assert_eq!(answer["specialOrders"]["nodes"].as_array().unwrap().len(), count);
        }
        let finished = done(&stage, &wife, &first).await;
        let accepted = order(step(&wife, "accept", &finished, json!({})).await);
        assert_eq!(accepted["state"], "ACCEPTED");
        // Whose order it is pays for it.
        assert_eq!(asked(&stage).await[0].payer, person);
    });
}

#[test]
fn silence_accepts_a_week_after_the_work_and_never_what_was_disputed() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let resident = stage.resident(person).await;
        let (first, second) =
            (quoted(&stage, (unit, person)).await, quoted(&stage, (unit, person)).await);
        let silent = done(&stage, &resident, &first).await;
        let wrong = done(&stage, &resident, &second).await;
        let why = json!({ "reason": "仍漏水" });
        let disputed = order(step(&resident, "dispute", &wrong, why).await);
        world.clock.advance(Duration::days(7) - Duration::seconds(1));
        assert_eq!(reread(&resident, &silent).await["state"], "DONE");
        world.clock.advance(Duration::seconds(1));
        eventually("silence counts", || async {
            reread(&resident, &silent).await["state"] == "ACCEPTED"
        })
        .await;
        let charges = asked(&stage).await;
        assert_eq!((charges.len(), charges[0].amount), (1, Fen(3_000)));
        assert_eq!(reread(&resident, &disputed).await["state"], "DISPUTED");
        assert_eq!(letters(&resident, "Your answer to an order").await, 1);
    });
}

#[test]
fn the_supervisor_ends_work_and_disputes_with_a_reason() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let resident = stage.resident(person).await;
        let why = json!({ "reason": "管道需先更换" });
        let first = quoted(&stage, (unit, person)).await;
        let mut now = order(step(&resident, "confirm", &first, json!({})).await);
        let workers = json!({ "workerIds": [stage.engineer.user.to_string()] });
        now = order(step(&stage.supervisor, "schedule", &now, workers).await);
        let early = step(&stage.supervisor, "abort", &now, why.clone()).await;
        assert_eq!(early.code(), "CONFLICT");
        now = order(step(&stage.engineer, "start", &now, json!({})).await);
        assert_eq!(step(&stage.desk, "abort", &now, why.clone()).await.code(), "FORBIDDEN");
        let empty = step(&stage.supervisor, "abort", &now, json!({ "reason": " " })).await;
        assert_eq!((empty.code(), empty.field()), ("INVALID", "reason"));
        let aborted = order(step(&stage.supervisor, "abort", &now, why.clone()).await);
        assert_eq!(
            (&aborted["state"], &aborted["cancelFee"]["amount"]),
            (&json!("CANCELLED"), &json!("0.00"))
        );
        assert_eq!(letters(&resident, "Your order has changed").await, 1);
        // 30.00 was agreed to, 20.00 is settled for.
        let second = quoted(&stage, (unit, person)).await;
        let finished = done(&stage, &resident, &second).await;
        let disputed = order(step(&resident, "dispute", &finished, why.clone()).await);
        let settle = |who: &Signed, total: &str| {
            let text = "mutation($input: SettleSpecialOrderDisputeInput!) {
                settleSpecialOrderDispute(input: $input) { specialOrder { id state version
                    endedBecause total { amount } } } }";
            let input = json!({ "orderId": disputed["id"], "expectedVersion": disputed["version"],
                "reason": "减收十元", "total": total, "idempotencyKey": key() });
            let who = who.clone();
            async move { who.send("service-desk", text, json!({ "input": input })).await }
        };
        assert_eq!(settle(&stage.desk, "20.00").await.code(), "FORBIDDEN");
        let more = settle(&stage.supervisor, "30.01").await;
        assert_eq!((more.code(), more.field()), ("INVALID", "total"));
        let settled = order(settle(&stage.supervisor, "20.00").await);
        assert_eq!(
            (&settled["state"], &settled["total"]["amount"], &settled["endedBecause"]),
            (&json!("ACCEPTED"), &json!("20.00"), &json!("减收十元"))
        );
        let charges = asked(&stage).await;
        assert_eq!((charges.len(), charges[0].amount), (1, Fen(2_000)));
    });
}

#[test]
fn a_late_wish_costs_its_fee_by_phone_too_and_a_passed_appointment_binds_nobody() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let resident = stage.resident(person).await;
        let mut confirmed = Vec::new();
        for _ in 0..2 {
            let first = quoted(&stage, (unit, person)).await;
            confirmed.push(order(step(&resident, "confirm", &first, json!({})).await));
        }
        let late = quoted(&stage, (unit, person)).await;
        // An hour and a half before the appointment.
        world.clock.set("2026-08-01T00:30:00Z".parse().unwrap());
        for (now, (wish, fee)) in confirmed.iter().zip([(true, "20.00"), (false, "0.00")]) {
            let why = json!({ "reason": "临时外出", "atResidentsWish": wish });
            let gone = order(step(&stage.desk, "cancel", now, why).await);
            assert_eq!(gone["cancelFee"]["amount"], fee);
        }
        world.clock.set("2026-08-01T02:00:01Z".parse().unwrap());
        assert_eq!(step(&resident, "confirm", &late, json!({})).await.code(), "CONFLICT");
        let heard = record(&stage.desk, &late, "CONFIRMS", said_by(person)).await;
        assert_eq!(heard.code(), "CONFLICT");
    });
}

#[test]
fn the_estates_calendar_knows_its_holidays() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let price =
            async || quoted(&stage, (unit, person)).await["quote"]["total"]["amount"].clone();
        assert_eq!(price().await, "30.00");
        let holiday = json!(["2026-08-01"]);
        calendar(&stage, &stage.director, holiday, 0).await.ok();
        assert_eq!(price().await, "45.00");
    });
}
