//! Client credentials over HTTP.

use super::token::client_token;
use crate::{IdentityError, app::Identity};
use authz::TOKEN_LIFETIME_MINUTES;
use axum::{Json, Router, extract::State, http::HeaderMap, routing::post};
use serde::Deserialize;
use serde_json::{Value, json};

/// `POST /auth/client-token`.
pub fn routes(identity: Identity) -> Router {
    Router::new().route("/auth/client-token", post(token)).with_state(identity)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    client_id: String,
    client_secret: String,
}

async fn token(
    State(identity): State<Identity>,
    headers: HeaderMap,
    Json(body): Json<Body>,
) -> Result<Json<Value>, IdentityError> {
    let origin = crate::origin(&headers);
    let token = client_token(&identity, &body.client_id, &body.client_secret, &origin).await?;
    let seconds = TOKEN_LIFETIME_MINUTES * 60;
    Ok(Json(json!({ "accessToken": token, "tokenType": "Bearer", "expiresIn": seconds })))
}
