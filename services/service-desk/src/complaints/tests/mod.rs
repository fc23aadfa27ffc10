//! Complaints through the graph.

mod anonymity;
mod events;
mod flow;
mod letters;
mod s3;
mod secrecy;
mod times;

use crate::testing::Stage;
use contracts::{PersonId, UnitId};
use serde_json::{Value, json};
use testkit::{Answer, Signed};

/// What is asked of a complaint.
const FIELDS: &str =
    "id number anonymous promisedAt complainant { id } complainantName unit { id } unitLabel
    aboutStaff { id name } aboutUnitLabel class facts firstResponseMinutes firstResponseInTime
    firstResponseDueAt grade ground valid handler { id name } state extension { until }
    escalatedTo result cause department responsible { id } preventiveAction resolutionMinutes
    resolvedInTime withinADay rating outcome closedAt reopenUntil reopened repeated sameCause
    timeline { kind words shared by { name } } version";

/// An act by the name of its mutation, whose input is named after it.
pub(crate) async fn act(who: &Signed, name: &str, input: Value) -> Answer {
    let (first, rest) = name.split_at(1);
    let kind = format!("{}{rest}Input", first.to_uppercase());
    let text = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{ complaint {{ {FIELDS} }} }} }}"
    );
    who.send("service-desk", &text, json!({ "input": input })).await
}

/// As [`act`], where it works: the complaint.
pub(crate) async fn done(who: &Signed, name: &str, input: Value) -> Value {
    act(who, name, input).await.ok()[name]["complaint"].take()
}

/// An act on a complaint as it was read, with more input.
pub(crate) async fn on(who: &Signed, name: &str, of: &Value, more: Value) -> Answer {
    act(who, name, input(of, more)).await
}

/// The input of an act on a complaint as it was read, with more fields.
pub(crate) fn input(of: &Value, more: Value) -> Value {
    let mut input = json!({ "complaintId": of["id"], "expectedVersion": of["version"] });
    if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
        input.extend(more);
    }
    input
}

/// The input of a new complaint of a walk-in, with more or other fields.
pub(crate) fn new(stage: &Stage, more: Value) -> Value {
    let mut input = json!({ "estateId": stage.estate.to_string(), "channel": "PHONE",
        "complainantName": "王女士", "class": "SERVICE", "facts": "门岗无人应答",
        "idempotencyKey": stage.id().to_string() });
    if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
        input.extend(more);
    }
    input
}

/// Somebody of a home, instead of the walk-in.
pub(super) fn of_home(unit: UnitId, person: PersonId) -> Value {
    json!({ "complainantId": person.to_string(), "unitId": unit.to_string(),
        "complainantName": null })
}

/// How most are resolved.
pub(crate) fn found() -> Value {
    json!({ "result": "已安排人员并致歉", "cause": "COMMUNICATION",
        "department": "CUSTOMER_SERVICE", "preventiveAction": "岗位表每日核对" })
}

/// A new complaint, answered, graded ordinary and given to somebody.
pub(crate) async fn assigned(stage: &Stage, more: Value, handler: &Signed) -> Value {
    let it = done(&stage.desk, "receiveComplaint", new(stage, more)).await;
    let words = json!({ "words": "已收到，马上核实" });
    let it = done(&stage.desk, "respondToComplaint", input(&it, words)).await;
    let it = done(&stage.director, "gradeComplaint", input(&it, json!({ "ground": "REST" }))).await;
    let handler = json!({ "handlerId": handler.user.to_string() });
    done(&stage.director, "assignComplaint", input(&it, handler)).await
}

/// The same, resolved by the supervisor.
pub(crate) async fn resolved(stage: &Stage, more: Value) -> Value {
    let it = assigned(stage, more, &stage.engineer).await;
    done(&stage.supervisor, "resolveComplaint", input(&it, found())).await
}

/// One complaint as somebody sees it.
pub(crate) async fn seen(who: &Signed, id: &Value) -> Answer {
    let text = format!("query($id: ID!) {{ complaint(id: $id) {{ {FIELDS} }} }}");
    who.send("service-desk", &text, json!({ "id": id })).await
}

/// The numbers of the complaints that somebody sees, by a filter.
pub(crate) async fn listed(stage: &Stage, who: &Signed, filter: Value) -> Vec<Value> {
    let text = "query($estate: ID!, $filter: ComplaintFilter) {
        complaints(estateId: $estate, filter: $filter) { nodes { id } } }";
    let ask = json!({ "estate": stage.estate.to_string(), "filter": filter });
    let mut answer = who.send("service-desk", text, ask).await.ok();
    let nodes = answer["complaints"]["nodes"].take();
    nodes.as_array().unwrap().iter().map(|node| node["id"].clone()).collect()
}

/// The revisit of something, as somebody sees it.
pub(crate) async fn revisit_of(stage: &Stage, who: &Signed, summary: &Value) -> Option<Value> {
    let text = "query($estate: ID!) { revisits(estateId: $estate, first: 100) { nodes {
        id source summary dueAt state version personName unitLabel workers { name } } } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    let answer = who.send("service-desk", text, ask).await.ok();
    let nodes = answer["revisits"]["nodes"].as_array().unwrap().clone();
    // The one that is still to be made, where something was resolved twice.
    let mut of_it: Vec<Value> =
        nodes.into_iter().filter(|node| node["summary"] == *summary).collect();
    of_it.sort_by_key(|node| node["state"] != "DUE");
    of_it.into_iter().next()
}

/// Somebody writes down what a complainant said who was asked.
pub(crate) async fn ask(who: &Signed, revisit: &Value, rating: &str) -> Answer {
    let text = "mutation($input: RecordRevisitInput!) { recordRevisit(input: $input) {
        revisit { state version record { rating } } } }";
    let input = json!({ "revisitId": revisit["id"], "expectedVersion": revisit["version"],
        "channel": "PHONE", "interviewee": "投诉人", "rating": rating, "quality": rating,
        "effect": rating, "manners": "A" });
    who.send("service-desk", text, json!({ "input": input })).await
}
