//! A service in this process as the router's executor sees it.

use crate::pulse::Pulse;
use async_graphql::{Name, Request, Response, ServerError, Value, Variables};
use errors::Code;
use futures::stream::BoxStream;
use graphql::Subgraph;
use hive_router::{
    async_trait,
    executor::{
        executors::{
            common::{SubgraphExecutionRequest, SubgraphExecutor, SubgraphExecutorBoxedArc},
            error::SubgraphExecutorError,
        },
        plugin_context::PluginRequestState,
        response::subgraph_response::SubgraphResponse,
    },
    http::Uri,
    sonic_rs,
};
use http::HeaderMap;
use parking_lot::Mutex;
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio::{
    runtime::Handle,
    task::{JoinError, JoinHandle},
};

type Answer = Result<SubgraphResponse<'static>, SubgraphExecutorError>;

/// Runs requests on the main runtime, where the service's connections live, and stops them when
/// nobody waits any more.
pub(crate) struct InProcess {
    service: Arc<dyn Subgraph>,
    runtime: Handle,
    uri: Uri,
}

impl InProcess {
    pub(crate) fn new(service: Arc<dyn Subgraph>, runtime: Handle) -> Self {
        Self { service, runtime, uri: Uri::from_static("http://in-process/graphql") }
    }
}

#[async_trait]
impl SubgraphExecutor for InProcess {
    fn executor_name(&self) -> &'static str {
        "in-process"
    }

    fn endpoint(&self) -> &Uri {
        &self.uri
    }

    async fn execute<'a>(
        &self,
        request: SubgraphExecutionRequest<'a>,
        timeout: Option<Duration>,
        _state: Option<&'a PluginRequestState<'a>>,
    ) -> Answer {
        let scalars = request.custom_scalar_paths;
        let (headers, request) = translate(request)?;
        let service = Arc::clone(&self.service);
        let task = async move { service.execute(headers, request).await };
        let running = Aborting(self.runtime.spawn(task)).finish();
        let ended = match timeout {
            Some(limit) => tokio::time::timeout(limit, running).await?,
            None => running.await,
        };
        let response = ended.unwrap_or_else(|error| broken(self.service.name(), &error));
        let bytes = serde_json::to_vec(&response)
            .map_err(|_| SubgraphExecutorError::MalformedResponse(None))?;
        SubgraphResponse::deserialize_from_bytes(bytes.into(), scalars)
    }

    async fn subscribe<'a>(
        &self,
        _request: SubgraphExecutionRequest<'a>,
        _timeout: Option<Duration>,
    ) -> Result<BoxStream<'static, Answer>, SubgraphExecutorError> {
        Err(SubgraphExecutorError::UnsupportedContentTypeError("in-process".to_owned()))
    }
}

/// The services that did not answer in one operation. They are not asked again in it: a plan may
/// need a service several times in a row, and each wait would add up.
#[derive(Clone, Default)]
pub(crate) struct GivenUp(Arc<Mutex<BTreeSet<String>>>);

/// A service over HTTP, asked in one operation until it fails to answer.
pub(crate) struct Remote {
    pub(crate) service: String,
    pub(crate) pulse: Option<Pulse>,
    pub(crate) inner: SubgraphExecutorBoxedArc,
    pub(crate) given_up: GivenUp,
}

#[async_trait]
impl SubgraphExecutor for Remote {
    fn executor_name(&self) -> &str {
        self.inner.executor_name()
    }

    fn endpoint(&self) -> &Uri {
        self.inner.endpoint()
    }

    async fn execute<'a>(
        &self,
        request: SubgraphExecutionRequest<'a>,
        timeout: Option<Duration>,
        state: Option<&'a PluginRequestState<'a>>,
    ) -> Answer {
        let lost = self.pulse.as_ref().is_some_and(|pulse| !pulse.is_there());
        if lost || self.given_up.0.lock().contains(&self.service) {
            return Err(SubgraphExecutorError::CircuitBreakerRejected);
        }
        // A change that has been sent is waited for: giving it up would not undo it.
        let changes = request.query.trim_start().starts_with("mutation");
        let pulse = self.pulse.clone().filter(|_| !changes);
        let answering = self.inner.execute(request, timeout, state);
        let answer = match pulse {
            None => answering.await,
            Some(pulse) => tokio::select! {
                answer = answering => answer,
                () = pulse.stopped() => Err(SubgraphExecutorError::CircuitBreakerRejected),
            },
        };
        if answer.is_err() {
            self.given_up.0.lock().insert(self.service.clone());
        }
        answer
    }

    async fn subscribe<'a>(
        &self,
        request: SubgraphExecutionRequest<'a>,
        timeout: Option<Duration>,
    ) -> Result<BoxStream<'static, Answer>, SubgraphExecutorError> {
        self.inner.subscribe(request, timeout).await
    }
}

/// A task that ends when its handle goes out of scope.
pub(crate) struct Aborting<T>(pub(crate) JoinHandle<T>);

impl<T> Aborting<T> {
    /// Waits for the task; dropping the wait aborts it.
    pub(crate) async fn finish(mut self) -> Result<T, JoinError> {
        (&mut self.0).await
    }
}

impl<T> Drop for Aborting<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn broken(service: &str, error: &JoinError) -> Response {
    tracing::error!(service, error = %error, "a resolver ended before its time");
    let mut failure = ServerError::new("resolver panicked", None);
    let mut extensions = async_graphql::ErrorExtensionValues::default();
    extensions.set("code", Code::Internal.as_str());
    failure.extensions = Some(extensions);
    Response::from_errors(vec![failure])
}

fn translate(
    request: SubgraphExecutionRequest<'_>,
) -> Result<(HeaderMap, Request), SubgraphExecutorError> {
    let wrong = |name: &str, error| {
        SubgraphExecutorError::VariablesSerializationFailure(name.to_owned(), error)
    };
    let mut variables = Variables::default();
    for (name, value) in request.variables.into_iter().flatten() {
        let value: Value = sonic_rs::from_value(value).map_err(|error| wrong(name, error))?;
        variables.insert(Name::new(name), value);
    }
    // Entity representations come as JSON.
    for (name, json) in request.raw_variable_values.into_iter().flatten() {
        let value: Value = sonic_rs::from_slice(&json).map_err(|error| wrong(name, error))?;
        variables.insert(Name::new(name), value);
    }
    Ok((request.headers, Request::new(request.query).variables(variables)))
}
