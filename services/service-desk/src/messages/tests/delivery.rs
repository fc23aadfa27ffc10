//! E-mail and SMS: confirmed by a code, in the reader's language, tried again, out of the night.

use super::{Scene, act, confirm, give, inbox, letter, log, prefer, told};
use crate::{complaints::tests as complaints, messages::MessageKind, notices::tests as notices};
use contracts::billing::DunningMessageSent;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Signed, eventually, run};

async fn state(scene: &Scene, place: usize) -> Value {
    log(&scene.stage, &scene.stage.desk).await[place]["state"].clone()
}

#[test]
fn an_address_is_confirmed_by_its_code_and_letters_arrive_there() {
    run(async {
        let scene = Scene::new("2026-07-31T04:00:00Z").await;
        let stage = &scene.stage;
        let (_, owner) = stage.home("6-2-0801", "王芳").await;
        let who = stage.resident(owner).await;
        prefer(&who, "EN", json!([]), 0).await.ok();
        let wrong = give(&who, "EMAIL", "wang@example").await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "address"));
        give(&who, "EMAIL", "wang@example.com").await.ok();
        assert_eq!(give(&who, "EMAIL", "li@example.com").await.code(), "CONFLICT");
        // Nothing goes to an address that is not confirmed.
        letter(stage, owner, MessageKind::Notice, "早").await;
        let code = scene.code("EMAIL").await;
        let other = if code == "000000" { "000001" } else { "000000" };
        let wrong = confirm(&who, "EMAIL", other).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "code"));
        let confirmed = confirm(&who, "EMAIL", &code).await.ok();
        let address = &confirmed["confirmMessageAddress"]["messagePreferences"]["addresses"][0];
        assert_eq!(address["address"], "w***@example.com");
        assert_eq!(confirm(&who, "EMAIL", &code).await.code(), "CONFLICT");
        letter(stage, owner, MessageKind::Notice, "停水").await;
        eventually("it is sent", || async { state(&scene, 0).await == "SENT" }).await;
        let arrived = scene.mail.arrived();
        assert_eq!(arrived.len(), 2);
        assert_eq!(arrived[1].to, "RCPT TO:<wang@example.com>");
        let want = "停水 in English\n\nPlease take note.\n\n--\nYou get this mail because you gave \
                    your address in the app of 翡翠湖畔花园. You can change how you are written to \
                    in the app at any time.\n";
        assert_eq!(arrived[1].parts()[0], want);
        let rows = log(stage, &stage.desk).await;
        assert_eq!(rows.as_array().unwrap().len(), 1);
        assert_eq!(rows[0]["address"], "w***@example.com");
        assert_eq!(rows[0]["personName"], "王*");
        // Who has no right to the log sees none.
        let text = "query($estate: ID!) { deliveries(estateId: $estate) { nodes { id } } }";
        let ask = json!({ "estate": stage.estate.to_string() });
        let hidden = stage.engineer.send("service-desk", text, ask.clone()).await;
        assert_eq!(hidden.code(), "NOT_FOUND");
        assert_eq!(who.send("service-desk", text, ask).await.code(), "NOT_FOUND");
        // Taken back, nothing goes there any more.
        act(&who, "removeMessageAddress", json!({ "channel": "EMAIL" }), "__typename").await.ok();
        letter(stage, owner, MessageKind::Notice, "晚").await;
        assert_eq!(log(stage, &stage.desk).await.as_array().unwrap().len(), 1);
        assert_eq!(inbox(&who, None).await.as_array().unwrap().len(), 3);
    });
}

#[test]
fn five_wrong_codes_end_a_code_and_so_does_half_an_hour() {
    run(async {
        let scene = Scene::new("2026-07-31T04:00:00Z").await;
        let (_, owner) = scene.stage.home("6-2-0801", "王芳").await;
        let who = scene.stage.resident(owner).await;
        give(&who, "SMS", "138 1234 5678").await.ok();
        let code = scene.code("SMS").await;
        let other = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            assert_eq!(confirm(&who, "SMS", other).await.field(), "code");
        }
        assert_eq!(confirm(&who, "SMS", &code).await.code(), "CONFLICT");
        scene.later(2);
        let first = scene.phone.arrived().len();
        give(&who, "SMS", "13812345678").await.ok();
        eventually("another code", || async { scene.phone.arrived().len() > first }).await;
        let code = scene.code("SMS").await;
        scene.later(31);
        assert_eq!(confirm(&who, "SMS", &code).await.code(), "CONFLICT");
    });
}

#[test]
fn a_busy_server_is_tried_again_and_a_refusal_is_final() {
    run(async {
        let (scene, owner, _) = Scene::with_mail("2026-07-31T02:00:00Z").await;
        let stage = &scene.stage;
        scene.mail.refuse("451 later");
        letter(stage, owner, MessageKind::Notice, "停水").await;
        scene.in_time("it is sent", 1, async || state(&scene, 0).await == "SENT").await;
        let row = log(stage, &stage.desk).await[0].clone();
        assert!(row["tries"].as_i64() >= Some(2) && row["failure"].is_null(), "{row}");
        scene.later(1);
        scene.mail.refuse("550 no such user wang@example.com");
        letter(stage, owner, MessageKind::Notice, "停电").await;
        eventually("it failed", || async { state(&scene, 0).await == "FAILED" }).await;
        let failure = log(stage, &stage.desk).await[0]["failure"].clone();
        let failure = failure.as_str().unwrap();
        assert!(failure.contains("no such user w***@example.com"), "{failure}");
        // Whoever manages messages has it tried again; who only reads the log has not.
        let again = async |who: &Signed| {
            let input = json!({ "estateId": stage.estate.to_string() });
            act(who, "resendFailedDeliveries", input, "resent").await
        };
        assert_eq!(again(&stage.desk).await.code(), "FORBIDDEN");
        let stranger = crate::testing::Stage::in_world(&stage.company.world).await;
        let elsewhere = stranger.company.staff("CADM", None).await;
        for who in [&stranger.supervisor, &elsewhere] {
            assert_eq!(again(who).await.code(), "NOT_FOUND");
        }
        let resent = again(&stage.supervisor).await.ok();
        assert_eq!(resent["resendFailedDeliveries"]["resent"], 1);
        eventually("it is sent", || async { state(&scene, 0).await == "SENT" }).await;
        let none = again(&stage.supervisor).await.ok();
        assert_eq!(none["resendFailedDeliveries"]["resent"], 0);
    });
}

#[test]
fn a_short_message_goes_by_the_provider_and_its_receipt_is_told_to_billing() {
    run(async {
        let scene = Scene::new("2026-07-31T02:00:00Z").await;
        let stage = &scene.stage;
        let (unit, owner) = stage.home("6-2-0801", "王芳").await;
        let who = stage.resident(owner).await;
        scene.address(&who, "SMS", "13812345678").await;
        let before = scene.phone.arrived().len();
        scene.phone.answer(503);
        let action = format!("dac_{}", stage.id().simple());
        let event = DunningMessageSent {
            action: action.clone(),
            estate: stage.estate,
            unit: Some(unit),
            debtor: owner,
            text_zh: "请缴费。".to_owned(),
            text_en: "Please pay.".to_owned(),
        };
        stage.company.tell("billing", "service-desk", &event).await;
        scene.in_time("it is sent", 1, async || state(&scene, 0).await == "SENT").await;
        let arrived = scene.phone.arrived();
        let sent = &arrived[before..];
        assert!(sent.len() >= 2 && sent.iter().all(|it| it["reference"] == sent[0]["reference"]));
        assert_eq!(sent[0]["to"], "13812345678");
        assert_eq!(sent[0]["text"], "翡翠湖畔花园:缴费提醒\n请缴费。");
        let told = told(stage).await;
        let receipt = told.iter().find(|it| it.contains(&action)).unwrap();
        assert!(receipt.contains("sms_receipt"), "{receipt}");
        // A refusal of the provider's is final. A notice comes by SMS only to who chose that.
        let kinds = json!([{ "kind": "NOTICE", "channels": ["SMS"] }]);
        prefer(&who, "ZH", kinds, 0).await.ok();
        scene.later(1);
        scene.phone.answer(422);
        letter(stage, owner, MessageKind::Notice, "停水").await;
        eventually("it failed", || async { state(&scene, 0).await == "FAILED" }).await;
        assert_eq!(log(stage, &stage.desk).await[0]["tries"], 1);
        let inbox = inbox(&who, None).await;
        assert!(inbox.as_array().unwrap().iter().all(|it| it["kind"] != "NOTICE"), "{inbox}");
    });
}

#[test]
fn nothing_rings_at_night_but_danger() {
    run(async {
        let (scene, owner, _) = Scene::with_mail("2026-07-31T04:00:00Z").await;
        let stage = &scene.stage;
        let codes = scene.mail.arrived().len();
        // Half past ten in the evening in Shanghai.
        scene.later(630);
        letter(stage, owner, MessageKind::Notice, "停水").await;
        letter(stage, owner, MessageKind::Safety, "燃气泄漏").await;
        let of = async |kind: &str| {
            let rows = log(stage, &stage.desk).await;
            rows.as_array().unwrap().iter().find(|it| it["kind"] == kind).unwrap().clone()
        };
        eventually("danger is told", || async { of("SAFETY").await["state"] == "SENT" }).await;
        let notice = of("NOTICE").await;
        assert_eq!((&notice["state"], &notice["tries"]), (&json!("WAITING"), &json!(0)));
        assert_eq!(scene.mail.arrived().len(), codes + 1);
        // Eight in the morning.
        scene.later(570);
        eventually("the rest is told", || async { of("NOTICE").await["state"] == "SENT" }).await;
    });
}

#[test]
fn what_was_taken_back_or_is_over_by_the_morning_is_not_sent() {
    run(async {
        let (scene, _, who) = Scene::with_mail("2026-07-31T04:00:00Z").await;
        let stage = &scene.stage;
        let codes = scene.mail.arrived().len();
        // Half past ten in the evening in Shanghai: what is no danger waits for the morning.
        scene.later(630);
        let mut short = notices::content(json!({}));
        short["kind"] = json!("NOTICE");
        let long = short.clone();
        short["expiresAt"] = json!("2026-07-31T20:00:00Z");
        let mut ids = Vec::new();
        for content in [short, long.clone(), long] {
            let id = notices::approved(stage, content).await;
            notices::is_out(stage, &id).await;
            ids.push(id);
        }
        let [_, wrong, stays] = ids.try_into().unwrap();
        let taken_back = notices::step(&stage.desk, "withdrawNotice", &wrong, 4).await;
        assert_eq!(taken_back.ok()["withdrawNotice"]["notice"]["state"], "WITHDRAWN");
        let states = async || {
            let rows = log(stage, &stage.desk).await;
            let rows = rows.as_array().unwrap().iter();
            let mut states: Vec<_> =
                rows.map(|row| row["state"].as_str().unwrap().to_owned()).collect();
            states.sort();
            states
        };
        assert_eq!(states().await, ["DROPPED", "WAITING", "WAITING"]);
        scene.later(570);
        eventually("the morning comes", || async {
            states().await == ["DROPPED", "DROPPED", "SENT"]
        })
        .await;
        assert_eq!(scene.mail.arrived().len(), codes + 1);
        let inbox = inbox(&who, None).await;
        let letters: BTreeSet<_> =
            inbox.as_array().unwrap().iter().map(|it| it["reference"].as_str().unwrap()).collect();
        assert!(
            letters.contains(stays.as_str()) && !letters.contains(wrong.as_str()),
            "{letters:?}"
        );
    });
}

#[test]
fn who_chooses_only_a_way_that_leads_nowhere_finds_the_letter_in_the_inbox() {
    run(async {
        let scene = Scene::new("2026-07-31T04:00:00Z").await;
        let stage = &scene.stage;
        let (_, owner) = stage.home("6-2-0801", "王芳").await;
        let who = stage.resident(owner).await;
        let kinds = json!([{ "kind": "NOTICE", "channels": ["EMAIL"] }]);
        prefer(&who, "ZH", kinds, 0).await.ok();
        give(&who, "EMAIL", "wang@example.com").await.ok();
        letter(stage, owner, MessageKind::Notice, "停水").await;
        assert_eq!(inbox(&who, None).await[0]["title"], "停水 in English");
        // Once the address is confirmed, it comes there alone, as they chose.
        let code = scene.code("EMAIL").await;
        confirm(&who, "EMAIL", &code).await.ok();
        letter(stage, owner, MessageKind::Notice, "停电").await;
        assert_eq!(inbox(&who, None).await.as_array().unwrap().len(), 1);
        eventually("it is sent", || async { state(&scene, 0).await == "SENT" }).await;
    });
}

#[test]
fn whom_a_complaint_is_about_does_not_find_what_was_sent_to_the_complainant() {
    run(async {
        let scene = Scene::new("2026-07-31T04:00:00Z").await;
        let stage = &scene.stage;
        let (unit, person) = stage.home("6-2-0801", "王芳").await;
        let who = stage.resident(person).await;
        scene.address(&who, "EMAIL", "wang@example.com").await;
        let more = json!({ "complainantName": null, "complainantId": person.to_string(),
            "unitId": unit.to_string() });
        let it = complaints::assigned(stage, more, &stage.engineer).await;
        let later = json!({ "until": "2026-08-03T04:00:00Z", "reason": "等待配件" });
        let later = complaints::input(&it, later);
        let it = complaints::done(&stage.director, "proposeComplaintTime", later).await;
        letter(stage, person, MessageKind::Notice, "停水").await;
        // Which homes a survey asks is not for who is judged by it.
        letter(stage, person, MessageKind::Survey, "调查").await;
        let kinds = async |who| {
            let rows = log(stage, who).await;
            let kinds = rows.as_array().unwrap().iter().map(|row| row["kind"].clone());
            kinds.map(|kind| kind.as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
        };
        let both = BTreeSet::from(["COMPLAINT".to_owned(), "NOTICE".to_owned()]);
        assert_eq!(kinds(&stage.desk).await, both);
        let about = json!({ "aboutStaffIds": [stage.desk.user.to_string()] });
        let about = complaints::input(&it, about);
        complaints::done(&stage.director, "setComplaintAbout", about).await;
        assert_eq!(kinds(&stage.desk).await, BTreeSet::from(["NOTICE".to_owned()]));
        assert_eq!(kinds(&stage.supervisor).await, both);
    });
}
