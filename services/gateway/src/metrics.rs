//! The router's metrics and ours, on one page.

use crate::GatewayError;
use hive_router::{
    config::HiveRouterConfig,
    ntex::{
        http::header,
        web::{self, DefaultError, HttpResponse},
    },
    telemetry::{
        PrometheusAttached, TelemetryContext, build_resource, build_scope,
        metrics::build_meter_provider_from_config,
    },
};
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Registry, TextEncoder};

/// Telemetry without the router's own tracing subscriber: spans go to the process's subscriber,
/// and the trace context passes from the client to the services.
pub(crate) struct Metrics {
    pub(crate) telemetry: TelemetryContext,
    pub(crate) prometheus: Option<PrometheusAttached>,
    /// The instruments fall silent when it is dropped.
    _provider: Option<SdkMeterProvider>,
}

impl Metrics {
    pub(crate) fn start(config: &HiveRouterConfig) -> Result<Self, GatewayError> {
        let failed = |error: &dyn std::fmt::Display| GatewayError::Metrics(error.to_string());
        let resource = build_resource(&config.telemetry).map_err(|error| failed(&error))?;
        let setup = build_meter_provider_from_config(&config.telemetry, resource)
            .map_err(|error| failed(&error))?;
        let (provider, prometheus) =
            setup.map_or((None, None), |setup| (Some(setup.provider), setup.prometheus));
        let meter = provider.as_ref().map(|provider| provider.meter_with_scope(build_scope()));
        let telemetry = TelemetryContext::from_propagation_config_with_meter(
            &config.telemetry.tracing.propagation,
            &config.log,
            meter,
            false,
        );
        let attach = |p: hive_router::telemetry::metrics::PrometheusRuntimeConfig| {
            PrometheusAttached { registry: p.registry, endpoint: p.path }
        };
        Ok(Self { telemetry, prometheus: prometheus.map(attach), _provider: provider })
    }
}

/// Answers with everything this process counts, in Prometheus' text form.
pub(crate) fn resource(attached: PrometheusAttached) -> web::Resource<DefaultError> {
    let registry = attached.registry;
    let page = move || {
        let text = text(&registry);
        async move {
            HttpResponse::Ok().header(header::CONTENT_TYPE, prometheus::TEXT_FORMAT).body(text)
        }
    };
    web::resource(attached.endpoint.as_str()).route(web::get().to(page))
}

fn text(registry: &Registry) -> String {
    let routers = TextEncoder::new().encode_to_string(&registry.gather()).unwrap_or_else(|error| {
        tracing::warn!(%error, "the router's metrics cannot be written");
        String::new()
    });
    routers + &telemetry::render_metrics()
}
