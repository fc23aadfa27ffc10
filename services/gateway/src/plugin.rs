//! Our part of the router's pipeline: headers in and out, limits, transport, masking.

use crate::{
    headers, limits, mask,
    pulse::Pulse,
    transport::{GivenUp, Remote},
};
use graphql_tools::validation::utils::ValidationError;
use hive_router::{
    async_trait,
    executor::{
        executors::common::{SubgraphExecutor as _, SubgraphExecutorBoxedArc},
        hooks::{
            on_graphql_error::{OnGraphQLErrorHookPayload, OnGraphQLErrorHookResult},
            on_graphql_parse::{OnGraphQLParseHookResult, OnGraphQLParseStartHookPayload},
            on_graphql_validation::{
                OnGraphQLValidationStartHookPayload, OnGraphQLValidationStartHookResult,
            },
            on_http_request::{OnHttpRequestHookFuture, OnHttpRequestHookPayload},
            on_plugin_init::{OnPluginInitPayload, OnPluginInitResult},
            on_subgraph_execute::{
                OnSubgraphExecuteStartHookPayload, OnSubgraphExecuteStartHookResult,
            },
        },
        plugin_context::PluginContext,
        plugin_trait::{EndHookPayload as _, RouterPlugin, StartHookPayload as _},
    },
    ntex::http::{
        HeaderMap,
        header::{HeaderName, HeaderValue},
    },
    sonic_rs::{JsonValueTrait as _, Value},
    telemetry::TelemetryContext,
};
use parking_lot::Mutex;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use texts::Language;

/// The name under which the router's configuration loads [`Hooks`].
pub(crate) const NAME: &str = "commonhold";

/// What the hooks of one gateway work with.
pub(crate) struct Inside {
    /// The services in this process by name; the others are called over HTTP.
    pub(crate) services: HashMap<String, SubgraphExecutorBoxedArc>,
    /// Whether those are alive.
    pub(crate) pulses: HashMap<String, Pulse>,
    /// Writes the trace into calls.
    pub(crate) telemetry: TelemetryContext,
}

/// The router makes its plugins itself, from a type and configuration text. A gateway leaves here
/// what they need, and they take it by the number in that text.
static LEFT: Mutex<BTreeMap<u64, Inside>> = Mutex::new(BTreeMap::new());

/// Leaves `inside` for the plugin that is configured with the returned number.
pub(crate) fn leave(number: u64, inside: Inside) {
    LEFT.lock().insert(number, inside);
}

/// A number that no other gateway of this process has.
pub(crate) fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The plugin's configuration.
#[derive(Deserialize)]
pub(crate) struct Settings {
    number: u64,
}

/// The gateway was started twice with the same number.
#[derive(Debug, thiserror::Error)]
#[error("nothing was left for gateway {0}")]
struct NothingLeft(u64);

/// The whole-number variables of one request, kept from parsing to validation.
struct Sent(limits::Numbers);

/// Our hooks.
pub(crate) struct Hooks(Arc<Inside>);

#[async_trait]
impl RouterPlugin for Hooks {
    type Config = Settings;

    fn plugin_name() -> &'static str {
        NAME
    }

    fn on_plugin_init(payload: OnPluginInitPayload<Self>) -> OnPluginInitResult<Self> {
        let number = payload.config()?.number;
        let inside = LEFT.lock().remove(&number).ok_or(NothingLeft(number))?;
        payload.initialize_plugin(Self(Arc::new(inside)))
    }

    fn on_http_request<'req>(
        &'req self,
        mut payload: OnHttpRequestHookPayload<'req>,
    ) -> OnHttpRequestHookFuture<'req> {
        let client = payload.router_http_request.peer_addr().map(|address| address.ip());
        headers::arrive(payload.router_http_request.headers_mut(), client);
        let accepted = payload.router_http_request.headers().get("accept-language");
        let language = Language::accepted(accepted.and_then(|value| value.to_str().ok()));
        payload.context.insert(language);
        Box::pin(async move {
            payload.on_end(|mut end| {
                harden(end.response.headers_mut());
                end.proceed()
            })
        })
    }

    async fn on_graphql_parse<'exec>(
        &'exec self,
        payload: OnGraphQLParseStartHookPayload<'exec>,
    ) -> OnGraphQLParseHookResult<'exec> {
        let variables = &payload.graphql_params.variables;
        // A number too large for its type counts as the largest.
        let whole = |value: &Value| value.as_i64().or(value.is_number().then_some(i64::MAX));
        let numbers =
            variables.iter().filter_map(|(name, value)| Some((name.clone(), whole(value)?)));
        payload.context.insert(Sent(numbers.collect()));
        payload.context.insert(GivenUp::default());
        payload.proceed()
    }

    /// The earliest hook that sees the parsed document. The error joins the router's own path,
    /// so that status and media type are what the GraphQL over HTTP specification wants.
    async fn on_graphql_validation<'exec>(
        &'exec self,
        mut payload: OnGraphQLValidationStartHookPayload<'exec>,
    ) -> OnGraphQLValidationStartHookResult<'exec> {
        let sent = payload.context.get_ref::<Sent>().map(|sent| sent.0.clone());
        let language = language(payload.context);
        let verdict = limits::check(&payload.document, &sent.unwrap_or_default(), language);
        if let Err(error) = verdict {
            payload.errors = Some(Arc::new(vec![error]) as Arc<Vec<ValidationError>>);
        }
        payload.proceed()
    }

    async fn on_subgraph_execute<'exec>(
        &'exec self,
        mut payload: OnSubgraphExecuteStartHookPayload<'exec>,
    ) -> OnSubgraphExecuteStartHookResult<'exec> {
        if let Some(service) = self.0.services.get(payload.subgraph_name) {
            let headers = &mut payload.execution_request.headers;
            self.0.telemetry.inject_context_into_http_headers(headers);
            payload.executor = Arc::clone(service);
        } else {
            let given_up = payload.context.get_ref::<GivenUp>().map(|g| g.clone());
            let remote = Remote {
                service: payload.subgraph_name.to_owned(),
                pulse: self.0.pulses.get(payload.subgraph_name).cloned(),
                inner: Arc::clone(&payload.executor),
                given_up: given_up.unwrap_or_default(),
            };
            payload.executor = remote.to_boxed_arc();
        }
        payload.proceed()
    }

    fn on_graphql_error<'req>(
        &'req self,
        mut payload: OnGraphQLErrorHookPayload<'req>,
    ) -> OnGraphQLErrorHookResult<'req> {
        mask::mask(&mut payload.error, language(payload.context));
        payload.proceed()
    }
}

/// The language of a request's caller.
fn language(context: &PluginContext) -> Language {
    context.get_ref::<Language>().map(|language| *language).unwrap_or_default()
}

/// Puts the headers that tell browsers to trust as little as possible; a stricter policy that is
/// there already stays.
fn harden(headers: &mut HeaderMap) {
    let defaults = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("x-frame-options", "DENY"),
    ];
    for (name, value) in defaults {
        if !headers.contains_key(name) {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
}
