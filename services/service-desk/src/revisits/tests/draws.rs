//! The draws: S10's samples, drawn once, by hand or by the month's end, and drawn again.

use super::{at, draw, fact, listed, many, note};
use crate::{
    revisits::{Finished, Source},
    testing::{Stage, own_world},
};
use futures::future::{join, join_all};
use serde_json::{Value, json};
use testkit::{Signed, eventually, run};

async fn verdict(who: &Signed, draw: &Value) -> testkit::Answer {
    let text = "query($id: ID!) { verifyRevisitDraw(drawId: $id) { candidatesAgree choiceAgrees
        draw { seed } } }";
    who.send("service-desk", text, json!({ "id": draw["id"] })).await
}

async fn figures(stage: &Stage, month: &str) -> Value {
    let text = "query($estate: ID!, $month: String!) { revisitFigures(estateId: $estate,
        month: $month) { sources { source finished needed done } } }";
    let ask = json!({ "estate": stage.estate.to_string(), "month": month });
    let answer = stage.supervisor.send("service-desk", text, ask).await.ok();
    answer["revisitFigures"]["sources"].clone()
}

#[test]
fn a_month_of_310_repairs_20_orders_42_complaints_and_7_first_cleanings_needs_93_6_42_and_7() {
    run(async {
        let world = own_world("2026-07-20T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        many(&stage, Source::WorkOrder, 310).await;
        many(&stage, Source::SpecialOrder, 20).await;
        many(&stage, Source::Complaint, 42).await;
        many(&stage, Source::Housekeeping, 7).await;
        let early = draw(&stage, &stage.supervisor, "WORK_ORDER", "2026-07").await;
        assert_eq!((early.code(), early.field()), ("INVALID", "month"));
        // Nobody draws: the end of the month does, where something is drawn at all.
        world.clock.set(at("2026-07-31T16:00:01Z"));
        let drawn = || async {
            let found = listed(&stage, &stage.desk, json!({ "month": "2026-07" })).await;
            let of = |source: &str| found.iter().filter(|it| it["source"] == source).count();
            (of("WORK_ORDER"), of("SPECIAL_ORDER"))
        };
        // A page has 100; the newest are those of the draws.
        eventually("the month is drawn", || async {
            drawn().await == (93, 6) || {
                let specials =
                    listed(&stage, &stage.desk, json!({ "source": "SPECIAL_ORDER" })).await;
                let repairs = listed(&stage, &stage.desk, json!({ "source": "WORK_ORDER" })).await;
                (repairs.len(), specials.len()) == (93, 6)
            }
        })
        .await;
        let of = |source: &'static str| listed(&stage, &stage.desk, json!({ "source": source }));
        assert_eq!(of("COMPLAINT").await.len(), 42);
        assert_eq!(of("HOUSEKEEPING").await.len(), 7);
        let needed: Vec<(Value, Value)> = figures(&stage, "2026-07")
            .await
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["finished"].clone(), it["needed"].clone()))
            .collect();
        let pairs = [(42, 42), (310, 93), (20, 6), (7, 7), (0, 0), (0, 0)];
        assert_eq!(needed, pairs.map(|(finished, needed)| (json!(finished), json!(needed))));
        // By hand the same draw comes again; drawing again from its seed finds the same homes.
        let again = draw(&stage, &stage.supervisor, "WORK_ORDER", "2026-07").await.ok();
        let again = &again["drawRevisits"]["draw"];
        assert_eq!((&again["candidates"], &again["chosen"]), (&json!(310), &json!(93)));
        assert_eq!(again["drawnBy"], Value::Null);
        let proof = verdict(&stage.supervisor, again).await.ok();
        let proof = &proof["verifyRevisitDraw"];
        assert_eq!(
            (&proof["candidatesAgree"], &proof["choiceAgrees"]),
            (&json!(true), &json!(true))
        );
        // What is told of that month only now waits for the next draw, and spoils no proof.
        let late = Finished { at: at("2026-07-30T04:00:00Z"), ..fact(&stage, Source::WorkOrder) };
        note(&stage, late).await;
        let proof = verdict(&stage.supervisor, again).await.ok();
        assert_eq!(proof["verifyRevisitDraw"]["candidatesAgree"], true);
        assert_eq!(figures(&stage, "2026-08").await[1]["finished"], 1);
    });
}

#[test]
fn somebody_who_takes_a_revisit_off_or_adds_one_is_found_out() {
    run(async {
        let world = own_world("2026-07-20T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        many(&stage, Source::SpecialOrder, 20).await;
        world.clock.set(at("2026-08-02T04:00:00Z"));
        let drawn = draw(&stage, &stage.supervisor, "SPECIAL_ORDER", "2026-07").await.ok();
        let drawn = &drawn["drawRevisits"]["draw"];
        let db = world.db("service-desk");
        let scope = db.write(stage.company.tenant).await.unwrap();
        let sql = "DELETE FROM revisits WHERE tenant_id = $1 AND id = (SELECT id FROM revisits WHERE tenant_id = $1 LIMIT 1)";
        assert_eq!(scope.execute(sql, []).await.unwrap(), 1);
        scope.commit().await.unwrap();
        let proof = verdict(&stage.supervisor, drawn).await.ok();
        let proof = &proof["verifyRevisitDraw"];
        assert_eq!(
            (&proof["candidatesAgree"], &proof["choiceAgrees"]),
            (&json!(true), &json!(false))
        );
    });
}

#[test]
fn the_same_thing_noted_twice_is_one_and_only_the_first_cleaning_of_a_home_is_always_asked_about() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let first = super::of(fact(&stage, Source::Housekeeping), unit, person);
        note(&stage, first.clone()).await;
        note(&stage, first).await;
        let second = super::of(fact(&stage, Source::Housekeeping), unit, person);
        note(&stage, second.clone()).await;
        note(&stage, second).await;
        assert_eq!(listed(&stage, &stage.desk, Value::Null).await.len(), 1);
        let month = figures(&stage, "2026-07").await;
        assert_eq!((&month[3]["finished"], &month[2]["finished"]), (&json!(1), &json!(1)));
    });
}

#[test]
fn an_estate_sets_its_own_policy_from_a_day_on() {
    run(async {
        let stage = Stage::new().await;
        let book = "query($estate: ID!, $on: Date) { revisitPolicies(estateId: $estate, on: $on) {
            inForce { source rateBasisPoints effectiveFrom } toCome { source effectiveFrom } } }";
        let book = book.replace("Date", "NaiveDate");
        let ask = |on: Value| json!({ "estate": stage.estate.to_string(), "on": on });
        let set = |who: Signed, more: Value| {
            let mut input = json!({ "estateId": stage.estate.to_string(), "source": "WORK_ORDER",
                "rateBasisPoints": 10_000, "mode": "AT_ONCE", "dueDays": 2, "appHours": 0,
                "visitor": "OFFICER", "effectiveFrom": "2026-08-01",
                "idempotencyKey": stage.id().to_string() });
            if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
                input.extend(more);
            }
            let text =
                "mutation($input: SetRevisitPolicyInput!) { setRevisitPolicy(input: $input) {
                policies { toCome { source } } } }";
            async move { who.send("service-desk", text, json!({ "input": input })).await }
        };
        set(stage.supervisor.clone(), json!({})).await.ok();
        let today = stage.desk.send("service-desk", &book, ask(Value::Null)).await.ok();
        assert_eq!(today["revisitPolicies"]["inForce"][1]["rateBasisPoints"], 3_000);
        assert_eq!(today["revisitPolicies"]["toCome"][0]["effectiveFrom"], "2026-08-01");
        let then = stage.desk.send("service-desk", &book, ask(json!("2026-08-01"))).await.ok();
        assert_eq!(then["revisitPolicies"]["inForce"][1]["rateBasisPoints"], 10_000);
        for (more, field) in [
            (json!({ "rateBasisPoints": 3_000 }), "rateBasisPoints"),
            (json!({ "effectiveFrom": "2026-07-30" }), "effectiveFrom"),
            (json!({ "dueDays": 0 }), "dueDays"),
            (json!({ "appHours": -1 }), "appHours"),
        ] {
            let wrong = set(stage.supervisor.clone(), more).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        assert_eq!(set(stage.desk.clone(), json!({})).await.code(), "FORBIDDEN");
        assert_eq!(draw(&stage, &stage.desk, "WORK_ORDER", "2026-06").await.code(), "FORBIDDEN");
        let strangers = Stage::new().await;
        assert_eq!(set(strangers.supervisor.clone(), json!({})).await.code(), "NOT_FOUND");
        let drawn = draw(&stage, &stage.supervisor, "WORK_ORDER", "2026-06").await.ok();
        let theirs = verdict(&strangers.supervisor, &drawn["drawRevisits"]["draw"]).await;
        assert_eq!(theirs.code(), "NOT_FOUND");
    });
}

#[test]
fn what_was_finished_before_all_is_asked_about_at_once_is_asked_about_at_the_months_end() {
    run(async {
        let world = own_world("2026-07-10T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        many(&stage, Source::WorkOrder, 20).await;
        let input = json!({ "estateId": stage.estate.to_string(), "source": "WORK_ORDER",
            "rateBasisPoints": 10_000, "mode": "AT_ONCE", "dueDays": 2, "appHours": 0,
            "visitor": "OFFICER", "effectiveFrom": "2026-07-15",
            "idempotencyKey": stage.id().to_string() });
        let text = "mutation($input: SetRevisitPolicyInput!) { setRevisitPolicy(input: $input) {
            policies { toCome { source } } } }";
        stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
        world.clock.set(at("2026-07-20T04:00:00Z"));
        many(&stage, Source::WorkOrder, 2).await;
        let repairs = || listed(&stage, &stage.desk, json!({ "source": "WORK_ORDER" }));
        assert_eq!(repairs().await.len(), 2);
        world.clock.set(at("2026-07-31T16:00:01Z"));
        eventually("the month is drawn", || async { repairs().await.len() == 22 }).await;
        // Who was asked at once is not asked again, and the draw still proves itself.
        let drawn = draw(&stage, &stage.supervisor, "WORK_ORDER", "2026-07").await.ok();
        let drawn = &drawn["drawRevisits"]["draw"];
        assert_eq!((&drawn["candidates"], &drawn["chosen"]), (&json!(22), &json!(22)));
        let proof = verdict(&stage.supervisor, drawn).await.ok();
        let proof = &proof["verifyRevisitDraw"];
        assert_eq!(
            (&proof["candidatesAgree"], &proof["choiceAgrees"]),
            (&json!(true), &json!(true))
        );
    });
}

#[test]
fn what_is_noted_while_its_month_is_drawn_is_drawn_from_or_waits_for_the_next() {
    run(async {
        let world = own_world("2026-08-01T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let july =
            || Finished { at: at("2026-07-31T10:00:00Z"), ..fact(&stage, Source::WorkOrder) };
        let notes = join_all((0..40).map(|_| note(&stage, july())));
        let asked = draw(&stage, &stage.supervisor, "WORK_ORDER", "2026-07");
        let (_, asked) = join(notes, asked).await;
        let drawn = &asked.ok()["drawRevisits"]["draw"];
        let verdict = verdict(&stage.supervisor, drawn).await.ok();
        let verdict = &verdict["verifyRevisitDraw"];
        assert_eq!(
            (&verdict["candidatesAgree"], &verdict["choiceAgrees"]),
            (&json!(true), &json!(true))
        );
        // Nothing is lost: whatever came too late is of August.
        let months = [figures(&stage, "2026-07").await, figures(&stage, "2026-08").await];
        let finished = |month: &Value| {
            let sources = month.as_array().unwrap().iter();
            let ours = sources.filter(|it| it["source"] == "WORK_ORDER");
            ours.map(|it| it["finished"].as_u64().unwrap()).sum::<u64>()
        };
        assert_eq!(months.iter().map(finished).sum::<u64>(), 40);
        assert_eq!(json!(finished(&months[0])), drawn["candidates"]);
    });
}
