//! Visits through the graph.

use crate::testing::{Stage, own_world};
use contracts::{UnitId, residents::MemberKind};
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

async fn act(who: &Signed, name: &str, input: Value, answer: &str) -> Answer {
    let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let text =
        format!("mutation($input: {upper}Input!) {{ {name}(input: $input) {{ {answer} }} }}");
    who.send("service-desk", &text, json!({ "input": input })).await
}

/// An officer of building 6, who takes work there.
pub(crate) async fn officer(stage: &Stage) -> Signed {
    let zone = vec![stage.building.as_uuid()];
    let one = stage.company.staff_in_zone("PO", stage.estate, zone).await;
    stage.hired(one.user, "吴管家").await;
    // A building is known by its units.
    stage.unit(UnitId::from_uuid(stage.id()), stage.building, "6-1-1001").await;
    let input = json!({ "estateId": stage.estate.to_string(), "staffId": one.user.to_string(),
        "level": "STAFF", "skills": [], "buildingIds": [stage.building.to_string()] });
    act(&stage.supervisor, "saveResponder", input, "responder { level }").await.ok();
    one
}

async fn plan(stage: &Stage, who: &Signed, of: &Signed, month: &str, count: i32) -> Answer {
    let key = format!("plan-{}", stage.id().simple());
    let input = json!({ "estateId": stage.estate.to_string(), "officerId": of.user.to_string(),
        "month": month, "count": count, "idempotencyKey": key });
    act(who, "planVisits", input, "planned").await
}

async fn planned(stage: &Stage, who: &Signed, month: &str) -> Vec<Value> {
    let text =
        "query($estate: ID!, $month: String!) { visitPlan(estateId: $estate, month: $month) {
        nodes { unitLabel visitedOn officer { name } } } }";
    let ask = json!({ "estate": stage.estate.to_string(), "month": month });
    let answer = who.send("service-desk", text, ask).await.ok();
    answer["visitPlan"]["nodes"].as_array().unwrap().clone()
}

pub(crate) async fn visit(who: &Signed, unit: UnitId, day: &str, promise: Option<&str>) -> Answer {
    let promise = promise.map(|due| json!({ "text": "修好楼道灯", "due": due }));
    let input = json!({ "unitId": unit.to_string(), "visitedOn": day, "who": "户主", "mood": "NEUTRAL",
        "topics": ["保洁", "绿化"], "needs": "楼道灯", "promise": promise,
        "idempotencyKey": format!("visit-{unit}-{day}") });
    let answer = "visit { id unitLabel topics officer { name } } promise { id state }";
    act(who, "recordVisit", input, answer).await
}

async fn promises(stage: &Stage, who: &Signed, overdue: bool) -> Vec<Value> {
    let text = "query($estate: ID!, $overdue: Boolean) { visitPromises(estateId: $estate,
        overdue: $overdue) { nodes { id text due overdue state version } } }";
    let ask = json!({ "estate": stage.estate.to_string(), "overdue": overdue });
    let answer = who.send("service-desk", text, ask).await.ok();
    answer["visitPromises"]["nodes"].as_array().unwrap().clone()
}

async fn coverage(stage: &Stage, who: &Signed) -> Answer {
    let text = "query($estate: ID!) { visitCoverage(estateId: $estate, year: 2026) {
        households visited percent buildings { buildingCode households visited }
        officers { officer { name } visited visits } } }";
    who.send("service-desk", text, json!({ "estate": stage.estate.to_string() })).await
}

#[test]
fn a_month_goes_to_the_homes_not_visited_longest_and_counts_for_the_year() {
    run(async {
        let stage = Stage::new().await;
        let officer = officer(&stage).await;
        let mut homes = Vec::new();
        for n in 1..=4 {
            homes.push(stage.home(&format!("6-1-0{n}01"), "王芳").await.0);
        }
        // A home of another building, and one where nobody lives.
        let (far, empty) = (UnitId::from_uuid(stage.id()), UnitId::from_uuid(stage.id()));
        stage.unit(far, contracts::BuildingId::from_uuid(stage.id()), "7-1-0101").await;
        stage.belongs(far, &[(stage.person(), "钱多", MemberKind::Owner)]).await;
        stage.unit(empty, stage.building, "6-1-0901").await;
        visit(&officer, homes[0], "2026-07-20", None).await.ok();
        visit(&officer, homes[1], "2026-02-03", None).await.ok();
        visit(&officer, homes[1], "2026-03-03", None).await.ok();
        let month = plan(&stage, &officer, &officer, "2026-08", 3).await.ok();
        assert_eq!(month["planVisits"]["planned"], 3);
        let plan_of = planned(&stage, &officer, "2026-08").await;
        let labels: Vec<_> = plan_of.iter().map(|it| it["unitLabel"].as_str().unwrap()).collect();
        assert_eq!(labels, ["6-1-0201", "6-1-0301", "6-1-0401"]);
        assert_eq!(plan_of[0]["officer"]["name"], "吴管家");
        let again = plan(&stage, &stage.supervisor, &officer, "2026-08", 3).await;
        assert_eq!(again.code(), "CONFLICT");
        let seen = planned(&stage, &officer, "2026-07").await;
        assert!(seen.is_empty());
        let year = coverage(&stage, &stage.supervisor).await.ok();
        let year = &year["visitCoverage"];
        let counts = (&year["households"], &year["visited"], &year["percent"]);
        assert_eq!(counts, (&json!(5), &json!(2), &json!(40)));
        let six = json!({ "buildingCode": "6", "households": 4, "visited": 2 });
        assert_eq!(year["buildings"][0], six);
        let who = json!({ "officer": { "name": "吴管家" }, "visited": 2, "visits": 3 });
        assert_eq!(year["officers"], json!([who]));
        // Who has a zone sees its coverage.
        let zone = coverage(&stage, &officer).await.ok();
        assert_eq!(zone["visitCoverage"]["households"], 4);
    });
}

#[test]
fn a_promise_is_open_until_it_is_kept_or_broken_and_reminded_of_when_late() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let officer = officer(&stage).await;
        let (unit, _) = stage.home("6-1-0101", "王芳").await;
        let recorded = visit(&officer, unit, "2026-07-31", Some("2026-08-03")).await.ok();
        assert_eq!(recorded["recordVisit"]["visit"]["unitLabel"], "6-1-0101");
        // The same key records nothing more.
        let again = visit(&officer, unit, "2026-07-31", Some("2026-08-03")).await.ok();
        assert_eq!(again, recorded);
        assert!(promises(&stage, &officer, true).await.is_empty());
        world.clock.advance(chrono::Duration::days(4));
        let late = promises(&stage, &stage.supervisor, true).await;
        assert_eq!((late.len(), &late[0]["overdue"]), (1, &json!(true)));
        assert_eq!(late[0]["id"], recorded["recordVisit"]["promise"]["id"]);
        let settle = |who: &Signed, version: i32| {
            let input = json!({ "promiseId": late[0]["id"], "kept": false, "note": "缺灯具",
                "expectedVersion": version });
            let who = who.clone();
            async move { act(&who, "settleVisitPromise", input, "promise { state version }").await }
        };
        assert_eq!(settle(&stage.desk, 1).await.code(), "FORBIDDEN");
        assert_eq!(settle(&officer, 2).await.code(), "CONFLICT");
        let settled = settle(&officer, 1).await.ok();
        assert_eq!(settled["settleVisitPromise"]["promise"]["state"], "BROKEN");
        assert_eq!(settle(&officer, 2).await.code(), "CONFLICT");
        assert!(promises(&stage, &officer, true).await.is_empty());
    });
}

#[test]
fn visits_are_of_ones_zone_and_not_of_tomorrow() {
    run(async {
        let stage = Stage::new().await;
        let officer = officer(&stage).await;
        let (unit, _) = stage.home("6-1-0101", "王芳").await;
        let tomorrow = visit(&officer, unit, "2026-08-01", None).await;
        assert_eq!((tomorrow.code(), tomorrow.field()), ("INVALID", "visitedOn"));
        let early = visit(&officer, unit, "2026-07-31", Some("2026-07-30")).await;
        assert_eq!(early.field(), "promise.due");
        let far = UnitId::from_uuid(stage.id());
        stage.unit(far, contracts::BuildingId::from_uuid(stage.id()), "7-1-0101").await;
        assert_eq!(visit(&officer, far, "2026-07-31", None).await.code(), "NOT_FOUND");
        assert_eq!(visit(&stage.desk, unit, "2026-07-31", None).await.code(), "FORBIDDEN");
        assert_eq!(visit(&stage.engineer, unit, "2026-07-31", None).await.code(), "NOT_FOUND");
        let stranger = Stage::new().await;
        let hidden = visit(&stranger.supervisor, unit, "2026-07-31", None).await;
        assert_eq!(hidden.code(), "NOT_FOUND");
        assert_eq!(coverage(&stage, &stranger.director).await.code(), "NOT_FOUND");
        assert_eq!(plan(&stage, &stage.desk, &officer, "2026-08", 3).await.code(), "FORBIDDEN");
        let wrong = plan(&stage, &stage.supervisor, &officer, "2026-8", 3).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "month"));
        assert_eq!(plan(&stage, &stage.supervisor, &officer, "2026-08", 0).await.field(), "count");
        let nobody = plan(&stage, &stage.supervisor, &stage.desk, "2026-08", 3).await;
        assert_eq!(nobody.field(), "officerId");
    });
}

#[test]
fn a_planned_visit_goes_to_another_officer_or_is_dropped_with_a_reason() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _) = stage.home("6-1-0101", "王芳").await;
        let (second, _) = stage.home("6-1-0102", "李娜").await;
        let (one, other) = (officer(&stage).await, officer(&stage).await);
        plan(&stage, &stage.supervisor, &one, "2026-07", 5).await.ok();
        assert_eq!(planned(&stage, &stage.supervisor, "2026-07").await.len(), 2);
        let change = async |who: &Signed, unit: UnitId, to: Option<&Signed>| {
            let input = json!({ "estateId": stage.estate.to_string(), "month": "2026-07",
                "unitId": unit.to_string(), "officerId": to.map(|to| to.user.to_string()),
                "reason": "前任离职" });
            act(who, "changePlannedVisit", input, "plannedVisit { officer { id } }").await
        };
        let moved = change(&stage.supervisor, unit, Some(&other)).await.ok();
        let moved = &moved["changePlannedVisit"]["plannedVisit"];
        assert_eq!(moved["officer"]["id"], other.user.to_string());
        let wrong = change(&stage.supervisor, unit, Some(&stage.engineer)).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "officerId"));
        assert_eq!(change(&stage.desk, unit, Some(&one)).await.code(), "FORBIDDEN");
        let stranger = Stage::new().await;
        assert_eq!(change(&stranger.supervisor, unit, None).await.code(), "NOT_FOUND");
        let dropped = change(&stage.supervisor, second, None).await.ok();
        assert_eq!(dropped["changePlannedVisit"]["plannedVisit"], Value::Null);
        assert_eq!(planned(&stage, &stage.supervisor, "2026-07").await.len(), 1);
        assert_eq!(change(&stage.supervisor, second, Some(&one)).await.code(), "NOT_FOUND");
        // The month of the first officer is free to be planned anew.
        plan(&stage, &stage.supervisor, &one, "2026-07", 5).await.ok();
        visit(&other, unit, "2026-07-31", None).await.ok();
        assert_eq!(change(&stage.supervisor, unit, None).await.code(), "CONFLICT");
    });
}
