//! The steps on the calendar.

use super::{Scene, scene};
use serde_json::json;
use testkit::{Signed, eventually, run};

const HOME: (&str, &str) = ("3-1-1201", "118.56");

fn step(name: &str, day: &str, state: &str) -> (String, String, String) {
    (name.to_owned(), day.to_owned(), state.to_owned())
}

/// Scenario 1: 835.86 due on 15 July, paid on 24 August.
async fn scenario_1() -> Scene {
    scene("2026-07-01", "2026-07", HOME).await
}

#[test]
fn scenario_1_has_its_steps_on_their_days_and_ends_settled() {
    run(async {
        let scene = scenario_1().await;
        scene.days("2026-07-14", "2026-07-15").await;
        assert!(scene.case().await.is_null(), "nobody is late on the due day");
        scene.days("2026-07-16", "2026-08-13").await;
        let due = [
            step("REMINDER", "2026-07-16", "DONE"),
            step("CALL", "2026-07-22", "OPEN"),
            step("FIRST_NOTICE", "2026-07-30", "OPEN"),
        ];
        assert_eq!(scene.tasks().await, due);
        scene.days("2026-08-14", "2026-08-24").await;
        assert_eq!(scene.tasks().await[3], step("VISIT", "2026-08-14", "OPEN"));
        let sent = scene.actions(&scene.owner).await;
        assert_eq!(sent.len(), 1, "one reminder: {sent:?}");
        assert_eq!(sent[0]["channel"], "APP");
        assert_eq!(sent[0]["happenedAt"], "2026-07-16T02:00:00+00:00");
        assert_eq!(sent[0]["demanded"]["amount"], "835.86");
        assert!(sent[0]["textZh"].as_str().unwrap().contains("835.86"));
        let case = scene.case().await;
        assert_eq!((&case["stage"], &case["nextOn"]), (&json!("REMINDED"), &json!("2026-08-29")));
        scene.stage.pay(&scene.bill, &scene.account, 83_586).await;
        scene.sweep().await;
        let case = scene.case().await;
        assert_eq!((&case["stage"], &case["closedOn"]), (&json!("SETTLED"), &json!("2026-08-24")));
        assert_eq!(scene.tasks().await[3].2, "CANCELLED");
        scene.days("2026-08-25", "2026-08-31").await;
        assert_eq!(scene.tasks().await.len(), 4, "nothing follows");
    });
}

#[test]
fn days_without_the_work_are_caught_up_and_nothing_comes_twice() {
    run(async {
        let scene = scenario_1().await;
        // Nobody worked for a month; then twice at once, then after the clock jumped back.
        scene.stage.company.world.clock.set("2026-08-14T02:00:00Z".parse().unwrap());
        futures::join!(scene.sweep(), scene.sweep());
        let due: Vec<String> = scene.tasks().await.into_iter().map(|task| task.1).collect();
        assert_eq!(due, ["2026-07-16", "2026-07-22", "2026-07-30", "2026-08-14"]);
        scene.day("2026-08-13").await;
        scene.at("2026-08-14T03:00:00Z").await;
        assert_eq!(scene.tasks().await.len(), 4);
        assert_eq!(scene.actions(&scene.supervisor).await.len(), 1, "one reminder");
    });
}

#[test]
fn the_work_comes_by_itself_and_waits_for_a_decent_hour() {
    run(async {
        let scene = scenario_1().await;
        let clock = &scene.stage.company.world.clock;
        // Half past midnight in Shanghai: the step is due, the message waits.
        clock.set("2026-07-15T16:30:00Z".parse().unwrap());
        eventually("the case is opened", || async { !scene.case().await.is_null() }).await;
        assert!(scene.actions(&scene.owner).await.is_empty());
        clock.set("2026-07-16T00:31:00Z".parse().unwrap());
        eventually("the reminder is sent", || async {
            scene.actions(&scene.owner).await.len() == 1
        })
        .await;
        assert_eq!(scene.tasks().await, [step("REMINDER", "2026-07-16", "DONE")]);
    });
}

#[test]
fn a_ladder_is_a_version_that_open_cases_do_not_change_to() {
    run(async {
        let scene = scenario_1().await;
        scene.day("2026-07-16").await;
        let input = json!({ "estateId": scene.stage.estate.to_string(), "steps": [
            { "step": "CALL", "day": 3, "coolDownDays": 2, "graceDays": 0 },
            { "step": "VISIT", "day": 10, "coolDownDays": 5, "graceDays": 0 } ] });
        let answer =
            "dunningLadder { version steps { step day } contactFrom contactUntil messagesADay }";
        let admin = scene.stage.company.staff("CADM", None).await;
        let set = scene.change(&admin, "setDunningLadder", answer, input.clone()).await.ok();
        let ladder = &set["setDunningLadder"]["dunningLadder"];
        assert_eq!((&ladder["version"], &ladder["contactFrom"]), (&json!(1), &json!("08:30")));
        let again = scene.change(&admin, "setDunningLadder", answer, input.clone()).await.ok();
        assert_eq!(again["setDunningLadder"]["dunningLadder"]["version"], 1);
        scene.days("2026-07-17", "2026-07-22").await;
        let case = scene.case().await;
        assert_eq!(
            (&case["ladderVersion"], case["tasks"].as_array().unwrap().len()),
            (&json!(0), 2)
        );
        let mut early = input.clone();
        early["contactFrom"] = json!("06:00");
        let refused = scene.change(&admin, "setDunningLadder", answer, early).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "contactFrom"));
        let who = scene.change(&scene.supervisor, "setDunningLadder", answer, input).await;
        assert_eq!(who.code(), "FORBIDDEN");
        // A new case follows the new one.
        scene.stage.pay(&scene.bill, &scene.account, 83_586).await;
        scene.sweep().await;
        scene.stage.run("2026-10").await;
        scene.day("2026-10-18").await;
        let case = scene.case().await;
        assert_eq!(
            (&case["ladderVersion"], &case["tasks"][0]["step"]),
            (&json!(1), &json!("CALL"))
        );
    });
}

#[test]
fn a_step_is_skipped_with_a_reason_and_a_case_given_to_somebody() {
    run(async {
        let scene = scenario_1().await;
        scene.days("2026-07-16", "2026-07-22").await;
        let case = scene.case().await;
        let task = json!({ "id": case["tasks"][1]["id"], "reason": "已约定面谈" });
        let answer = "dunningTask { state skipReason }";
        let desk = scene.change(&scene.desk, "skipDunningTask", answer, task.clone()).await;
        assert_eq!(desk.code(), "FORBIDDEN");
        let done =
            scene.change(&scene.supervisor, "skipDunningTask", answer, task.clone()).await.ok();
        assert_eq!(done["skipDunningTask"]["dunningTask"]["state"], "SKIPPED");
        let again = scene.change(&scene.supervisor, "skipDunningTask", answer, task).await;
        assert_eq!(again.code(), "CONFLICT");
        let call = json!({ "step": "CALL", "channel": "CALL" });
        assert_eq!(scene.record(&scene.desk, call).await.code(), "CONFLICT", "it is left out");
        scene.day("2026-07-30").await;
        let to = scene.officer.user.to_string();
        let give = json!({ "id": case["id"], "staffId": to });
        scene.change(&scene.supervisor, "assignDunningCase", "dunningCase { id }", give).await.ok();
        let list = format!(
            "dunningTasks(estateId: $estate, state: OPEN, staffId: \"{to}\", dueBy: \"2026-07-30\") {{ nodes {{ step }} }}"
        );
        let mine = scene.query(&scene.officer, &list).await.ok();
        assert_eq!(mine["dunningTasks"]["nodes"], json!([{ "step": "FIRST_NOTICE" }]));
    });
}

#[test]
fn a_voided_debt_is_settled_and_officers_see_their_zone() {
    run(async {
        let scene = scenario_1().await;
        scene.day("2026-07-16").await;
        let list = "dunningCases(estateId: $estate, open: true) { nodes { id } }";
        let seen = async |who: &Signed| {
            scene.query(who, list).await.ok()["dunningCases"]["nodes"].as_array().unwrap().len()
        };
        let zone = vec![scene.stage.id()];
        let next_door = scene.stage.company.staff_in_zone("PO", scene.stage.estate, zone).await;
        assert_eq!((seen(&scene.officer).await, seen(&next_door).await), (1, 0));
        scene.stage.void(&scene.stage.finance, &scene.bill, "算错").await.ok();
        scene.sweep().await;
        assert_eq!(scene.case().await["stage"], "SETTLED");
        assert_eq!(seen(&scene.officer).await, 0);
    });
}

#[test]
fn a_case_is_opened_by_hand_on_the_due_day_and_once() {
    run(async {
        let scene = scenario_1().await;
        let open = async |who: &Signed, key: &str| {
            let input = json!({ "accountId": scene.account, "reason": "业主要求提前沟通", "idempotencyKey": key });
            scene
                .change(who, "openDunningCase", "dunningCase { id stage countedFrom }", input)
                .await
        };
        scene.day("2026-07-14").await;
        assert_eq!(open(&scene.supervisor, "open-00001").await.code(), "CONFLICT", "not due yet");
        scene.day("2026-07-15").await;
        assert_eq!(open(&scene.desk, "open-00002").await.code(), "FORBIDDEN");
        assert_eq!(open(&scene.officer, "open-00002").await.code(), "NOT_FOUND");
        let made = open(&scene.supervisor, "open-00003").await.ok();
        assert_eq!(made["openDunningCase"]["dunningCase"]["countedFrom"], "2026-07-15");
        assert_eq!(made, open(&scene.supervisor, "open-00003").await.ok());
        assert_eq!(open(&scene.supervisor, "open-00004").await.code(), "CONFLICT");
        scene.day("2026-07-16").await;
        assert_eq!(scene.tasks().await, [step("REMINDER", "2026-07-16", "DONE")]);
    });
}
