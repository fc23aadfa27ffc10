//! Single revisits.

use super::{act, fact, input, listed, note, of, said};
use crate::{
    complaints::tests as complaints,
    revisits::{Finished, Source},
    testing::{Stage, own_world},
};
use serde_json::{Value, json};
use testkit::run;

/// A revisit that is asked about at once: a comment in a survey, answered by the engineer.
async fn due(stage: &Stage) -> Value {
    note(stage, fact(stage, Source::SurveyComment)).await;
    listed(stage, &stage.desk, json!({ "source": "SURVEY_COMMENT" })).await.remove(0)
}

#[test]
fn a_comment_in_a_survey_is_asked_about_in_15_days_never_by_who_worked_on_it() {
    run(async {
        let stage = Stage::new().await;
        let fact = Finished {
            workers: vec![stage.desk.user, stage.supervisor.user],
            ..fact(&stage, Source::SurveyComment)
        };
        note(&stage, fact).await;
        let revisit = listed(&stage, &stage.supervisor, Value::Null).await.remove(0);
        assert_eq!(revisit["dueAt"], "2026-08-15T04:00:00+00:00");
        for name in ["attemptRevisit", "recordRevisit"] {
            let more = match name {
                "attemptRevisit" => json!({ "channel": "PHONE" }),
                _ => said("A"),
            };
            let own = act(&stage.desk, name, input(&revisit, more)).await;
            assert_eq!(own.code(), "FORBIDDEN", "{name}");
            assert!(own.message().contains("does not ask"), "{}", own.message());
        }
        let other = stage.company.staff("DESK", stage.estate).await;
        let answer = act(&other, "recordRevisit", input(&revisit, said("B"))).await.ok();
        let done = &answer["recordRevisit"]["revisit"];
        assert_eq!((&done["state"], &done["record"]["rating"]), (&json!("DONE"), &json!("B")));
        // The second look is neither the worker's nor the visitor's.
        let own = act(&stage.supervisor, "reviewRevisit", input(done, json!({}))).await;
        assert_eq!(own.code(), "FORBIDDEN");
        let second = stage.company.staff("SUP", stage.estate).await;
        let note = json!({ "note": "记录完整" });
        let done = act(&second, "reviewRevisit", input(done, note)).await.ok();
        assert_eq!(done["reviewRevisit"]["revisit"]["state"], "REVIEWED");
    });
}

#[test]
fn after_three_tries_in_vain_a_household_is_unreachable() {
    run(async {
        let stage = Stage::new().await;
        let mut revisit = due(&stage).await;
        let none =
            act(&stage.desk, "attemptRevisit", input(&revisit, json!({ "channel": "PHONE" })));
        let none = none.await;
        assert_eq!((none.code(), none.field()), ("INVALID", "nextTryAt"));
        assert_eq!(
            act(&stage.desk, "reviewRevisit", input(&revisit, json!({}))).await.code(),
            "FORBIDDEN"
        );
        assert_eq!(
            act(&stage.supervisor, "reviewRevisit", input(&revisit, json!({}))).await.code(),
            "CONFLICT"
        );
        for (n, state) in [(1, "ATTEMPTED"), (2, "ATTEMPTED"), (3, "UNREACHABLE")] {
            let more = json!({ "channel": "PHONE", "nextTryAt": "2026-08-01T02:00:00Z", "note": "无人接听" });
            let tried = act(&stage.desk, "attemptRevisit", input(&revisit, more)).await.ok();
            revisit = tried["attemptRevisit"]["revisit"].clone();
            assert_eq!(revisit["state"], state);
            assert_eq!(revisit["attempts"].as_array().unwrap().len(), n);
        }
        assert_eq!(revisit["nextTryAt"], Value::Null);
        assert_eq!(
            act(&stage.desk, "recordRevisit", input(&revisit, said("A"))).await.code(),
            "CONFLICT"
        );
        let stale = json!({ "revisitId": revisit["id"], "expectedVersion": 1 });
        assert_eq!(act(&stage.supervisor, "reviewRevisit", stale).await.code(), "CONFLICT");
        act(&stage.supervisor, "reviewRevisit", input(&revisit, json!({}))).await.ok();
    });
}

#[test]
fn a_resident_answers_by_the_app_first_and_only_their_own() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let (_, neighbour) = stage.home("6-2-0901", "李四").await;
        let (resident, other) = (stage.resident(person).await, stage.resident(neighbour).await);
        for _ in 0..2 {
            note(&stage, of(fact(&stage, Source::SurveyComment), unit, person)).await;
        }
        let own = listed(&stage, &resident, Value::Null).await;
        assert_eq!((own.len(), &own[0]["personName"]), (2, &json!("张三")));
        assert_eq!(own[0]["workers"], json!([]));
        assert_eq!(listed(&stage, &other, Value::Null).await, Vec::<Value>::new());
        assert_eq!(listed(&stage, &stage.desk, Value::Null).await[0]["personName"], "张*");
        let early = act(&stage.desk, "recordRevisit", input(&own[0], said("A"))).await;
        assert_eq!(early.code(), "CONFLICT");
        let three = json!({ "rating": "A", "effect": "A", "manners": "B", "suggestion": "谢谢" });
        let theirs = act(&other, "replyRevisit", input(&own[0], three.clone())).await;
        assert_eq!(theirs.code(), "NOT_FOUND");
        assert_eq!(
            act(&stage.desk, "replyRevisit", input(&own[0], three.clone())).await.code(),
            "FORBIDDEN"
        );
        let replied = act(&resident, "replyRevisit", input(&own[0], three.clone())).await.ok();
        let replied = &replied["replyRevisit"]["revisit"];
        assert_eq!((&replied["state"], &replied["channel"]), (&json!("DONE"), &json!("APP")));
        assert_eq!(act(&resident, "replyRevisit", input(replied, three)).await.code(), "CONFLICT");
        // Who did not answer is called when the day has passed.
        world.clock.advance(chrono::Duration::hours(24));
        act(&stage.desk, "recordRevisit", input(&own[1], said("A"))).await.ok();
    });
}

#[test]
fn a_bad_rating_of_work_is_a_complaint_about_who_did_it_whom_it_is_hidden_from() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _) = stage.home("6-2-0801", "张三").await;
        let fact = Finished { unit: Some(unit), ..fact(&stage, Source::Housekeeping) };
        note(&stage, fact).await;
        let revisit = listed(&stage, &stage.desk, Value::Null).await.remove(0);
        act(&stage.desk, "recordRevisit", input(&revisit, said("C"))).await.ok();
        let found = complaints::listed(&stage, &stage.desk, Value::Null).await;
        let it = complaints::seen(&stage.supervisor, &found[0]).await.ok()["complaint"].take();
        assert_eq!((&it["class"], &it["unitLabel"]), (&json!("SERVICE"), &json!("6-2-0801")));
        assert_eq!(it["facts"], "更换水龙头\n修后请擦地");
        assert_eq!(it["aboutStaff"][0]["name"], "孙工");
        assert_eq!(complaints::seen(&stage.engineer, &found[0]).await.code(), "NOT_FOUND");
    });
}

#[test]
fn strangers_other_zones_and_other_roles_find_no_revisit() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _) = stage.home("6-2-0801", "张三").await;
        note(&stage, Finished { unit: Some(unit), ..fact(&stage, Source::SurveyComment) }).await;
        let revisit = listed(&stage, &stage.desk, Value::Null).await.remove(0);
        let strangers = Stage::new().await;
        let far = stage.company.staff_in_zone("PO", stage.estate, vec![stage.id()]).await;
        let zone = vec![stage.building.as_uuid()];
        let near = stage.company.staff_in_zone("PO", stage.estate, zone).await;
        for who in [&strangers.supervisor, &far, &stage.engineer] {
            let record = act(who, "recordRevisit", input(&revisit, said("A"))).await;
            assert_eq!(record.code(), "NOT_FOUND");
        }
        let cashier = stage.company.staff("CLERK", stage.estate).await;
        assert_eq!(
            act(&cashier, "recordRevisit", input(&revisit, said("A"))).await.code(),
            "FORBIDDEN"
        );
        let app = json!({ "channel": "APP" });
        let mut by_app = input(&revisit, said("A"));
        by_app["channel"] = app["channel"].clone();
        let wrong = act(&near, "recordRevisit", by_app).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "channel"));
        act(&near, "recordRevisit", input(&revisit, said("A"))).await.ok();
    });
}

/// What is still to be asked, as somebody filters it.
async fn to_make(stage: &Stage, filter: Value) -> Vec<Value> {
    let text = "query($estate: ID!, $filter: RevisitWorkFilter) {
        revisitsToMake(estateId: $estate, filter: $filter) { nodes { id dueAt nextTryAt } } }";
    let ask = json!({ "estate": stage.estate.to_string(), "filter": filter });
    let answer = stage.desk.send("service-desk", text, ask).await.ok();
    answer["revisitsToMake"]["nodes"].as_array().unwrap().clone()
}

#[test]
fn who_asks_finds_what_is_due_first_and_the_director_asks_where_the_policy_says_so() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _) = stage.home("6-2-0801", "张三").await;
        // Due in 15 days, in 7, and in 3 by the supervisor.
        for source in [Source::SurveyComment, Source::Housekeeping, Source::Complaint] {
            note(&stage, Finished { unit: Some(unit), ..fact(&stage, source) }).await;
        }
        note(&stage, fact(&stage, Source::SurveyComment)).await;
        let all = to_make(&stage, Value::Null).await;
        let dues: Vec<_> = all.iter().map(|it| it["dueAt"].as_str().unwrap().to_owned()).collect();
        assert!(dues.is_sorted() && dues.len() == 4, "{dues:?}");
        for (filter, count) in [
            (json!({ "visitor": "SUPERVISOR" }), 1),
            (json!({ "unitId": unit.to_string() }), 3),
            (json!({ "dueBefore": dues[1] }), 1),
            (json!({ "tryBefore": "2026-08-01T00:00:00Z" }), 4),
        ] {
            assert_eq!(to_make(&stage, filter.clone()).await.len(), count, "{filter}");
        }
        let first = listed(&stage, &stage.desk, json!({ "source": "COMPLAINT" })).await.remove(0);
        let later = json!({ "channel": "PHONE", "nextTryAt": "2026-08-01T02:00:00Z" });
        act(&stage.desk, "attemptRevisit", input(&first, later)).await.ok();
        let early = json!({ "tryBefore": "2026-08-01T02:00:00Z" });
        assert_eq!(to_make(&stage, early).await.len(), 3);
        let second =
            listed(&stage, &stage.desk, json!({ "source": "HOUSEKEEPING" })).await.remove(0);
        act(&stage.director, "recordRevisit", input(&second, said("A"))).await.ok();
        assert_eq!(to_make(&stage, Value::Null).await.len(), 3);
    });
}

#[test]
fn who_does_it_again_does_not_ask_about_it_either() {
    run(async {
        let stage = Stage::new().await;
        let first = fact(&stage, Source::SurveyComment);
        note(&stage, first.clone()).await;
        note(&stage, Finished { workers: vec![stage.desk.user], ..first }).await;
        let revisit = listed(&stage, &stage.desk, Value::Null).await.remove(0);
        assert_eq!(revisit["workers"].as_array().unwrap().len(), 2);
        let own = act(&stage.desk, "recordRevisit", input(&revisit, said("A"))).await;
        assert_eq!(own.code(), "FORBIDDEN");
    });
}

#[test]
fn whom_nobody_reached_is_not_open_for_ever() {
    run(async {
        let stage = Stage::new().await;
        let mut revisit = due(&stage).await;
        let figures = async || {
            let text = "query($estate: ID!) { deskFigures(estateId: $estate, month: \"2026-07\",
                by: CLASS) { rows { kind open handled resolvedOnTime } } }";
            let ask = json!({ "estate": stage.estate.to_string() });
            let found = stage.supervisor.send("service-desk", text, ask).await.ok();
            let rows = found["deskFigures"]["rows"].as_array().unwrap().clone();
            let row = rows.into_iter().find(|row| row["kind"] == "REVISIT").unwrap();
            ["open", "handled", "resolvedOnTime"].map(|name| row[name].clone())
        };
        assert_eq!(figures().await, [json!(1), json!(0), json!(0)]);
        for _ in 0..3 {
            let more = json!({ "channel": "PHONE", "nextTryAt": "2026-08-01T02:00:00Z" });
            let tried = act(&stage.desk, "attemptRevisit", input(&revisit, more)).await.ok();
            revisit = tried["attemptRevisit"]["revisit"].clone();
        }
        assert_eq!(revisit["state"], "UNREACHABLE");
        assert_eq!(figures().await, [json!(0), json!(1), json!(0)]);
    });
}
