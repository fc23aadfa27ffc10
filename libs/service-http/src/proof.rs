//! The proof that a call comes from our own gateway or services and not from outside.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

/// The header that carries the proof. The gateway never forwards one sent by a client.
pub const PROOF_HEADER: HeaderName = HeaderName::from_static("x-commonhold-proof");

/// A secret shared by the processes of one installation.
#[derive(Clone, Debug)]
pub struct Proof(SecretString);

impl Proof {
    /// Wraps the configured secret.
    pub fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    /// Puts the proof on an outgoing call, replacing whatever was there.
    pub fn put(&self, headers: &mut HeaderMap) {
        if let Ok(mut value) = HeaderValue::from_str(self.0.expose_secret()) {
            value.set_sensitive(true);
            headers.insert(PROOF_HEADER, value);
        }
    }

    /// The secret itself, for what sends calls by itself and is given their headers beforehand.
    pub fn secret(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether the call carries the proof; compared in constant time.
    pub fn is_on(&self, headers: &HeaderMap) -> bool {
        headers
            .get(PROOF_HEADER)
            .is_some_and(|given| given.as_bytes().ct_eq(self.0.expose_secret().as_bytes()).into())
    }
}

/// Middleware: refuses with 403 what does not carry the proof.
pub async fn require_proof(
    State(proof): State<Proof>,
    request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    if proof.is_on(request.headers()) {
        Ok(next.run(request).await)
    } else {
        Err(StatusCode::FORBIDDEN)
    }
}
