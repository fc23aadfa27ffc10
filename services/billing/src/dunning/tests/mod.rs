//! Dunning through the graph, on a calendar that tests turn.

mod clock;
mod contacts;
mod ladder;
mod lawful;
mod papers;
mod pauses;
mod referrals;

use super::cases::sweep;
use crate::{
    service,
    testing::{Stage, member},
};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    BuildingId, UnitId,
    residents::{MemberKind, UnitUse},
};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Answer, Backend, Signed, World};
use tokio_util::sync::CancellationToken;

/// An estate with one unit whose owner has a quarter's bill, and who works there.
pub(crate) struct Scene {
    pub stage: Stage,
    pub unit: UnitId,
    pub owner: Signed,
    pub supervisor: Signed,
    pub officer: Signed,
    pub desk: Signed,
    pub account: Value,
    pub bill: Value,
    /// The fee item of the bill.
    pub item: String,
}

/// The owner's bill of a quarter of `area` at 2.35, issued at nine in the morning of a day.
pub(crate) async fn scene(day: &str, month: &str, (label, area): (&str, &str)) -> Scene {
    let at = format!("{day}T01:00:00Z");
    let world = Arc::new(World::start_on(Backend::from_env(), vec![service()], &[], &at).await);
    let stage = Stage::in_world(&world).await;
    let building = BuildingId::from_uuid(stage.id());
    let unit = stage.units(building, "8", &[(label, area, UnitUse::Residential)]).await[0];
    let person = stage.person();
    let owner = member(person, "王芳", MemberKind::Owner, "2025-01-01", None);
    stage.members(vec![(unit, vec![owner])]).await;
    let item = stage.property_fee().await;
    stage.terms(json!({ "cycle": "QUARTER" })).await.ok();
    stage.run(month).await;
    let bill = stage.bill_from(unit, month).await;
    let company = stage.company.clone();
    let zone = vec![building.as_uuid()];
    Scene {
        owner: company.resident(person.as_uuid()).await,
        supervisor: company.staff("SUP", stage.estate).await,
        officer: company.staff_in_zone("PO", stage.estate, zone).await,
        desk: company.staff("DESK", stage.estate).await,
        account: bill["account"]["id"].clone(),
        bill: bill["id"].clone(),
        item,
        stage,
        unit,
    }
}

pub(super) const ACTION: &str = "id step channel staffId secondStaffId script happenedAt demanded { amount } \
    bills { billId principal { amount } } textZh textEn reply reason acknowledged deliveredAt evidence \
    evidenceReference promise { amount { amount } dueOn paid { amount } state } note correctsId correctedById";

const CASE: &str = "id stage reason held openedOn countedFrom openingDebt { amount } principal { amount } \
    nextOn closedOn ladderVersion assignedToId tasks { id step dueOn state held assignedToId skipReason }";

impl Scene {
    /// Ten in the morning of a day, with the work of that day done.
    pub async fn day(&self, day: &str) {
        self.at(&format!("{day}T02:00:00Z")).await;
    }

    /// An instant, with the work that is due by then done.
    pub async fn at(&self, at: &str) {
        let at: DateTime<Utc> = at.parse().unwrap();
        self.stage.company.world.clock.set(at);
        self.sweep().await;
    }

    pub async fn sweep(&self) {
        let world = &self.stage.company.world;
        let stop = CancellationToken::new();
        let (tenant, estate) = (self.stage.company.tenant, self.stage.estate);
        assert!(sweep(world.db("billing"), tenant, estate, &stop).await.unwrap());
    }

    /// Every day from one to another.
    pub async fn days(&self, from: &str, to: &str) {
        let (mut day, last): (NaiveDate, NaiveDate) = (from.parse().unwrap(), to.parse().unwrap());
        while day <= last {
            self.day(&day.to_string()).await;
            day = day.succ_opt().unwrap();
        }
    }

    /// A query that may name the estate and the account.
    pub async fn query(&self, who: &Signed, query: &str) -> Answer {
        let all =
            [("estate", json!(self.stage.estate.to_string())), ("account", self.account.clone())];
        let used = all.into_iter().filter(|(name, _)| query.contains(&format!("${name}")));
        let variables: serde_json::Map<String, Value> =
            used.map(|(name, value)| (name.to_owned(), value)).collect();
        let head: Vec<String> = variables.keys().map(|name| format!("${name}: ID!")).collect();
        let text = format!("query({}) {{ {query} }}", head.join(", "));
        who.send("billing", &text, Value::Object(variables)).await
    }

    /// The newest case.
    pub async fn case(&self) -> Value {
        let list = format!("dunningCases(estateId: $estate) {{ nodes {{ {CASE} }} }}");
        self.query(&self.supervisor, &list).await.ok()["dunningCases"]["nodes"][0].clone()
    }

    /// Its steps with their days and states.
    pub async fn tasks(&self) -> Vec<(String, String, String)> {
        let case = self.case().await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let tasks = case["tasks"].as_array().cloned().unwrap_or_default();
        tasks.iter().map(|it| (text(&it["step"]), text(&it["dueOn"]), text(&it["state"]))).collect()
    }

    /// What somebody sees of the contacts with the account, newest first.
    pub async fn actions(&self, who: &Signed) -> Vec<Value> {
        let list = format!("dunningActions(accountId: $account) {{ nodes {{ {ACTION} }} }}");
        let seen = self.query(who, &list).await.ok();
        seen["dunningActions"]["nodes"].as_array().unwrap().clone()
    }

    /// Records a contact with the newest case.
    pub async fn record(&self, who: &Signed, more: Value) -> Answer {
        let case = self.case().await["id"].clone();
        let mut input = json!({ "caseId": case, "idempotencyKey": self.stage.id().to_string() });
        for (key, value) in more.as_object().into_iter().flatten() {
            input[key] = value.clone();
        }
        self.change(who, "recordDunningAction", &format!("dunningAction {{ {ACTION} }}"), input)
            .await
    }

    /// The same, arrived at once.
    pub async fn delivered(&self, who: &Signed, more: Value) -> Value {
        let mut more = more;
        let now = self.stage.company.world.clock.now().to_rfc3339();
        more["delivery"] =
            json!({ "deliveredAt": now, "evidence": "SIGNED", "evidenceReference": "签收" });
        self.record(who, more).await.ok()["recordDunningAction"]["dunningAction"].clone()
    }

    pub async fn change(&self, who: &Signed, name: &str, answer: &str, input: Value) -> Answer {
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let text = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ {answer} }} }}");
        who.send("billing", &text, json!({ "input": input })).await
    }

    /// Until when the bill can be claimed.
    pub async fn barred_on(&self, bill: &Value) -> Value {
        let list =
            "expiringDebts(estateId: $estate, withinDays: 1200) { nodes { billId barredOn } }";
        let seen = self.query(&self.supervisor, list).await.ok();
        let all = seen["expiringDebts"]["nodes"].as_array().unwrap().clone();
        all.into_iter().find(|it| it["billId"] == *bill).unwrap()["barredOn"].clone()
    }
}
