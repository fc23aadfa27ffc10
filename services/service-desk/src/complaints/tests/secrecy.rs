//! Who may not know what: the subject, a colleague, the neighbour, strangers.

use super::{act, ask, assigned, done, found, input, listed, new, on, resolved, revisit_of, seen};
use crate::testing::Stage;
use contracts::BuildingId;
use serde_json::{Value, json};
use testkit::{Signed, run};

async fn reveal(who: &Signed, it: &Value) -> testkit::Answer {
    let text = "mutation($input: RevealComplainantInput!) { revealComplainant(input: $input) {
        complainantName unitLabel } }";
    let input = json!({ "complaintId": it["id"], "reason": "需当面核实" });
    who.send("service-desk", text, json!({ "input": input })).await
}

async fn received(stage: &Stage) -> Value {
    let text = "query($estate: ID!) { complaintFigures(estateId: $estate, month: \"2026-07\") {
        received } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    let answer = stage.supervisor.send("service-desk", text, ask).await.ok();
    answer["complaintFigures"]["received"].clone()
}

#[test]
fn for_whom_it_is_about_a_complaint_does_not_exist() {
    run(async {
        let stage = Stage::new().await;
        let about = json!({ "aboutStaffIds": [stage.desk.user.to_string()] });
        let guard = stage.company.staff("DESK", stage.estate).await;
        let it = done(&guard, "receiveComplaint", new(&stage, about)).await;
        assert_eq!(it["aboutStaff"][0]["name"], "陈前台");
        let subject = &stage.desk;
        assert_eq!(seen(subject, &it["id"]).await.code(), "NOT_FOUND");
        assert_eq!(listed(&stage, subject, Value::Null).await, Vec::<Value>::new());
        assert_eq!(listed(&stage, &guard, Value::Null).await, [it["id"].clone()]);
        // None of their acts finds it, whether they may do such things or not.
        for (name, more) in [
            ("respondToComplaint", json!({ "words": "?" })),
            ("gradeComplaint", json!({ "ground": "REST" })),
            ("declineComplaint", json!({ "explanation": "?" })),
            ("assignComplaint", json!({ "handlerId": guard.user.to_string() })),
            ("noteComplaint", json!({ "words": "?", "shared": false })),
            ("tellOtherParty", json!({ "words": "?" })),
            ("setComplaintAbout", json!({ "aboutStaffIds": [] })),
            ("proposeComplaintTime", json!({ "until": "2026-08-09T00:00:00Z", "reason": "?" })),
            ("agreeComplaintTime", json!({ "agreement": "?" })),
            ("resolveComplaint", found()),
            ("closeComplaint", json!({ "reason": "?" })),
            ("reopenComplaint", json!({ "reason": "?" })),
            ("escalateComplaint", json!({ "to": "COMPANY", "reason": "?" })),
        ] {
            assert_eq!(on(subject, name, &it, more).await.code(), "NOT_FOUND", "{name}");
        }
        assert_eq!(reveal(subject, &it).await.code(), "NOT_FOUND");
        assert_eq!(received(&stage).await, 1);
        let clusters = "query($estate: ID!) { complaintClusters(estateId: $estate, least: 2) {
            clusters { complaintIds } } }";
        done(&guard, "receiveComplaint", new(&stage, json!({}))).await;
        let ask_them = json!({ "estate": stage.estate.to_string() });
        let theirs = subject.send("service-desk", clusters, ask_them.clone()).await.ok();
        assert_eq!(theirs["complaintClusters"]["clusters"], json!([]));
        let others = guard.send("service-desk", clusters, ask_them).await.ok();
        assert_eq!(others["complaintClusters"]["clusters"][0]["complaintIds"][0], it["id"]);
        // Nor do they find its revisit, and a colleague does.
        let it = done(&guard, "respondToComplaint", input(&it, json!({ "words": "已收到" }))).await;
        let it = done(&stage.supervisor, "gradeComplaint", input(&it, json!({ "ground": "REST" })));
        let it = it.await;
        let to_subject = json!({ "handlerId": subject.user.to_string() });
        assert_eq!(
            on(&stage.supervisor, "assignComplaint", &it, to_subject).await.code(),
            "FORBIDDEN"
        );
        let handler = json!({ "handlerId": stage.supervisor.user.to_string() });
        let it = done(&stage.supervisor, "assignComplaint", input(&it, handler)).await;
        let it = done(&stage.supervisor, "resolveComplaint", input(&it, found())).await;
        assert!(revisit_of(&stage, subject, &it["number"]).await.is_none());
        let revisit = revisit_of(&stage, &guard, &it["number"]).await.unwrap();
        assert_eq!(ask(subject, &revisit, "A").await.code(), "NOT_FOUND");
        ask(&guard, &revisit, "A").await.ok();
    });
}

#[test]
fn a_colleague_sees_it_without_the_full_name_and_the_complainant_without_grade_or_notes() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let resident = stage.resident(person).await;
        let said = json!({ "complainantName": null, "channel": "APP", "unitId": unit.to_string(),
            "aboutStaffIds": [stage.engineer.user.to_string()] });
        let it = done(&resident, "receiveComplaint", new(&stage, said)).await;
        assert_eq!(it["complainantName"], "张三");
        let it = done(&stage.desk, "respondToComplaint", input(&it, json!({ "words": "已收到" })));
        let it = it.await;
        assert_eq!((&it["complainantName"], &it["unitLabel"]), (&json!("张*"), &json!("6-2-0801")));
        let reason = json!({ "ground": "SERVICE_NOT_IN_PLACE", "reason": "内部判断" });
        let it = done(&stage.supervisor, "gradeComplaint", input(&it, reason)).await;
        let note = json!({ "words": "内部备注", "shared": false });
        let it = done(&stage.desk, "noteComplaint", input(&it, note)).await;
        assert_eq!(it["grade"], "IMPORTANT");
        let own = seen(&resident, &it["id"]).await.ok()["complaint"].take();
        assert_eq!(
            (&own["grade"], &own["ground"], &own["aboutStaff"]),
            (&Value::Null, &Value::Null, &json!([]))
        );
        let kinds: Vec<&str> = own["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .map(|act| act["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["RECEIVED", "FIRST_RESPONDED"]);
        // Who repairs sees what is assigned to them, and nothing about themselves.
        assert_eq!(seen(&stage.engineer, &it["id"]).await.code(), "NOT_FOUND");
        let theirs = assigned(&stage, json!({}), &stage.engineer).await;
        assert_eq!(listed(&stage, &stage.engineer, Value::Null).await, [theirs["id"].clone()]);
    });
}

#[test]
fn neither_the_neighbour_nor_another_household_nor_a_stranger_finds_it() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let (neighbours, neighbour) = stage.home("6-2-0901", "李四").await;
        let said = json!({ "complainantId": person.to_string(), "unitId": unit.to_string(),
            "aboutUnitId": neighbours.to_string(), "class": "NEIGHBOUR" });
        let it = done(&stage.desk, "receiveComplaint", new(&stage, said)).await;
        let strangers = Stage::new().await;
        let elsewhere = stage.company.estate("BJ", "滨江苑").await;
        let wrong_estate = stage.company.staff("SUP", elsewhere).await;
        let other_zone = vec![BuildingId::from_uuid(stage.id()).as_uuid()];
        let officer = stage.company.staff_in_zone("PO", stage.estate, other_zone).await;
        let own_zone = vec![stage.building.as_uuid()];
        let near = stage.company.staff_in_zone("PO", stage.estate, own_zone).await;
        let neighbour = stage.resident(neighbour).await;
        for who in [&neighbour, &strangers.supervisor, &wrong_estate, &officer] {
            assert_eq!(seen(who, &it["id"]).await.code(), "NOT_FOUND");
            let close = on(who, "closeComplaint", &it, json!({ "reason": "?" })).await;
            assert_eq!(close.code(), "NOT_FOUND");
        }
        assert_eq!(listed(&stage, &neighbour, Value::Null).await, Vec::<Value>::new());
        assert_eq!(listed(&stage, &officer, Value::Null).await, Vec::<Value>::new());
        assert_eq!(listed(&stage, &near, Value::Null).await, [it["id"].clone()]);
        // Whoever does not grade, but sees all, is told so.
        assert_eq!(
            on(&stage.desk, "gradeComplaint", &it, json!({ "ground": "REST" })).await.code(),
            "FORBIDDEN"
        );
        // What the neighbour is told names neither name nor unit.
        for words in ["张三反映您夜间施工", "6-2-0801 反映您夜间施工"] {
            let told = on(&stage.desk, "tellOtherParty", &it, json!({ "words": words })).await;
            assert_eq!((told.code(), told.field()), ("INVALID", "words"));
        }
        done(&stage.desk, "tellOtherParty", input(&it, json!({ "words": "请勿夜间施工" }))).await;
    });
}

#[test]
fn an_anonymous_complainant_is_told_to_nobody_but_who_grades_and_gives_a_reason() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let resident = stage.resident(person).await;
        let said =
            json!({ "complainantName": null, "anonymous": true, "unitId": unit.to_string() });
        let own = done(&resident, "receiveComplaint", new(&stage, said)).await;
        assert_eq!(own["complainantName"], "张三");
        for who in [&stage.desk, &stage.supervisor, &stage.director] {
            let it = seen(who, &own["id"]).await.ok()["complaint"].take();
            for field in ["complainant", "complainantName", "unit", "unitLabel"] {
                assert_eq!(it[field], Value::Null, "{field}");
            }
            assert_eq!(it["timeline"][0]["by"], Value::Null);
            let of_unit = json!({ "unitId": unit.to_string() });
            assert_eq!(listed(&stage, who, of_unit).await, Vec::<Value>::new());
        }
        assert_eq!(reveal(&stage.desk, &own).await.code(), "FORBIDDEN");
        let told = reveal(&stage.supervisor, &own).await.ok();
        let told = &told["revealComplainant"];
        assert_eq!(
            (&told["complainantName"], &told["unitLabel"]),
            (&json!("张三"), &json!("6-2-0801"))
        );
        let it = seen(&stage.supervisor, &own["id"]).await.ok()["complaint"].take();
        let last = it["timeline"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["kind"], &last["words"]), (&json!("REVEALED"), &json!("需当面核实")));
        let open = done(&stage.desk, "receiveComplaint", new(&stage, json!({}))).await;
        assert_eq!(reveal(&stage.supervisor, &open).await.code(), "CONFLICT");
        // Who asks about it does not learn it either; the complainant answers by the app.
        let secret = json!({ "complainantName": null, "anonymous": true, "unitId": unit.to_string(),
            "complainantId": person.to_string() });
        let it = resolved(&stage, secret).await;
        let revisit = revisit_of(&stage, &stage.desk, &it["number"]).await.unwrap();
        assert_eq!((&revisit["personName"], &revisit["unitLabel"]), (&Value::Null, &Value::Null));
        let theirs = revisit_of(&stage, &resident, &it["number"]).await.unwrap();
        assert_eq!(theirs["personName"], "张三");
    });
}

#[test]
fn who_is_said_to_be_the_subject_later_loses_it_at_once() {
    run(async {
        let stage = Stage::new().await;
        let it = assigned(&stage, json!({}), &stage.desk).await;
        let about = json!({ "aboutStaffIds": [stage.desk.user.to_string()] });
        let it = done(&stage.supervisor, "setComplaintAbout", input(&it, about.clone())).await;
        assert_eq!((&it["handler"], &it["state"]), (&Value::Null, &json!("GRADED")));
        assert_eq!(seen(&stage.desk, &it["id"]).await.code(), "NOT_FOUND");
        let oneself = json!({ "aboutStaffIds": [stage.supervisor.user.to_string()] });
        let refused = act(&stage.supervisor, "setComplaintAbout", input(&it, oneself)).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "aboutStaffIds"));
    });
}
