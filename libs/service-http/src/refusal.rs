//! A failure as an answer over HTTP; the only place that makes one.

use axum::{
    Json,
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use errors::{Code, Coded, chain};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use texts::{Language, Text};

/// What an answer says, kept beside it until its language is known.
#[derive(Clone)]
struct Refusal {
    code: Code,
    text: Text,
    field: Option<String>,
    retry: Option<u64>,
}

/// The answer to a request that failed, `{"error": {code, message, field, retryAfterSeconds}}`, in
/// Chinese until [`speak`] puts it into the caller's language.
///
/// A failure whose code is not public is logged once, here, and answered with a fixed sentence.
pub fn refusal(failure: &dyn Coded) -> Response {
    let code = failure.code();
    let text = if code.is_public() {
        failure.text()
    } else {
        tracing::error!(error.code = code.as_str(), "request failed: {}", chain(failure));
        code.text()
    };
    let (field, retry) = (failure.field().map(str::to_owned), failure.retry_after_seconds());
    let refusal = Refusal { code, text, field, retry };
    let mut response = (status(code), Json(refusal.body(Language::default()))).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = retry {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response.extensions_mut().insert(refusal);
    response
}

/// Middleware: puts a [`refusal`] into the language that the request accepts.
pub async fn speak(request: Request, next: Next) -> Response {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
    let language = Language::accepted(accepted.and_then(|value| value.to_str().ok()));
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        *response.body_mut() = Json(refusal.body(language)).into_response().into_body();
    }
    response
}

impl Refusal {
    fn body(&self, language: Language) -> Value {
        json!({ "error": {
            "code": self.code.as_str(),
            "message": self.text.say(language),
            "field": self.field,
            "retryAfterSeconds": self.retry,
        }})
    }
}

const fn status(code: Code) -> StatusCode {
    match code {
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Forbidden | Code::Suspended => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Code::Conflict | Code::IdempotencyMismatch => StatusCode::CONFLICT,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::ProjectionBehind | Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use errors::{Invalid, expected};
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    async fn said(language: &str) -> (StatusCode, Value) {
        let wrong = || async { refusal(&Invalid::new("phone", expected::filled())) };
        let app = Router::new().route("/", get(wrong)).layer(from_fn(speak));
        let request = http::Request::get("/").header(header::ACCEPT_LANGUAGE, language);
        let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn a_refusal_speaks_the_language_of_the_request() {
        let (status, body) = said("en").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(body["error"]["message"], "must be given");
        assert_eq!(body["error"]["field"], "phone");
        assert_eq!(said("fr").await.1["error"]["message"], "必须填写");
    }
}
