//! Signing in and out over HTTP: cookies for browsers, tokens in the body for programs.

use super::{
    Origin, Tokens,
    end::sign_out,
    refresh::refresh,
    sign_in::{SignIn, sign_in},
    tokens::IDLE,
};
use crate::{IdentityError, app::Identity};
use authz::TOKEN_LIFETIME_MINUTES;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::json;

/// `/auth/session`: POST signs in, DELETE signs out; `/auth/session/refresh` refreshes.
pub fn routes(identity: Identity) -> Router {
    Router::new()
        .route("/auth/session", post(begin).delete(end))
        .route("/auth/session/refresh", post(renew))
        .with_state(identity)
}

/// `?mode=token`: tokens in the body, no cookies.
#[derive(Deserialize)]
struct Mode {
    mode: Option<String>,
}

impl Mode {
    fn is_token(&self) -> bool {
        self.mode.as_deref() == Some("token")
    }
}

#[derive(Deserialize)]
struct Begin {
    company: String,
    login: String,
    password: String,
}

async fn begin(
    State(identity): State<Identity>,
    Query(mode): Query<Mode>,
    headers: HeaderMap,
    Json(body): Json<Begin>,
) -> Result<Response, IdentityError> {
    let Begin { company, login, password } = body;
    let cmd = SignIn { company, login, password, origin: Origin::of(&headers) };
    let tokens = sign_in(&identity, cmd).await?;
    Ok(answer(&identity, &tokens, mode.is_token()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Renew {
    refresh_token: String,
}

/// The refresh token: in the body, or in the cookie together with the CSRF header.
fn refresh_token(headers: &HeaderMap, body: &Bytes) -> Option<String> {
    if let Ok(body) = serde_json::from_slice::<Renew>(body) {
        return Some(body.refresh_token);
    }
    let csrf = cookie(headers, "__Host-csrf").filter(|csrf| !csrf.is_empty())?;
    let sent = headers.get("x-csrf-token").and_then(|value| value.to_str().ok());
    (sent == Some(csrf)).then(|| cookie(headers, "__Host-refresh").map(str::to_owned)).flatten()
}

fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';'));
    pairs
        .find_map(|pair| pair.trim().split_once('=').filter(|(name, _)| *name == wanted))
        .map(|(_, value)| value)
}

async fn renew(
    State(identity): State<Identity>,
    Query(mode): Query<Mode>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, IdentityError> {
    let token = refresh_token(&headers, &body).ok_or(IdentityError::NotSignedIn)?;
    let tokens = refresh(&identity, &token, &crate::origin(&headers)).await?;
    Ok(answer(&identity, &tokens, mode.is_token()))
}

async fn end(
    State(identity): State<Identity>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, IdentityError> {
    if let Some(token) = refresh_token(&headers, &body) {
        sign_out(&identity, &token, &crate::origin(&headers)).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    for name in ["__Host-session", "__Host-refresh", "__Host-csrf"] {
        set_cookie(&mut response, name, "", 0, name != "__Host-csrf");
    }
    Ok(response)
}

/// Gives a client its tokens.
pub fn answer(identity: &Identity, tokens: &Tokens, in_body: bool) -> Response {
    let seconds = TOKEN_LIFETIME_MINUTES * 60;
    let mut body = json!({ "user": tokens.user, "kind": tokens.kind, "expiresIn": seconds });
    if in_body {
        body["tokenType"] = json!("Bearer");
        body["accessToken"] = json!(tokens.access);
        body["refreshToken"] = json!(tokens.refresh);
        return no_store(Json(body).into_response());
    }
    let csrf = URL_SAFE_NO_PAD.encode(identity.clock.bytes::<24>());
    body["csrfToken"] = json!(csrf);
    let mut response = no_store(Json(body).into_response());
    set_cookie(&mut response, "__Host-session", &tokens.access, seconds, true);
    set_cookie(&mut response, "__Host-refresh", &tokens.refresh, IDLE.num_seconds(), true);
    set_cookie(&mut response, "__Host-csrf", &csrf, IDLE.num_seconds(), false);
    response
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: i64, http_only: bool) {
    let http_only = if http_only { "; HttpOnly" } else { "" };
    let text =
        format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; SameSite=Lax{http_only}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

impl Origin {
    /// Where a request came from, as the gateway says.
    pub fn of(headers: &HeaderMap) -> Self {
        let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let agent = agent.unwrap_or_default().chars().take(200).collect();
        Self { address: crate::origin(headers), agent }
    }
}
