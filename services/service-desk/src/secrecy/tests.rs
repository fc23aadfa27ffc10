//! A complaint about somebody, looked for by every way there is: as the subject, as a colleague, as
//! the complainant and as a neighbour.

use crate::{
    attachments::tests::{attach, uploaded},
    complaints::tests::{ask, done, input, new, revisit_of},
    testing::{Stage, own_world},
};
use futures::StreamExt as _;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Answer, Signed, eventually, run};

const SERVICE: &str = "service-desk";

/// A complaint that came by a missed call, was late, was resolved, and began anew after a bad
/// rating, in a month that was frozen meanwhile. All of that was before anybody was said to be its
/// subject.
struct Story {
    stage: Stage,
    colleague: Signed,
    complainant: Signed,
    neighbour: Signed,
    unit: String,
    missed: Value,
    call: Value,
    complaint: Value,
    revisit: Value,
    escalation: Value,
    photos: [Value; 2],
}

async fn leader(stage: &Stage, of: &Signed, level: &str) {
    let text = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) {
        responder { level } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "staffId": of.user.to_string(),
        "level": level, "skills": [], "buildingIds": [] });
    stage.director.send(SERVICE, text, json!({ "input": input })).await.ok();
}

async fn missed(who: &Signed, input: &Value) -> Answer {
    let text = "mutation($input: LogMissedCallInput!) { logMissedCall(input: $input) { callBack {
        id version contact { id version } } } }";
    who.send(SERVICE, text, json!({ "input": input })).await
}

async fn photo(stage: &Stage, who: &Signed, parent: &Value) -> Value {
    let file = uploaded(stage, who, "记录.pdf", b"%PDF-1.7 complaint").await;
    let done = attach(who, parent, &file, &stage.id().to_string()).await;
    done.ok()["attach"]["attachment"]["id"].take()
}

async fn escalation(stage: &Stage, who: &Signed) -> Value {
    let text = "query($estate: ID!) { slaEscalations(estateId: $estate) { nodes { id } } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    let found = who.send(SERVICE, text, ask).await.ok();
    found.pointer("/slaEscalations/nodes/0/id").cloned().unwrap_or_default()
}

impl Story {
    async fn new() -> Self {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let colleague = stage.company.staff("SUP", stage.estate).await;
        stage.hired(colleague.user, "何主管").await;
        leader(&stage, &stage.supervisor, "SUPERVISOR").await;
        leader(&stage, &stage.director, "DIRECTOR").await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let (_, neighbour) = stage.home("6-2-0901", "李四").await;
        let missed_input = json!({ "estateId": stage.estate.to_string(), "phone": "13912340000",
            "unitId": unit.to_string(), "personId": person.to_string(),
            "idempotencyKey": "missed-0001" });
        let mut told = missed(&stage.supervisor, &missed_input).await.ok();
        let call = told["logMissedCall"]["callBack"].take();
        let by_call = photo(&stage, &stage.supervisor, &call["contact"]["id"]).await;
        let more = json!({ "complainantName": null, "complainantId": person.to_string(),
            "unitId": unit.to_string(), "contactId": call["contact"]["id"] });
        let it = done(&stage.desk, "receiveComplaint", new(&stage, more)).await;
        let by_desk = photo(&stage, &stage.desk, &it["id"]).await;
        world.clock.advance(chrono::Duration::minutes(16));
        eventually("somebody is told that it is late", || async {
            escalation(&stage, &colleague).await != Value::Null
        })
        .await;
        let late = escalation(&stage, &colleague).await;
        let it = resolved(&stage, it).await;
        let revisit = revisit_of(&stage, &colleague, &it["number"]).await.unwrap();
        world.clock.set("2026-08-03T02:00:00Z".parse().unwrap());
        freeze(&stage, &colleague).await;
        ask(&colleague, &revisit, "C").await.ok();
        let (complainant, neighbour) =
            (stage.resident(person).await, stage.resident(neighbour).await);
        let mut seen = crate::complaints::tests::seen(&colleague, &it["id"]).await.ok();
        Self {
            colleague,
            complainant,
            neighbour,
            unit: unit.to_string(),
            missed: missed_input,
            call,
            complaint: seen["complaint"].take(),
            revisit,
            escalation: late,
            photos: [by_call, by_desk],
            stage,
        }
    }

    /// Says whom it is about.
    async fn about(&mut self, who: &[&Signed]) {
        let ids: Vec<String> = who.iter().map(|who| who.user.to_string()).collect();
        let about = input(&self.complaint, json!({ "aboutStaffIds": ids }));
        self.complaint = done(&self.stage.director, "setComplaintAbout", about).await;
    }

    /// Asks by every way, and says by which something of it was found.
    async fn found_by(&self, who: &Signed) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        for (way, text, more, needle) in self.ways() {
            let mut ask = json!({ "estate": self.stage.estate.to_string() });
            for (key, value) in more.as_object().unwrap() {
                ask[key] = value.clone();
            }
            let answer = who.send(SERVICE, text, ask).await;
            if answer.data.to_string().contains(needle.as_str().unwrap()) {
                found.insert(way);
            }
        }
        if workbook(&self.stage, who).await.contains(self.contact().as_str().unwrap()) {
            found.insert("workbook");
        }
        found
    }

    fn contact(&self) -> &Value {
        &self.call["contact"]["id"]
    }

    /// Every list and look-up: its name, how it is asked, and what is looked for in the answer.
    fn ways(&self) -> Vec<(&'static str, &'static str, Value, Value)> {
        let (contact, complaint) = (self.contact().clone(), self.complaint["id"].clone());
        let (revisit, call) = (self.revisit["id"].clone(), self.call["id"].clone());
        let id = |id: &Value| json!({ "id": id });
        let tickets = |kind: &str, version: Option<i32>| json!({ "figure": { "kind": kind, "by": "CLASS", "measure": "OPENED", "version": version } });
        let none = json!({});
        vec![
            (
                "contact",
                "query($id: ID!) { contact(id: $id) { id } }",
                id(&contact),
                contact.clone(),
            ),
            ("contacts", CONTACTS, none.clone(), contact.clone()),
            ("callBacks", CALL_BACKS, none.clone(), call.clone()),
            ("recogniseCaller", RECOGNISE, none.clone(), contact.clone()),
            ("householdTimeline", TIMELINE, json!({ "unit": self.unit }), contact.clone()),
            ("its complaint", TIMELINE, json!({ "unit": self.unit }), complaint.clone()),
            ("its call-back", TIMELINE, json!({ "unit": self.unit }), call.clone()),
            ("call-backs counted", TICKETS, tickets("CALL_BACK", None), call),
            ("its revisit", TIMELINE, json!({ "unit": self.unit }), revisit.clone()),
            (
                "complaint",
                "query($id: ID!) { complaint(id: $id) { id } }",
                id(&complaint),
                complaint.clone(),
            ),
            ("complaints", COMPLAINTS, none.clone(), complaint.clone()),
            ("attachments of the contact", ATTACHMENTS, id(&contact), self.photos[0].clone()),
            ("attachments of the complaint", ATTACHMENTS, id(&complaint), self.photos[1].clone()),
            (
                "revisit",
                "query($id: ID!) { revisit(id: $id) { id } }",
                id(&revisit),
                revisit.clone(),
            ),
            ("revisits", REVISITS, none.clone(), revisit.clone()),
            ("slaEscalations", ESCALATIONS, json!({ "mine": false }), self.escalation.clone()),
            ("contacts counted", TICKETS, tickets("CONTACT", None), contact.clone()),
            ("contacts frozen", TICKETS, tickets("CONTACT", Some(1)), contact),
            ("complaints counted", TICKETS, tickets("COMPLAINT", None), complaint.clone()),
            ("complaints frozen", TICKETS, tickets("COMPLAINT", Some(1)), complaint),
            ("revisits counted", TICKETS, tickets("REVISIT", None), revisit.clone()),
            ("revisits frozen", TICKETS, tickets("REVISIT", Some(1)), revisit),
        ]
    }
}

const CONTACTS: &str = "query($estate: ID!) { contacts(estateId: $estate) { nodes { id } } }";
const CALL_BACKS: &str = "query($estate: ID!) { callBacks(estateId: $estate) { nodes { id } } }";
const RECOGNISE: &str = "query($estate: ID!) {
    recogniseCaller(estateId: $estate, phone: \"0000\") { contacts { id } } }";
const TIMELINE: &str =
    "query($unit: ID!) { householdTimeline(unitId: $unit, first: 100) { nodes { id } } }";
const COMPLAINTS: &str = "query($estate: ID!) { complaints(estateId: $estate) { nodes { id } } }";
const ATTACHMENTS: &str = "query($id: ID!) { attachments(parentId: $id) { nodes { id } } }";
const REVISITS: &str = "query($estate: ID!) { revisits(estateId: $estate) { nodes { id } } }";
const ESCALATIONS: &str = "query($estate: ID!, $mine: Boolean!) {
    slaEscalations(estateId: $estate, mine: $mine) { nodes { id } } }";
const TICKETS: &str = "query($estate: ID!, $figure: DeskFigureInput!) {
    deskFigureTickets(estateId: $estate, month: \"2026-07\", figure: $figure) {
        nodes { reference } } }";

async fn resolved(stage: &Stage, it: Value) -> Value {
    let words = input(&it, json!({ "words": "已收到" }));
    let it = done(&stage.desk, "respondToComplaint", words).await;
    let it = done(&stage.director, "gradeComplaint", input(&it, json!({ "ground": "REST" }))).await;
    let handler = json!({ "handlerId": stage.engineer.user.to_string() });
    let it = done(&stage.director, "assignComplaint", input(&it, handler)).await;
    let found = input(&it, crate::complaints::tests::found());
    done(&stage.director, "resolveComplaint", found).await
}

async fn freeze(stage: &Stage, who: &Signed) {
    let text = "mutation($input: FreezeDeskFiguresInput!) { freezeDeskFigures(input: $input) {
        version } }";
    let input = json!({ "estateId": stage.estate.to_string(), "month": "2026-07",
        "expectedVersion": 0, "idempotencyKey": "freeze-0001" });
    who.send(SERVICE, text, json!({ "input": input })).await.ok();
}

/// What a workbook of the figures says, as far as somebody gets one.
async fn workbook(stage: &Stage, who: &Signed) -> String {
    let text = "mutation($input: ExportDeskFiguresInput!) { exportDeskFigures(input: $input) {
        link } }";
    let input = json!({ "estateId": stage.estate.to_string(), "month": "2026-07", "by": "CLASS" });
    let made = who.send(SERVICE, text, json!({ "input": input })).await;
    let Some(link) = made.data["exportDeskFigures"]["link"].as_str() else { return String::new() };
    let file = link.strip_prefix("/files/service-desk/figures/files/").unwrap();
    let file: contracts::FileId = file.split_once('?').unwrap().0.parse().unwrap();
    let context = stage.company.world.context(SERVICE);
    let store = files::FileStore::from_config(&context.config, context.clock.clone()).unwrap();
    let bytes = store.read(stage.company.tenant, file.as_uuid()).await.unwrap().to_vec();
    let mut book = sheets::Workbook::open(bytes, "f.xlsx", sheets::Limits::default()).unwrap();
    let rows = book.rows("Tickets").unwrap().map(|row| format!("{:?}", row.unwrap()));
    rows.collect()
}

/// The things of which somebody hears at the board, from the beginning up to one they may see.
async fn heard(stage: &Stage, who: &Signed) -> BTreeSet<String> {
    let last = stage.company.staff("ENG", stage.estate).await;
    stage.hired(last.user, "末位").await;
    leader(stage, &last, "STAFF").await;
    let text = "subscription($estate: ID!) { deskChanges(estateId: $estate, after: \"0\") {
        objectId } }";
    let mut board = who.listen(SERVICE, text, json!({ "estate": stage.estate.to_string() }));
    let mut heard = BTreeSet::new();
    while let Some(change) = board.next().await {
        let thing = change.ok()["deskChanges"]["objectId"].as_str().unwrap().to_owned();
        if thing == last.user.to_string() {
            break;
        }
        heard.insert(thing);
    }
    heard
}

#[test]
fn who_is_named_as_the_subject_afterwards_finds_it_by_no_way_and_a_colleague_by_every_one() {
    run(async {
        let mut story = Story::new().await;
        let subject = story.stage.supervisor.clone();
        let colleague = story.colleague.clone();
        let mut every: BTreeSet<&str> = story.ways().into_iter().map(|way| way.0).collect();
        every.insert("workbook");
        assert_eq!(story.found_by(&subject).await, every);
        story.about(&[&subject]).await;
        assert_eq!(story.found_by(&subject).await, BTreeSet::new());
        assert_eq!(story.found_by(&colleague).await, every);
        let things = [story.contact(), &story.complaint["id"], &story.revisit["id"]];
        let things: BTreeSet<String> =
            things.into_iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        assert!(heard(&story.stage, &subject).await.is_disjoint(&things));
        assert!(heard(&story.stage, &colleague).await.is_superset(&things));
        // Another one is meant after all.
        story.about(&[&story.stage.engineer.clone()]).await;
        assert_eq!(story.found_by(&subject).await, every);
    });
}

#[test]
fn none_of_the_acts_of_the_subject_finds_it() {
    run(async {
        let mut story = Story::new().await;
        let subject = story.stage.supervisor.clone();
        story.about(&[&subject]).await;
        let contact = story.contact();
        // Also not the same call told once more, of which they were the first to know.
        assert_eq!(missed(&subject, &story.missed).await.code(), "NOT_FOUND");
        let version = 2;
        for (verb, kind, answer, input) in [
            (
                "answerContact",
                "AnswerContactInput",
                "contact { id }",
                json!({ "contactId": contact, "answer": "?", "expectedVersion": version }),
            ),
            (
                "acceptContact",
                "AcceptContactInput",
                "contact { id }",
                json!({ "contactId": contact, "expectedVersion": version }),
            ),
            (
                "revealContactPhone",
                "RevealContactPhoneInput",
                "phone",
                json!({ "contactId": contact, "reason": "回电" }),
            ),
            (
                "completeCallBack",
                "CompleteCallBackInput",
                "callBack { id }",
                json!({ "callBackId": story.call["id"], "outcome": "REACHED", "expectedVersion": 1 }),
            ),
            (
                "acknowledgeEscalation",
                "AcknowledgeEscalationInput",
                "escalation { id }",
                json!({ "escalationId": story.escalation }),
            ),
            (
                "removeAttachment",
                "RemoveAttachmentInput",
                "attachment { id }",
                json!({ "attachmentId": story.photos[0], "reason": "误传" }),
            ),
        ] {
            let text =
                format!("mutation($input: {kind}!) {{ {verb}(input: $input) {{ {answer} }} }}");
            let refused = subject.send(SERVICE, &text, json!({ "input": input })).await;
            assert_eq!(refused.code(), "NOT_FOUND", "{verb}");
        }
        // Its clock runs, also when it begins anew, and tells them nothing.
        let text = "query($estate: ID!) { slaEscalations(estateId: $estate, mine: true) {
            nodes { id } } }";
        let ask = json!({ "estate": story.stage.estate.to_string() });
        story.stage.company.world.clock.advance(chrono::Duration::days(3));
        let told = subject.send(SERVICE, text, ask).await.ok();
        assert_eq!(told["slaEscalations"]["nodes"], json!([]));
    });
}

#[test]
fn the_neighbour_finds_nothing_and_the_complainant_what_is_their_own() {
    run(async {
        let mut story = Story::new().await;
        story.about(&[&story.stage.supervisor.clone()]).await;
        assert_eq!(story.found_by(&story.neighbour).await, BTreeSet::new());
        let own = story.found_by(&story.complainant).await;
        for way in ["contact", "contacts", "householdTimeline", "complaint", "revisit"] {
            assert!(own.contains(way), "{way}");
        }
        for way in ["recogniseCaller", "slaEscalations", "complaints counted", "workbook"] {
            assert!(!own.contains(way), "{way}");
        }
    });
}
