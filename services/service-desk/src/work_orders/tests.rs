//! Work orders through the graph.

use crate::testing::{Stage, own_world};
use authz::UserId;
use chrono::Duration;
use contracts::{PersonId, UnitId};
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

const SERVICE: &str = "service-desk";
const FIELDS: &str = "id number state version unit { id } unitLabel reporterName publicPart categoryCode
    assignee { id name } sla { respondBy resolveBy respondedAt pausedSince pauseReason resolutionMet }
    quote { state total { amount } lines { code quantity amount { amount } } answeredByName
        recordedBy { name } } charge { state }
    warrantyOfId warrantyUntil mergedIntoId incident { id messageZh } signature { name attachmentId }
    timeline { action state by { name } note }";

/// One act of the graph, `input` given.
pub(crate) async fn act(who: &Signed, name: &str, input: Value) -> Answer {
    let kind = match name {
        "answerWorkQuote" => "AnswerWorkQuoteInput".to_owned(),
        "confirmWorkOrder" | "closeWorkOrder" => "EndWorkOrderInput".to_owned(),
        "reopenWorkOrder" | "cancelWorkOrder" => "UndoWorkOrderInput".to_owned(),
        other => format!("{}{}Input", other[..1].to_uppercase(), &other[1..]),
    };
    let text = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{ workOrder {{ {FIELDS} }} }} }}"
    );
    who.send(SERVICE, &text, json!({ "input": input })).await
}

pub(crate) fn order_of(answer: Answer) -> Value {
    let mut data = answer.ok();
    let only = data.as_object_mut().unwrap().values_mut().next().unwrap();
    only["workOrder"].take()
}

/// Moves an order on by its id and version.
pub(super) async fn go(who: &Signed, order: &Value, name: &str, more: Value) -> Answer {
    let mut input = json!({ "workOrderId": order["id"], "expectedVersion": order["version"] });
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    act(who, name, input).await
}

pub(super) async fn step(who: &Signed, order: &Value, step: &str) -> Value {
    order_of(go(who, order, "advanceWorkOrder", json!({ "step": step })).await)
}

pub(super) async fn hand(stage: &Stage, of: &Signed, skills: &[&str], level: &str) {
    let text = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) {
        responder { level } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "staffId": of.user.to_string(),
        "level": level, "skills": skills, "buildingIds": [] });
    stage.supervisor.send(SERVICE, text, json!({ "input": input })).await.ok();
    let text = "mutation($input: SetDutyInput!) { setDuty(input: $input) {
        responder { onDutySince } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "staffId": of.user.to_string(),
        "onDuty": true });
    stage.supervisor.send(SERVICE, text, json!({ "input": input })).await.ok();
}

pub(crate) fn report(stage: &Stage, unit: Option<UnitId>, category: &str, key: &str) -> Value {
    json!({ "estateId": stage.estate.to_string(), "unitId": unit.map(|unit| unit.to_string()),
        "category": category, "description": "厨房龙头漏水", "idempotencyKey": key })
}

pub(super) async fn price(stage: &Stage, code: &str, fen: i64, kind: &str, days: i32) {
    let text = "mutation($input: SaveWorkPriceInput!) { saveWorkPrice(input: $input) {
        workPrice { code price { amount } } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "code": code, "nameZh": "价目",
        "nameEn": "entry", "unit": "次", "priceFen": fen, "kind": kind, "warrantyDays": days,
        "active": true, "expectedVersion": 0 });
    stage.supervisor.send(SERVICE, text, json!({ "input": input })).await.ok();
}

async fn seen(who: &Signed, id: &Value) -> Answer {
    let text = format!("query($id: ID!) {{ workOrder(id: $id) {{ {FIELDS} }} }}");
    who.send(SERVICE, &text, json!({ "id": id })).await
}

async fn count(stage: &Stage, who: &Signed) -> usize {
    let text = "query($estate: ID!) { workOrders(estateId: $estate) { nodes { id } } }";
    let answer = who.send(SERVICE, text, json!({ "estate": stage.estate.to_string() })).await.ok();
    answer["workOrders"]["nodes"].as_array().unwrap().len()
}

#[test]
fn a_repair_goes_from_the_report_to_the_signature_and_is_charged_as_agreed() {
    run(async {
        let stage = Stage::new().await;
        hand(&stage, &stage.engineer, &["PLUMBING"], "STAFF").await;
        price(&stage, "LABOUR_TAP", 3_000, "LABOUR", 30).await;
        price(&stage, "TAP", 6_800, "MATERIAL", 90).await;
        let (unit, owner) = stage.home("6-2-0801", "王芳").await;
        let owner = stage.resident(owner).await;
        let made =
            act(&owner, "createWorkOrder", report(&stage, Some(unit), "WATER_TAP", "tap-00001"));
        let made = order_of(made.await);
        assert_eq!(made["number"], "FCH-WO-202607-0001");
        assert_eq!(
            (&made["state"], &made["assignee"]["name"]),
            (&json!("DISPATCHED"), &json!("孙工"))
        );
        assert_eq!(
            (&made["unitLabel"], &made["reporterName"]),
            (&json!("6-2-0801"), &json!("王芳"))
        );
        assert_eq!(made["sla"]["resolveBy"], "2026-08-03T04:00:00+00:00");
        let again =
            act(&owner, "createWorkOrder", report(&stage, Some(unit), "WATER_TAP", "tap-00001"));
        assert_eq!(order_of(again.await)["id"], made["id"]);

        let engineer = &stage.engineer;
        let order = step(engineer, &made, "ACCEPT").await;
        let order = step(engineer, &order, "SET_OUT").await;
        let order = step(engineer, &order, "START").await;
        assert_eq!(order["sla"]["respondedAt"], "2026-07-31T04:00:00+00:00");
        let lines = json!({ "lines": [{ "code": "LABOUR_TAP", "quantity": 1 }, { "code": "TAP", "quantity": 1 }] });
        let order = order_of(go(engineer, &order, "quoteWorkOrder", lines).await);
        assert_eq!(order["quote"]["total"]["amount"], "98.00");
        assert_eq!(
            (&order["state"], &order["sla"]["pauseReason"]),
            (&json!("QUOTE_PENDING"), &json!("QUOTE_PENDING"))
        );
        // Nothing goes on before the resident agreed, and nobody agrees for them.
        let early = go(engineer, &order, "advanceWorkOrder", json!({ "step": "START" })).await;
        assert_eq!(early.code(), "CONFLICT");
        for who in [engineer, &stage.supervisor] {
            let answer = go(who, &order, "answerWorkQuote", json!({ "agrees": true })).await;
            assert!(["NOT_FOUND", "FORBIDDEN"].contains(&answer.code()));
        }
        let order =
            order_of(go(&owner, &order, "answerWorkQuote", json!({ "agrees": true })).await);
        assert_eq!(order["sla"]["pausedSince"], Value::Null);
        let order = step(engineer, &order, "START").await;
        let unsigned =
            go(engineer, &order, "completeWorkOrder", json!({ "signatureName": " " })).await;
        assert_eq!(unsigned.field(), "signatureName");
        let order = order_of(
            go(engineer, &order, "completeWorkOrder", json!({ "signatureName": "王芳" })).await,
        );
        assert_eq!(
            (&order["state"], &order["charge"]["state"]),
            (&json!("DONE"), &json!("REQUESTED"))
        );
        assert_eq!(order["sla"]["resolutionMet"], true);
        assert_eq!(order["warrantyUntil"], "2026-10-29T04:00:00+00:00");
        let order = order_of(go(&owner, &order, "confirmWorkOrder", json!({})).await);
        let order = order_of(go(&stage.desk, &order, "closeWorkOrder", json!({})).await);
        assert_eq!(order["state"], "CLOSED");
        // The resident sees who did what; staff see them masked.
        let theirs = &seen(&owner, &order["id"]).await.ok()["workOrder"];
        assert_eq!(theirs["timeline"].as_array().unwrap().len(), 11);
        assert_eq!(theirs["timeline"][2]["by"]["name"], "孙工");
        assert_eq!(seen(&stage.desk, &order["id"]).await.ok()["workOrder"]["reporterName"], "王*");

        // The same again within 90 days costs nothing.
        let rework =
            act(&owner, "createWorkOrder", report(&stage, Some(unit), "WATER_TAP", "tap-00002"));
        let rework = order_of(rework.await);
        assert_eq!(rework["warrantyOfId"], order["id"]);
        let rework = step(engineer, &rework, "ACCEPT").await;
        let lines = json!({ "lines": [{ "code": "TAP", "quantity": 1 }] });
        assert_eq!(go(engineer, &rework, "quoteWorkOrder", lines).await.code(), "CONFLICT");
        let other = act(&owner, "createWorkOrder", report(&stage, Some(unit), "DOOR", "door-0001"));
        assert_eq!(order_of(other.await)["warrantyOfId"], Value::Null);
    });
}

#[test]
fn the_least_busy_who_suits_gets_it_and_when_nobody_does_the_supervisor_hears() {
    run(async {
        let stage = Stage::new().await;
        let second = stage.company.staff("ENG", stage.estate).await;
        stage.hired(second.user, "赵工").await;
        let (unit, _) = stage.home("6-1-0101", "李明").await;
        let new = |key: &'static str, category: &'static str| {
            act(&stage.desk, "createWorkOrder", report(&stage, Some(unit), category, key))
        };
        hand(&stage, &stage.supervisor, &["PLUMBING"], "SUPERVISOR").await;
        let alone = order_of(new("alone-001", "DOOR").await);
        assert_eq!((&alone["state"], &alone["assignee"]), (&json!("NEW"), &Value::Null));
        let text = "query($estate: ID!) { slaEscalations(estateId: $estate, mine: true) {
            nodes { measure subjectId } } }";
        let ask = json!({ "estate": stage.estate.to_string() });
        let heard = stage.supervisor.send(SERVICE, text, ask).await.ok();
        assert_eq!(heard["slaEscalations"]["nodes"][0]["measure"], "ASSIGNMENT");
        hand(&stage, &stage.engineer, &["PLUMBING", "ELECTRIC"], "STAFF").await;
        hand(&stage, &second, &["PLUMBING"], "STAFF").await;
        let mut got: Vec<UserId> = Vec::new();
        for key in ["even-0001", "even-0002", "even-0003", "even-0004"] {
            let order = order_of(new(key, "WATER_TAP").await);
            got.push(order["assignee"]["id"].as_str().unwrap().parse().unwrap());
        }
        let first = stage.engineer.user.min(second.user);
        assert_eq!(got.iter().filter(|user| **user == first).count(), 2);
        assert_eq!((got[0], got[2]), (first, first));
        let light = order_of(new("light-001", "POWER_LIGHT").await);
        assert_eq!(light["assignee"]["id"], stage.engineer.user.to_string());
        // By hand to anybody who takes work, and to nobody else.
        let to = |user: UserId| json!({ "assigneeId": user.to_string() });
        let given = order_of(go(&stage.desk, &alone, "assignWorkOrder", to(second.user)).await);
        assert_eq!(
            (&given["state"], &given["assignee"]["name"]),
            (&json!("DISPATCHED"), &json!("赵工"))
        );
        let wrong = go(&stage.desk, &given, "assignWorkOrder", to(stage.desk.user)).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "assigneeId"));
        // Who has it does it, and nobody else.
        let foreign =
            go(&stage.engineer, &given, "advanceWorkOrder", json!({ "step": "ACCEPT" })).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        step(&second, &given, "ACCEPT").await;
        let stale = go(&second, &given, "advanceWorkOrder", json!({ "step": "SET_OUT" })).await;
        assert_eq!(stale.code(), "CONFLICT");
    });
}

#[test]
fn a_duplicate_leads_to_the_order_that_goes_on() {
    run(async {
        let stage = Stage::new().await;
        let (unit, owner) = stage.home("6-1-0102", "李明").await;
        let owner = stage.resident(owner).await;
        let mine = act(&owner, "createWorkOrder", report(&stage, Some(unit), "DOOR", "mine-0001"));
        let mine = order_of(mine.await);
        let theirs =
            act(&stage.desk, "createWorkOrder", report(&stage, Some(unit), "DOOR", "desk-0001"));
        let theirs = order_of(theirs.await);
        let input = json!({ "duplicateId": mine["id"], "duplicateVersion": mine["version"],
            "survivorId": theirs["id"], "survivorVersion": theirs["version"] });
        assert_eq!(act(&owner, "mergeWorkOrders", input.clone()).await.code(), "NOT_FOUND");
        let merged = order_of(act(&stage.desk, "mergeWorkOrders", input.clone()).await);
        assert_eq!((&merged["state"], &merged["mergedIntoId"]), (&json!("CLOSED"), &theirs["id"]));
        let told = seen(&owner, &mine["id"]).await.ok();
        assert_eq!(told["workOrder"]["timeline"][1]["note"], theirs["number"]);
        assert_eq!(act(&stage.desk, "mergeWorkOrders", input).await.code(), "CONFLICT");
        let itself = json!({ "duplicateId": theirs["id"], "duplicateVersion": 1,
            "survivorId": theirs["id"], "survivorVersion": 1 });
        assert_eq!(act(&stage.desk, "mergeWorkOrders", itself).await.field(), "survivorId");
        let gone = go(&stage.desk, &merged, "reopenWorkOrder", json!({ "reason": "x" })).await;
        assert_eq!(gone.code(), "CONFLICT");
    });
}

#[test]
fn one_incident_answers_many_and_ends_what_is_part_of_it() {
    run(async {
        let stage = Stage::new().await;
        hand(&stage, &stage.engineer, &["ELECTRIC"], "STAFF").await;
        let (unit, owner) = stage.home("6-1-0103", "李明").await;
        let owner = stage.resident(owner).await;
        let text = "mutation($input: ReportIncidentInput!) { reportIncident(input: $input) {
            incident { id version messageZh } } }";
        let input = json!({ "input": { "estateId": stage.estate.to_string(), "category": "POWER",
            "messageZh": "变压器检修，预计 18:00 恢复", "messageEn": "Back at 18:00",
            "expectedEnd": "2026-07-31T10:00:00Z", "buildingIds": [stage.building.to_string()],
            "unitIds": [], "idempotencyKey": "power-001" } });
        assert_eq!(stage.engineer.send(SERVICE, text, input.clone()).await.code(), "NOT_FOUND");
        let reported = stage.desk.send(SERVICE, text, input.clone()).await.ok();
        let again = stage.desk.send(SERVICE, text, input).await.ok();
        assert_eq!(reported, again);
        let incident = &reported["reportIncident"]["incident"];
        let ask = "query($unit: ID!) { incidentFor(unitId: $unit) { id messageZh } }";
        let answers = |who: Signed| async move {
            who.send(SERVICE, ask, json!({ "unit": unit.to_string() })).await
        };
        let told = answers(stage.desk.clone()).await.ok();
        assert_eq!(told["incidentFor"]["messageZh"], "变压器检修，预计 18:00 恢复");
        assert_eq!(answers(owner.clone()).await.ok()["incidentFor"]["id"], incident["id"]);
        let part =
            act(&owner, "createWorkOrder", report(&stage, Some(unit), "POWER_LIGHT", "dark-0001"));
        let part = order_of(part.await);
        assert_eq!((&part["incident"]["id"], &part["assignee"]), (&incident["id"], &Value::Null));
        let other = act(&owner, "createWorkOrder", report(&stage, Some(unit), "DOOR", "door-0002"));
        assert_eq!(order_of(other.await)["incident"], Value::Null);
        let text = "mutation($input: ResolveIncidentInput!) { resolveIncident(input: $input) {
            incident { resolvedAt } } }";
        let over = |version: i32| {
            json!({ "input": { "incidentId": incident["id"],
            "expectedVersion": version, "note": "已恢复供电" } })
        };
        assert_eq!(stage.desk.send(SERVICE, text, over(7)).await.code(), "CONFLICT");
        stage.desk.send(SERVICE, text, over(1)).await.ok();
        assert_eq!(stage.desk.send(SERVICE, text, over(2)).await.code(), "CONFLICT");
        let ended = seen(&owner, &part["id"]).await.ok();
        assert_eq!(
            (&ended["workOrder"]["state"], &ended["workOrder"]["sla"]["resolutionMet"]),
            (&json!("CLOSED"), &json!(true))
        );
        assert_eq!(answers(stage.desk.clone()).await.ok()["incidentFor"], Value::Null);
        let strangers = Stage::new().await;
        assert_eq!(answers(strangers.desk.clone()).await.code(), "NOT_FOUND");
        assert_eq!(strangers.desk.send(SERVICE, text, over(1)).await.code(), "NOT_FOUND");
    });
}

#[test]
fn strangers_other_zones_other_households_and_other_roles_see_and_do_nothing() {
    run(async {
        let stage = Stage::new().await;
        let (unit, owner) = stage.home("6-1-0104", "李明").await;
        let (_, neighbour) = stage.home("6-1-0105", "赵六").await;
        let (owner, neighbour) = (stage.resident(owner).await, stage.resident(neighbour).await);
        let made = act(&owner, "createWorkOrder", report(&stage, Some(unit), "DOOR", "door-0003"));
        let order = order_of(made.await);
        let strangers = Stage::new().await;
        let elsewhere = stage.company.staff_in_zone("PO", stage.estate, vec![stage.id()]).await;
        let near = vec![stage.building.as_uuid()];
        let officer = stage.company.staff_in_zone("PO", stage.estate, near).await;
        for who in [&neighbour, &strangers.supervisor, &strangers.desk, &elsewhere, &stage.engineer]
        {
            assert_eq!(seen(who, &order["id"]).await.code(), "NOT_FOUND");
            for (name, more) in [
                ("cancelWorkOrder", json!({ "reason": "x" })),
                ("advanceWorkOrder", json!({ "step": "ACCEPT" })),
                ("answerWorkQuote", json!({ "agrees": true })),
            ] {
                assert_eq!(go(who, &order, name, more).await.code(), "NOT_FOUND", "{name}");
            }
        }
        for who in [&neighbour, &strangers.desk, &elsewhere] {
            let input = report(&stage, Some(unit), "DOOR", "door-0004");
            assert_eq!(act(who, "createWorkOrder", input).await.code(), "NOT_FOUND");
        }
        assert_eq!(count(&stage, &neighbour).await, 0);
        assert_eq!(count(&stage, &elsewhere).await, 0);
        assert_eq!(count(&stage, &stage.engineer).await, 0);
        assert_eq!((count(&stage, &owner).await, count(&stage, &officer).await), (1, 1));
        let director = go(
            &stage.director,
            &order,
            "assignWorkOrder",
            json!({ "assigneeId": stage.engineer.user.to_string() }),
        );
        assert_eq!(director.await.code(), "FORBIDDEN");
        let mine = go(&owner, &order, "cancelWorkOrder", json!({ "reason": "好了" })).await;
        assert_eq!(order_of(mine)["state"], "CANCELLED");
    });
}

#[test]
fn wrong_inputs_name_their_field() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _) = stage.home("6-1-0106", "李明").await;
        let with = |field: &str, value: Value| {
            let mut input = report(&stage, Some(unit), "DOOR", "wrong-001");
            input[field] = value;
            input
        };
        for (field, value) in [
            ("category", json!("NOTHING")),
            ("description", json!(" ")),
            ("appointmentAt", json!("2026-07-30T00:00:00Z")),
            ("idempotencyKey", json!("short")),
        ] {
            let refused = act(&stage.desk, "createWorkOrder", with(field, value)).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", field));
        }
        let nowhere = report(&stage, None, "DOOR", "wrong-002");
        assert_eq!(act(&stage.desk, "createWorkOrder", nowhere).await.field(), "place");
        for (field, id) in [
            ("buildingId", contracts::BuildingId::from_uuid(stage.id()).to_string()),
            ("reporterId", PersonId::from_uuid(stage.id()).to_string()),
        ] {
            let unknown = act(&stage.desk, "createWorkOrder", with(field, json!(id))).await;
            assert_eq!(unknown.code(), "NOT_FOUND", "{field}");
        }
        let text = "mutation($input: SaveWorkCategoryInput!) { saveWorkCategory(input: $input) {
            workCategory { version } } }";
        let category = |parent: &str, version: i32| {
            json!({ "input": { "estateId": stage.estate.to_string(),
            "code": "WATER", "parentCode": parent, "nameZh": "水", "nameEn": "Water",
            "slaCode": "ORDINARY", "publicPart": false, "active": true, "expectedVersion": version } })
        };
        let below = stage.supervisor.send(SERVICE, text, category("WATER_TAP", 0)).await;
        assert_eq!((below.code(), below.field()), ("INVALID", "parentCode"));
        assert_eq!(stage.desk.send(SERVICE, text, category("OTHER", 0)).await.code(), "FORBIDDEN");
        let saved = stage.supervisor.send(SERVICE, text, category("OTHER", 0)).await.ok();
        assert_eq!(saved["saveWorkCategory"]["workCategory"]["version"], 1);
        let stale = stage.supervisor.send(SERVICE, text, category("OTHER", 0)).await;
        assert_eq!(stale.code(), "CONFLICT");
        stage.supervisor.send(SERVICE, text, category("OTHER", 1)).await.ok();
    });
}

#[test]
fn what_was_not_in_order_is_opened_again_within_seven_days_and_urgent_work_has_half_an_hour() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        hand(&stage, &stage.engineer, &["MASONRY", "CARPENTRY"], "STAFF").await;
        let (unit, owner) = stage.home("6-1-0107", "李明").await;
        let owner = stage.resident(owner).await;
        let mut urgent = report(&stage, Some(unit), "DOOR", "urgent-01");
        urgent["urgency"] = json!("URGENT");
        let order = order_of(act(&owner, "createWorkOrder", urgent).await);
        assert_eq!(order["sla"]["respondBy"], "2026-07-31T04:30:00+00:00");
        let order = step(&stage.engineer, &order, "ACCEPT").await;
        let order = step(&stage.engineer, &order, "WAIT_FOR_ACCESS").await;
        assert_eq!(order["sla"]["pauseReason"], "WAITING_ACCESS");
        world.clock.advance(Duration::days(2));
        let order = step(&stage.engineer, &order, "START").await;
        assert_eq!(order["sla"]["resolveBy"], "2026-08-02T16:00:00+00:00");
        let done =
            go(&stage.engineer, &order, "completeWorkOrder", json!({ "signatureName": "李明" }));
        let done = order_of(done.await);
        assert_eq!((&done["sla"]["resolutionMet"], &done["charge"]), (&json!(true), &Value::Null));
        world.clock.advance(Duration::days(7));
        let again = go(&owner, &done, "reopenWorkOrder", json!({ "reason": "又坏了" })).await;
        let again = order_of(again);
        // Whoever suits gets it, as when it was new.
        assert_eq!(
            (&again["state"], &again["assignee"]["name"]),
            (&json!("DISPATCHED"), &json!("孙工"))
        );
        assert_eq!(again["sla"]["resolveBy"], "2026-08-09T16:00:00+00:00");
        let order = step(&stage.engineer, &again, "ACCEPT").await;
        let order = step(&stage.engineer, &order, "START").await;
        let done =
            go(&stage.engineer, &order, "completeWorkOrder", json!({ "signatureName": "李明" }));
        let done = order_of(done.await);
        world.clock.advance(Duration::days(7) + Duration::seconds(1));
        let late = go(&owner, &done, "reopenWorkOrder", json!({ "reason": "又坏了" })).await;
        assert_eq!(late.code(), "CONFLICT");
    });
}
