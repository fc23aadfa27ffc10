//! Promises of time through the graph and on a clock that moves.

use super::{Subject, SubjectKind, domain::product_default, timer::SLA, *};
use crate::{
    homes,
    testing::{Stage, own_world},
};
use authz::UserId;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use std::time::Instant;
use testkit::{Answer, Signed, eventually, run};

const SERVICE: &str = "service-desk";
const ESCALATIONS: &str = "query($estate: ID!, $mine: Boolean! = false, $unread: Boolean) {
    slaEscalations(estateId: $estate, mine: $mine, unread: $unread, first: 100) {
        nodes { id kind measure percent warning target told { id name } acknowledgedBy { name } } } }";

async fn level(stage: &Stage, of: &Signed, level: &str) {
    let text = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) {
        responder { level } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "staffId": of.user.to_string(),
        "level": level, "skills": [], "buildingIds": [] });
    stage.supervisor.send(SERVICE, text, json!({ "input": input })).await.ok();
}

/// The supervisor and the director are told of what is late.
pub(crate) async fn leaders(stage: &Stage) {
    level(stage, &stage.supervisor, "SUPERVISOR").await;
    level(stage, &stage.director, "DIRECTOR").await;
}

async fn begun(stage: &Stage, kind: SubjectKind, assignee: Option<UserId>) -> Subject {
    let subject = Subject::new(kind, stage.id());
    let scope = stage.company.world.db(SERVICE).write(stage.company.tenant).await.unwrap();
    let estate = homes::estate(&scope, stage.estate).await.unwrap();
    start(&scope, &estate, subject, "ORDINARY", scope.now(), assignee).await.unwrap();
    scope.commit().await.unwrap();
    subject
}

/// Does something to a ticket in a transaction of its own.
macro_rules! told {
    ($stage:expr, $act:ident($subject:expr $(, $more:expr)*)) => {{
        let scope = $stage.company.world.db(SERVICE).write($stage.company.tenant).await.unwrap();
        $act(&scope, $subject $(, $more)*).await.unwrap();
        scope.commit().await.unwrap();
    }};
}

async fn state(stage: &Stage, subject: Subject) -> SlaState {
    let scope = stage.company.world.db(SERVICE).read(stage.company.tenant).await.unwrap();
    states(&scope, [subject]).await.unwrap().remove(&subject).unwrap()
}

async fn listed(stage: &Stage, who: &Signed, mine: bool) -> Vec<Value> {
    let ask = json!({ "estate": stage.estate.to_string(), "mine": mine });
    let mut answer = who.send(SERVICE, ESCALATIONS, ask).await.ok();
    answer["slaEscalations"]["nodes"].take().as_array().unwrap().clone()
}

/// What somebody was told of, in order of the words: what is noted at one instant has none of its own.
pub(crate) async fn told_of(stage: &Stage, who: &Signed) -> Vec<String> {
    let step = |it: &Value| format!("{} {}", it["measure"].as_str().unwrap(), it["percent"]);
    let mut told: Vec<String> = listed(stage, who, true).await.iter().map(step).collect();
    told.sort();
    told
}

/// Waits until so many steps are noted in the estate, and no more.
pub(crate) async fn many(stage: &Stage, count: usize) {
    eventually("the steps are noted", || async {
        listed(stage, &stage.supervisor, false).await.len() >= count
    })
    .await;
    assert_eq!(listed(stage, &stage.supervisor, false).await.len(), count);
}

#[test]
fn each_step_is_told_once_whatever_the_clock_does() {
    run(async {
        // S3: Friday, 21:40 in Shanghai.
        let world = own_world("2026-07-31T13:40:00Z").await;
        let stage = Stage::in_world(&world).await;
        leaders(&stage).await;
        let subject = begun(&stage, SubjectKind::Complaint, Some(stage.engineer.user)).await;
        let begun_state = state(&stage, subject).await;
        assert_eq!(begun_state.respond_by, Some("2026-07-31T14:10:00Z".parse().unwrap()));
        assert_eq!(begun_state.resolve_by, Some("2026-08-01T13:40:00Z".parse().unwrap()));
        assert_eq!(begun_state.next_escalation, Some("2026-07-31T13:55:00Z".parse().unwrap()));
        world.clock.advance(Duration::minutes(15));
        many(&stage, 1).await;
        let mine = listed(&stage, &stage.engineer, true).await;
        assert_eq!(mine[0]["told"][0]["name"], "孙工");
        assert_eq!(mine[0]["warning"], true);
        // Back by an hour and forward again: nothing is told twice.
        world.clock.advance(-Duration::hours(1));
        told!(stage, assigned(subject, Some(stage.desk.user)));
        world.clock.advance(Duration::hours(1));
        told!(stage, assigned(subject, Some(stage.engineer.user)));
        assert_eq!(listed(&stage, &stage.supervisor, false).await.len(), 1);
        // Far ahead, over several steps at once: none is missed.
        world.clock.advance(Duration::days(3));
        many(&stage, 6).await;
        assert_eq!(listed(&stage, &stage.director, true).await.len(), 2);
        assert_eq!(state(&stage, subject).await.response_met, Some(false));
        assert_eq!(state(&stage, subject).await.warned, 200);
        assert_eq!(state(&stage, subject).await.next_escalation, None);
        world.clock.advance(-Duration::days(4));
        told!(stage, responded(subject, world.clock.now()));
        assert_eq!(listed(&stage, &stage.supervisor, false).await.len(), 6);
    });
}

#[test]
fn a_timer_killed_half_way_rings_again_and_many_that_ring_at_once_tell_once() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        leaders(&stage).await;
        let db = world.db(SERVICE).clone();
        let subject = begun(&stage, SubjectKind::CallBack, None).await;
        let scope = db.write(stage.company.tenant).await.unwrap();
        let kept = repo::lock(&scope, subject).await.unwrap().unwrap();
        drop(scope);
        world.clock.advance(Duration::days(1));
        // It came as far as the last statement and was killed before the end of the transaction.
        let scope = db.write(stage.company.tenant).await.unwrap();
        let estate = homes::estate(&scope, stage.estate).await.unwrap();
        if let Some(mut held) = repo::lock_by_id(&scope, kept.id).await.unwrap() {
            watch::settle(&scope, &estate, &mut held).await.unwrap();
        }
        drop(scope);
        let rings = (0..8).map(|_| timer::ring(&db, stage.company.tenant, kept.id));
        for rung in futures::future::join_all(rings).await {
            rung.unwrap();
        }
        many(&stage, 6).await;
        // A worker that took the timer and died holds it until its lease ends, no longer.
        let again = begun(&stage, SubjectKind::CallBack, None).await;
        let scope = db.write(stage.company.tenant).await.unwrap();
        let kept = repo::lock(&scope, again).await.unwrap().unwrap();
        db::withdraw_job(&scope, SLA, kept.id.as_uuid()).await.unwrap();
        db::reschedule_job(&scope, SLA, kept.id.as_uuid(), scope.now()).await.unwrap();
        drop(scope);
        world.clock.advance(Duration::minutes(8));
        let dead = db.worker().claim_job(SLA, "dead", -Duration::seconds(1)).await.unwrap();
        many(&stage, 7).await;
        if let Some(dead) = dead {
            assert!(!db.worker().keep_job(SLA, &dead, "dead", Duration::zero()).await.unwrap());
        }
    });
}

#[test]
fn a_pause_stops_the_clock_and_an_agreed_time_begins_another() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        leaders(&stage).await;
        let start: DateTime<Utc> = world.clock.now();
        let subject = begun(&stage, SubjectKind::Complaint, Some(stage.engineer.user)).await;
        told!(stage, responded(subject, start + Duration::minutes(12)));
        world.clock.advance(Duration::hours(6));
        told!(stage, pause(subject, "WAITING_PARTS"));
        told!(stage, pause(subject, "WAITING_ACCESS"));
        let stands = state(&stage, subject).await;
        assert_eq!(stands.pause_reason.as_deref(), Some("WAITING_PARTS"));
        assert_eq!((stands.resolve_by, stands.next_escalation), (None, None));
        assert_eq!(stands.response_met, Some(true));
        world.clock.advance(Duration::days(5));
        told!(stage, resume(subject));
        let runs = state(&stage, subject).await;
        assert_eq!(runs.resolve_by, Some(start + Duration::hours(24) + Duration::days(5)));
        // Half of the 15 minutes were over before the answer.
        assert_eq!(listed(&stage, &stage.supervisor, false).await.len(), 1);
        let until = world.clock.now() + Duration::hours(40);
        told!(stage, extended(subject, until));
        let agreed = state(&stage, subject).await;
        assert_eq!(agreed.resolve_by, Some(until));
        assert_eq!(agreed.next_escalation, Some(until - Duration::hours(20)));
        world.clock.advance(Duration::hours(39));
        told!(stage, resolved(subject, world.clock.now()));
        let ended = state(&stage, subject).await;
        assert_eq!((ended.resolution_met, ended.next_escalation), (Some(true), None));
        // What was reached before the end is told, even when nobody looked in time.
        assert_eq!(listed(&stage, &stage.supervisor, false).await.len(), 2);
        told!(stage, reopened(subject));
        let again = state(&stage, subject).await;
        assert_eq!(again.resolve_by, Some(world.clock.now() + Duration::hours(24)));
        assert_eq!((again.resolution_met, again.response_met), (None, Some(true)));
        told!(stage, cancelled(subject));
        let void = state(&stage, subject).await;
        assert_eq!((void.resolution_met, void.next_escalation), (None, None));
        assert_eq!(void.resolved_at, None);
    });
}

fn policy(stage: &Stage, code: Option<&str>, minutes: i32, from: &str) -> Value {
    json!({ "input": { "estateId": stage.estate.to_string(), "kind": "MEMO", "code": code,
        "effectiveFrom": from, "responseMinutes": minutes, "resolutionMinutes": minutes * 2,
        "clock": "OFFICE" } })
}

const SAVE_POLICY: &str = "mutation($input: SaveSlaPolicyInput!) { saveSlaPolicy(input: $input) {
    slaPolicy { code responseMinutes clock savedBy { name } steps { percent target } } } }";

pub(crate) async fn calendar(
    stage: &Stage,
    who: &Signed,
    holidays: Value,
    expected: i32,
) -> Answer {
    let text = "mutation($input: SaveEstateCalendarInput!) { saveEstateCalendar(input: $input) {
        estateCalendar { version timeZone officeHours { weekday from to } holidays nightFrom } } }";
    let hours: Vec<Value> =
        (1..=7).map(|day| json!({ "weekday": day, "from": "09:00", "to": "18:00" })).collect();
    let input = json!({ "estateId": stage.estate.to_string(), "officeHours": hours,
        "holidays": holidays, "workdays": [], "nightFrom": "20:00", "nightTo": "08:00",
        "expectedVersion": expected });
    who.send(SERVICE, text, json!({ "input": input })).await
}

#[test]
fn a_ticket_keeps_its_policy_and_one_that_ended_its_figures() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let save = |input: Value| stage.director.send(SERVICE, SAVE_POLICY, input);
        let saved = save(policy(&stage, Some("ORDINARY"), 60, "2026-07-31")).await.ok();
        let saved = &saved["saveSlaPolicy"]["slaPolicy"];
        assert_eq!(
            (&saved["responseMinutes"], &saved["savedBy"]["name"]),
            (&json!(60), &json!("周主任"))
        );
        assert_eq!(saved["steps"].as_array().unwrap().len(), 6);
        save(policy(&stage, Some("ORDINARY"), 30, "2026-08-01")).await.ok();
        // Noon: the office opens again at 14:00.
        let (open, ended) = (
            begun(&stage, SubjectKind::Memo, None).await,
            begun(&stage, SubjectKind::Memo, None).await,
        );
        assert_eq!(
            state(&stage, open).await.respond_by,
            Some("2026-07-31T07:00:00Z".parse().unwrap())
        );
        told!(stage, resolved(ended, world.clock.now()));
        let before = state(&stage, ended).await;
        // Today becomes a holiday: what is open is due tomorrow, by the hours of tomorrow.
        let kept = calendar(&stage, &stage.director, json!(["2026-07-31"]), 0).await.ok();
        assert_eq!(kept["saveEstateCalendar"]["estateCalendar"]["version"], 1);
        eventually("the open ticket is measured anew", || async {
            state(&stage, open).await.respond_by == Some("2026-08-01T02:00:00Z".parse().unwrap())
        })
        .await;
        assert_eq!(state(&stage, ended).await, before);
        let stale = calendar(&stage, &stage.director, json!([]), 0).await;
        assert_eq!(stale.code(), "CONFLICT");
        world.clock.advance(Duration::days(1));
        let next = begun(&stage, SubjectKind::Memo, None).await;
        assert_eq!(
            state(&stage, next).await.respond_by,
            Some("2026-08-01T04:30:00Z".parse().unwrap())
        );
        assert_eq!(
            state(&stage, open).await.respond_by,
            Some("2026-08-01T02:00:00Z".parse().unwrap())
        );
    });
}

#[test]
fn only_who_manages_decides_and_who_was_told_takes_note() {
    run(async {
        let stage = Stage::new().await;
        leaders(&stage).await;
        for who in [&stage.supervisor, &stage.desk] {
            let refused =
                who.send(SERVICE, SAVE_POLICY, policy(&stage, None, 9, "2026-01-01")).await;
            assert_eq!(refused.code(), "FORBIDDEN");
            assert_eq!(calendar(&stage, who, json!([]), 0).await.code(), "FORBIDDEN");
        }
        let strangers = Stage::new().await;
        let foreign = policy(&stage, None, 9, "2026-01-01");
        assert_eq!(
            strangers.director.send(SERVICE, SAVE_POLICY, foreign).await.code(),
            "NOT_FOUND"
        );
        assert_eq!(calendar(&stage, &strangers.director, json!([]), 0).await.code(), "NOT_FOUND");
        let wrong =
            stage.director.send(SERVICE, SAVE_POLICY, policy(&stage, None, 0, "2026-01-01")).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "responseMinutes"));
        // Who manages one estate does not decide for the company.
        let mut company = policy(&stage, None, 9, "2026-01-01");
        company["input"]["estateId"] = Value::Null;
        assert_eq!(stage.director.send(SERVICE, SAVE_POLICY, company).await.code(), "FORBIDDEN");

        let subject = begun(&stage, SubjectKind::WorkOrder, None).await;
        told!(stage, nobody_suits(subject));
        told!(stage, nobody_suits(subject));
        let all = listed(&stage, &stage.supervisor, true).await;
        assert_eq!((all.len(), &all[0]["measure"]), (1, &json!("ASSIGNMENT")));
        let text = "mutation($input: AcknowledgeEscalationInput!) {
            acknowledgeEscalation(input: $input) { escalation { acknowledgedBy { name } } } }";
        let input = json!({ "input": { "escalationId": all[0]["id"] } });
        assert_eq!(stage.engineer.send(SERVICE, text, input.clone()).await.code(), "NOT_FOUND");
        assert_eq!(stage.desk.send(SERVICE, text, input.clone()).await.code(), "FORBIDDEN");
        assert_eq!(
            strangers.supervisor.send(SERVICE, text, input.clone()).await.code(),
            "NOT_FOUND"
        );
        for _ in 0..2 {
            let noted = stage.supervisor.send(SERVICE, text, input.clone()).await.ok();
            let by = &noted["acknowledgeEscalation"]["escalation"]["acknowledgedBy"]["name"];
            assert_eq!(by, "林主管");
        }
        let ask = json!({ "estate": stage.estate.to_string(), "mine": true, "unread": true });
        let none = stage.supervisor.send(SERVICE, ESCALATIONS, ask).await.ok();
        assert_eq!(none["slaEscalations"]["nodes"], json!([]));
        let foreign = json!({ "estate": stage.estate.to_string() });
        let refused = strangers.director.send(SERVICE, ESCALATIONS, foreign.clone()).await;
        assert_eq!(refused.code(), "NOT_FOUND");
        assert_eq!(stage.engineer.send(SERVICE, ESCALATIONS, foreign).await.code(), "NOT_FOUND");
    });
}

/// Run by hand: `cargo test -p service-desk --release waiting_timers -- --ignored --nocapture`.
#[test]
#[ignore = "a figure to take by hand"]
fn a_minute_of_empty_looks_at_100_000_waiting_timers_takes_less_than_a_second() {
    run(async {
        const TIMERS: usize = 100_000;
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let db = world.db(SERVICE);
        let (promise, now) = (product_default(SubjectKind::Complaint, ""), world.clock.now());
        for part in 0..TIMERS / 1000 {
            let scope = db.write(stage.company.tenant).await.unwrap();
            let due = |n: usize| {
                now + Duration::minutes(60)
                    + Duration::seconds(i64::try_from(part * 1000 + n).unwrap())
            };
            let one = |n: usize| repo::Kept {
                id: ClockId::from_uuid(scope.new_id()),
                estate: stage.estate,
                subject: Subject::new(SubjectKind::Complaint, scope.new_id()),
                code: "ORDINARY".to_owned(),
                policy: None,
                assignee: None,
                facts: domain::Facts {
                    promise: promise.clone(),
                    started_at: now,
                    round: 0,
                    round_from: now,
                    agreed_until: None,
                    responded_at: None,
                    ended_at: None,
                    pauses: Vec::new(),
                },
                cancelled: false,
                open: true,
                respond_by: None,
                resolve_by: None,
                next_at: Some(due(n)),
                warned: 0,
            };
            let all: Vec<_> = (0..1000).map(one).collect();
            repo::insert(&scope, &all).await.unwrap();
            for (n, kept) in all.iter().enumerate() {
                db::reschedule_job(&scope, SLA, kept.id.as_uuid(), due(n)).await.unwrap();
            }
            scope.commit().await.unwrap();
        }
        let begun = Instant::now();
        for _ in 0..60 {
            let lease = Duration::seconds(30);
            assert!(db.worker().claim_job(SLA, "look", lease).await.unwrap().is_none());
        }
        let took = begun.elapsed();
        println!("60 looks at {TIMERS} waiting timers: {took:?}");
        assert!(took < std::time::Duration::from_secs(1));
    });
}

#[test]
fn a_calendar_that_is_none_names_the_field_of_the_form() {
    run(async {
        let stage = Stage::new().await;
        let text =
            "mutation($input: SaveEstateCalendarInput!) { saveEstateCalendar(input: $input) {
            estateCalendar { version } } }";
        let hours = |from: &str| json!([{ "weekday": 1, "from": from, "to": "18:00" }]);
        for (field, value) in [
            ("officeHours", hours("19:00")),
            ("officeHours", hours("1093:00")),
            ("officeHours", json!([])),
            ("nightFrom", json!("24:00")),
            ("nightTo", json!("65535:59")),
        ] {
            let mut input = json!({ "estateId": stage.estate.to_string(), "workdays": [],
                "officeHours": hours("09:00"), "holidays": [], "nightFrom": "20:00",
                "nightTo": "08:00", "expectedVersion": 0 });
            input[field] = value;
            let wrong = stage.director.send(SERVICE, text, json!({ "input": input })).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
    });
}
