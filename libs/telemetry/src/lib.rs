//! Traces, metrics and logs of one process, and carrying a trace across processes and events.
//!
//! Logs are JSON lines on standard error and name objects by id only: no names, phones, tokens.

mod trace;

pub use trace::{continue_trace, traceparent};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use std::sync::OnceLock;
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

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
    let filter = EnvFilter::try_new(&config.log)?;
    let provider =
        config.otlp_endpoint.as_deref().map(|to| provider(&config.service, to)).transpose()?;
    let traces = provider
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("commonhold")));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(true);
    let lines = if config.json { lines.json().boxed() } else { lines.compact().boxed() };
    let installed =
        tracing_subscriber::registry().with(traces).with(lines.with_filter(filter)).try_init();
    if installed.is_err() {
        tracing::debug!("telemetry was already started in this process");
    }
    metrics_handle();
    Ok(Telemetry(provider))
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
    METRICS.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}

/// The metrics of this process in Prometheus' text form.
pub fn render_metrics() -> String {
    metrics_handle().map(PrometheusHandle::render).unwrap_or_default()
}
