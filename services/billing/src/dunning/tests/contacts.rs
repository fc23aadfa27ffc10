//! Contacts: who may make them, what they bring, and how a wrong one is undone.

use super::{Scene, scene};
use contracts::service_desk::{DunningMessageDelivered, Receipt};
use serde_json::{Value, json};
use testkit::run;

async fn late() -> Scene {
    let scene = scene("2026-07-01", "2026-07", ("3-1-1201", "118.56")).await;
    scene.day("2026-07-16").await;
    scene.day("2026-07-22").await;
    scene
}

fn call() -> Value {
    json!({ "step": "CALL", "channel": "CALL", "reply": "忘记了", "reason": "FORGOT" })
}

#[test]
fn a_call_does_its_task_and_is_not_repeated_before_it_has_cooled_down() {
    run(async {
        let scene = late().await;
        let made = scene.record(&scene.desk, call()).await.ok();
        let action = &made["recordDunningAction"]["dunningAction"];
        assert_eq!(
            (&action["script"], &action["demanded"]["amount"]),
            (&json!("CALL/0"), &json!("835.86"))
        );
        assert_eq!(scene.tasks().await[1].2, "DONE");
        assert_eq!(scene.case().await["reason"], "FORGOT");
        scene.day("2026-07-28").await;
        assert_eq!(scene.record(&scene.desk, call()).await.code(), "CONFLICT");
        scene.day("2026-07-29").await;
        scene.record(&scene.desk, call()).await.ok();
        // The desk calls, and no more.
        scene.day("2026-07-30").await;
        let notice = json!({ "step": "FIRST_NOTICE", "channel": "NOTICE" });
        assert_eq!(scene.record(&scene.desk, notice.clone()).await.code(), "FORBIDDEN");
        scene.record(&scene.officer, notice).await.ok();
        assert_eq!(scene.case().await["stage"], "FIRST_NOTICE");
        let early = json!({ "step": "LAWYER_LETTER", "channel": "LETTER" });
        assert_eq!(scene.record(&scene.supervisor, early).await.code(), "CONFLICT");
    });
}

#[test]
fn a_repeat_with_the_same_key_is_the_same_contact() {
    run(async {
        let scene = late().await;
        let mut input = call();
        input["idempotencyKey"] = json!("call-000001");
        let first = scene.record(&scene.desk, input.clone()).await.ok();
        assert_eq!(first, scene.record(&scene.desk, input.clone()).await.ok());
        assert_eq!(scene.actions(&scene.supervisor).await.len(), 2);
        input["reply"] = json!("别的话");
        assert_eq!(scene.record(&scene.desk, input).await.code(), "IDEMPOTENCY_MISMATCH");
    });
}

#[test]
fn a_visit_is_made_by_two_in_decent_hours() {
    run(async {
        let scene = late().await;
        scene.day("2026-08-14").await;
        let visit = |second: Option<String>, at: &str| json!({ "step": "VISIT", "channel": "VISIT", "staffId": second, "happenedAt": at });
        let (other, own) = (scene.supervisor.user.to_string(), scene.officer.user.to_string());
        let now = "2026-08-14T01:00:00Z";
        for alone in [None, Some(own)] {
            let answer = scene.record(&scene.officer, visit(alone, now)).await;
            assert_eq!((answer.code(), answer.field()), ("INVALID", "staffId"));
        }
        let stranger =
            scene.stage.company.world.company().staff("SUP", None).await.user.to_string();
        let answer = scene.record(&scene.officer, visit(Some(stranger), now)).await;
        assert_eq!(answer.code(), "NOT_FOUND", "none of our staff");
        let night =
            scene.record(&scene.officer, visit(Some(other.clone()), "2026-08-13T13:00:00Z")).await;
        assert_eq!((night.code(), night.field()), ("INVALID", "happenedAt"));
        let made = scene.record(&scene.officer, visit(Some(other), now)).await.ok();
        assert!(made["recordDunningAction"]["dunningAction"]["secondStaffId"].is_string());
        assert_eq!(scene.case().await["stage"], "VISITED");
        // Residents see that they were visited, not by whom.
        let seen = &scene.actions(&scene.owner).await[0];
        assert_eq!((&seen["channel"], &seen["staffId"]), (&json!("VISIT"), &Value::Null));
    });
}

#[test]
fn an_account_gets_one_message_a_day() {
    run(async {
        let scene = scene("2026-07-01", "2026-07", ("3-1-1201", "118.56")).await;
        scene.day("2026-07-16").await;
        scene.day("2026-07-23").await;
        let again = json!({ "step": "REMINDER", "channel": "SMS" });
        scene.record(&scene.officer, again.clone()).await.ok();
        // Even by a step of its own.
        scene.day("2026-07-30").await;
        let notice = json!({ "step": "FIRST_NOTICE", "channel": "APP" });
        scene.record(&scene.officer, again).await.ok();
        assert_eq!(scene.record(&scene.officer, notice.clone()).await.code(), "CONFLICT");
        scene.day("2026-07-31").await;
        scene.record(&scene.officer, notice).await.ok();
    });
}

#[test]
fn a_wrong_contact_is_undone_by_another_and_counts_for_nothing() {
    run(async {
        let scene = late().await;
        let wrong = scene.delivered(&scene.desk, call()).await;
        assert_eq!(scene.barred_on(&scene.bill).await, "2029-07-22");
        let input =
            json!({ "id": wrong["id"], "reason": "打错了电话", "idempotencyKey": "correct-0001" });
        let answer = "dunningAction { id correctsId note }";
        let desk = scene.change(&scene.desk, "correctDunningAction", answer, input.clone()).await;
        assert_eq!(desk.code(), "FORBIDDEN");
        let done = scene
            .change(&scene.supervisor, "correctDunningAction", answer, input.clone())
            .await
            .ok();
        assert_eq!(done["correctDunningAction"]["dunningAction"]["correctsId"], wrong["id"]);
        let mut again = input;
        again["idempotencyKey"] = json!("correct-0002");
        let twice = scene.change(&scene.supervisor, "correctDunningAction", answer, again).await;
        assert_eq!(twice.code(), "CONFLICT");
        assert_eq!(scene.tasks().await[1].2, "OPEN", "the call is still to be made");
        let case = scene.case().await;
        assert_eq!((&case["stage"], &case["reason"]), (&json!("REMINDED"), &Value::Null));
        assert_eq!(scene.barred_on(&scene.bill).await, "2029-07-15");
        let all = scene.actions(&scene.supervisor).await;
        let kept = all.iter().find(|it| it["id"] == wrong["id"]).unwrap();
        assert!(kept["correctedById"].is_string() && kept["reply"] == "忘记了", "{kept}");
    });
}

#[test]
fn a_promise_is_kept_by_payments_and_broken_by_its_day() {
    run(async {
        let scene = late().await;
        let promise = |day: &str, amount: &str| json!({ "channel": "CALL", "promiseAmount": amount, "promiseDueOn": day });
        let past = scene.record(&scene.desk, promise("2026-07-21", "1.00")).await;
        assert_eq!((past.code(), past.field()), ("INVALID", "promiseDueOn"));
        scene.record(&scene.desk, promise("2026-07-30", "100.00")).await.ok();
        scene.record(&scene.desk, promise("2026-07-31", "400.00")).await.ok();
        let states = || async {
            let all = scene.actions(&scene.supervisor).await;
            let mut of: Vec<(String, String)> = all
                .iter()
                .filter(|it| !it["promise"].is_null())
                .map(|it| (it["promise"]["dueOn"].to_string(), it["promise"]["state"].to_string()))
                .collect();
            of.sort();
            of.into_iter().map(|(_, state)| state.trim_matches('"').to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(states().await, ["OPEN", "OPEN"]);
        // Booked on 31 July.
        scene.stage.pay(&scene.bill, &scene.account, 40_000).await;
        scene.day("2026-08-01").await;
        assert_eq!(states().await, ["BROKEN", "KEPT"]);
        let figures = "dunningFigures(from: \"2026-07-01\", to: \"2026-07-31\") { promisesKept promisesBroken \
            promiseKeptPercent casesTried casesReached contactablePercent arrears { fromDays amount { amount } } \
            recovered { step amount { amount } } }";
        let seen = scene.stage.estate(&scene.supervisor, figures).await.ok();
        let figures = &seen["_entities"][0]["dunningFigures"];
        assert_eq!(figures["promiseKeptPercent"], "50.00");
        assert_eq!(figures["contactablePercent"], "100.00");
        assert_eq!(figures["arrears"][0]["amount"]["amount"], "435.86");
        assert_eq!(
            figures["recovered"],
            json!([{ "step": "REMINDER", "amount": { "amount": "400.00" } }])
        );
        let zone = scene
            .stage
            .estate(
                &scene.officer,
                "dunningFigures(from: \"2026-07-01\", to: \"2026-07-31\") { promisesKept }",
            )
            .await;
        assert_eq!(zone.code(), "NOT_FOUND");
    });
}

#[test]
fn a_message_that_arrived_begins_the_limitation_anew() {
    run(async {
        let scene = late().await;
        assert_eq!(scene.barred_on(&scene.bill).await, "2029-07-15");
        let action = scene.actions(&scene.owner).await[0]["id"].as_str().unwrap().to_owned();
        let read = DunningMessageDelivered {
            action,
            at: "2026-07-18T02:00:00Z".parse().unwrap(),
            receipt: Receipt::AppRead,
            reference: "msg-1".to_owned(),
        };
        for _ in 0..2 {
            scene.stage.company.tell("service-desk", "billing", &read).await;
        }
        assert_eq!(scene.barred_on(&scene.bill).await, "2029-07-18");
        let seen = &scene.actions(&scene.owner).await[0];
        assert_eq!(
            (&seen["evidence"], &seen["evidenceReference"]),
            (&json!("APP_READ"), &json!("msg-1"))
        );
        // An acknowledgement needs no evidence.
        scene.record(&scene.desk, json!({ "channel": "CALL", "acknowledged": true })).await.ok();
        assert_eq!(scene.barred_on(&scene.bill).await, "2029-07-22");
    });
}

#[test]
fn nobody_sees_or_touches_what_is_not_theirs() {
    run(async {
        let scene = late().await;
        let company = &scene.stage.company;
        let elsewhere = company.estate("NTH", "北苑").await;
        let neighbour = company.resident(scene.stage.id()).await;
        let zone = vec![scene.stage.id()];
        let strangers = [
            neighbour,
            company.staff("SUP", elsewhere).await,
            company.staff_in_zone("PO", scene.stage.estate, zone).await,
            company.world.company().staff("SUP", scene.stage.estate).await,
        ];
        let case = scene.case().await["id"].as_str().unwrap().to_owned();
        for who in &strangers {
            let asked = format!("dunningCase(id: \"{case}\") {{ id }} ");
            let text = format!("query {{ {asked} }}");
            assert_eq!(who.send("billing", &text, json!({})).await.code(), "NOT_FOUND");
            let list = "dunningActions(accountId: $account) { nodes { id } }";
            assert_eq!(scene.query(who, list).await.code(), "NOT_FOUND");
            assert_eq!(scene.record(who, call()).await.code(), "NOT_FOUND");
        }
        // The zone of another officer shows nothing, residents see no lists of others.
        let list = "dunningTasks(estateId: $estate) { nodes { id } }";
        let seen = scene.query(&strangers[2], list).await.ok();
        assert_eq!(seen["dunningTasks"]["nodes"], json!([]));
        assert_eq!(scene.query(&scene.owner, list).await.code(), "NOT_FOUND");
        assert_eq!(
            scene
                .query(&scene.owner, "dunningActions(accountId: $account) { nodes { id } }")
                .await
                .ok()["dunningActions"]["nodes"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert_eq!(scene.record(&scene.owner, call()).await.code(), "NOT_FOUND");
        let inside = scene.query(&scene.officer, list).await.ok();
        assert_eq!(inside["dunningTasks"]["nodes"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn a_bill_of_somebody_else_is_not_demanded() {
    run(async {
        let scene = late().await;
        let foreign = format!("bil_{}", scene.stage.id().simple());
        let mut input = call();
        input["billIds"] = json!([foreign]);
        assert_eq!(scene.record(&scene.desk, input).await.code(), "NOT_FOUND");
    });
}
