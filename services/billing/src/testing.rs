//! Stages for tests: estates with units, people and prices, told by events as in production.

use crate::{
    ledger::{self, Entry, Posting, Till},
    service,
};
use contracts::{
    BuildingId, PersonId, UnitId,
    residents::{
        MemberFact, MemberKind, MembersChanged, PartyName, UnitFact, UnitMembers, UnitUse,
        UnitsChanged,
    },
};
use ids::EstateId;
use money::{Currency, Fen};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Answer, Company, Signed, World, eventually};
use tokio::sync::OnceCell;
use uuid::Uuid;

static WORLD: OnceCell<Arc<World>> = OnceCell::const_new();

/// The world of this test binary.
pub(crate) async fn world() -> Arc<World> {
    Arc::clone(
        WORLD.get_or_init(|| async { Arc::new(World::start(vec![service()], &[]).await) }).await,
    )
}

/// One estate of a company of its own, and the people who work there.
pub(crate) struct Stage {
    pub(crate) company: Company,
    pub(crate) estate: EstateId,
    pub(crate) director: Signed,
    pub(crate) finance: Signed,
}

/// What a person of two characters is called.
pub(crate) fn party_name(full: &str) -> PartyName {
    let shown = full.chars().take(1).chain(['*']).collect();
    PartyName { full: full.to_owned(), shown }
}

/// Somebody who belongs to a unit.
pub(crate) fn member(
    person: PersonId,
    name: &str,
    kind: MemberKind,
    from: &str,
    to: Option<&str>,
) -> MemberFact {
    MemberFact {
        person,
        name: match kind {
            MemberKind::Developer => PartyName { full: name.to_owned(), shown: name.to_owned() },
            _ => party_name(name),
        },
        kind,
        from: from.parse().unwrap(),
        to: to.map(|to| to.parse().unwrap()),
        pays: true,
    }
}

impl Stage {
    /// An estate without units, its prices not before June 2026.
    pub(crate) async fn new() -> Self {
        Self::in_world(&world().await).await
    }

    /// The same in a world of one's own.
    pub(crate) async fn in_world(world: &Arc<World>) -> Self {
        let company = world.company();
        let estate = company.estate("FCH", "翡翠湖畔花园").await;
        let director = company.staff("DIR", estate).await;
        let finance = company.staff("CFIN", None).await;
        Self { company, estate, director, finance }
    }

    pub(crate) fn id(&self) -> Uuid {
        self.company.world.clock.uuid()
    }

    pub(crate) fn person(&self) -> PersonId {
        PersonId::from_uuid(self.id())
    }

    /// Tells billing of units; answers their ids in order.
    pub(crate) async fn units(
        &self,
        building: BuildingId,
        code: &str,
        units: &[(&str, &str, UnitUse)],
    ) -> Vec<UnitId> {
        let facts: Vec<UnitFact> = units
            .iter()
            .map(|(label, area, used_as)| UnitFact {
                unit: UnitId::from_uuid(self.id()),
                building,
                building_code: code.to_owned(),
                label: (*label).to_owned(),
                gross_area: area.parse().unwrap(),
                used_as: *used_as,
            })
            .collect();
        let ids = facts.iter().map(|fact| fact.unit).collect();
        let event = UnitsChanged { estate: self.estate, units: facts };
        self.company.tell("residents", "billing", &event).await;
        ids
    }

    /// Tells billing who belongs to a unit.
    pub(crate) async fn members(&self, units: Vec<(UnitId, Vec<MemberFact>)>) {
        let units =
            units.into_iter().map(|(unit, members)| UnitMembers { unit, members }).collect();
        let event = MembersChanged { estate: self.estate, units };
        self.company.tell("residents", "billing", &event).await;
    }

    /// Unit 3-1-1201 of scenario 1: the developer's until 10 June 2026, then the owner's.
    pub(crate) async fn scenario_1(&self) -> (UnitId, PersonId, PersonId) {
        let building = BuildingId::from_uuid(self.id());
        let unit =
            self.units(building, "3", &[("3-1-1201", "118.56", UnitUse::Residential)]).await[0];
        let (developer, owner) = (self.person(), self.person());
        let members = vec![
            member(developer, "翠湖置业", MemberKind::Developer, "2026-01-01", Some("2026-06-10")),
            member(owner, "王芳", MemberKind::Owner, "2026-06-11", None),
        ];
        self.members(vec![(unit, members)]).await;
        (unit, developer, owner)
    }

    /// A fee item; answers its id.
    pub(crate) async fn item(&self, code: &str, kind: &str) -> String {
        let made = self
            .director
            .send(
                "billing",
                "mutation($input: CreateFeeItemInput!) { createFeeItem(input: $input) { feeItem { id } } }",
                json!({ "input": { "estateId": self.estate.to_string(), "code": code,
                    "nameZh": "物业费", "nameEn": "Property fee", "kind": kind } }),
            )
            .await;
        made.ok()["createFeeItem"]["feeItem"]["id"].as_str().unwrap().to_owned()
    }

    /// Proposes a price as the director.
    pub(crate) async fn propose(&self, input: Value) -> Answer {
        self.director
            .send(
                "billing",
                "mutation($input: ProposeFeeStandardInput!) { proposeFeeStandard(input: $input) \
                 { feeStandard { id phase } } }",
                json!({ "input": input }),
            )
            .await
    }

    /// Approves a price as finance.
    pub(crate) async fn approve(&self, id: &str) -> Answer {
        self.finance
            .send(
                "billing",
                "mutation($id: ID!) { approveFeeStandard(input: { id: $id }) { feeStandard { phase } } }",
                json!({ "id": id }),
            )
            .await
    }

    /// The property fee at 2.35 for the whole estate, in effect since 2020.
    pub(crate) async fn property_fee(&self) -> String {
        let item = self.item("PROPERTY", "PROPERTY_FEE").await;
        self.seeded(&item, "2.35", crate::fees::Scope::default()).await;
        item
    }

    /// A price in effect since 2020, written as a seed writes it.
    pub(crate) async fn seeded(&self, item: &str, rate: &str, place: crate::fees::Scope) {
        let scope = self.company.world.db("billing").write(self.company.tenant).await.unwrap();
        crate::seed::price(
            &scope,
            self.estate,
            &crate::seed::Price {
                item: item.parse().unwrap(),
                place,
                formula: crate::charges::Formula::AreaRate {
                    rate: rate.parse().unwrap(),
                    surcharge: Fen::ZERO,
                },
                from: "2020-01-01".parse().unwrap(),
            },
        )
        .await
        .unwrap();
        scope.commit().await.unwrap();
    }

    /// Starts a run as the director.
    pub(crate) async fn start(&self, month: &str, key: &str) -> Answer {
        self.director
            .send(
                "billing",
                "mutation($input: StartBillRunInput!) { startBillRun(input: $input) { billRun { id } } }",
                json!({ "input": { "estateId": self.estate.to_string(), "startMonth": month,
                    "idempotencyKey": key } }),
            )
            .await
    }

    /// Runs a month to its end and answers the run.
    pub(crate) async fn run(&self, month: &str) -> Value {
        let key = self.id().to_string();
        let started = self.start(month, &key).await.ok();
        let id = started["startBillRun"]["billRun"]["id"].clone();
        eventually("the run ends", || async { self.progress(&id).await["state"] == "DONE" }).await;
        self.progress(&id).await
    }

    /// How far a run has come.
    pub(crate) async fn progress(&self, id: &Value) -> Value {
        let text = "query($id: ID!) { billRun(id: $id) { id state total done bills lines doubts \
                    failure amount { amount } } }";
        self.director.send("billing", text, json!({ "id": id })).await.ok()["billRun"].clone()
    }

    /// Sets the terms of the estate, or of one account.
    pub(crate) async fn terms(&self, input: Value) -> Answer {
        let mut all =
            json!({ "estateId": self.estate.to_string(), "cycle": "MONTH", "dueDay": 15 });
        for (key, value) in input.as_object().into_iter().flatten() {
            all[key] = value.clone();
        }
        let text = "mutation($input: SetBillingTermsInput!) { setBillingTerms(input: $input) \
                    { terms { cycle dueDay dueAfterDays } } }";
        self.finance.send("billing", text, json!({ "input": all })).await
    }

    /// What somebody sees of a unit.
    pub(crate) async fn unit(&self, who: &Signed, unit: UnitId, fields: &str) -> Answer {
        let text = format!(
            "query($id: ID!) {{ _entities(representations: [{{ __typename: \"Unit\", id: $id }}]) \
             {{ ... on Unit {{ {fields} }} }} }}"
        );
        who.send("billing", &text, json!({ "id": unit.to_string() })).await
    }

    /// What somebody sees of the estate.
    pub(crate) async fn estate(&self, who: &Signed, fields: &str) -> Answer {
        let text = format!(
            "query($id: ID!) {{ _entities(representations: [{{ __typename: \"Estate\", id: $id }}]) \
             {{ ... on Estate {{ {fields} }} }} }}"
        );
        who.send("billing", &text, json!({ "id": self.estate.to_string() })).await
    }

    /// The bills of a unit as finance sees them, newest first.
    pub(crate) async fn bills(&self, unit: UnitId) -> Vec<Value> {
        let fields = "bills { edges { node { id status firstMonth lastMonth due total { amount } \
                      settled { amount } outstanding { amount } replacesId account { id name } \
                      lines { month from to amount { amount } wordsEn revision } } } }";
        let seen = self.unit(&self.finance, unit, fields).await.ok();
        let edges = seen["_entities"][0]["bills"]["edges"].as_array().unwrap().clone();
        edges.into_iter().map(|edge| edge["node"].clone()).collect()
    }

    /// The standing bill of a unit whose first month is this.
    pub(crate) async fn bill_from(&self, unit: UnitId, month: &str) -> Value {
        let of_month = |bill: &Value| bill["firstMonth"] == month && bill["status"] != "VOIDED";
        self.bills(unit).await.into_iter().find(of_month).unwrap()
    }

    /// Voids a bill.
    pub(crate) async fn void(&self, who: &Signed, id: &Value, reason: &str) -> Answer {
        let text =
            "mutation($input: VoidBillInput!) { voidBill(input: $input) { bill { status } } }";
        let key = self.id().to_string();
        let input = json!({ "id": id, "reason": reason, "idempotencyKey": key });
        who.send("billing", text, json!({ "input": input })).await
    }

    /// Issues a voided bill again.
    pub(crate) async fn reissue(&self, id: &Value) -> Answer {
        let text = "mutation($input: ReissueBillInput!) { reissueBill(input: $input) \
                    { bill { id replacesId total { amount } lines { revision } } } }";
        let input = json!({ "id": id, "idempotencyKey": self.id().to_string() });
        self.finance.send("billing", text, json!({ "input": input })).await
    }

    /// A root query on the estate.
    pub(crate) async fn ask(&self, who: &Signed, query: &str) -> Answer {
        let text = format!("query($estate: ID!) {{ {query} }}");
        who.send("billing", &text, json!({ "estate": self.estate.to_string() })).await
    }

    /// What the account has paid ahead, posted as a payment posts it.
    pub(crate) async fn prepay(&self, account: &str, amount: i64) {
        let scope = self.company.world.db("billing").write(self.company.tenant).await.unwrap();
        let account = account.parse().unwrap();
        let entry = Entry::payment(Till::Cash, account, Fen::ZERO, Fen(amount), Currency::CNY);
        let posting = Posting {
            estate: self.estate,
            entry: entry.unwrap(),
            date: "2026-07-31".parse().unwrap(),
            source: "pay_test".to_owned(),
            memo: String::new(),
        };
        ledger::post(&scope, posting).await.unwrap();
        scope.commit().await.unwrap();
    }

    /// Settles part of a bill, as a payment does.
    pub(crate) async fn pay(&self, bill: &Value, account: &Value, amount: i64) {
        let scope = self.company.world.db("billing").write(self.company.tenant).await.unwrap();
        let bill = bill.as_str().unwrap().parse().unwrap();
        let account = account.as_str().unwrap().parse().unwrap();
        crate::bills::settle(&scope, &[(bill, Fen(amount))]).await.unwrap();
        let entry = Entry::payment(Till::Cash, account, Fen(amount), Fen::ZERO, Currency::CNY);
        let posting = Posting {
            estate: self.estate,
            entry: entry.unwrap(),
            date: "2026-07-31".parse().unwrap(),
            source: "pay_test".to_owned(),
            memo: String::new(),
        };
        ledger::post(&scope, posting).await.unwrap();
        scope.commit().await.unwrap();
    }

    /// What a payment had settled of a bill is owed again, as a refund does it.
    pub(crate) async fn unpay(&self, bill: &Value, account: &Value, amount: i64) {
        let scope = self.company.world.db("billing").write(self.company.tenant).await.unwrap();
        let bill = bill.as_str().unwrap().parse().unwrap();
        let account = account.as_str().unwrap().parse().unwrap();
        crate::bills::unsettle(&scope, &[(bill, Fen(amount))]).await.unwrap();
        let entry = Entry::payment(Till::Cash, account, Fen(amount), Fen::ZERO, Currency::CNY);
        let posting = Posting {
            estate: self.estate,
            entry: entry.unwrap().reversal(),
            date: "2026-07-31".parse().unwrap(),
            source: "pay_test".to_owned(),
            memo: String::new(),
        };
        ledger::post(&scope, posting).await.unwrap();
        scope.commit().await.unwrap();
    }

    /// The preview of a month with the fields named.
    pub(crate) async fn preview(&self, month: &str, fields: &str) -> Value {
        let text = format!(
            "query($estate: ID!, $month: String!) {{ previewBillRun(estateId: $estate, startMonth: $month) {{ {fields} }} }}"
        );
        let variables = json!({ "estate": self.estate.to_string(), "month": month });
        self.director.send("billing", &text, variables).await.ok()["previewBillRun"].clone()
    }
}
