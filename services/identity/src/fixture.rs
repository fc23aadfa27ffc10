//! A running identity service and a company in it, for the tests of the features.

use crate::seed::{self, SeedCompany, SeedEstate, SeedStaff, Seeded};
use crate::{Passwords, service};
use axum::http::{HeaderMap, Request, Response, header};
use bytes::Bytes;
use ids::EstateId;
use runtime::ServiceContext;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Answer, World};

pub const PASSWORD: &str = "correct horse battery";

static WORLD: tokio::sync::OnceCell<Arc<World>> = tokio::sync::OnceCell::const_new();

/// The one world of this test binary; its clock stands still.
pub async fn world() -> Arc<World> {
    let cheap = [("ARGON2_MEMORY_KIB", "8"), ("ARGON2_PASSES", "1")];
    let start = || async move { Arc::new(World::start(vec![service()], &cheap).await) };
    Arc::clone(WORLD.get_or_init(start).await)
}

/// A world of its own, for a test that moves the clock.
pub async fn own_world() -> Arc<World> {
    let cheap = [("ARGON2_MEMORY_KIB", "8"), ("ARGON2_PASSES", "1")];
    Arc::new(World::start(vec![service()], &cheap).await)
}

/// A company with two estates: an administrator `admin`, a director of the first `director`, a
/// front desk of the first `desk`, and somebody without a role `nobody`.
pub struct Office {
    pub world: Arc<World>,
    pub seeded: Seeded,
    pub code: String,
    /// The address that requests come from: the company's own, so that tests do not slow each
    /// other down.
    pub address: String,
}

impl Office {
    pub async fn open() -> Self {
        Self::open_in(world().await).await
    }

    pub async fn open_in(world: Arc<World>) -> Self {
        let id = world.clock.uuid().simple().to_string();
        let code = format!("c-{}", &id[12..32]);
        let staff = |login, name, roles| SeedStaff { login, name, password: PASSWORD, roles };
        let estate = |code, name| SeedEstate { code, name, address: "合肥" };
        let seed = SeedCompany {
            code: &code,
            name: "翠湖物业",
            estates: vec![estate("FCH", "翡翠湖畔花园"), estate("AJ", "安居苑")],
            staff: vec![
                staff("admin", "王经理", vec![]),
                staff("director", "周敏", vec![("DIR", Some("FCH"))]),
                staff("desk", "李倩", vec![("DESK", Some("FCH"))]),
                staff("nobody", "赵六", vec![]),
            ],
        };
        let context = world.context("identity");
        let passwords = Passwords::from_config(&context.config).unwrap();
        let seeded = seed::company(&context.db, &passwords, &seed).await.unwrap();
        let address = format!("10.{}", &id[20..32]);
        let office = Self { world, seeded, code, address };
        office.policy_reached().await;
        office
    }

    pub fn context(&self) -> &ServiceContext {
        self.world.context("identity")
    }

    pub fn estate(&self, code: &str) -> EstateId {
        self.seeded.estates[code]
    }

    pub fn user(&self, login: &str) -> String {
        self.seeded.staff[login].to_string()
    }

    /// Waits until the service itself knows every change made so far.
    pub async fn policy_reached(&self) {
        let head = crate::policy::head(&self.context().db).await.unwrap();
        self.context().policy.reached(head).await;
    }

    /// One HTTP request, as the gateway passes it on.
    pub async fn http(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Response<Bytes> {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("x-commonhold-client", &self.address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body).unwrap();
        self.world.running.peers.get("identity").unwrap().call(request).await.unwrap()
    }

    /// A POST with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let response = self.http("POST", path, &[], &body).await;
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
    }

    /// Signs in for tokens in the body.
    pub async fn try_sign_in(&self, login: &str, password: &str) -> (u16, Value) {
        let body = json!({ "company": self.code, "login": login, "password": password });
        self.post("/auth/session?mode=token", body).await
    }

    /// The tokens of somebody who signs in.
    pub async fn sign_in(&self, login: &str) -> Tokens {
        let (status, body) = self.try_sign_in(login, PASSWORD).await;
        assert_eq!(status, 200, "{body}");
        Tokens::read(&body)
    }

    /// Sends a document with an access token.
    pub async fn send(&self, token: &str, document: &str, variables: Value) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        headers.insert("x-commonhold-client", self.address.parse().unwrap());
        self.world.send("identity", headers, document, variables).await
    }

    /// Signs in and sends one document.
    pub async fn send_as(&self, login: &str, document: &str, variables: Value) -> Answer {
        let tokens = self.sign_in(login).await;
        self.send(&tokens.access, document, variables).await
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl Tokens {
    pub fn read(body: &Value) -> Self {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Self { access: text("accessToken"), refresh: text("refreshToken") }
    }
}
