//! Companies and people, let in through the front door.

use super::{Place, Stage};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, Response};
use ids::{EstateId, TenantId};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};
use testkit::{World, eventually};

pub const PASSWORD: &str = "correct horse battery";
const OPERATOR: &str = "platform-operator";

/// Somebody with a token.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The role's code, or the permission of an API client.
    pub name: String,
    pub token: String,
    /// Works in the first estate only.
    pub bound: bool,
    /// Lives there.
    pub resident: bool,
    /// What they uploaded themselves.
    pub upload: Option<String>,
}

impl Actor {
    /// Without a token.
    pub fn nobody() -> Self {
        let (name, token) = ("nobody".to_owned(), String::new());
        Self { name, token, bound: true, resident: true, upload: None }
    }
}

/// Somebody who was just employed and has signed in.
pub struct Hired {
    pub user: Value,
    pub login: String,
    pub token: String,
}

/// A company and those who make things in it.
pub struct Company {
    pub tenant: TenantId,
    pub code: String,
    pub admin: String,
    pub makers: BTreeMap<&'static str, Actor>,
}

/// Requests come from addresses of their own, so that nobody is slowed down.
fn address() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("10.0.{}.{}", n / 256, n % 256)
}

/// One HTTP request to a service, as the gateway passes it on.
pub async fn http(
    world: &World,
    service: &str,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    body: Bytes,
) -> Response<Bytes> {
    let mut request = Request::builder().method(method).uri(path);
    request = request.header("x-commonhold-client", address());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let peer = world.running.peers.get(service).expect("a service of this world");
    peer.call(request.body(body).expect("a request")).await.expect("an answer")
}

async fn post(world: &World, path: &str, headers: &[(&str, &str)], body: Value) -> Value {
    let headers = [headers, &[("content-type", "application/json")]].concat();
    let body = body.to_string().into();
    let answer = http(world, "identity", ("POST", path), &headers, body).await;
    assert!(answer.status().is_success(), "{path}: {} {:?}", answer.status(), answer.body());
    serde_json::from_slice(answer.body()).unwrap_or_default()
}

pub fn operator() -> String {
    format!("Basic {}", STANDARD.encode(format!("{OPERATOR}:{PASSWORD}")))
}

/// Registers the platform's operator.
pub async fn register_operator(world: &World) {
    let context = world.context("identity");
    let passwords = identity::Passwords::from_config(&context.config).expect("a configuration");
    identity::seed::operator(&context.db, &passwords, OPERATOR, PASSWORD)
        .await
        .expect("an operator");
}

/// The token of somebody who has an account.
pub async fn sign_in(world: &World, company: &str, login: &str) -> String {
    let body = json!({ "company": company, "login": login, "password": PASSWORD });
    let answer = post(world, "/auth/session?mode=token", &[], body).await;
    answer["accessToken"].as_str().expect("a token").to_owned()
}

async fn set_password(world: &World, token: &Value) {
    post(world, "/auth/password-reset", &[], json!({ "token": token, "password": PASSWORD })).await;
}

impl Company {
    /// A company as the platform opens it, with makers of every kind.
    pub async fn open(
        world: &Arc<World>,
        place: &Place,
        code: &str,
        roles: &[&'static str],
    ) -> Self {
        let name = place.text("companyText");
        let body = json!({ "code": code, "name": name, "adminLogin": "admin", "adminName": name });
        let headers = [("authorization", operator())];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let made = post(world, "/auth/platform/companies", &headers, body).await;
        set_password(world, &made["passwordToken"]).await;
        let tenant: TenantId = made["company"].as_str().expect("an id").parse().expect("an id");
        let admin = sign_in(world, code, "admin").await;
        let mut company = Self { tenant, code: code.to_owned(), admin, makers: BTreeMap::new() };
        known(world, &company.admin, None).await;
        for role in roles {
            let token = match *role {
                "CADM" => company.admin.clone(),
                _ => company.hire(world, place, Some(role), None, &[]).await.token,
            };
            let maker = Actor {
                name: (*role).to_owned(),
                token,
                bound: false,
                resident: false,
                upload: None,
            };
            company.makers.insert(role, maker);
        }
        company
    }

    /// Sends a document as the administrator.
    pub async fn administer(&self, world: &World, document: &str, input: Value) -> Value {
        let headers = Stage::bearer(&self.admin);
        let service = "identity";
        world.send(service, headers, document, json!({ "input": input })).await.ok()
    }

    /// A new member of staff, who has signed in.
    pub async fn hire(
        &self,
        world: &World,
        place: &Place,
        role: Option<&str>,
        estate: Option<EstateId>,
        zone: &[String],
    ) -> Hired {
        let login = place.text("login");
        let add = "mutation($input: AddStaffInput!) { addStaff(input: $input) { passwordToken staff { id } } }";
        let input = json!({ "login": login, "name": place.text("companyText") });
        let added = self.administer(world, add, input).await["addStaff"].take();
        set_password(world, &added["passwordToken"]).await;
        let user = added["staff"]["id"].clone();
        if let Some(role) = role {
            let grant =
                "mutation($input: GrantRoleInput!) { grantRole(input: $input) { grant { id } } }";
            let estate = estate.map(|estate| estate.to_string());
            let input =
                json!({ "userId": user, "role": role, "estateId": estate, "buildingIds": zone });
            self.administer(world, grant, input).await;
        }
        let token = sign_in(world, &self.code, &login).await;
        if role.is_some() {
            known(world, &token, estate).await;
        }
        Hired { user, login, token }
    }

    /// A role of the company's own with some permissions.
    pub async fn role(&self, world: &World, code: &str, permissions: Value) {
        let create =
            "mutation($input: CreateRoleInput!) { createRole(input: $input) { role { code } } }";
        let input = json!({ "code": code, "name": code, "permissions": permissions });
        self.administer(world, create, input).await;
    }

    /// A program with a role in an estate, or in the whole company.
    pub async fn client(&self, world: &World, role: &str, estate: Option<&str>) -> String {
        let create = "mutation($input: CreateApiClientInput!) { createApiClient(input: $input) { apiClient { id } clientSecret } }";
        let input = json!({ "name": role, "perMinute": 6000, "expiresAt": "2026-12-31T00:00:00Z",
            "roles": [{ "role": role, "estateId": estate }] });
        let made = self.administer(world, create, input).await["createApiClient"].take();
        let body =
            json!({ "clientId": made["apiClient"]["id"], "clientSecret": made["clientSecret"] });
        let answer = post(world, "/auth/client-token", &[], body).await;
        let token = answer["accessToken"].as_str().expect("a token").to_owned();
        known(world, &token, estate.map(|estate| estate.parse().expect("an id"))).await;
        token
    }

    /// A resident who opened an account with an invitation's code.
    pub async fn resident(&self, world: &World, invitation: &str) -> String {
        let body = json!({ "company": self.code, "code": invitation, "password": PASSWORD });
        let path = "/auth/sign-up?mode=token";
        let headers = [("content-type", "application/json")];
        let token = Mutex::new(None);
        eventually("identity has heard of the invitation", || async {
            let body = body.to_string().into();
            let answer = http(world, "identity", ("POST", path), &headers, body).await;
            let answer: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
            let mut token = token.lock().unwrap();
            *token = answer["accessToken"].as_str().map(str::to_owned);
            token.is_some()
        })
        .await;
        let token = token.into_inner().unwrap().expect("a token");
        known(world, &token, None).await;
        token
    }

    /// A request of the platform's operator to look into the company; its id.
    pub async fn support_request(&self, world: &World, place: &Place) -> Value {
        let path = format!("/auth/platform/companies/{}/support", self.code);
        let body = json!({ "reason": place.text("companyText"), "hours": 2 });
        let operator = operator();
        let made = post(world, &path, &[("authorization", &operator)], body).await;
        made["supportGrant"].clone()
    }

    /// The platform's operator, let in by the company.
    pub async fn support(&self, world: &World, place: &Place) -> String {
        let request = self.support_request(world, place).await;
        let approve = "mutation($input: ApproveSupportInput!) { approveSupport(input: $input) { supportGrant { id } } }";
        self.administer(world, approve, json!({ "id": request })).await;
        let path = format!("/auth/platform/companies/{}/support/session", self.code);
        let operator = operator();
        let opened = post(world, &path, &[("authorization", &operator)], json!({})).await;
        let token = opened["accessToken"].as_str().expect("a token").to_owned();
        known(world, &token, None).await;
        token
    }
}

/// Waits until every service lets somebody in and knows what they may do.
async fn known(world: &World, token: &str, estate: Option<EstateId>) {
    for context in world.running.contexts.values() {
        eventually("the policy is known", || async {
            let caller = context.policy.caller(token, "suite");
            caller.is_ok_and(|caller| !caller.permissions(estate).is_empty())
        })
        .await;
    }
}
