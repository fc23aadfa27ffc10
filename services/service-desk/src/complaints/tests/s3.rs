//! S3, its complaint: 21:40 on a Friday, answered in 12 minutes, resolved in 17 h 50, asked about
//! on Monday; and the month around it.

use super::{act, ask, assigned, done, found, input, listed, new, resolved, revisit_of, seen};
use crate::testing::{Stage, own_world};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use testkit::{Signed, run};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn figures(stage: &Stage, who: &Signed) -> Value {
    let text = "query($estate: ID!) {
        complaintFigures(estateId: $estate, month: \"2026-08\") { received handled
            handledBasisPoints withinADay withinADayBasisPoints perHundredHouseholdsHundredths
            causes { cause count } grades { grade count } }
        revisitFigures(estateId: $estate, month: \"2026-08\") { sources {
            source finished needed done inTime rateBasisPoints satisfied satisfiedBasisPoints } } }";
    who.send("service-desk", text, json!({ "estate": stage.estate.to_string() })).await.ok()
}

/// 41 complaints of the first week: 39 resolved at once, two left lying for days; all asked about.
async fn rest_of_the_month(stage: &Stage) {
    let world = &stage.company.world;
    for _ in 0..39 {
        let it = resolved(stage, json!({})).await;
        let revisit = revisit_of(stage, &stage.desk, &it["number"]).await.unwrap();
        ask(&stage.desk, &revisit, "A").await.ok();
    }
    let mut late = Vec::new();
    for _ in 0..2 {
        late.push(assigned(stage, json!({}), &stage.engineer).await);
    }
    world.clock.set(at("2026-08-05T02:00:00Z"));
    for it in late {
        let it = done(&stage.supervisor, "resolveComplaint", input(&it, found())).await;
        assert_eq!((&it["withinADay"], &it["resolvedInTime"]), (&json!(false), &json!(false)));
        let revisit = revisit_of(stage, &stage.desk, &it["number"]).await.unwrap();
        ask(&stage.desk, &revisit, "A").await.ok();
    }
}

#[test]
fn a_night_complaint_is_answered_in_12_minutes_resolved_in_17_hours_50_and_asked_about_on_monday() {
    run(async {
        let world = own_world("2026-08-03T02:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let (neighbours, neighbour) = stage.home("6-2-0901", "李四").await;
        let (resident, other) = (stage.resident(person).await, stage.resident(neighbour).await);
        rest_of_the_month(&stage).await;

        world.clock.set(at("2026-08-07T13:40:00Z"));
        let drilling = json!({ "complainantId": person.to_string(), "unitId": unit.to_string(),
            "complainantName": null, "aboutUnitId": neighbours.to_string(), "class": "NEIGHBOUR",
            "facts": "楼上装修超时施工", "demand": "立即停工" });
        let it = done(&stage.desk, "receiveComplaint", new(&stage, drilling)).await;
        assert_eq!(it["number"], "2026-08-0042");
        assert_eq!(it["firstResponseDueAt"], "2026-08-07T14:10:00+00:00");
        assert_eq!(it["promisedAt"], "2026-08-08T13:40:00+00:00");

        world.clock.set(at("2026-08-07T13:52:00Z"));
        let words = json!({ "words": "值班人员已前往" });
        let it = done(&stage.desk, "respondToComplaint", input(&it, words)).await;
        assert_eq!(it["firstResponseMinutes"], 12);
        assert_eq!(it["firstResponseInTime"], true);

        world.clock.set(at("2026-08-07T14:05:00Z"));
        let words = json!({ "words": "请立即停止超时施工" });
        let it = done(&stage.desk, "tellOtherParty", input(&it, words)).await;

        world.clock.set(at("2026-08-08T01:00:00Z"));
        let it = done(&stage.supervisor, "gradeComplaint", input(&it, json!({ "ground": "REST" })));
        let it = it.await;
        assert_eq!(it["grade"], "ORDINARY");
        let handler = json!({ "handlerId": stage.supervisor.user.to_string() });
        let it = done(&stage.supervisor, "assignComplaint", input(&it, handler)).await;
        assert_eq!(it["handler"]["name"], "林主管");

        world.clock.set(at("2026-08-08T07:30:00Z"));
        let how = json!({ "result": "已联系装修单位并警告", "cause": "NEIGHBOUR_BEHAVIOUR",
            "department": "OUTSIDE_PARTY", "preventiveAction": "许可证注明施工时段" });
        let it = done(&stage.supervisor, "resolveComplaint", input(&it, how)).await;
        assert_eq!(it["resolutionMinutes"], 17 * 60 + 50);
        assert_eq!((&it["withinADay"], &it["resolvedInTime"]), (&json!(true), &json!(true)));
        assert_eq!(it["state"], "REVISIT_DUE");

        let revisit = revisit_of(&stage, &stage.desk, &it["number"]).await.unwrap();
        assert_eq!(revisit["dueAt"], "2026-08-11T07:30:00+00:00");
        // The resident is left to answer by the app first, and nobody but they sees it.
        assert_eq!(ask(&stage.desk, &revisit, "B").await.code(), "CONFLICT");
        assert!(revisit_of(&stage, &resident, &it["number"]).await.is_some());
        assert!(revisit_of(&stage, &other, &it["number"]).await.is_none());

        world.clock.set(at("2026-08-10T02:00:00Z"));
        let by_handler = ask(&stage.supervisor, &revisit, "B").await;
        assert_eq!(by_handler.code(), "FORBIDDEN");
        ask(&stage.desk, &revisit, "B").await.ok();
        let it = seen(&stage.supervisor, &it["id"]).await.ok()["complaint"].take();
        assert_eq!((&it["state"], &it["outcome"]), (&json!("CLOSED"), &json!("ACCEPTED")));
        assert_eq!(it["rating"], "B");

        // The neighbour never learns of it, nor by it who complained.
        assert_eq!(seen(&other, &it["id"]).await.code(), "NOT_FOUND");
        assert_eq!(listed(&stage, &other, Value::Null).await, Vec::<Value>::new());
        assert_eq!(
            act(&other, "reopenComplaint", input(&it, json!({ "reason": "?" }))).await.code(),
            "NOT_FOUND"
        );

        let month = figures(&stage, &stage.supervisor).await;
        let came = &month["complaintFigures"];
        assert_eq!((&came["received"], &came["handled"]), (&json!(42), &json!(42)));
        assert_eq!(
            (&came["handledBasisPoints"], &came["withinADay"]),
            (&json!(10_000), &json!(40))
        );
        assert_eq!(came["withinADayBasisPoints"], 9_524);
        assert_eq!(came["perHundredHouseholdsHundredths"], 210_000);
        let causes = json!([{ "cause": "COMMUNICATION", "count": 41 },
            { "cause": "NEIGHBOUR_BEHAVIOUR", "count": 1 }]);
        assert_eq!(came["causes"], causes);
        assert_eq!(came["grades"], json!([{ "grade": "ORDINARY", "count": 42 }]));
        let asked = month["revisitFigures"]["sources"][0].clone();
        let all = json!({ "source": "COMPLAINT", "finished": 42, "needed": 42, "done": 42,
            "inTime": 42, "rateBasisPoints": 10_000, "satisfied": 42,
            "satisfiedBasisPoints": 10_000 });
        assert_eq!(asked, all);
    });
}
