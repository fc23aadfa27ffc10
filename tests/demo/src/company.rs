//! Making a company with its estate and staff.

use crate::{Door, Session, acts::nodes};
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An operator of the platform, who may create companies.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The sign-in name.
    pub name: String,
    /// The password.
    pub password: String,
}

/// A member of staff to be there.
#[derive(Clone, Copy, Debug)]
pub struct Staff<'p> {
    /// The sign-in name.
    pub login: &'p str,
    /// The name.
    pub name: &'p str,
    /// The code of the role.
    pub role: &'p str,
    /// Whether the role is held in the estate only.
    pub in_estate: bool,
}

/// A company to be there, with one estate in Shanghai's time and in renminbi.
#[derive(Clone, Debug)]
pub struct Plan<'p> {
    /// What people type at sign-in.
    pub code: &'p str,
    /// Its name.
    pub name: &'p str,
    /// The estate's code and name.
    pub estate: (&'p str, &'p str),
    /// Its staff; the first one administrates the company.
    pub staff: Vec<Staff<'p>>,
    /// The password of everybody.
    pub password: &'p str,
}

/// A company that is there.
#[derive(Clone, Debug)]
pub struct Company {
    /// Where it is.
    pub door: Door,
    /// Its code.
    pub code: String,
    /// The estate, `est_…`.
    pub estate: String,
    /// Everybody of the plan, signed in.
    pub sessions: BTreeMap<String, Session>,
}

impl Company {
    /// The session of somebody of the plan.
    ///
    /// # Panics
    /// When the plan names no such login.
    pub fn session(&self, login: &str) -> &Session {
        self.sessions.get(login).unwrap_or_else(|| panic!("{login} is not of the plan"))
    }
}

/// Makes the company, or completes it: what is there already stays as it is.
///
/// # Errors
/// When something is refused, e.g. because the company belongs to somebody else.
pub async fn found(door: &Door, operator: &Operator, plan: &Plan<'_>) -> Result<Company> {
    let first = plan.staff.first().context("a company has an administrator")?;
    let admin = match door.sign_in(plan.code, first.login, plan.password).await {
        Ok(admin) => admin,
        Err(_) => create(door, operator, plan, first).await?,
    };
    let estate = estate(&admin, plan.estate).await?;
    let staff = "{ staff(first: 100) { edges { node { id login } } } }";
    let known = admin.ask(staff, json!({})).await?;
    let mut sessions = BTreeMap::from([(first.login.to_owned(), admin.clone())]);
    for person in &plan.staff[1..] {
        if !nodes(&known["staff"]).any(|node| node["login"] == person.login) {
            hire(&admin, person, &estate, plan.password).await?;
        }
        let session = door.sign_in(plan.code, person.login, plan.password).await?;
        sessions.insert(person.login.to_owned(), session);
    }
    Ok(Company { door: door.clone(), code: plan.code.to_owned(), estate, sessions })
}

async fn create(
    door: &Door,
    operator: &Operator,
    plan: &Plan<'_>,
    admin: &Staff<'_>,
) -> Result<Session> {
    let body = json!({
        "code": plan.code, "name": plan.name, "adminLogin": admin.login, "adminName": admin.name,
    });
    let request = door.request("/auth/platform/companies");
    let request = request.basic_auth(&operator.name, Some(&operator.password));
    let answer = request.json(&body).send().await?;
    let (status, text) = (answer.status(), answer.text().await?);
    let answer: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
    let Some(token) = answer["passwordToken"].as_str() else {
        bail!("creating company {}: {status}: {answer}", plan.code);
    };
    door.set_password(token, plan.password).await?;
    door.sign_in(plan.code, admin.login, plan.password).await
}

async fn estate(admin: &Session, (code, name): (&str, &str)) -> Result<String> {
    let known = admin.ask("{ estates(first: 100) { edges { node { id code } } } }", json!({}));
    let known = known.await?;
    let found = nodes(&known["estates"]).find(|node| node["code"] == code);
    let id = if let Some(found) = found {
        found["id"].clone()
    } else {
        let document = "mutation($input: CreateEstateInput!) { createEstate(input: $input) { estate { id } } }";
        let input = json!({ "code": code, "name": name, "address": "合肥市经济技术开发区(演示)" });
        let made = admin.ask(document, json!({ "input": input })).await?;
        made["createEstate"]["estate"]["id"].clone()
    };
    id.as_str().map(str::to_owned).context("the estate's id")
}

async fn hire(admin: &Session, person: &Staff<'_>, estate: &str, password: &str) -> Result<()> {
    let document = "mutation($input: AddStaffInput!) { addStaff(input: $input) { passwordToken staff { id } } }";
    let input = json!({ "login": person.login, "name": person.name });
    let made = admin.ask(document, json!({ "input": input })).await?;
    let grant = "mutation($input: GrantRoleInput!) { grantRole(input: $input) { __typename } }";
    let input = json!({
        "userId": made["addStaff"]["staff"]["id"], "role": person.role,
        "estateId": person.in_estate.then_some(estate),
    });
    admin.ask(grant, json!({ "input": input })).await?;
    // Last, so that somebody who can sign in has their role.
    let token = made["addStaff"]["passwordToken"].as_str().context("a password token")?;
    admin.door().set_password(token, password).await
}
