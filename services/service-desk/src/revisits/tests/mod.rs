//! Revisits through the graph.

mod draws;
mod tasks;

use super::{Finished, Source, finished};
use crate::testing::Stage;
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId};
use serde_json::{Value, json};
use testkit::{Answer, Signed};

/// Something that was finished now.
pub(crate) fn fact(stage: &Stage, source: Source) -> Finished {
    Finished {
        source,
        reference: stage.id(),
        estate: stage.estate,
        unit: None,
        person: None,
        workers: vec![stage.engineer.user],
        summary: "更换水龙头".to_owned(),
        at: stage.company.world.clock.now(),
    }
}

/// Notes it as whoever finishes something does.
pub(crate) async fn note(stage: &Stage, fact: Finished) {
    let db = stage.company.world.db("service-desk");
    let scope = db.write(stage.company.tenant).await.unwrap();
    finished(&scope, fact).await.unwrap();
    scope.commit().await.unwrap();
}

/// So many of a kind.
pub(crate) async fn many(stage: &Stage, source: Source, count: usize) {
    let db = stage.company.world.db("service-desk");
    let scope = db.write(stage.company.tenant).await.unwrap();
    for _ in 0..count {
        finished(&scope, fact(stage, source)).await.unwrap();
    }
    scope.commit().await.unwrap();
}

/// A mutation by name on a revisit, whose input is named after it.
async fn act(who: &Signed, name: &str, input: Value) -> Answer {
    let (first, rest) = name.split_at(1);
    let kind = format!("{}{rest}Input", first.to_uppercase());
    let text = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{ revisit {{ id state version channel
            nextTryAt attempts {{ channel nextTryAt madeBy {{ name }} }} reviewedBy {{ name }}
            record {{ rating effect manners quality suggestion shoeCovers }} }} }} }}"
    );
    who.send("service-desk", &text, json!({ "input": input })).await
}

fn input(of: &Value, more: Value) -> Value {
    let mut input = json!({ "revisitId": of["id"], "expectedVersion": of["version"] });
    if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
        input.extend(more);
    }
    input
}

fn said(rating: &str) -> Value {
    json!({ "channel": "PHONE", "interviewee": "张女士", "rating": rating, "quality": rating,
        "effect": rating, "manners": rating, "shoeCovers": true, "suggestion": "修后请擦地" })
}

pub(crate) async fn listed(stage: &Stage, who: &Signed, filter: Value) -> Vec<Value> {
    let text = "query($estate: ID!, $filter: RevisitFilter) {
        revisits(estateId: $estate, filter: $filter, first: 100) { nodes { id source state version
            dueAt appUntil personName unitLabel workers { name } drawId } } }";
    let ask = json!({ "estate": stage.estate.to_string(), "filter": filter });
    let answer = who.send("service-desk", text, ask).await.ok();
    answer["revisits"]["nodes"].as_array().unwrap().clone()
}

async fn draw(stage: &Stage, who: &Signed, source: &str, month: &str) -> Answer {
    let text = "mutation($input: DrawRevisitsInput!) { drawRevisits(input: $input) { draw {
        id seed candidates chosen digest rateBasisPoints drawnBy } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "source": source, "month": month });
    who.send("service-desk", text, json!({ "input": input })).await
}

/// What is finished of somebody's, done by the engineer.
fn of(fact: Finished, unit: UnitId, person: PersonId) -> Finished {
    Finished { unit: Some(unit), person: Some(person), ..fact }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}
