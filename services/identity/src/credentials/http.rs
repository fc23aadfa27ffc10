//! Resetting a password with a link, before sign-in.

use super::reset::reset;
use crate::{IdentityError, app::Identity};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde::Deserialize;

/// `POST /auth/password-reset`.
pub fn routes(identity: Identity) -> Router {
    Router::new().route("/auth/password-reset", post(password_reset)).with_state(identity)
}

#[derive(Deserialize)]
struct Body {
    token: String,
    password: String,
}

async fn password_reset(
    State(identity): State<Identity>,
    headers: HeaderMap,
    Json(body): Json<Body>,
) -> Result<StatusCode, IdentityError> {
    reset(&identity, &body.token, body.password, &crate::origin(&headers)).await?;
    Ok(StatusCode::NO_CONTENT)
}
