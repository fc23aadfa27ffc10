//! Contacts through the graph.

use super::{Outcome, converted};
use crate::testing::{Stage, own_world};
use contracts::BuildingId;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

const FIELDS: &str = "id channel direction at unitLabel personName callerName phone summary class \
    urgency missed state recordedBy { name } owner { name } offeredTo { name } dueAt overdue answer \
    answeredAt answeredBy { name } became becameId suggestion version";

pub(crate) async fn log(stage: &Stage, who: &Signed, more: Value) -> Answer {
    let text = format!(
        "mutation($input: LogContactInput!) {{ logContact(input: $input) {{ contact {{ {FIELDS} }} }} }}"
    );
    let mut input = json!({ "estateId": stage.estate.to_string(), "channel": "PHONE",
        "summary": "询问停车费", "class": "INQUIRY", "idempotencyKey": stage.id().to_string() });
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    who.send("service-desk", &text, json!({ "input": input })).await
}

pub(crate) async fn logged(stage: &Stage, who: &Signed, more: Value) -> Value {
    log(stage, who, more).await.ok()["logContact"]["contact"].take()
}

pub(super) async fn act(who: &Signed, verb: &str, contact: &Value, more: Value) -> Answer {
    let kind = format!("{}{}", verb[..1].to_uppercase(), &verb[1..]);
    let text = format!(
        "mutation($input: {kind}Input!) {{ {verb}(input: $input) {{ contact {{ {FIELDS} }} }} }}"
    );
    let mut input = json!({ "contactId": contact["id"], "expectedVersion": contact["version"] });
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    who.send("service-desk", &text, json!({ "input": input })).await
}

pub(crate) async fn done(who: &Signed, verb: &str, contact: &Value, more: Value) -> Value {
    act(who, verb, contact, more).await.ok()[verb]["contact"].take()
}

pub(super) async fn listed(stage: &Stage, who: &Signed, filter: Value) -> Vec<Value> {
    let text = "query($estate: ID!, $filter: ContactFilter) {
        contacts(estateId: $estate, filter: $filter) { nodes { id summary } } }";
    let ask = json!({ "estate": stage.estate.to_string(), "filter": filter });
    let found = who.send("service-desk", text, ask).await.ok();
    found["contacts"]["nodes"].as_array().unwrap().clone()
}

async fn one(who: &Signed, contact: &Value) -> Answer {
    let text = format!("query($id: ID!) {{ contact(id: $id) {{ {FIELDS} }} }}");
    who.send("service-desk", &text, json!({ "id": contact["id"] })).await
}

#[test]
fn a_call_is_recorded_once_and_ends_with_an_answer() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "王建国").await;
        let more = json!({ "unitId": unit.to_string(), "personId": person.to_string(),
            "callerName": "王先生", "phone": "138 1234 5678", "idempotencyKey": "call-0001" });
        let call = logged(&stage, &stage.desk, more.clone()).await;
        assert_eq!(call["unitLabel"], "6-2-0801");
        assert_eq!((&call["personName"], &call["callerName"]), (&json!("王*"), &json!("王**")));
        assert_eq!(call["phone"], "138****5678");
        assert_eq!((&call["state"], &call["version"]), (&json!("OPEN"), &json!(1)));
        assert_eq!(call["owner"]["name"], "陈前台");
        assert_eq!(call["dueAt"], "2026-08-01T04:00:00+00:00");
        // The same again is the same; the key for something else is refused.
        assert_eq!(logged(&stage, &stage.desk, more).await["id"], call["id"]);
        let other = log(&stage, &stage.desk, json!({ "idempotencyKey": "call-0001" })).await;
        assert_eq!(other.code(), "IDEMPOTENCY_MISMATCH");
        assert_eq!(listed(&stage, &stage.desk, json!({})).await.len(), 1);
        let passed = json!({ "class": "INQUIRY_PASSED_ON", "urgency": "URGENT" });
        let call = done(&stage.desk, "classifyContact", &call, passed).await;
        assert_eq!(call["dueAt"], "2026-07-31T04:15:00+00:00");
        let stale = json!({ "expectedVersion": 1, "answer": "每月 150 元" });
        assert_eq!(act(&stage.desk, "answerContact", &call, stale).await.code(), "CONFLICT");
        let none = act(&stage.desk, "answerContact", &call, json!({ "answer": " " })).await;
        assert_eq!((none.code(), none.field()), ("INVALID", "answer"));
        let answer = json!({ "answer": "每月 150 元" });
        let call = done(&stage.desk, "answerContact", &call, answer.clone()).await;
        assert_eq!((&call["state"], &call["answer"]), (&json!("ANSWERED"), &json!("每月 150 元")));
        assert_eq!(call["answeredBy"]["name"], "陈前台");
        assert_eq!(act(&stage.desk, "answerContact", &call, answer).await.code(), "CONFLICT");
    });
}

#[test]
fn a_contact_is_handed_over_to_who_accepts_it() {
    run(async {
        let stage = Stage::new().await;
        let call = logged(&stage, &stage.desk, json!({})).await;
        let to = json!({ "toStaffId": stage.supervisor.user.to_string() });
        let call = done(&stage.desk, "handOverContact", &call, to).await;
        assert_eq!(call["owner"]["name"], "陈前台");
        assert_eq!(call["offeredTo"]["name"], "林主管");
        assert_eq!(listed(&stage, &stage.supervisor, json!({ "mine": true })).await.len(), 1);
        let second = stage.company.staff("DESK", stage.estate).await;
        assert_eq!(act(&second, "acceptContact", &call, json!({})).await.code(), "CONFLICT");
        let call = done(&stage.supervisor, "acceptContact", &call, json!({})).await;
        assert_eq!((&call["owner"]["name"], &call["offeredTo"]), (&json!("林主管"), &json!(null)));
        assert_eq!(listed(&stage, &stage.desk, json!({ "mine": true })).await.len(), 0);
        // Only to colleagues of whom identity told.
        let to = json!({ "toStaffId": second.user.to_string() });
        assert_eq!(act(&stage.supervisor, "handOverContact", &call, to).await.code(), "NOT_FOUND");
    });
}

#[test]
fn a_suggestion_is_adopted_or_explained() {
    run(async {
        let stage = Stage::new().await;
        let class = json!({ "class": "SUGGESTION", "summary": "增设快递柜" });
        let idea = logged(&stage, &stage.desk, class).await;
        assert_eq!((&idea["state"], &idea["suggestion"]), (&json!("OPEN"), &json!("RECEIVED")));
        let answer = act(&stage.desk, "answerContact", &idea, json!({ "answer": "好" })).await;
        assert_eq!(answer.code(), "CONFLICT");
        let decision = json!({ "decision": "EXPLAINED", "reply": "消防通道不能占用" });
        let idea = done(&stage.supervisor, "decideSuggestion", &idea, decision.clone()).await;
        assert_eq!(
            (&idea["state"], &idea["suggestion"]),
            (&json!("ANSWERED"), &json!("EXPLAINED"))
        );
        assert_eq!(idea["answer"], "消防通道不能占用");
        let again = act(&stage.supervisor, "decideSuggestion", &idea, decision).await;
        assert_eq!(again.code(), "CONFLICT");
    });
}

#[test]
fn what_a_contact_became_is_told_once() {
    run(async {
        let stage = Stage::new().await;
        let call = logged(&stage, &stage.desk, json!({ "class": "REPAIR" })).await;
        let id = call["id"].as_str().unwrap().parse().unwrap();
        let become_ = async |into: Outcome| {
            let db = stage.company.world.db("service-desk");
            let scope = db.write(stage.company.tenant).await.unwrap();
            let done = converted(&scope, id, into).await;
            scope.commit().await.unwrap();
            done
        };
        let order = || Outcome::WorkOrder("wor_1".to_owned());
        become_(order()).await.unwrap();
        become_(order()).await.unwrap();
        become_(Outcome::Complaint("cmt_1".to_owned())).await.unwrap_err();
        let call = one(&stage.desk, &call).await.ok()["contact"].take();
        assert_eq!((&call["state"], &call["became"]), (&json!("CONVERTED"), &json!("WORK_ORDER")));
        assert_eq!((&call["becameId"], &call["version"]), (&json!("wor_1"), &json!(2)));
    });
}

#[test]
fn a_missed_call_is_called_back_within_a_quarter_of_an_hour() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let text =
            "mutation($input: LogMissedCallInput!) { logMissedCall(input: $input) { callBack {
            id dueAt overdue version contact { id missed summary phone version } } } }";
        let mut input = json!({ "estateId": stage.estate.to_string(), "phone": "13912340000",
            "idempotencyKey": "missed-0001" });
        let missed = stage.desk.send("service-desk", text, json!({ "input": input })).await.ok();
        let call = &missed["logMissedCall"]["callBack"];
        assert_eq!(call["dueAt"], "2026-07-31T04:15:00+00:00");
        assert_eq!(call["contact"]["summary"], "未接来电 / Missed call");
        let again = stage.desk.send("service-desk", text, json!({ "input": input })).await.ok();
        assert_eq!(again["logMissedCall"]["callBack"]["id"], call["id"]);
        input["phone"] = json!("none");
        input["idempotencyKey"] = json!("missed-0002");
        let wrong = stage.desk.send("service-desk", text, json!({ "input": input })).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "phone"));

        let reveal = "mutation($input: RevealContactPhoneInput!) { revealContactPhone(input: $input) { phone } }";
        let ask =
            json!({ "input": { "contactId": call["contact"]["id"], "reason": "回拨未接来电" } });
        let shown = stage.desk.send("service-desk", reveal, ask.clone()).await.ok();
        assert_eq!(shown["revealContactPhone"]["phone"], "13912340000");
        let cashier = stage.company.staff("CLERK", stage.estate).await;
        assert_eq!(cashier.send("service-desk", reveal, ask).await.code(), "FORBIDDEN");

        world.clock.advance(chrono::Duration::minutes(16));
        let overdue = json!({ "overdue": true });
        assert_eq!(listed(&stage, &stage.desk, overdue.clone()).await.len(), 1);
        let list = "query($estate: ID!) { callBacks(estateId: $estate, open: true) { nodes { id overdue } } }";
        let estate = json!({ "estate": stage.estate.to_string() });
        let found = stage.desk.send("service-desk", list, estate.clone()).await.ok();
        assert_eq!(found["callBacks"]["nodes"], json!([{ "id": call["id"], "overdue": true }]));

        let complete =
            "mutation($input: CompleteCallBackInput!) { completeCallBack(input: $input) {
            callBack { outcome note doneBy { name } contact { state dueAt } } } }";
        let input = json!({ "input": { "callBackId": call["id"], "outcome": "REACHED",
            "note": "问物业费", "expectedVersion": 1 } });
        let refused = cashier.send("service-desk", complete, input.clone()).await;
        assert_eq!(refused.code(), "FORBIDDEN");
        let done = stage.desk.send("service-desk", complete, input.clone()).await.ok();
        let done = &done["completeCallBack"]["callBack"];
        assert_eq!(
            (&done["outcome"], &done["doneBy"]["name"]),
            (&json!("REACHED"), &json!("陈前台"))
        );
        assert_eq!(done["contact"]["dueAt"], "2026-08-01T04:16:00+00:00");
        let twice = stage.desk.send("service-desk", complete, input).await;
        assert_eq!(twice.code(), "CONFLICT");
        assert_eq!(listed(&stage, &stage.desk, overdue).await.len(), 0);
        let found = stage.desk.send("service-desk", list, estate).await.ok();
        assert_eq!(found["callBacks"]["nodes"], json!([]));
    });
}

#[test]
fn a_caller_is_recognised_by_phone_and_by_unit() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "王建国").await;
        stage.home("6-2-0802", "李梅").await;
        let more = json!({ "personId": person.to_string(), "phone": "+86 138-1234-5678" });
        let call = logged(&stage, &stage.desk, more).await;
        logged(&stage, &stage.desk, json!({ "phone": "13900005678" })).await;
        let text = "query($estate: ID!, $phone: String, $label: String) {
            recogniseCaller(estateId: $estate, phone: $phone, unitLabel: $label) {
            contacts { id } units { unit { id } label people { name role } } } }";
        let ask = async |who: &Signed, phone: Value, label: Value| {
            let ask = json!({ "estate": stage.estate.to_string(), "phone": phone, "label": label });
            who.send("service-desk", text, ask).await
        };
        let found = ask(&stage.desk, json!("5678"), json!(null)).await.ok();
        let found = &found["recogniseCaller"];
        assert_eq!(found["contacts"].as_array().unwrap().len(), 2);
        assert_eq!(
            found["units"],
            json!([{ "unit": { "id": unit.to_string() }, "label": "6-2-0801",
                "people": [{ "name": "王*", "role": "OWNER" }] }])
        );
        let found = ask(&stage.desk, json!("13812345678"), json!(null)).await.ok();
        assert_eq!(found["recogniseCaller"]["contacts"], json!([{ "id": call["id"] }]));
        let found = ask(&stage.desk, json!(null), json!("6-2-08")).await.ok();
        assert_eq!(found["recogniseCaller"]["units"].as_array().unwrap().len(), 2);
        for (phone, label) in [(json!("56789"), json!(null)), (json!(null), json!(null))] {
            let wrong = ask(&stage.desk, phone, label).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", "phone"));
        }
        let resident = stage.resident(person).await;
        let refused = ask(&resident, json!("5678"), json!(null)).await;
        assert_eq!(refused.code(), "NOT_FOUND");
    });
}

#[test]
fn residents_send_from_the_app_and_see_what_is_of_themselves() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "王建国").await;
        let (_, neighbour) = stage.home("6-2-0802", "李梅").await;
        let (resident, neighbour) = (stage.resident(person).await, stage.resident(neighbour).await);
        let app = json!({ "channel": "APP", "unitId": unit.to_string(), "summary": "电梯异响" });
        let sent = logged(&stage, &resident, app.clone()).await;
        assert_eq!((&sent["personName"], &sent["owner"]), (&json!("王建国"), &json!(null)));
        assert_eq!(one(&stage.desk, &sent).await.ok()["contact"]["personName"], "王*");
        assert_eq!(one(&neighbour, &sent).await.code(), "NOT_FOUND");
        assert_eq!(listed(&stage, &neighbour, json!({})).await.len(), 0);
        // Somebody else's unit, and what only the desk fills in.
        assert_eq!(log(&stage, &neighbour, app).await.code(), "NOT_FOUND");
        let wrong = log(&stage, &resident, json!({})).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "channel"));
        let wrong =
            log(&stage, &resident, json!({ "channel": "APP", "phone": "13812345678" })).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "phone"));
        let wrong = log(&stage, &stage.desk, json!({ "channel": "APP" })).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "channel"));
        let answer = json!({ "answer": "好" });
        assert_eq!(act(&resident, "answerContact", &sent, answer).await.code(), "NOT_FOUND");
        // The desk takes it.
        let taken = done(&stage.desk, "acceptContact", &sent, json!({})).await;
        assert_eq!(taken["owner"]["name"], "陈前台");
        assert_eq!(listed(&stage, &resident, json!({})).await.len(), 1);
    });
}

#[test]
fn the_wrong_company_estate_zone_and_role_see_and_do_nothing() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _) = stage.home("6-2-0801", "王建国").await;
        let call = logged(&stage, &stage.desk, json!({ "unitId": unit.to_string() })).await;
        let zone = |building: BuildingId| {
            stage.company.staff_in_zone("PO", stage.estate, vec![building.as_uuid()])
        };
        let (near, far) =
            (zone(stage.building).await, zone(BuildingId::from_uuid(stage.id())).await);
        let elsewhere = stage.company.estate("BBB", "别处").await;
        let elsewhere = stage.company.staff("SUP", elsewhere).await;
        let strangers = Stage::new().await;
        let answer = json!({ "answer": "好" });
        for who in [&far, &elsewhere, &strangers.supervisor] {
            assert_eq!(one(who, &call).await.code(), "NOT_FOUND");
            assert_eq!(act(who, "answerContact", &call, answer.clone()).await.code(), "NOT_FOUND");
        }
        let beyond = log(&stage, &far, json!({ "unitId": unit.to_string() })).await;
        assert_eq!(beyond.code(), "NOT_FOUND");
        assert_eq!(listed(&stage, &far, json!({})).await.len(), 0);
        assert_eq!(listed(&stage, &near, json!({})).await.len(), 1);
        // What they recorded themselves they see although it is of no building.
        let own = logged(&stage, &far, json!({ "channel": "VISIT" })).await;
        one(&far, &own).await.ok();
        assert_eq!(one(&near, &own).await.code(), "NOT_FOUND");
        assert_eq!(listed(&stage, &far, json!({})).await.len(), 1);
        let quality = stage.company.staff("QA", None).await;
        assert_eq!(act(&quality, "answerContact", &call, answer).await.code(), "FORBIDDEN");
        assert_eq!(log(&stage, &quality, json!({})).await.code(), "FORBIDDEN");
        // The gate records and does not read.
        let gate = stage.company.staff("SEC", stage.estate).await;
        let seen = logged(&stage, &gate, json!({ "channel": "GUARD_POST" })).await;
        assert_eq!(one(&gate, &seen).await.code(), "NOT_FOUND");
    });
}

#[test]
fn contacts_are_found_by_what_is_known_of_them_newest_first() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "王建国").await;
        let at = |hour: u32| format!("2026-07-30T0{hour}:00:00Z");
        let first = json!({ "at": at(1), "summary": "询问 WiFi 密码", "phone": "13812345678" });
        let second = json!({ "at": at(2), "unitId": unit.to_string(), "class": "COMPLAINT",
            "personId": person.to_string(), "summary": "100%_噪音" });
        for more in [second, first] {
            logged(&stage, &stage.desk, more).await;
        }
        logged(&stage, &stage.supervisor, json!({ "at": at(3), "summary": "来访登记" })).await;
        let found = async |filter: Value| -> Vec<String> {
            let found = listed(&stage, &stage.desk, filter).await;
            found.iter().map(|one| one["summary"].as_str().unwrap().to_owned()).collect()
        };
        let all = ["来访登记", "100%_噪音", "询问 WiFi 密码"];
        assert_eq!(found(json!({})).await, all);
        assert_eq!(found(json!({ "text": "wifi" })).await, all[2..]);
        assert_eq!(found(json!({ "text": "%_" })).await, all[1..2]);
        assert_eq!(found(json!({ "class": "COMPLAINT" })).await, all[1..2]);
        assert_eq!(found(json!({ "unitId": unit.to_string() })).await, all[1..2]);
        assert_eq!(found(json!({ "personId": person.to_string() })).await, all[1..2]);
        assert_eq!(found(json!({ "phoneTail": "5678" })).await, all[2..]);
        assert_eq!(found(json!({ "mine": true })).await, all[1..]);
        assert_eq!(found(json!({ "from": at(2) })).await, all[..2]);
        assert_eq!(found(json!({ "to": at(2) })).await, all[2..]);
        assert_eq!(found(json!({ "state": "ANSWERED" })).await.len(), 0);
        assert_eq!(found(json!({ "overdue": true })).await, all);
        let text = "query($estate: ID!, $after: String) { contacts(estateId: $estate, first: 2, after: $after) {
            nodes { summary } pageInfo { endCursor hasNextPage } } }";
        let ask = json!({ "estate": stage.estate.to_string() });
        let page = stage.desk.send("service-desk", text, ask).await.ok();
        assert_eq!(page["contacts"]["pageInfo"]["hasNextPage"], true);
        let after = &page["contacts"]["pageInfo"]["endCursor"];
        let ask = json!({ "estate": stage.estate.to_string(), "after": after });
        let page = stage.desk.send("service-desk", text, ask).await.ok();
        assert_eq!(page["contacts"]["nodes"], json!([{ "summary": all[2] }]));
        let future = log(&stage, &stage.desk, json!({ "at": "2026-07-31T04:00:01Z" })).await;
        assert_eq!((future.code(), future.field()), ("INVALID", "at"));
    });
}

#[test]
fn the_timeline_of_a_household_has_its_contacts() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "王建国").await;
        let (other, _) = stage.home("6-2-0802", "李梅").await;
        let of = |summary: &str| json!({ "unitId": unit.to_string(), "summary": summary });
        let older = logged(&stage, &stage.desk, of("报修水管")).await;
        let mut mine = of("自己来访");
        mine["personId"] = json!(person.to_string());
        mine["at"] = json!("2026-07-30T01:00:00Z");
        logged(&stage, &stage.desk, mine).await;
        logged(&stage, &stage.desk, json!({ "unitId": other.to_string() })).await;
        let text = "query($unit: ID!) { householdTimeline(unitId: $unit, first: 5) {
            nodes { at kind id title state } } }";
        let ask = |unit: contracts::UnitId| json!({ "unit": unit.to_string() });
        let found = stage.desk.send("service-desk", text, ask(unit)).await.ok();
        let nodes = found["householdTimeline"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 2);
        assert_eq!(
            nodes[0],
            json!({ "at": "2026-07-31T04:00:00+00:00", "kind": "CONTACT", "id": older["id"],
                "title": "报修水管", "state": "OPEN" })
        );
        // Residents see what is of themselves, of their own unit.
        let resident = stage.resident(person).await;
        let found = resident.send("service-desk", text, ask(unit)).await.ok();
        assert_eq!(found["householdTimeline"]["nodes"][0]["title"], "自己来访");
        assert_eq!(found["householdTimeline"]["nodes"].as_array().unwrap().len(), 1);
        assert_eq!(resident.send("service-desk", text, ask(other)).await.code(), "NOT_FOUND");
        let strangers = Stage::new().await;
        let refused = strangers.desk.send("service-desk", text, ask(unit)).await;
        assert_eq!(refused.code(), "NOT_FOUND");
    });
}

#[test]
fn the_script_is_the_estates_else_the_companys_else_built_in() {
    run(async {
        let stage = Stage::new().await;
        let admin = stage.company.staff("CADM", None).await;
        let read = "query($estate: ID!) { contactScript(estateId: $estate, class: REPAIR) {
            origin version zh en } }";
        let estate = json!({ "estate": stage.estate.to_string() });
        let current = async |who: &Signed| {
            who.send("service-desk", read, estate.clone()).await.ok()["contactScript"].take()
        };
        let built_in = current(&stage.desk).await;
        assert_eq!((&built_in["origin"], &built_in["version"]), (&json!("BUILT_IN"), &json!(0)));
        assert!(built_in["zh"].as_str().unwrap().starts_with("您好，翡翠湖畔花园客服中心"));
        let save = async |who: &Signed, estate: Option<ids::EstateId>, zh: &str, version: i32| {
            let text =
                "mutation($input: SaveContactScriptInput!) { saveContactScript(input: $input) {
                script { origin version savedBy { name } } } }";
            let estate = estate.map(|estate| estate.to_string());
            let input = json!({ "estateId": estate, "class": "REPAIR", "zh": zh, "en": "Hello",
                "expectedVersion": version });
            who.send("service-desk", text, json!({ "input": input })).await
        };
        assert_eq!(save(&stage.desk, Some(stage.estate), "好", 0).await.code(), "FORBIDDEN");
        assert_eq!(save(&stage.supervisor, None, "好", 0).await.code(), "FORBIDDEN");
        save(&admin, None, "公司话术", 0).await.ok();
        assert_eq!(current(&stage.desk).await["zh"], "公司话术");
        save(&stage.supervisor, Some(stage.estate), "小区话术", 0).await.ok();
        let stale = save(&stage.supervisor, Some(stage.estate), "再改", 0).await;
        assert_eq!(stale.code(), "CONFLICT");
        let empty = save(&stage.supervisor, Some(stage.estate), " ", 1).await;
        assert_eq!((empty.code(), empty.field()), ("INVALID", "zh"));
        let saved = save(&stage.supervisor, Some(stage.estate), "再改", 1).await.ok();
        assert_eq!(
            saved["saveContactScript"]["script"],
            json!({ "origin": "ESTATE", "version": 2, "savedBy": { "name": "林主管" } })
        );
        assert_eq!(current(&admin).await["zh"], "再改");
        let versions =
            "query($estate: ID!) { contactScriptVersions(estateId: $estate, class: REPAIR) {
            nodes { version zh } } }";
        let found = stage.desk.send("service-desk", versions, estate.clone()).await.ok();
        let both = json!([{ "version": 2, "zh": "再改" }, { "version": 1, "zh": "小区话术" }]);
        assert_eq!(found["contactScriptVersions"]["nodes"], both);
        let (_, person) = stage.home("6-2-0801", "王建国").await;
        for who in [&stage.resident(person).await, &Stage::new().await.supervisor] {
            let refused = who.send("service-desk", read, estate.clone()).await;
            assert_eq!(refused.code(), "NOT_FOUND");
        }
    });
}
