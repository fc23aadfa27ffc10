//! Notices through the graph.

use crate::{
    messages::tests::inbox,
    testing::{Stage, own_world},
};
use contracts::{
    BuildingId, PersonId, UnitId,
    billing::{ArrearsChanged, UnitArrears},
    residents::MemberKind,
};
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};

const NOTICE: &str = "notice { id state version audienceCount expired reason readAt }";

async fn act(who: &Signed, name: &str, input: Value) -> Answer {
    let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let text =
        format!("mutation($input: {upper}Input!) {{ {name}(input: $input) {{ {NOTICE} }} }}");
    who.send("service-desk", &text, json!({ "input": input })).await
}

pub(crate) fn content(audience: Value) -> Value {
    json!({ "kind": "OUTAGE", "title": { "zh": "停水通知", "en": "Water off" },
        "body": { "zh": "8月3日停水。", "en": "No water on 3 August." }, "audience": audience })
}

pub(crate) async fn write(stage: &Stage, who: &Signed, content: Value) -> Answer {
    let key = format!("key-{}", stage.id().simple());
    let input = json!({ "estateId": stage.estate.to_string(), "content": content,
        "idempotencyKey": key });
    act(who, "writeNotice", input).await
}

/// A notice that is written and approved; its id.
pub(crate) async fn approved(stage: &Stage, content: Value) -> String {
    let written = write(stage, &stage.supervisor, content).await.ok();
    let id = written["writeNotice"]["notice"]["id"].as_str().unwrap().to_owned();
    step(&stage.supervisor, "proposeNotice", &id, 1).await.ok();
    // It may be out before the answer is: the job does not wait for it.
    step(&stage.director, "approveNotice", &id, 2).await.ok();
    id
}

pub(crate) async fn step(who: &Signed, name: &str, id: &str, version: i32) -> Answer {
    let mut input = json!({ "noticeId": id, "expectedVersion": version });
    if ["giveBackNotice", "withdrawNotice"].contains(&name) {
        input["reason"] = json!("日期有误");
    }
    act(who, name, input).await
}

async fn one(who: &Signed, id: &str) -> Answer {
    let text =
        format!("query($id: ID!) {{ notice(id: $id) {{ {} }} }}", &NOTICE[9..NOTICE.len() - 2]);
    who.send("service-desk", &text, json!({ "id": id })).await
}

pub(crate) async fn is_out(stage: &Stage, id: &str) -> Value {
    eventually("it is published", || async {
        let it = one(&stage.supervisor, id).await.ok();
        it["notice"]["state"] == "PUBLISHED"
            && reach(stage, id).await["delivered"] == it["notice"]["audienceCount"]
    })
    .await;
    one(&stage.supervisor, id).await.ok()["notice"].take()
}

async fn reach(stage: &Stage, id: &str) -> Value {
    let text = "query($id: ID!) { noticeReach(noticeId: $id) { audience delivered read
        buildings { buildingCode audience read } } }";
    let answer = stage.desk.send("service-desk", text, json!({ "id": id })).await;
    answer.ok()["noticeReach"].take()
}

async fn listed(stage: &Stage, who: &Signed) -> Vec<Value> {
    let text = "query($estate: ID!) { notices(estateId: $estate) { nodes { id state readAt } } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    let answer = who.send("service-desk", text, ask).await.ok();
    answer["notices"]["nodes"].as_array().unwrap().clone()
}

/// Homes 6-1-0101, 6-2-0801 and 7-1-0101 with an owner each, the second with a lessee too.
async fn homes(stage: &Stage) -> [PersonId; 4] {
    let (_, first) = stage.home("6-1-0101", "王芳").await;
    let (second, owner) = stage.home("6-2-0801", "李娜").await;
    let (other, lessee) = (stage.person(), stage.person());
    let people = [(owner, "李娜", MemberKind::Owner), (lessee, "赵强", MemberKind::Lessee)];
    stage.belongs(second, &people).await;
    let unit = UnitId::from_uuid(stage.id());
    stage.unit(unit, BuildingId::from_uuid(stage.id()), "7-1-0101").await;
    stage.belongs(unit, &[(other, "钱多", MemberKind::Owner)]).await;
    [first, owner, lessee, other]
}

#[test]
fn a_notice_is_approved_by_another_published_and_read() {
    run(async {
        let stage = Stage::new().await;
        let [first, ..] = homes(&stage).await;
        let id = approved(&stage, content(json!({}))).await;
        let out = is_out(&stage, &id).await;
        assert_eq!(out["audienceCount"], 4);
        let who = stage.resident(first).await;
        let seen = listed(&stage, &who).await;
        assert_eq!((seen.len(), &seen[0]["id"]), (1, &json!(id)));
        for _ in 0..2 {
            let read = act(&who, "markNoticeRead", json!({ "noticeId": id })).await.ok();
            let at = &read["markNoticeRead"]["notice"]["readAt"];
            assert_eq!(at, "2026-07-31T04:00:00+00:00");
        }
        let reach = reach(&stage, &id).await;
        let counts = (&reach["audience"], &reach["delivered"], &reach["read"]);
        assert_eq!(counts, (&json!(4), &json!(4), &json!(1)));
        let six = json!({ "buildingCode": "6", "audience": 3, "read": 1 });
        assert_eq!(reach["buildings"][0], six);
        // Its letter counts as read as well.
        let text = "{ inbox { nodes { state reference } } }";
        let inbox = who.send("service-desk", text, json!({})).await.ok();
        assert_eq!(inbox["inbox"]["nodes"], json!([{ "state": "READ", "reference": id }]));
    });
}

#[test]
fn an_audience_is_an_entrance_a_tag_or_owners_only() {
    run(async {
        let stage = Stage::new().await;
        let [first, owner, lessee, other] = homes(&stage).await;
        let building = stage.building.to_string();
        let entrance = json!({ "entrances": [{ "buildingId": building, "entrance": "2" }] });
        let id = approved(&stage, content(entrance)).await;
        assert_eq!(is_out(&stage, &id).await["audienceCount"], 2);
        for (person, sees) in [(first, 0), (owner, 1), (lessee, 1), (other, 0)] {
            let who = stage.resident(person).await;
            assert_eq!(listed(&stage, &who).await.len(), sees);
            let alone = one(&who, &id).await;
            assert_eq!(alone.errors.is_empty(), sees == 1);
        }
        let owners = json!({ "buildingIds": [building], "members": ["OWNER"] });
        let id = approved(&stage, content(owners)).await;
        assert_eq!(is_out(&stage, &id).await["audienceCount"], 2);
        let (unit, _) = stage.home("6-2-0901", "周姨").await;
        let tag = "mutation($input: SetUnitTagsInput!) { setUnitTags(input: $input) { tags } }";
        let input = json!({ "input": { "unitId": unit.to_string(), "tags": ["老人", "老人"] } });
        let set = stage.desk.send("service-desk", tag, input.clone()).await.ok();
        assert_eq!(set["setUnitTags"]["tags"], json!(["老人"]));
        let id = approved(&stage, content(json!({ "tags": ["老人"] }))).await;
        assert_eq!(is_out(&stage, &id).await["audienceCount"], 1);
        assert_eq!(stage.engineer.send("service-desk", tag, input).await.code(), "FORBIDDEN");
    });
}

/// Billing tells that a unit is in arrears, or is no more.
async fn owes(stage: &Stage, unit: UnitId, behind: bool) {
    let units = vec![UnitArrears { unit, behind }];
    let told = ArrearsChanged { estate: stage.estate, units };
    stage.company.tell("billing", "service-desk", &told).await;
}

#[test]
fn a_notice_to_homes_without_arrears_leaves_out_who_owes_when_it_is_published() {
    run(async {
        let stage = Stage::new().await;
        let (first, debtor) = stage.home("6-1-0101", "王芳").await;
        let (_, payer) = stage.home("6-1-0102", "李娜").await;
        let stranger = Stage::new().await;
        let (theirs, _) = stranger.home("6-1-0101", "钱多").await;
        owes(&stranger, theirs, true).await;
        let free = json!({ "buildingIds": [stage.building.to_string()], "arrearsFree": true });
        let to_free = async || approved(&stage, content(free.clone())).await;
        let id = to_free().await;
        assert_eq!(is_out(&stage, &id).await["audienceCount"], 2, "nobody owes anything");
        for _ in 0..2 {
            owes(&stage, first, true).await;
        }
        let id = to_free().await;
        assert_eq!(is_out(&stage, &id).await["audienceCount"], 1);
        for (person, sees) in [(debtor, false), (payer, true)] {
            let alone = one(&stage.resident(person).await, &id).await;
            assert_eq!(alone.errors.is_empty(), sees);
        }
        let text = "query($id: ID!) { notice(id: $id) { audience { arrearsFree } } }";
        let kept = stage.supervisor.send("service-desk", text, json!({ "id": id })).await.ok();
        assert_eq!(kept["notice"]["audience"]["arrearsFree"], true);
        let all = approved(&stage, content(json!({}))).await;
        assert_eq!(is_out(&stage, &all).await["audienceCount"], 2, "others are for everybody");
        owes(&stage, first, false).await;
        let id = to_free().await;
        assert_eq!(is_out(&stage, &id).await["audienceCount"], 2, "they paid");
    });
}

#[test]
fn a_planned_notice_waits_for_its_time_and_ends_when_it_expires() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let [first, ..] = homes(&stage).await;
        let who = stage.resident(first).await;
        let mut plan = content(json!({}));
        plan["publishAt"] = json!("2026-08-01T01:00:00Z");
        plan["expiresAt"] = json!("2026-08-02T01:00:00Z");
        let id = approved(&stage, plan.clone()).await;
        let waiting = one(&stage.desk, &id).await.ok();
        assert_eq!(waiting["notice"]["state"], "SCHEDULED");
        assert!(listed(&stage, &who).await.is_empty());
        assert_eq!(one(&who, &id).await.code(), "NOT_FOUND");
        // Who only reads notices does not see it yet.
        assert!(listed(&stage, &stage.engineer).await.is_empty());
        assert_eq!(one(&stage.engineer, &id).await.code(), "NOT_FOUND");
        world.clock.advance(chrono::Duration::hours(21));
        is_out(&stage, &id).await;
        assert_eq!(listed(&stage, &who).await.len(), 1);
        assert_eq!(listed(&stage, &stage.engineer).await.len(), 1);
        world.clock.advance(chrono::Duration::hours(24));
        assert!(listed(&stage, &who).await.is_empty());
        assert_eq!(one(&stage.desk, &id).await.ok()["notice"]["expired"], true);
        // What was planned for then lies in the past now.
        let wrong = write(&stage, &stage.supervisor, plan.clone()).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "publishAt"));
        plan["publishAt"] = json!("2026-08-09T01:00:00Z");
        assert_eq!(write(&stage, &stage.supervisor, plan).await.field(), "expiresAt");
    });
}

#[test]
fn who_wrote_a_notice_cannot_approve_it_and_a_taken_back_one_is_gone() {
    run(async {
        let stage = Stage::new().await;
        let [first, ..] = homes(&stage).await;
        let written = write(&stage, &stage.desk, content(json!({}))).await.ok();
        let id = written["writeNotice"]["notice"]["id"].as_str().unwrap();
        assert_eq!(step(&stage.director, "approveNotice", id, 1).await.code(), "CONFLICT");
        step(&stage.desk, "proposeNotice", id, 1).await.ok();
        assert_eq!(step(&stage.desk, "approveNotice", id, 2).await.code(), "FORBIDDEN");
        assert_eq!(step(&stage.director, "approveNotice", id, 1).await.code(), "CONFLICT");
        let back = step(&stage.director, "giveBackNotice", id, 2).await.ok();
        assert_eq!(back["giveBackNotice"]["notice"]["reason"], "日期有误");
        let change = json!({ "noticeId": id, "content": content(json!({})), "expectedVersion": 3 });
        act(&stage.supervisor, "changeNotice", change).await.ok();
        step(&stage.supervisor, "proposeNotice", id, 4).await.ok();
        // Somebody who both writes and approves does not approve what they wrote.
        let estate = stage.estate;
        let both = stage.supervisor.user.as_uuid();
        let grant = authz::Grant {
            user: both,
            role: "DIR".to_owned(),
            estate: Some(estate),
            zone: Vec::new(),
        };
        stage.company.change_policy(|policy| policy.grants.push(grant)).await;
        assert_eq!(step(&stage.supervisor, "approveNotice", id, 5).await.code(), "FORBIDDEN");
        step(&stage.director, "approveNotice", id, 5).await.ok();
        let out = is_out(&stage, id).await;
        let version = i32::try_from(out["version"].as_i64().unwrap()).unwrap();
        let who = stage.resident(first).await;
        assert_eq!(inbox(&who, None).await[0]["reference"], id);
        let letter = inbox(&who, None).await[0]["id"].clone();
        step(&stage.desk, "withdrawNotice", id, version).await.ok();
        assert!(listed(&stage, &who).await.is_empty());
        // Its letter left the inbox and cannot be read there any more.
        assert_eq!(inbox(&who, None).await, json!([]));
        let mark = "mutation($input: MarkReadInput!) { markRead(input: $input) { unread } }";
        let input = json!({ "input": { "letterIds": [letter] } });
        assert_eq!(who.send("service-desk", mark, input).await.code(), "NOT_FOUND");
        let again = step(&stage.desk, "withdrawNotice", id, version + 1).await;
        assert_eq!(again.code(), "CONFLICT");
    });
}

#[test]
fn notices_are_of_their_estate_and_writing_twice_writes_once() {
    run(async {
        let stage = Stage::new().await;
        let input = json!({ "estateId": stage.estate.to_string(), "content": content(json!({})),
            "idempotencyKey": "notice-key-1" });
        let first = act(&stage.supervisor, "writeNotice", input.clone()).await.ok();
        let again = act(&stage.supervisor, "writeNotice", input.clone()).await.ok();
        assert_eq!(first, again);
        let id = first["writeNotice"]["notice"]["id"].as_str().unwrap();
        let stranger = Stage::new().await;
        assert_eq!(act(&stranger.supervisor, "writeNotice", input).await.code(), "NOT_FOUND");
        assert_eq!(one(&stranger.director, id).await.code(), "NOT_FOUND");
        assert_eq!(step(&stranger.supervisor, "proposeNotice", id, 1).await.code(), "NOT_FOUND");
        assert_eq!(write(&stage, &stage.engineer, content(json!({}))).await.code(), "FORBIDDEN");
        let foreign = json!({ "buildingIds": [stranger.building.to_string()] });
        let wrong = write(&stage, &stage.supervisor, content(foreign)).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "audience.buildingIds"));
        let mut bill = content(json!({}));
        bill["kind"] = json!("BILL");
        assert_eq!(write(&stage, &stage.supervisor, bill).await.field(), "kind");
    });
}

#[test]
fn who_moves_in_later_sees_what_stands_for_their_home_without_a_letter() {
    run(async {
        let stage = Stage::new().await;
        let (unit, seller) = stage.home("6-2-0801", "李娜").await;
        let entrance = |entrance: &str| {
            let building = stage.building.to_string();
            json!({ "entrances": [{ "buildingId": building, "entrance": entrance }] })
        };
        let id = approved(&stage, content(entrance("2"))).await;
        is_out(&stage, &id).await;
        let elsewhere = approved(&stage, content(entrance("1"))).await;
        eventually("it is out", || async {
            one(&stage.supervisor, &elsewhere).await.ok()["notice"]["state"] == "PUBLISHED"
        })
        .await;
        let buyer = stage.person();
        let people = [(seller, "李娜", MemberKind::Owner), (buyer, "周明", MemberKind::Family)];
        stage.belongs(unit, &people).await;
        let who = stage.resident(buyer).await;
        let seen = listed(&stage, &who).await;
        assert_eq!((seen.len(), &seen[0]["id"]), (1, &json!(id)));
        assert_eq!(one(&who, &elsewhere).await.code(), "NOT_FOUND");
        assert_eq!(inbox(&who, None).await, json!([]));
        let read = act(&who, "markNoticeRead", json!({ "noticeId": id })).await.ok();
        assert!(read["markNoticeRead"]["notice"]["readAt"].is_string());
        assert!(listed(&stage, &who).await[0]["readAt"].is_string());
        assert_eq!(reach(&stage, &id).await["read"], 1);
    });
}

#[test]
fn a_notice_that_is_over_before_its_worker_comes_is_told_to_nobody() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let [first, ..] = homes(&stage).await;
        let mut plan = content(json!({}));
        plan["publishAt"] = json!("2026-08-01T01:00:00Z");
        plan["expiresAt"] = json!("2026-08-02T01:00:00Z");
        let late = approved(&stage, plan).await;
        // Two days on at once, as after a standstill; what is planned after it shows that its turn was.
        world.clock.advance(chrono::Duration::days(2));
        let next = approved(&stage, content(json!({}))).await;
        is_out(&stage, &next).await;
        let who = stage.resident(first).await;
        let letters = inbox(&who, None).await;
        assert_eq!(
            (letters.as_array().unwrap().len(), &letters[0]["reference"]),
            (1, &json!(next))
        );
        let left = one(&stage.supervisor, &late).await.ok();
        assert_eq!(
            (&left["notice"]["state"], &left["notice"]["expired"]),
            (&json!("SCHEDULED"), &json!(true))
        );
        assert_eq!(one(&who, &late).await.code(), "NOT_FOUND");
    });
}
