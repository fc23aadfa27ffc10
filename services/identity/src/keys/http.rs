//! The public keys for whoever verifies tokens.

use crate::{IdentityError, app::Identity};
use axum::{Json, Router, extract::State, routing::get};
use serde_json::{Value, json};

/// `GET /auth/jwks`.
pub fn routes(identity: Identity) -> Router {
    Router::new().route("/auth/jwks", get(jwks)).with_state(identity)
}

async fn jwks(State(identity): State<Identity>) -> Result<Json<Value>, IdentityError> {
    let keys = identity.keys.public().await?.into_iter().map(|key| {
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                "kid": key.kid, "x": key.x })
    });
    Ok(Json(json!({ "keys": keys.collect::<Vec<_>>() })))
}
