//! Traces, metrics and logs of one process, and carrying a trace across processes and events.
//!
//! Logs are JSON lines on standard error and name objects by id only: no names, phones, tokens.

mod catalogue;
mod trace;

pub use catalogue::{Outcome, request_ended};
pub use trace::{continue_trace, traceparent};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use std::sync::OnceLock;
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer as _,
    filter::{FilterExt as _, filter_fn},
    fmt::MakeWriter,
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// Other people's code, which writes documents, statements, headers and bodies into what it logs:
/// heard from `warn` on whatever the filter says, and never asked for spans.
const FOREIGN: [&str; 12] = [
    "async_graphql",
    "h2",
    "hive-router",
    "hive_router",
    "hyper",
    "hyper_util",
    "ntex",
    "reqwest",
    "router",
    "sea_orm",
    "sqlx",
    "tonic",
];

/// Upper bounds of the histograms' buckets, in seconds.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// What to collect and where to send it.
#[derive(Clone, Debug)]
pub struct TelemetryConfig {
    /// The process, e.g. `billing` or `all-in-one`.
    pub service: String,
    /// OTLP collector (gRPC), e.g. `http://collector:4317`; `None` sends nothing.
    pub otlp_endpoint: Option<String>,
    /// Filter in the syntax of `tracing`, e.g. `info,sqlx=warn`.
    pub log: String,
    /// JSON lines for machines, or plain lines for a person at a terminal.
    pub json: bool,
}

/// Telemetry cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The exporter's address is wrong.
    #[error("the OTLP exporter cannot be set up")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// The filter cannot be read.
    #[error("the log filter cannot be read")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
}

/// Sends what is left when the process ends.
#[derive(Debug)]
pub struct Telemetry(Option<SdkTracerProvider>);

/// Starts telemetry for this process; must run inside the tokio runtime when OTLP is on. A second
/// call in the same process changes nothing.
///
/// # Errors
/// [`TelemetryError`].
pub fn start(config: &TelemetryConfig) -> Result<Telemetry, TelemetryError> {
    let provider =
        config.otlp_endpoint.as_deref().map(|to| provider(&config.service, to)).transpose()?;
    start_with(config, provider, std::io::stderr)
}

/// As [`start`], with spans going to `provider` and lines to `writer`; for tests.
///
/// # Errors
/// [`TelemetryError::Filter`].
pub fn start_with<W>(
    config: &TelemetryConfig,
    provider: Option<SdkTracerProvider>,
    writer: W,
) -> Result<Telemetry, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let mut filter = EnvFilter::try_new(&config.log)?;
    for target in FOREIGN {
        filter = filter.add_directive(format!("{target}=warn").parse()?);
    }
    let traces = provider.as_ref().map(|provider| {
        let tracer = provider.tracer("commonhold");
        tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_filter(filter_fn(is_exported))
    });
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_target(true);
    let lines = if config.json { lines.json().boxed() } else { lines.compact().boxed() };
    let installed = tracing_subscriber::registry()
        .with(traces)
        .with(lines.with_filter(filter.and(filter_fn(is_told))))
        .try_init();
    if installed.is_err() {
        tracing::debug!("telemetry was already started in this process");
    }
    metrics_handle();
    Ok(Telemetry(provider))
}

/// A line tells the request or job that it belongs to. The span of a statement adds nothing to that;
/// without it none is made unless traces are collected.
fn is_told(metadata: &Metadata<'_>) -> bool {
    !metadata.is_span() || !metadata.target().starts_with("db::")
}

/// Our own spans; log lines stay in the log.
fn is_exported(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target().split("::").next().unwrap_or_default();
    metadata.is_span() && *metadata.level() <= Level::INFO && !FOREIGN.contains(&target)
}

fn provider(service: &str, endpoint: &str) -> Result<SdkTracerProvider, TelemetryError> {
    let exporter =
        opentelemetry_otlp::SpanExporter::builder().with_tonic().with_endpoint(endpoint).build()?;
    let resource = Resource::builder().with_service_name(service.to_owned()).build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

impl Telemetry {
    /// Sends what is left.
    pub fn stop(self) {
        if let Some(Err(error)) = self.0.map(|provider| provider.shutdown()) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

fn metrics_handle() -> Option<&'static PrometheusHandle> {
    let install = || {
        let seconds = Matcher::Suffix("_seconds".to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &BUCKETS).ok()?;
        let handle = builder.install_recorder().ok()?;
        catalogue::describe();
        Some(handle)
    };
    METRICS.get_or_init(install).as_ref()
}

/// The metrics of this process in Prometheus' text form.
pub fn render_metrics() -> String {
    metrics_handle().map(PrometheusHandle::render).unwrap_or_default()
}
