//! W3C trace context on spans.

use opentelemetry::{
    propagation::{Extractor, Injector, TextMapPropagator as _},
    trace::TraceContextExt as _,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

struct Carrier(Option<String>);

impl Injector for Carrier {
    fn set(&mut self, key: &str, value: String) {
        if key == "traceparent" {
            self.0 = Some(value);
        }
    }
}

impl Extractor for Carrier {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.as_deref().filter(|_| key == "traceparent")
    }
    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

/// The `traceparent` of the current span; `None` when nothing is traced.
pub fn traceparent() -> Option<String> {
    let mut carrier = Carrier(None);
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.0
}

/// Makes `span` a part of the trace that `traceparent` names, if it names one, and writes the
/// trace into the span's field `trace_id`, if it has one, so that log lines carry it.
pub fn continue_trace(span: &Span, traceparent: Option<&str>) {
    if let Some(text) = traceparent {
        let parent = TraceContextPropagator::new().extract(&Carrier(Some(text.to_owned())));
        // A span that nobody samples has no context to set; that is no failure.
        let _ = span.set_parent(parent);
    }
    if span.has_field("trace_id") {
        let context = span.context();
        let context = context.span().span_context().clone();
        if context.is_valid() {
            span.record("trace_id", context.trace_id().to_string());
        }
    }
}
