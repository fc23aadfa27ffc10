//! HTTP: keys, accounts, idempotency and the faults on the wire.

use crate::{
    api::{self, Refusal},
    control,
    faults::{Fault, take_wire_fault},
    form::Params,
    pages,
    peer::FakeStripe,
    state::Saved,
};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
    routing::{any, get, post},
};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::Value;

const BODY_LIMIT: usize = 1 << 20;
const REPLAYED: &str = "idempotent-replayed";

impl FakeStripe {
    /// Everything the peer serves: `/v1/…`, `/pay/…`, `/connect/…`, and `/_control/…` if opened.
    pub fn router(&self) -> Router {
        let mut router = Router::new()
            .route("/v1/{*path}", any(serve_api))
            .route("/pay/{session}", get(pages::show_payment).post(pages::act_payment))
            .route("/connect/{account}", get(pages::show_onboarding).post(pages::act_onboarding));
        if self.has_control() {
            router = router
                .route("/_control/{command}", post(control::act))
                .route("/_control/objects/{account}/{kind}", get(control::objects));
        }
        router.with_state(self.clone())
    }

    /// Serves on a listener until the future is dropped.
    ///
    /// # Errors
    /// When the listener breaks.
    pub async fn serve(self, listener: tokio::net::TcpListener) -> std::io::Result<()> {
        axum::serve(listener, self.router()).await
    }
}

/// One request to the API, taken apart.
struct Call {
    account: String,
    method: Method,
    path: String,
    params: Params,
    key: Option<String>,
}

/// What is to be answered.
struct Answer {
    status: u16,
    body: Value,
    replayed: bool,
}

impl Answer {
    fn refuse(refusal: &Refusal) -> Self {
        Self { status: refusal.status, body: refusal.body(), replayed: false }
    }
}

async fn serve_api(State(stripe): State<FakeStripe>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let account = match authenticate(&stripe, &parts.headers) {
        Ok(account) => account,
        Err(refusal) => return respond(Answer::refuse(&refusal)),
    };
    let encoded = match parts.method {
        Method::POST => body,
        _ => Bytes::from(parts.uri.query().unwrap_or_default().to_owned()),
    };
    let path = parts.uri.path().to_owned();
    let fault = stripe
        .change(|state| take_wire_fault(&mut state.rules, &format!("{} {path}", parts.method)));
    let key = text(&parts.headers, "idempotency-key").filter(|_| parts.method == Method::POST);
    let params = Params::parse(&encoded);
    let call = Call { account, method: parts.method, path, params, key };
    if fault == Some(Fault::TimeoutBeforeEffect) {
        return std::future::pending().await;
    }
    // A task of its own: the work is done even if the caller hangs up meanwhile.
    let work = tokio::spawn(process(stripe, call, fault.clone()));
    let Ok(answer) = work.await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    match fault {
        Some(Fault::TimeoutAfterEffect) => std::future::pending().await,
        Some(Fault::DropAfterEffect) => broken_off(),
        _ => respond(answer),
    }
}

fn authenticate(stripe: &FakeStripe, headers: &HeaderMap) -> Result<String, Refusal> {
    let key = text(headers, header::AUTHORIZATION.as_str());
    let key = key.as_deref().and_then(|value| value.strip_prefix("Bearer "));
    let state = stripe.lock();
    let account = key.and_then(|key| state.keys.get(key)).ok_or_else(|| {
        Refusal::new(401, "invalid_request_error", None, None, "Invalid API Key provided.")
    })?;
    let Some(wanted) = text(headers, "stripe-account").filter(|wanted| wanted != account) else {
        return Ok(account.clone());
    };
    let own = state.accounts.get(&wanted).is_some_and(|a| a.platform.as_ref() == Some(account));
    own.then_some(wanted).ok_or_else(|| {
        let message = "The provided key does not have access to that account.";
        Refusal::new(403, "invalid_request_error", Some("account_invalid"), None, message)
    })
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

async fn process(stripe: FakeStripe, call: Call, fault: Option<Fault>) -> Answer {
    match fault {
        Some(Fault::ServerError) => return Answer::refuse(&server_error()),
        Some(Fault::RateLimited) => {
            let code = Some("rate_limit");
            let message = "Too many requests hit the API too quickly.";
            let refusal = Refusal::new(429, "invalid_request_error", code, None, message);
            return Answer::refuse(&refusal);
        }
        _ => {}
    }
    if let Some(earlier) = stripe.change(|state| claim(state, &call)) {
        return earlier;
    }
    if fault == Some(Fault::Hold) {
        stripe.hold().await;
    }
    stripe.operate(&call.account, |tx| {
        let result = if fault == Some(Fault::SavedServerError) {
            Err(server_error())
        } else {
            let path = call.path.split('/').skip_while(|s| *s != "v1").skip(1);
            let path: Vec<&str> = path.collect();
            api::dispatch(tx, call.method.as_str(), &path, &call.params)
        };
        let (answer, remembered) = match result {
            Ok(body) => (Answer { status: 200, body, replayed: false }, true),
            Err(refusal) => (Answer::refuse(&refusal), refusal.is_remembered()),
        };
        if let Some(key) = &call.key {
            if remembered && let Some(saved) = tx.own().saved.get_mut(key) {
                saved.answer = Some((answer.status, answer.body.clone()));
            } else {
                tx.own().saved.remove(key);
            }
        }
        answer
    })
}

/// Takes the idempotency key for this call; `Some` if the answer is known without running it.
fn claim(state: &mut crate::state::State, call: &Call) -> Option<Answer> {
    let key = call.key.as_ref()?;
    let fingerprint = format!("{} {} {}", call.method, call.path, call.params.fingerprint());
    let own = state.accounts.entry(call.account.clone()).or_default();
    let Some(saved) = own.saved.get(key) else {
        own.saved.insert(key.clone(), Saved { fingerprint, answer: None });
        return None;
    };
    if saved.fingerprint != fingerprint {
        let message = "Keys for idempotent requests can only be used with the same parameters \
                       they were first used with.";
        return Some(Answer::refuse(&Refusal::new(400, "idempotency_error", None, None, message)));
    }
    if let Some((status, body)) = saved.answer.clone() {
        return Some(Answer { status, body, replayed: true });
    }
    let code = Some("idempotency_key_in_use");
    let message = "There is currently another in-progress request using this key.";
    Some(Answer::refuse(&Refusal::new(409, "idempotency_error", code, None, message)))
}

fn server_error() -> Refusal {
    Refusal::new(500, "api_error", None, None, "An unknown error occurred.")
}

fn respond(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, axum::Json(answer.body)).into_response();
    if answer.replayed {
        response.headers_mut().insert(REPLAYED, http::HeaderValue::from_static("true"));
    }
    response
}

/// An answer whose connection breaks before the body ends.
fn broken_off() -> Response {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    Response::new(Body::from_stream(futures::stream::once(async { Err::<Bytes, _>(broken) })))
}
