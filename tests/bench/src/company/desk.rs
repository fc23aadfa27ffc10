//! What the service desk has to know: the homes, who lives there, and who takes work.

use super::{
    CODE, Company, Kind, PASSWORD, PATIENCE, connect, heard, id, insert, moved_in, name, unit_id,
};
use anyhow::{Context as _, Result};
use clock::Clock;
use contracts::PersonId;
use db::Db;
use demo::{Door, Session, acts::nodes, eventually};
use serde_json::{Value as Json, json};
use servers::Plan;

/// What work is reported, which the people on duty can do.
pub const CATEGORY: &str = "DOOR";

/// Who takes work, in turns.
const HANDS: [&str; 2] = ["engineer", "supervisor"];

impl Company {
    /// Tells the service desk of every home and puts people on duty; their ids, `usr_…`.
    pub async fn opens_desk(&self, plan: &Plan, door: &Door) -> Result<Vec<String>> {
        let desk = connect(plan, "service-desk", &Clock::system()).await?;
        heard(&desk, self.tenant, "estates", 1).await?;
        self.homes(&desk).await?;
        desk.close().await;
        self.hands(door).await
    }

    /// What the desk would have heard of the roster.
    async fn homes(&self, db: &Db) -> Result<()> {
        let scope = db.write(self.tenant).await?;
        let units = (0..self.units).map(|number| self.place(number));
        let table = "units (tenant_id, id, estate_id, building_id, building_code, label)";
        insert(&scope, table, units).await?;
        let owners = (0..self.units).map(|number| {
            vec![
                id(Kind::Unit, number).into(),
                0_i32.into(),
                self.estate.as_uuid().into(),
                id(Kind::Person, number * 2).into(),
                name(number * 2).into(),
                "业*".into(),
                "OWNER".into(),
                moved_in().into(),
            ]
        });
        let table = "unit_members (tenant_id, unit_id, place, estate_id, person_id, name, \
                     shown_name, kind, from_day)";
        insert(&scope, table, owners).await?;
        Ok(scope.commit().await?)
    }

    async fn hands(&self, door: &Door) -> Result<Vec<String>> {
        let admin = door.sign_in(CODE, "admin", PASSWORD).await?;
        let supervisor = door.sign_in(CODE, "supervisor", PASSWORD).await?;
        let staff = "{ staff(first: 100) { edges { node { id login } } } }";
        let staff = admin.ask(staff, json!({})).await?;
        let mut hands = Vec::new();
        for login in HANDS {
            let found = nodes(&staff["staff"]).find(|one| one["login"] == login);
            let user = found.and_then(|one| one["id"].as_str()).context("a member of staff")?;
            self.on_duty(&supervisor, user).await?;
            hands.push(user.to_owned());
        }
        Ok(hands)
    }

    async fn on_duty(&self, supervisor: &Session, user: &str) -> Result<()> {
        let save =
            "mutation($input: SaveResponderInput!) { saveResponder(input: $input) { __typename } }";
        let input = json!({ "estateId": self.estate.to_string(), "staffId": user, "level": "STAFF",
            "skills": ["CARPENTRY"], "buildingIds": [] });
        eventually("the desk knows its people", PATIENCE, || async {
            supervisor.ask(save, json!({ "input": input })).await.map(Some)
        })
        .await?;
        let duty = "mutation($input: SetDutyInput!) { setDuty(input: $input) { __typename } }";
        let input = json!({ "estateId": self.estate.to_string(), "staffId": user, "onDuty": true });
        supervisor.ask(duty, json!({ "input": input })).await.map(drop)
    }

    /// A report of the owner of a unit; the same key is the same report.
    pub fn report(&self, number: u32, key: &str) -> Json {
        let number = number % self.units;
        json!({
            "estateId": self.estate.to_string(), "unitId": unit_id(number), "category": CATEGORY,
            "description": "门关不上", "idempotencyKey": key,
            "reporterId": PersonId::from_uuid(id(Kind::Person, number * 2)).to_string(),
        })
    }
}
