//! A service's schema as a [`Subgraph`]: authenticates, then executes.

use crate::listening;
use async_graphql::{ObjectType, Request, Response, Schema, ServerError, SubscriptionType};
use authz::{Caller, PolicyStore, TokenError};
use errors::Code;
use futures::{StreamExt as _, stream::BoxStream};
use graphql::{Subgraph, federation_sdl, speak, to_graphql};
use http::{HeaderMap, header};
use std::{sync::Arc, time::Instant};
use telemetry::Outcome;
use texts::Language;
use tracing::{Instrument as _, field::Empty};

/// Adds what resolvers of one request share, e.g. data loaders of this caller.
pub type PerRequest = fn(Request, Option<&Caller>, &db::Db) -> Request;

/// A schema with authentication in front of it.
pub struct Endpoint<Q, M, S> {
    name: &'static str,
    schema: Schema<Q, M, S>,
    policy: PolicyStore,
    db: db::Db,
    per_request: PerRequest,
}

impl<Q, M, S> Endpoint<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    /// Puts authentication in front of a schema.
    pub fn new(
        name: &'static str,
        schema: Schema<Q, M, S>,
        context: &crate::ServiceContext,
        per_request: PerRequest,
    ) -> Self {
        let (policy, db) = (context.policy.clone(), context.db.clone());
        Self { name, schema, policy, db, per_request }
    }
}

#[async_trait::async_trait]
impl<Q, M, S> Subgraph for Endpoint<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    fn name(&self) -> &str {
        self.name
    }

    fn sdl(&self) -> String {
        federation_sdl(&self.schema)
    }

    async fn execute(&self, headers: HeaderMap, request: Request) -> Response {
        let span = self.span(&headers);
        let begun = Instant::now();
        let language = language(&headers);
        let answer = self.answer(&headers, request.data(language));
        let mut response = answer.instrument(span.clone()).await;
        speak(&mut response.errors, language);
        telemetry::request_ended(&span, self.name, outcome(&response), begun.elapsed());
        response
    }

    fn stream(
        self: Arc<Self>,
        headers: HeaderMap,
        request: Request,
    ) -> BoxStream<'static, Response> {
        let language = language(&headers);
        let caller = match authenticate(&self.policy, &headers) {
            Ok(Some(caller)) => caller,
            Ok(None) => return refused(TokenError::NotValid, language),
            Err(error) => return refused(error, language),
        };
        let request = (self.per_request)(request.data(language), Some(&caller), &self.db);
        let answers = self.schema.execute_stream(request.data(caller.clone()));
        let answers = answers.map(move |mut answer| {
            speak(&mut answer.errors, language);
            answer
        });
        let token = token(&headers).unwrap_or_default().to_owned();
        let policy = self.policy.clone();
        listening::while_it_holds(answers, move || policy.still(&token, &caller))
    }
}

/// The one answer of who may not listen.
fn refused(error: TokenError, language: Language) -> BoxStream<'static, Response> {
    let error = to_graphql(error).into_server_error(async_graphql::Pos::default());
    let mut answer = Response::from_errors(vec![error]);
    speak(&mut answer.errors, language);
    futures::stream::once(async move { answer }).boxed()
}

/// The language of whoever sent a request.
fn language(headers: &HeaderMap) -> Language {
    Language::accepted(text(headers, header::ACCEPT_LANGUAGE.as_str()))
}

impl<Q, M, S> Endpoint<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    /// The span of a request, in the trace of who sent it.
    fn span(&self, headers: &HeaderMap) -> tracing::Span {
        let span = tracing::info_span!(
            "graphql",
            otel.kind = "server",
            otel.status_code = Empty,
            service = self.name,
            trace_id = Empty
        );
        telemetry::continue_trace(&span, text(headers, "traceparent"));
        span
    }

    async fn answer(&self, headers: &HeaderMap, request: Request) -> Response {
        let caller = match authenticate(&self.policy, headers) {
            Ok(caller) => caller,
            Err(error) => {
                let error = to_graphql(error).into_server_error(async_graphql::Pos::default());
                return Response::from_errors(vec![error]);
            }
        };
        let mut request = (self.per_request)(request, caller.as_ref(), &self.db);
        if let Some(caller) = caller {
            request = request.data(caller);
        }
        self.schema.execute(request).await
    }
}

/// Failed when one of its errors is our own; an error without a code comes from validation.
fn outcome(response: &Response) -> Outcome {
    let ours = |error: &ServerError| {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        [Code::Internal, Code::Unavailable].iter().any(|own| code == Some(&own.as_str().into()))
    };
    match response.errors.as_slice() {
        [] => Outcome::Ok,
        errors if errors.iter().any(ours) => Outcome::Failed,
        _ => Outcome::Refused,
    }
}

/// Who sent a request, for routes beside the graph; `None` when it carries no token.
///
/// # Errors
/// When the token is not good.
pub fn authenticate(
    policy: &PolicyStore,
    headers: &HeaderMap,
) -> Result<Option<Caller>, TokenError> {
    let origin = text(headers, "x-commonhold-client").unwrap_or("unknown");
    token(headers).map(|token| policy.caller(token, origin)).transpose()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The bearer token, or the browser's session cookie together with its CSRF header.
fn token(headers: &HeaderMap) -> Option<&str> {
    if let Some(bearer) = text(headers, header::AUTHORIZATION.as_str()) {
        return bearer.strip_prefix("Bearer ");
    }
    let cookie = |wanted: &str| {
        let cookies = headers.get_all(header::COOKIE).into_iter();
        let mut pairs = cookies.filter_map(|v| v.to_str().ok()).flat_map(|line| line.split(';'));
        pairs.find_map(|pair| pair.trim().split_once('=').filter(|(name, _)| *name == wanted))
    };
    let (_, token) = cookie("__Host-session")?;
    let (_, csrf) = cookie("__Host-csrf")?;
    (!csrf.is_empty() && text(headers, "x-csrf-token") == Some(csrf)).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::{outcome, token};
    use async_graphql::{Response, ServerError};
    use http::HeaderMap;
    use telemetry::Outcome;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_cookie_counts_only_with_its_csrf_header() {
        let cookies = ("cookie", "a=b; __Host-session=tok; __Host-csrf=c1");
        assert_eq!(token(&headers(&[cookies])), None);
        assert_eq!(token(&headers(&[cookies, ("x-csrf-token", "c2")])), None);
        assert_eq!(token(&headers(&[cookies, ("x-csrf-token", "c1")])), Some("tok"));
    }

    #[test]
    fn only_our_own_errors_are_failures() {
        let with = |code: &str| {
            let mut error = ServerError::new("text", None);
            error.extensions.get_or_insert_default().set("code", code);
            outcome(&Response::from_errors(vec![error]))
        };
        assert_eq!(outcome(&Response::new(async_graphql::Value::Null)), Outcome::Ok);
        assert_eq!(with("FORBIDDEN"), Outcome::Refused);
        assert_eq!(with("INTERNAL"), Outcome::Failed);
        assert_eq!(with("UNAVAILABLE"), Outcome::Failed);
        let invalid = ServerError::new("no such field", None);
        assert_eq!(outcome(&Response::from_errors(vec![invalid])), Outcome::Refused);
    }

    #[test]
    fn a_bearer_token_counts_by_itself() {
        assert_eq!(token(&headers(&[("authorization", "Bearer tok")])), Some("tok"));
        assert_eq!(token(&headers(&[("authorization", "Basic tok")])), None);
    }
}
