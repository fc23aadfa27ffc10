//! One trace from the client to the consumer of an event, and nothing personal in it or beside it.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

#[path = "../../../libs/testkit/src/tests/notes.rs"]
mod notes;

use gateway::{Gateway, GatewaySubgraph, Mode, compose};
use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{SdkTracerProvider, SpanData, SpanExporter},
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::{io, net::TcpListener, sync::Arc, time::Duration};
use telemetry::TelemetryConfig;
use testkit::{Signed, World, eventually};
use tokio::runtime::Handle;

/// Keeps what is exported.
#[derive(Clone, Debug, Default)]
struct Spans(Arc<Mutex<Vec<SpanData>>>);

impl SpanExporter for Spans {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().extend(batch);
        Ok(())
    }
}

impl Spans {
    fn of(&self, trace: TraceId) -> Vec<SpanData> {
        let all = self.0.lock();
        all.iter().filter(|span| span.span_context.trace_id() == trace).cloned().collect()
    }
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(line);
        Ok(line.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The notes service behind a gateway, in one process, as in embedded mode.
struct Installation {
    world: Arc<World>,
    base: String,
    spans: Spans,
    lines: Lines,
}

impl Installation {
    async fn start() -> Self {
        let (spans, lines) = (Spans::default(), Lines::default());
        let provider = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
        let config = TelemetryConfig {
            service: "test".to_owned(),
            otlp_endpoint: None,
            log: "trace".to_owned(),
            json: true,
        };
        let writer = lines.clone();
        telemetry::start_with(&config, Some(provider), move || writer.clone()).unwrap();
        gateway::install_crypto();
        let world = Arc::new(World::start(vec![notes::service()], &[]).await);
        let running = &world.running;
        let described: Vec<_> = running
            .subgraphs
            .iter()
            .map(|s| (s.name().to_owned(), format!("http://{}/graphql", s.name()), s.sdl()))
            .collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let gateway = Gateway {
            listener,
            supergraph: compose(&described).unwrap(),
            subgraphs: running.subgraphs.iter().cloned().map(GatewaySubgraph::InProcess).collect(),
            peers: running.peers.clone(),
            proof: running.proof.clone(),
            mode: Mode::Embedded,
            metrics: true,
            web_dir: None,
            graphiql_dir: None,
            runtime: Handle::current(),
        };
        let stop = running.stopping();
        std::thread::spawn(move || gateway::run(gateway, stop.cancelled_owned()).unwrap());
        Self { world, base, spans, lines }
    }

    async fn send(&self, who: &Signed, trace: &str, body: &Value) -> Value {
        let request = service_http::client(Duration::from_secs(20))
            .post(format!("{}/graphql", self.base))
            .bearer_auth(who.token())
            .header("traceparent", trace)
            .json(body);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// The spans of a trace once its event is taken in.
    async fn trace(&self, id: TraceId) -> Vec<SpanData> {
        let taken_in = || async { named(&self.spans.of(id), "event.consume").len() == 1 };
        eventually("the event is taken in", taken_in).await;
        self.spans.of(id)
    }
}

fn named<'s>(spans: &'s [SpanData], name: &str) -> Vec<&'s SpanData> {
    spans.iter().filter(|span| span.name == name).collect()
}

fn one<'s>(spans: &'s [SpanData], name: &str) -> &'s SpanData {
    let found = named(spans, name);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0]
}

/// What SQL a span led to, in order of its end, as `operation table`.
fn sql(spans: &[SpanData], parent: SpanId) -> Vec<String> {
    let text = |span: &SpanData, key: &str| {
        let found = span.attributes.iter().find(|pair| pair.key.as_str() == key);
        found.map(|pair| pair.value.to_string()).unwrap_or_default()
    };
    let below = spans.iter().filter(|span| span.parent_span_id == parent);
    below
        .map(|span| match &*span.name {
            "db.statement" => {
                format!("{} {}", text(span, "db.operation"), text(span, "db.table"))
            }
            other => other.to_owned(),
        })
        .filter(|line| line != "event.consume")
        .collect()
}

#[test]
fn one_trace_leads_from_the_client_to_the_consumer_and_names_nobody() {
    testkit::run(async {
        let installation = Installation::start().await;
        let company = installation.world.company();
        let estate = company.estate("A", "Estate").await.to_string();
        let admin = company.staff("CADM", None).await;

        // As a variable.
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let canary = "canary-zhang-13800138000";
        let variables = json!({ "estate": estate, "text": canary });
        let body = json!({ "query": notes::WRITE, "variables": variables });
        let answer = installation.send(&admin, trace, &body).await;
        let note = answer["data"]["writeNote"].as_str().unwrap_or_else(|| panic!("{answer}"));
        let spans = installation
            .trace(TraceId::from_hex("0af7651916cd43dd8448eb211c80319c").unwrap())
            .await;
        right_parents(&spans);

        // Written into the document, asked for again, and in documents that are refused.
        let other = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let literal =
            format!("mutation {{ writeNote(estateId: \"{estate}\", text: \"{canary}\") }}");
        let refused = format!("mutation {{ writeNote(estateId: \"{canary}\", text: \"x\") }}");
        let invalid = format!("{{ nothing(named: \"{canary}\") }}");
        let read = json!({ "query": notes::TEXT, "variables": { "estate": estate, "id": note } });
        for body in
            [json!({ "query": literal }), json!({ "query": refused }), json!({ "query": invalid })]
        {
            installation.send(&admin, other, &body).await;
        }
        let answer = installation.send(&admin, other, &read).await;
        assert_eq!(answer["data"]["note"], canary);
        installation.trace(TraceId::from_hex("1af7651916cd43dd8448eb211c80319c").unwrap()).await;

        let spans = format!("{:?}", installation.spans.0.lock());
        assert!(spans.contains("notes") && !spans.contains("canary"), "{spans}");
        let lines = String::from_utf8(installation.lines.0.lock().clone()).unwrap();
        let told: Vec<&str> = lines.lines().filter(|line| line.contains("canary")).collect();
        assert!(told.is_empty(), "{told:#?}");
        counted(&installation.base).await;
    });
}

/// gateway → graphql → SQL and event.consume → SQL.
fn right_parents(spans: &[SpanData]) {
    let client = SpanId::from_hex("b7ad6b7169203331").unwrap();
    let gateway = one(spans, "gateway");
    assert_eq!(gateway.parent_span_id, client);
    let graphql = one(spans, "graphql");
    assert_eq!(graphql.parent_span_id, gateway.span_context.span_id());
    let writes = [
        "db.scope",
        "insert notes",
        "insert events",
        "insert outbox",
        "insert audit_log",
        // The audit log is collected by events.
        "insert events",
        "insert outbox",
        "insert jobs",
        "db.commit",
    ];
    assert_eq!(sql(spans, graphql.span_context.span_id()), writes);
    let consume = one(spans, "event.consume");
    assert_eq!(consume.parent_span_id, graphql.span_context.span_id());
    let takes_in = ["db.scope", "insert inbox", "update notes", "db.commit"];
    assert_eq!(sql(spans, consume.span_context.span_id()), takes_in);
}

/// Everything that happened is on the gateway's page.
async fn counted(base: &str) {
    let ask = service_http::client(Duration::from_secs(5)).get(format!("{base}/metrics"));
    let page = ask.send().await.unwrap().text().await.unwrap();
    for line in [
        "commonhold_requests_total{service=\"gateway\",outcome=\"ok\"}",
        "commonhold_requests_total{service=\"notes\",outcome=\"ok\"}",
        "commonhold_requests_total{service=\"notes\",outcome=\"refused\"}",
        "commonhold_request_seconds_bucket{service=\"notes\"",
        "commonhold_events_placed_total",
        "commonhold_events_consumed_total{source=\"notes\"}",
        "commonhold_jobs_claimed_total{service=\"notes\",kind=\"count_notes\"}",
        "commonhold_jobs_ended_total{service=\"notes\",kind=\"count_notes\",outcome=\"done\"}",
        "commonhold_policy_age_seconds{service=\"notes\"}",
        "commonhold_db_statements_total{outcome=\"ok\"}",
        "commonhold_db_statement_seconds_bucket",
        "http_server",
    ] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
}
