//! Every metric there is. A label's values come from a closed set: services, outcomes, kinds.

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, histogram};
use std::time::Duration;

/// Name, kind, what it says.
const CATALOGUE: [(&str, Kind, &str); 10] = [
    ("commonhold_requests_total", Kind::Counter, "Requests, by service and outcome"),
    ("commonhold_request_seconds", Kind::Histogram, "How long requests took, by service"),
    ("commonhold_events_placed_total", Kind::Counter, "Events given their place in the log"),
    ("commonhold_events_consumed_total", Kind::Counter, "Events taken in, by source"),
    ("commonhold_events_failed_total", Kind::Counter, "Turns at events that failed, by source"),
    ("commonhold_jobs_claimed_total", Kind::Counter, "Jobs begun, by service and kind"),
    ("commonhold_jobs_ended_total", Kind::Counter, "Turns ended, by service, kind and outcome"),
    ("commonhold_policy_age_seconds", Kind::Gauge, "Age of the copy of the policy, by service"),
    ("commonhold_db_statements_total", Kind::Counter, "SQL statements, by outcome"),
    ("commonhold_db_statement_seconds", Kind::Histogram, "How long SQL statements took"),
];

#[derive(Clone, Copy)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As asked.
    Ok,
    /// The caller was refused, or asked for something wrong.
    Refused,
    /// We failed.
    Failed,
}

impl Outcome {
    /// By an HTTP status.
    pub fn of_status(status: u16) -> Self {
        match status {
            500.. => Self::Failed,
            400.. => Self::Refused,
            _ => Self::Ok,
        }
    }

    /// The label.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Counts a request of a service and notes how long it took; marks its span, declared with the
/// field `otel.status_code`, when it failed.
pub fn request_ended(span: &tracing::Span, service: &str, outcome: Outcome, took: Duration) {
    let service = service.to_owned();
    counter!("commonhold_requests_total", "service" => service.clone(), "outcome" => outcome.as_str())
        .increment(1);
    histogram!("commonhold_request_seconds", "service" => service).record(took);
    if outcome == Outcome::Failed {
        span.record("otel.status_code", "ERROR");
    }
}

/// Tells the recorder what the metrics mean.
pub(crate) fn describe() {
    for (name, kind, text) in CATALOGUE {
        match kind {
            Kind::Counter => describe_counter!(name, text),
            Kind::Gauge => describe_gauge!(name, text),
            Kind::Histogram => describe_histogram!(name, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_in_the_readme() {
        let readme = include_str!("../README.md");
        for (name, _, _) in CATALOGUE {
            assert!(readme.contains(&format!("`{name}`")), "{name}");
        }
    }

    #[test]
    fn a_status_has_one_outcome() {
        let of = |status| Outcome::of_status(status).as_str();
        assert_eq!((of(204), of(302), of(404), of(503)), ("ok", "ok", "refused", "failed"));
    }
}
