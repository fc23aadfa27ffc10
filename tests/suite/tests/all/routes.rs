//! Routes beside the graph: each has a case, none answers without the gateway's proof, and what is
//! somebody else's answers as what never was.

use crate::stage::{PASSWORD, Place, Stage, http, missing};
use axum::{Router, body::Body};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::run;
use tower::ServiceExt as _;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    /// Anybody, also past the gateway; it names no object.
    Open,
    /// Whoever carries the proof; it names no object, or is the graph or another service's.
    Proof,
    /// Names an object by an id, a code or a secret: foreign ones are tried below.
    Object,
    /// Platform operators only.
    Operator,
}

/// Every route of every service. A new one fails the suite until it stands here and is tried.
const ROUTES: [(&str, Case, &[&str]); 11] = [
    ("*", Case::Open, &["/healthz", "/readyz", "/metrics"]),
    ("*", Case::Proof, &["/graphql", "/internal/events"]),
    ("identity", Case::Proof, &["/internal/policy", "/auth/jwks"]),
    (
        "identity",
        Case::Object,
        &[
            "/auth/session",
            "/auth/session/refresh",
            "/auth/password-reset",
            "/auth/sign-up",
            "/auth/client-token",
        ],
    ),
    (
        "identity",
        Case::Operator,
        &[
            "/auth/platform/companies",
            "/auth/platform/companies/{code}/state",
            "/auth/platform/companies/{code}/support",
            "/auth/platform/companies/{code}/support/session",
        ],
    ),
    ("residents", Case::Proof, &["/files", "/internal/files/{company}/{file}"]),
    ("residents", Case::Object, &["/files/{id}"]),
    ("service-desk", Case::Proof, &["/files"]),
    ("service-desk", Case::Object, &["/files/{id}", "/files/figures/files/{id}"]),
    ("billing", Case::Proof, &["/internal/fees/{company}/{estate}"]),
    ("billing", Case::Object, &["/webhooks/stripe/{merchant}", "/files/{id}", "/verify/{code}"]),
];

/// The paths of a router, as it shows them; what it answers to all others with is none.
fn paths(router: &Router) -> BTreeSet<String> {
    let shown = format!("{router:?}");
    let quoted = shown.split('"').skip(1).step_by(2);
    let paths = quoted.filter(|text| text.starts_with('/') && text.len() > 1);
    paths.filter(|path| !path.contains("__private__")).map(str::to_owned).collect()
}

fn cases(service: &str) -> Vec<(Case, &'static str)> {
    let own = ROUTES.iter().filter(|(of, ..)| *of == "*" || *of == service);
    own.flat_map(|(_, case, paths)| paths.iter().map(|path| (*case, *path))).collect()
}

#[test]
fn every_route_has_a_case() {
    run(async {
        let world = crate::town::world().await;
        for (service, router) in &world.running.routes {
            let known: BTreeSet<String> =
                cases(service).into_iter().map(|(_, path)| path.to_owned()).collect();
            assert_eq!(paths(router), known, "the routes of {service}");
        }
    });
}

#[test]
fn nothing_answers_without_the_gateways_proof() {
    run(async {
        let world = crate::town::world().await;
        for (service, router) in &world.running.routes {
            for (case, path) in cases(service) {
                for method in ["GET", "POST", "DELETE"] {
                    let request =
                        Request::builder().method(method).uri(path.replace(['{', '}'], ""));
                    let request = request.body(Body::empty()).expect("a request");
                    let answer = router.clone().oneshot(request).await.expect("an answer");
                    let refused = answer.status() == StatusCode::FORBIDDEN;
                    let open = case == Case::Open;
                    assert_ne!(refused, open, "{service}: {method} {path}: {}", answer.status());
                }
            }
        }
    });
}

/// Sends JSON to identity.
async fn post(stage: &Stage, path: &str, authorization: Option<&str>, body: &Value) -> Seen {
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(authorization.map(|value| ("authorization", value)));
    let body = Bytes::from(body.to_string());
    Seen::of(&http(&stage.world, "identity", ("POST", path), &headers, body).await)
}

/// An answer as a client sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen(StatusCode, String);

impl Seen {
    fn of(answer: &Response<Bytes>) -> Self {
        Self(answer.status(), String::from_utf8_lossy(answer.body()).into_owned())
    }
}

#[test]
fn the_platforms_routes_are_the_operators() {
    run(async {
        let stage = Stage::get().await;
        let admin = format!("Bearer {}", stage.ours.admin);
        // Each has a name of their own: guesses at one name are slowed down.
        let mut number = 0;
        let mut stranger = || {
            number += 1;
            format!("Basic {}", STANDARD.encode(format!("stranger-{number}:{PASSWORD}")))
        };
        for (case, path) in cases("identity") {
            if case != Case::Operator {
                continue;
            }
            let body = json!({ "code": "third", "name": "x", "adminLogin": "x", "adminName": "x",
                "state": "Suspended", "reason": "a reason", "hours": 1 });
            let strangers = [(); 2].map(|()| Some(stranger()));
            for [one, other] in
                [[None, None], [Some(admin.clone()), Some(admin.clone())], strangers]
            {
                let ask = async |code: &str, who: Option<String>| {
                    post(&stage, &path.replace("{code}", code), who.as_deref(), &body).await
                };
                let (known, unknown) = (ask("theirs", one).await, ask("nobodys", other).await);
                assert_eq!(known, unknown, "{path}");
                assert_eq!(known.0, StatusCode::UNAUTHORIZED, "{path}: {}", known.1);
            }
        }
    });
}

#[test]
fn accounts_and_secrets_of_another_company_are_none_here() {
    run(async {
        let stage = Stage::get().await;
        let code = stage.ours.code.as_str();
        let theirs = stage.foreign.text("colleaguesLogin");
        let session = |login: &str| json!({ "company": code, "login": login, "password": "wrong horse battery" });
        let known = post(&stage, "/auth/session", None, &session(&theirs)).await;
        let unknown = post(&stage, "/auth/session", None, &session("nobody-at-all")).await;
        assert_eq!((known.0, &known), (StatusCode::UNAUTHORIZED, &unknown));
        let sign_up = |code_given: &str| json!({ "company": code, "code": code_given, "password": "correct horse battery" });
        let invitation = stage.foreign.text("ownersInvitation");
        let known = post(&stage, "/auth/sign-up", None, &sign_up(&invitation)).await;
        let unknown = post(&stage, "/auth/sign-up", None, &sign_up("00000000000000000000")).await;
        assert!(known.0.is_client_error(), "{known:?}");
        assert_eq!(known, unknown);
        for (path, field) in
            [("/auth/session/refresh", "refreshToken"), ("/auth/password-reset", "token")]
        {
            let secret = stage.foreign.text("resetToken");
            let (kept, _) = secret.split_at(secret.len() - 8);
            let body =
                |token: String| json!({ (field): token, "password": "correct horse battery" });
            let forged = post(&stage, path, None, &body(format!("{kept}AAAAAAAA"))).await;
            let random = post(&stage, path, None, &body("A".repeat(secret.len()))).await;
            assert!(forged.0.is_client_error(), "{path}: {forged:?}");
            assert_eq!(forged, random, "{path}");
        }
        let client = |id: &Value| json!({ "clientId": id, "clientSecret": stage.foreign.text("resetToken") });
        let id = stage.foreign.known("apiClient").expect("a client");
        let known = post(&stage, "/auth/client-token", None, &client(&id)).await;
        let unknown = post(&stage, "/auth/client-token", None, &client(&missing(&id))).await;
        assert_eq!((known.0, &known), (StatusCode::UNAUTHORIZED, &unknown));
    });
}

/// Where our exported roster is to be had.
async fn our_link(stage: &Stage, place: &Place) -> String {
    let export = "mutation($id: ID!) { exportRoster(input: { estateId: $id }) { link } }";
    let headers = Stage::bearer(&stage.ours.admin);
    let variables = json!({ "id": place.text("estate") });
    let made = stage.world.send("residents", headers, export, variables).await.ok();
    let link = made["exportRoster"]["link"].as_str().expect("a link");
    link.replace("/files/residents/", "/files/")
}

/// A link opens its file; with another file or another company in it, or both, it answers as for a
/// file that never was.
async fn opens_only_its_own(stage: &Stage, service: &str, link: &str, theirs: &str) {
    let link = link.replace(&format!("/files/{service}/"), "/files/");
    let get = async |path: &str| {
        Seen::of(&http(&stage.world, service, ("GET", path), &[], Bytes::new()).await)
    };
    assert_eq!(get(&link).await.0, StatusCode::OK, "{link}");
    let (file, query) = link.split_once('?').expect("a signature");
    let (folder, _) = file.rsplit_once('/').expect("a folder");
    let theirs = stage.foreign.known(theirs).expect("a file");
    let there = |file: &Value, query: &str| {
        format!("{folder}/{}?{query}", file.as_str().unwrap_or_default())
    };
    let known = get(&there(&theirs, query)).await;
    let unknown = get(&there(&missing(&theirs), query)).await;
    assert_eq!((known.0, &known), (StatusCode::NOT_FOUND, &unknown));
    let [ours, tenant] = [&stage.ours, &stage.theirs].map(|company| company.tenant.as_uuid());
    let moved = query
        .replace(&stage.ours.tenant.to_string(), &stage.theirs.tenant.to_string())
        .replace(&ours.simple().to_string(), &tenant.simple().to_string());
    assert_ne!(moved, query, "the link names the company");
    assert_eq!(get(&there(&theirs, &moved)).await, known);
    assert_eq!(get(&format!("{file}?{moved}")).await, known);
}

#[test]
fn a_link_opens_its_own_file_and_no_other() {
    run(async {
        let stage = Stage::get().await;
        let link = our_link(&stage, &stage.inside).await;
        opens_only_its_own(&stage, "residents", &link, "upload").await;
    });
}

/// What somebody of the service desk is answered.
async fn desk(stage: &Stage, role: &str, document: &str, variables: Value) -> Value {
    let actor = stage.actors.iter().find(|actor| actor.name == role).expect("somebody");
    let headers = Stage::bearer(&actor.token);
    stage.world.send("service-desk", headers, document, variables).await.ok()
}

#[test]
fn what_the_service_desk_keeps_is_fetched_by_its_own_link() {
    run(async {
        let stage = Stage::get().await;
        let _turn = stage.turn.lock().await;
        let list = "query($id: ID!) { attachments(parentId: $id) { nodes { link } } }";
        let contact = json!({ "id": stage.inside.text("contact") });
        let found = desk(&stage, "DESK", list, contact).await;
        let links = found["attachments"]["nodes"].as_array().expect("attachments");
        let link = links.iter().find_map(|node| node["link"].as_str()).expect("a link");
        opens_only_its_own(&stage, "service-desk", link, "deskUpload").await;
        let export =
            "mutation($id: ID!) { exportDeskFigures(input: { estateId: $id, month: \"2026-07\",
            by: CLASS }) { link } }";
        let estate = json!({ "id": stage.inside.text("estate") });
        let made = desk(&stage, "SUP", export, estate).await;
        let link = made["exportDeskFigures"]["link"].as_str().expect("a link");
        opens_only_its_own(&stage, "service-desk", link, "deskUpload").await;
    });
}

#[test]
fn a_document_is_verified_by_its_own_code_and_fetched_by_its_own_link() {
    run(async {
        let stage = Stage::get().await;
        let issue = "mutation($id: ID!) { issuePaymentNotice(input: { billId: $id }) { document { code link } } }";
        let finance = stage.actors.iter().find(|actor| actor.name == "CFIN").expect("finance");
        let headers = Stage::bearer(&finance.token);
        let variables = json!({ "id": stage.inside.text("bill") });
        let made = stage.world.send("billing", headers, issue, variables).await.ok();
        let document = &made["issuePaymentNotice"]["document"];
        let get = async |path: &str| {
            Seen::of(&http(&stage.world, "billing", ("GET", path), &[], Bytes::new()).await)
        };
        let code = document["code"].as_str().expect("a code");
        let seen = get(&format!("/verify/{code}")).await;
        assert_eq!(seen.0, StatusCode::OK);
        let tenant = stage.ours.tenant.as_uuid().simple().to_string();
        assert!(!seen.1.contains(&tenant), "{}", seen.1);
        let unknown = get("/verify/0000-0000-0000-0000").await;
        assert_eq!((unknown.0, &unknown), (StatusCode::NOT_FOUND, &get("/verify/x").await));
        let link = document["link"].as_str().expect("a link").replace("/files/billing/", "/files/");
        assert_eq!(get(&link).await.0, StatusCode::OK);
        let (file, query) = link.split_once('?').expect("a signature");
        let theirs = stage.theirs.tenant.as_uuid().simple().to_string();
        let moved = query.replace(&tenant, &theirs);
        assert_ne!(moved, query, "the link names the company");
        assert_eq!(get(&format!("{file}?{moved}")).await.0, StatusCode::NOT_FOUND);
    });
}

#[test]
fn an_announcement_for_another_companys_account_has_no_effect() {
    run(async {
        let stage = Stage::get().await;
        let body = Bytes::from_static(
            br#"{"id":"evt_1","object":"event","type":"checkout.session.completed","data":{"object":{"id":"cs_1","object":"checkout.session"}}}"#,
        );
        let send = async |merchant: &str| {
            let path = format!("/webhooks/stripe/{merchant}");
            let headers = [("stripe-signature", "t=1785470400,v1=00")];
            http(&stage.world, "billing", ("POST", &path), &headers, body.clone()).await
        };
        let theirs = stage.foreign.known("merchantAccount").expect("an account");
        let nobodys = missing(&theirs);
        let answers = [
            send(theirs.as_str().unwrap_or_default()).await,
            send(nobodys.as_str().unwrap_or_default()).await,
            send("platform").await,
        ];
        for answer in answers {
            assert!(answer.status().is_client_error(), "{}", answer.status());
            assert!(answer.body().is_empty(), "an announcement is answered with a number only");
        }
    });
}
