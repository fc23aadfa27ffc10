//! Redeeming an invitation over HTTP.

use super::redeem::{Redeem, redeem};
use crate::{
    IdentityError,
    app::Identity,
    sessions::{Origin, answer},
};
use axum::{
    Json, Router,
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
    routing::post,
};
use serde::Deserialize;

/// `POST /auth/sign-up`.
pub fn routes(identity: Identity) -> Router {
    Router::new().route("/auth/sign-up", post(sign_up)).with_state(identity)
}

#[derive(Deserialize)]
struct Mode {
    mode: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    company: String,
    code: String,
    password: String,
}

async fn sign_up(
    State(identity): State<Identity>,
    Query(mode): Query<Mode>,
    headers: HeaderMap,
    Json(body): Json<Body>,
) -> Result<Response, IdentityError> {
    let Body { company, code, password } = body;
    let cmd = Redeem { company, code, password, origin: Origin::of(&headers) };
    let tokens = redeem(&identity, cmd).await?;
    Ok(answer(&identity, &tokens, mode.mode.as_deref() == Some("token")))
}
