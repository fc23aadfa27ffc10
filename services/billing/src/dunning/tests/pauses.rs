//! What holds dunning, and that it goes on with the step that was held.

use super::{Scene, scene};
use contracts::service_desk::{ComplaintAnswered, ComplaintOpened};
use serde_json::{Value, json};
use testkit::run;

/// Scenario 7: the quarters of 475.23 due on 15 January and 15 April.
async fn scenario_7() -> Scene {
    let scene = scene("2026-01-02", "2026-01", ("8-1-0802", "67.41")).await;
    scene.days("2026-01-16", "2026-01-30").await;
    scene
}

async fn last_step(scene: &Scene) -> (String, String) {
    let last = scene.tasks().await.pop().unwrap();
    (last.0, last.1)
}

#[test]
fn scenario_7_holds_the_step_of_day_90_until_the_ticket_is_answered() {
    run(async {
        let scene = scenario_7().await;
        let notice =
            json!({ "step": "FIRST_NOTICE", "channel": "NOTICE", "reason": "DISSATISFIED" });
        scene.delivered(&scene.officer, notice).await;
        assert_eq!(scene.barred_on(&scene.bill).await, "2029-01-30");
        scene.day("2026-03-01").await;
        assert_eq!(last_step(&scene).await, ("SECOND_NOTICE".to_owned(), "2026-03-01".to_owned()));
        let company = &scene.stage.company;
        let opened = ComplaintOpened {
            complaint: "tkt_1".to_owned(),
            estate: scene.stage.estate,
            unit: scene.unit,
            subject: "墙面发霉".to_owned(),
        };
        for _ in 0..2 {
            company.tell("service-desk", "billing", &opened).await;
        }
        scene.days("2026-04-14", "2026-04-20").await;
        scene.day("2026-07-11").await;
        let case = scene.case().await;
        assert_eq!((&case["held"], &case["nextOn"]), (&json!(true), &json!("2026-04-15")));
        assert_eq!(last_step(&scene).await.0, "SECOND_NOTICE");
        let second = json!({ "step": "SECOND_NOTICE", "channel": "NOTICE" });
        assert_eq!(scene.record(&scene.officer, second).await.code(), "CONFLICT");
        scene.stage.company.world.clock.set("2026-07-12T02:00:00Z".parse().unwrap());
        let answered = ComplaintAnswered { complaint: "tkt_1".to_owned() };
        for _ in 0..2 {
            company.tell("service-desk", "billing", &answered).await;
        }
        assert_eq!(last_step(&scene).await, ("DIRECTOR_VISIT".to_owned(), "2026-07-12".to_owned()));
        assert_eq!(scene.case().await["nextOn"], "2026-08-11", "the letter keeps its distance");
        scene.day("2026-07-13").await;
        let other = scene.supervisor.user.to_string();
        let visit = json!({ "step": "DIRECTOR_VISIT", "channel": "VISIT", "staffId": other });
        scene.delivered(&scene.stage.director, visit).await;
        assert_eq!(
            scene.barred_on(&scene.bill).await,
            "2029-07-13",
            "three years after the last demand"
        );
        assert_eq!(scene.case().await["stage"], "NEGOTIATING");
    });
}

fn nodes(answer: Value) -> Vec<Value> {
    answer["dunningPauses"]["nodes"].as_array().unwrap().clone()
}

#[test]
fn a_disputed_bill_alone_is_left_alone() {
    run(async {
        let scene = scenario_7().await;
        scene.stage.company.world.clock.set("2026-04-01T02:00:00Z".parse().unwrap());
        scene.stage.run("2026-04").await;
        let second = scene.stage.bill_from(scene.unit, "2026-04").await["id"].clone();
        scene.day("2026-04-16").await;
        let dispute = json!({ "accountId": scene.account, "billIds": [scene.bill],
            "reason": "一月没有保洁", "idempotencyKey": "dispute-0001" });
        let answer = "dunningPause { id kind billIds }";
        let made = scene.change(&scene.owner, "disputeBills", answer, dispute.clone()).await.ok();
        assert_eq!(
            made,
            scene.change(&scene.owner, "disputeBills", answer, dispute.clone()).await.ok()
        );
        let pause = &made["disputeBills"]["dunningPause"];
        assert_eq!((&pause["kind"], &pause["billIds"]), (&json!("DISPUTE"), &json!([scene.bill])));
        let call = json!({ "channel": "CALL" });
        let said = scene.record(&scene.desk, call.clone()).await.ok();
        let said = &said["recordDunningAction"]["dunningAction"];
        assert_eq!(said["demanded"]["amount"], "475.23", "the other quarter alone");
        assert_eq!(said["bills"][0]["billId"], second);
        let mut both = call.clone();
        both["billIds"] = json!([scene.bill]);
        let refused = scene.record(&scene.desk, both).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "billIds"));
        // With both disputed nothing is left to demand.
        let other = json!({ "accountId": scene.account, "billIds": [second],
            "reason": "同上", "idempotencyKey": "dispute-0002" });
        scene.change(&scene.owner, "disputeBills", answer, other).await.ok();
        assert_eq!(scene.case().await["held"], true);
        let list = "dunningPauses(estateId: $estate, running: true) { nodes { id reason } }";
        assert_eq!(nodes(scene.query(&scene.owner, list).await.ok()).len(), 2);
        let resume = json!({ "id": pause["id"], "reason": "已补做保洁" });
        let done = scene
            .change(&scene.owner, "resumeDunning", "dunningPause { endedOn }", resume.clone())
            .await;
        assert_eq!(done.code(), "NOT_FOUND", "staff decide");
        scene
            .change(&scene.supervisor, "resumeDunning", "dunningPause { endedOn }", resume.clone())
            .await
            .ok();
        assert_eq!(scene.case().await["held"], false);
        let over = scene
            .change(&scene.supervisor, "resumeDunning", "dunningPause { endedOn }", resume)
            .await;
        assert_eq!(over.code(), "CONFLICT");
        assert_eq!(nodes(scene.query(&scene.owner, list).await.ok()).len(), 1);
    });
}

#[test]
fn staff_pause_with_a_reason_and_strangers_do_not() {
    run(async {
        let scene = scenario_7().await;
        let pause = |key: &str| json!({ "accountId": scene.account, "reason": "住院", "idempotencyKey": key });
        let answer = "dunningPause { id }";
        let company = &scene.stage.company;
        let neighbour = company.resident(scene.stage.id()).await;
        let elsewhere = company.estate("NTH", "北苑").await;
        let stranger = company.staff("SUP", elsewhere).await;
        for (who, code) in
            [(&scene.desk, "FORBIDDEN"), (&stranger, "NOT_FOUND"), (&neighbour, "NOT_FOUND")]
        {
            let refused = scene.change(who, "pauseDunning", answer, pause("pause-0001")).await;
            assert_eq!(refused.code(), code);
        }
        let mut dispute = pause("pause-0003");
        dispute["billIds"] = json!([scene.bill]);
        let refused = scene.change(&neighbour, "disputeBills", answer, dispute).await;
        assert_eq!(refused.code(), "NOT_FOUND");
        scene.change(&scene.supervisor, "pauseDunning", answer, pause("pause-0001")).await.ok();
        let twice =
            scene.change(&scene.supervisor, "pauseDunning", answer, pause("pause-0002")).await;
        assert_eq!(twice.code(), "CONFLICT");
        assert_eq!(scene.case().await["held"], true);
        scene.day("2026-02-20").await;
        assert_eq!(last_step(&scene).await.0, "FIRST_NOTICE");
    });
}
