//! What the front desk of the demo estate has before it.

use crate::{Company, acts, eventually};
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::time::Duration;

/// How long the service desk may take to hear what it needs.
const PATIENCE: Duration = Duration::from_mins(2);

/// One mutation with a payload of one field.
async fn act(company: &Company, who: &str, name: &str, input: Value, field: &str) -> Result<Value> {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{ {field} {{ id version }} }} }}"
    );
    let mut made = company.session(who).ask(&document, json!({ "input": input })).await?;
    Ok(made[name][field].take())
}

/// A contact, a repair on its way, a complaint and a notice, once however often it is called.
///
/// # Errors
/// When a step is refused or the service desk does not hear of the household in time.
pub async fn open(company: &Company, unit: &str, person: &str) -> Result<()> {
    let at = json!({ "estateId": company.estate, "unitId": unit });
    eventually("the service desk knows the household", PATIENCE, || async {
        let wifi = json!({
            "channel": "PHONE", "personId": person, "class": "INQUIRY", "urgency": "NORMAL",
            "summary": "询问泳池开放时间", "idempotencyKey": "demo-contact",
        });
        act(company, "desk", "logContact", with(&at, wifi), "contact").await.map(Some)
    })
    .await?;
    repair(company, &at, person).await?;
    let complaint = json!({
        "channel": "PHONE", "complainantId": person, "class": "ENVIRONMENT",
        "facts": "楼下垃圾桶两天未清运", "idempotencyKey": "demo-complaint",
    });
    act(company, "supervisor", "receiveComplaint", with(&at, complaint), "complaint").await?;
    notice(company).await
}

fn with(at: &Value, more: Value) -> Value {
    let (mut all, more) = (at.clone(), more);
    if let (Value::Object(all), Value::Object(more)) = (&mut all, more) {
        all.extend(more);
    }
    all
}

/// The engineer is on duty and has a leaking tap to repair.
async fn repair(company: &Company, at: &Value, person: &str) -> Result<()> {
    let staff = "{ staff(first: 100) { edges { node { id login } } } }";
    let known = company.session("admin").ask(staff, json!({})).await?;
    let engineer = acts::nodes(&known["staff"]).find(|node| node["login"] == "engineer");
    let engineer = engineer.context("the engineer")?["id"].clone();
    let duty = "mutation($save: SaveResponderInput!, $duty: SetDutyInput!) {
        saveResponder(input: $save) { responder { level } }
        setDuty(input: $duty) { responder { onDutySince } } }";
    let save = json!({
        "estateId": company.estate, "staffId": engineer, "level": "STAFF", "skills": ["PLUMBING"],
        "buildingIds": [],
    });
    let on = json!({ "estateId": company.estate, "staffId": engineer, "onDuty": true });
    eventually("the service desk knows the engineer", PATIENCE, || async {
        let variables = json!({ "save": save, "duty": on });
        company.session("supervisor").ask(duty, variables).await.map(Some)
    })
    .await?;
    let order = json!({
        "category": "WATER_TAP", "description": "厨房水龙头漏水", "reporterId": person,
        "idempotencyKey": "demo-work-order",
    });
    act(company, "desk", "createWorkOrder", with(at, order), "workOrder").await.map(drop)
}

/// A notice to everybody, reviewed by the director.
async fn notice(company: &Company) -> Result<()> {
    let text = |zh: &str, en: &str| json!({ "zh": zh, "en": en });
    let content = json!({
        "kind": "NOTICE", "audience": {},
        "title": text("冬季供水检修", "Winter maintenance of the water supply"),
        "body": text(
            "周五 9:00-11:00 检修水泵,届时暂停供水。",
            "The pumps are maintained on Friday from 9:00 to 11:00; there is no water meanwhile.",
        ),
    });
    let input = json!({
        "estateId": company.estate, "content": content, "idempotencyKey": "demo-notice",
    });
    let written = act(company, "supervisor", "writeNotice", input, "notice").await?;
    // A repeat answers the notice as it is by now, which has been proposed already.
    if written["version"] != 1 {
        return Ok(());
    }
    let proposed = json!({ "noticeId": written["id"], "expectedVersion": 1 });
    let proposed = act(company, "supervisor", "proposeNotice", proposed, "notice").await?;
    let approved = json!({ "noticeId": written["id"], "expectedVersion": proposed["version"] });
    act(company, "director", "approveNotice", approved, "notice").await.map(drop)
}
