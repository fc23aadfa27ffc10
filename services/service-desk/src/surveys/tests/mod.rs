//! Surveys through the graph.

mod ends;
mod letters;
mod lists;
mod rights;
mod scenario_11;

use crate::testing::Stage;
use contracts::{
    BuildingId, PersonId, UnitId,
    residents::{
        MemberFact, MemberKind, MembersChanged, PartyName, UnitFact, UnitMembers, UnitUse,
        UnitsChanged,
    },
};
use serde_json::{Value, json};
use testkit::{Answer, Signed};
use uuid::Uuid;

/// A questionnaire of two items of the scale, one choice and a comment.
pub(super) fn draft(rate: u32) -> Value {
    let question = |code: &str, kind: &str| {
        json!({ "code": code, "textZh": format!("题{code}"), "textEn": code, "kind": kind,
            "overall": code == "OVERALL", "required": code == "OVERALL" })
    };
    let mut channel = question("CHANNEL", "CHOICE");
    channel["choices"] =
        json!([{ "textZh": "电话", "textEn": "phone" }, { "textZh": "前台", "textEn": "desk" }]);
    json!({ "period": "2026-H1", "titleZh": "上半年满意度调查", "titleEn": "First half-year",
        "sampleRate": rate, "questions": [question("OVERALL", "SCALE_5"),
            question("GREENING", "SCALE_5"), channel, question("COMMENT", "TEXT")] })
}

/// A home's form.
pub(super) fn form(unit: Uuid, answers: &Value) -> Value {
    json!({ "unitId": UnitId::from_uuid(unit).to_string(), "answers": answers })
}

/// An estate with the quality department and an officer of these buildings.
pub(super) struct Scene<'s> {
    pub(super) stage: &'s Stage,
    pub(super) quality: Signed,
    pub(super) officer: Signed,
}

impl<'s> Scene<'s> {
    /// Units with an owner each, spread over some buildings of which an officer has the zone.
    pub(super) async fn over(
        stage: &'s Stage,
        units: &[(Uuid, Uuid)],
        buildings: &[Uuid],
        prefix: &str,
    ) -> Self {
        told(stage, units, buildings, prefix).await;
        let quality = stage.company.staff("QA", None).await;
        let officer = stage.company.staff_in_zone("PO", stage.estate, buildings.to_vec()).await;
        stage.hired(quality.user, "钱品质").await;
        Self { stage, quality, officer }
    }

    /// The same in one building, whose units' labels begin with a number.
    pub(super) async fn beside(stage: &'s Stage, units: &[(Uuid, Uuid)], n: usize) -> Self {
        Self::over(stage, units, &[stage.id()], &(20 + n).to_string()).await
    }

    pub(super) fn key(&self) -> String {
        self.stage.id().to_string()
    }

    pub(super) async fn ask(&self, who: &Signed, query: &str, of: &Value) -> Answer {
        let text = format!("query($id: ID!) {{ {query} }}");
        who.send("service-desk", &text, json!({ "id": of })).await
    }

    pub(super) async fn act(&self, who: &Signed, verb: &str, input: Value, wanted: &str) -> Answer {
        let kind = match verb {
            "drawSurveySample"
            | "issueSurvey"
            | "closeSurvey"
            | "completeSurveyAudit"
            | "publishSurvey" => "MoveSurvey".to_owned(),
            verb => format!("{}{}", verb[..1].to_uppercase(), &verb[1..]),
        };
        let text =
            format!("mutation($input: {kind}Input!) {{ {verb}(input: $input) {{ {wanted} }} }}");
        who.send("service-desk", &text, json!({ "input": input })).await
    }

    /// A survey that asks so many; its id.
    pub(super) async fn designed(&self, draft: Value) -> Value {
        let input = json!({ "estateId": self.stage.estate.to_string(), "draft": draft,
            "idempotencyKey": self.key() });
        let made = self.act(&self.quality, "designSurvey", input, "survey { id state }").await.ok();
        assert_eq!(made["designSurvey"]["survey"]["state"], "DESIGNED");
        made["designSurvey"]["survey"]["id"].clone()
    }

    /// What the quality department sees of a survey.
    pub(super) async fn survey(&self, id: &Value) -> Value {
        let query =
            "survey(id: $id) { state version seed occupied sampleSize recheck drawnBy { name }
            calls { unitLabel unit { id } calledAt note } }";
        self.ask(&self.quality, query, id).await.ok()["survey"].take()
    }

    /// A step of the quality department at the present version.
    pub(super) async fn step(&self, verb: &str, id: &Value) -> Answer {
        self.step_as(&self.quality, verb, id).await
    }

    pub(super) async fn step_as(&self, who: &Signed, verb: &str, id: &Value) -> Answer {
        let version = self.survey(id).await["version"].clone();
        let input = json!({ "surveyId": id, "expectedVersion": version });
        self.act(who, verb, input, "survey { state version }").await
    }

    /// Drawn and handed out; the id again.
    pub(super) async fn issued(&self, id: &Value) -> Value {
        self.step("drawSurveySample", id).await.ok();
        self.step("issueSurvey", id).await.ok();
        id.clone()
    }

    pub(super) async fn enter(&self, id: &Value, forms: Vec<Value>, key: &str) -> Answer {
        let input = json!({ "surveyId": id, "forms": forms, "idempotencyKey": key });
        self.act(&self.officer, "enterSurveyForms", input, "codes").await
    }

    pub(super) async fn rekey(&self, who: &Signed, id: &Value, forms: &[Value]) -> Answer {
        let input = json!({ "surveyId": id, "forms": forms, "idempotencyKey": self.key() });
        self.act(who, "rekeySurveyForms", input, "compared different survey { recheck }").await
    }

    /// Every unit of a sample, page by page.
    pub(super) async fn sample(&self, id: &Value) -> Vec<Uuid> {
        let nodes = self.pages(id, "surveyInvites", "", "unit { id }").await;
        let unit = |node: &Value| node["unit"]["id"].as_str().unwrap().parse::<UnitId>().unwrap();
        nodes.iter().map(|node| unit(node).as_uuid()).collect()
    }

    /// Every node of a list of a survey.
    pub(super) async fn pages(&self, id: &Value, list: &str, more: &str, of: &str) -> Vec<Value> {
        let text = format!(
            "query($id: ID!, $after: String) {{ {list}(surveyId: $id{more}, first: 100, after: $after) \
             {{ pageInfo {{ hasNextPage endCursor }} nodes {{ {of} }} }} }}"
        );
        let (mut all, mut after) = (Vec::new(), Value::Null);
        loop {
            let ask = json!({ "id": id, "after": after });
            let page = self.quality.send("service-desk", &text, ask).await.ok()[list].take();
            all.extend(page["nodes"].as_array().unwrap().iter().cloned());
            if page["pageInfo"]["hasNextPage"] == false {
                return all;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
}

/// Tells of units and their owners, `(unit, person)`, spread over buildings.
pub(super) async fn told(stage: &Stage, units: &[(Uuid, Uuid)], buildings: &[Uuid], prefix: &str) {
    let facts = units.iter().enumerate().map(|(at, (unit, _))| {
        let place = at % buildings.len();
        UnitFact {
            unit: UnitId::from_uuid(*unit),
            building: BuildingId::from_uuid(buildings[place]),
            building_code: format!("{prefix}{place}"),
            label: format!("{prefix}{place}-1-{at:04}"),
            gross_area: "90.00".parse().unwrap(),
            used_as: UnitUse::Residential,
        }
    });
    let event = UnitsChanged { estate: stage.estate, units: facts.collect() };
    stage.company.tell("residents", "service-desk", &event).await;
    let members = units.iter().map(|(unit, person)| UnitMembers {
        unit: UnitId::from_uuid(*unit),
        members: vec![MemberFact {
            person: PersonId::from_uuid(*person),
            name: PartyName { full: "业主".to_owned(), shown: "业*".to_owned() },
            kind: MemberKind::Owner,
            from: "2026-01-01".parse().unwrap(),
            to: None,
            pays: true,
        }],
    });
    let event = MembersChanged { estate: stage.estate, units: members.collect() };
    stage.company.tell("residents", "service-desk", &event).await;
}

#[derive(sea_orm::FromQueryResult)]
struct Due {
    due_at: chrono::DateTime<chrono::Utc>,
}

/// The days by which a company's comments in surveys are to be called about, in Shanghai.
async fn due_days(stage: &Stage) -> Vec<String> {
    let db = stage.company.world.db("service-desk");
    let scope = db.read(stage.company.tenant).await.unwrap();
    let sql = "SELECT due_at FROM revisits WHERE tenant_id = $1 AND source = 'SURVEY_COMMENT'";
    let rows: Vec<Due> = scope.rows(sql, []).await.unwrap();
    let day = |row: Due| row.due_at.with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    rows.into_iter().map(|row| day(row).to_string()).collect()
}
