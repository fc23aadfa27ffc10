//! How complaints go on.

use super::{
    act, ask, assigned, done, found, input, listed, new, of_home, on, resolved, revisit_of, seen,
};
use crate::testing::{Stage, own_world};
use chrono::Duration;
use serde_json::{Value, json};
use testkit::run;

#[test]
fn the_same_key_takes_one_complaint_down_and_wrong_input_names_its_field() {
    run(async {
        let stage = Stage::new().await;
        let input = new(&stage, json!({}));
        let first = done(&stage.desk, "receiveComplaint", input.clone()).await;
        let again = done(&stage.desk, "receiveComplaint", input).await;
        assert_eq!(first["id"], again["id"]);
        assert_eq!(listed(&stage, &stage.desk, Value::Null).await.len(), 1);
        for (more, field) in [
            (json!({ "facts": " " }), "facts"),
            (json!({ "complainantName": null }), "complainantName"),
            (json!({ "channel": "REVISIT" }), "channel"),
        ] {
            let wrong = act(&stage.desk, "receiveComplaint", new(&stage, more)).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        for more in [
            json!({ "unitId": format!("unt_{}", stage.id().simple()) }),
            json!({ "aboutStaffIds": [format!("usr_{}", stage.id().simple())] }),
        ] {
            let missing = act(&stage.desk, "receiveComplaint", new(&stage, more)).await;
            assert_eq!(missing.code(), "NOT_FOUND");
        }
        // Who was moved out, or never lived here, does not complain here.
        let nobody = stage.resident(stage.person()).await;
        let theirs = act(&nobody, "receiveComplaint", new(&stage, json!({}))).await;
        assert_eq!(theirs.code(), "NOT_FOUND");
    });
}

#[test]
fn what_somebody_changed_meanwhile_is_read_again_first() {
    run(async {
        let stage = Stage::new().await;
        let old = done(&stage.desk, "receiveComplaint", new(&stage, json!({}))).await;
        done(&stage.desk, "respondToComplaint", input(&old, json!({ "words": "已收到" }))).await;
        let stale = on(&stage.desk, "noteComplaint", &old, json!({ "words": "x", "shared": true }));
        assert_eq!(stale.await.code(), "CONFLICT");
        let twice = seen(&stage.desk, &old["id"]).await.ok()["complaint"].take();
        let twice = on(&stage.desk, "respondToComplaint", &twice, json!({ "words": "再次" })).await;
        assert_eq!(twice.code(), "CONFLICT");
    });
}

#[test]
fn an_important_complaint_is_the_directors_and_a_major_one_the_companys() {
    run(async {
        let stage = Stage::new().await;
        let it = assigned(&stage, json!({}), &stage.engineer).await;
        let grave = json!({ "ground": "SERIOUS_LOSS" });
        let it = done(&stage.supervisor, "gradeComplaint", input(&it, grave)).await;
        assert_eq!((&it["grade"], &it["escalatedTo"]), (&json!("MAJOR"), &json!("COMPANY")));
        let director = json!({ "handlerId": stage.director.user.to_string() });
        let low = on(&stage.supervisor, "assignComplaint", &it, director.clone()).await;
        assert_eq!((low.code(), low.field()), ("INVALID", "handlerId"));
        let text = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) {
            responder { level } } }";
        let save = json!({ "estateId": stage.estate.to_string(), "level": "DIRECTOR",
            "staffId": stage.director.user.to_string(), "skills": [], "buildingIds": [] });
        stage.director.send("service-desk", text, json!({ "input": save })).await.ok();
        let it = done(&stage.supervisor, "assignComplaint", input(&it, director)).await;
        assert_eq!(it["handler"]["name"], "周主任");
        let up = json!({ "to": "DIRECTOR", "reason": "?" });
        assert_eq!(on(&stage.desk, "escalateComplaint", &it, up).await.code(), "CONFLICT");
    });
}

#[test]
fn only_the_complainants_yes_moves_the_promise() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let resident = stage.resident(person).await;
        let who = of_home(unit, person);
        let it = assigned(&stage, who, &stage.engineer).await;
        let early = json!({ "until": "2026-08-01T03:00:00Z", "reason": "等配件" });
        let early = on(&stage.desk, "proposeComplaintTime", &it, early).await;
        assert_eq!((early.code(), early.field()), ("INVALID", "until"));
        let later = json!({ "until": "2026-08-03T04:00:00Z", "reason": "等配件" });
        let it = done(&stage.desk, "proposeComplaintTime", input(&it, later)).await;
        assert_eq!(it["promisedAt"], "2026-08-01T04:00:00+00:00");
        let silent = on(&stage.desk, "agreeComplaintTime", &it, json!({})).await;
        assert_eq!((silent.code(), silent.field()), ("INVALID", "agreement"));
        let it = done(&resident, "agreeComplaintTime", input(&it, json!({}))).await;
        assert_eq!(it["promisedAt"], "2026-08-03T04:00:00+00:00");
        assert_eq!(it["state"], "EXTENSION_AGREED");
        assert_eq!(
            on(&stage.desk, "agreeComplaintTime", &it, json!({ "agreement": "电话" })).await.code(),
            "CONFLICT"
        );
    });
}

#[test]
fn out_of_scope_is_explained_and_over_and_can_be_reopened_for_seven_days() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (_, person) = stage.home("6-2-0801", "张三").await;
        let resident = stage.resident(person).await;
        let it =
            done(&resident, "receiveComplaint", new(&stage, json!({ "complainantName": null })));
        let it = it.await;
        assert_eq!(it["unitLabel"], "6-2-0801");
        let why = json!({ "explanation": "属市政道路，已转告" });
        assert_eq!(
            on(&stage.supervisor, "declineComplaint", &it, why.clone()).await.code(),
            "CONFLICT"
        );
        let it =
            done(&stage.desk, "respondToComplaint", input(&it, json!({ "words": "已收到" }))).await;
        let it = done(&stage.supervisor, "declineComplaint", input(&it, why)).await;
        assert_eq!(
            (&it["state"], &it["outcome"], &it["valid"]),
            (&json!("CLOSED"), &json!("INVALID"), &json!(false))
        );
        let reason = json!({ "reason": "属本小区道路" });
        world.clock.advance(Duration::days(7));
        let again = done(&resident, "reopenComplaint", input(&it, reason.clone())).await;
        assert_eq!((&again["state"], &again["reopened"]), (&json!("REOPENED"), &json!(1)));
        let it = done(
            &stage.supervisor,
            "declineComplaint",
            input(&again, json!({ "explanation": "经核实属市政道路" })),
        )
        .await;
        world.clock.advance(Duration::days(7) + Duration::seconds(1));
        assert_eq!(on(&resident, "reopenComplaint", &it, reason).await.code(), "CONFLICT");
    });
}

#[test]
fn a_bad_rating_begins_it_anew_and_the_next_end_is_asked_about_again() {
    run(async {
        let stage = Stage::new().await;
        let it = resolved(&stage, json!({})).await;
        let revisit = revisit_of(&stage, &stage.desk, &it["number"]).await.unwrap();
        assert_eq!(
            on(&stage.desk, "closeComplaint", &it, json!({ "reason": "?" })).await.code(),
            "CONFLICT"
        );
        ask(&stage.desk, &revisit, "C").await.ok();
        let it = seen(&stage.supervisor, &it["id"]).await.ok()["complaint"].take();
        assert_eq!(
            (&it["state"], &it["reopened"], &it["rating"]),
            (&json!("REOPENED"), &json!(1), &json!("C"))
        );
        let again = ask(&stage.desk, &revisit, "A").await;
        assert_eq!(again.code(), "CONFLICT");
        let it = done(&stage.supervisor, "resolveComplaint", input(&it, found())).await;
        let second = revisit_of(&stage, &stage.desk, &it["number"]).await.unwrap();
        assert_ne!(second["id"], revisit["id"]);
        ask(&stage.desk, &second, "A").await.ok();
        let it = seen(&stage.supervisor, &it["id"]).await.ok()["complaint"].take();
        assert_eq!((&it["state"], &it["outcome"]), (&json!("CLOSED"), &json!("SATISFIED")));
    });
}

#[test]
fn repeats_are_marked_and_complaints_of_one_place_and_cause_gather_and_are_linked() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _) = stage.home("6-2-0801", "张三").await;
        let here =
            json!({ "unitId": unit.to_string(), "complainantName": null, "class": "FACILITY" });
        let first = done(&stage.desk, "receiveComplaint", new(&stage, here.clone())).await;
        let second = done(&stage.desk, "receiveComplaint", new(&stage, here.clone())).await;
        let other =
            json!({ "unitId": unit.to_string(), "complainantName": null, "class": "SECURITY" });
        let third = done(&stage.desk, "receiveComplaint", new(&stage, other)).await;
        let repeated = [&first, &second, &third].map(|it| it["repeated"].clone());
        assert_eq!(repeated, [json!(false), json!(true), json!(false)]);
        assert_eq!(
            listed(&stage, &stage.desk, json!({ "repeated": true })).await,
            [second["id"].clone()]
        );
        let last = done(&stage.desk, "receiveComplaint", new(&stage, here)).await;
        let text = "query($estate: ID!) { complaintClusters(estateId: $estate) { clusters {
            buildingId class cause count complaintIds linked } } }";
        let ask = json!({ "estate": stage.estate.to_string() });
        let found = stage.desk.send("service-desk", text, ask.clone()).await.ok();
        let found = &found["complaintClusters"]["clusters"];
        let ids = [&first, &second, &last].map(|it| it["id"].clone());
        assert_eq!(
            found,
            &json!([{ "buildingId": stage.building.to_string(), "class": "FACILITY",
            "cause": null, "count": 3, "complaintIds": ids, "linked": false }])
        );
        let link = "mutation($input: LinkComplaintsInput!) { linkComplaints(input: $input) {
            complaints { id sameCause } } }";
        let which: Vec<Value> = [&first, &second, &last]
            .iter()
            .map(|it| json!({ "complaintId": it["id"], "expectedVersion": it["version"] }))
            .collect();
        let input = json!({ "input": { "complaints": which } });
        assert_eq!(stage.desk.send("service-desk", link, input.clone()).await.code(), "FORBIDDEN");
        let linked = stage.supervisor.send("service-desk", link, input.clone()).await.ok();
        let group = linked["linkComplaints"]["complaints"][0]["sameCause"].clone();
        assert_eq!(listed(&stage, &stage.desk, json!({ "sameCause": group })).await.len(), 3);
        assert_eq!(stage.supervisor.send("service-desk", link, input).await.code(), "CONFLICT");
        let found = stage.desk.send("service-desk", text, ask).await.ok();
        assert_eq!(found["complaintClusters"]["clusters"][0]["linked"], true);
    });
}
