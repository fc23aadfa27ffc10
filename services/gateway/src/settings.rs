//! The router's configuration, made here and nowhere else: no file, no environment variable.

use crate::{headers::FORWARDED, plugin};
use hive_router::config::HiveRouterConfig;
use serde_json::{Value, json};
use service_http::{PROOF_HEADER, Proof};
use std::{net::SocketAddr, path::Path};

/// How much the gateway tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One machine, trial and development: introspection and GraphiQL are on.
    Embedded,
    /// Introspection and GraphiQL are off.
    Production,
}

/// A whole operation ends within this. What a single service may take is not limited further: a
/// preview of a large estate is slow, and a service that has died is noticed by its pulse.
const OPERATION: &str = "10s";

/// How many clients listen at once; whoever comes later is told to come back.
const LISTENERS: usize = 2_000;

/// What the configuration depends on.
pub(crate) struct Settings<'s> {
    pub(crate) mode: Mode,
    pub(crate) listen: SocketAddr,
    pub(crate) supergraph: &'s Path,
    pub(crate) metrics: bool,
    /// Name and URL of the services that are called over HTTP; of those in this process, where they
    /// are listened to.
    pub(crate) remote: Vec<(String, String)>,
    /// What services accept calls by.
    pub(crate) proof: &'s Proof,
    /// The number under which the plugin finds what was left for it.
    pub(crate) number: u64,
}

/// Makes the router's configuration.
///
/// # Errors
/// When the supergraph file does not exist, or the router's options have changed their names.
pub(crate) fn router(settings: &Settings<'_>) -> Result<HiveRouterConfig, serde_json::Error> {
    serde_json::from_value(document(settings))
}

/// How deep the fields of a document may lie in each other, fragments written out.
pub(crate) const MAX_DEPTH: u64 = 15;
/// The most fields under another name.
pub(crate) const MAX_ALIASES: u64 = 30;
/// The most words and signs of a document.
pub(crate) const MAX_TOKENS: u64 = 5_000;
/// The most directives.
pub(crate) const MAX_DIRECTIVES: u64 = 50;

fn document(settings: &Settings<'_>) -> Value {
    let open = settings.mode == Mode::Embedded;
    let by_name = |value: fn(&String) -> Value| -> Value {
        let all = settings.remote.iter().map(|(name, url)| (name.clone(), value(url)));
        Value::Object(all.collect())
    };
    json!({
        "supergraph": { "source": "file", "path": settings.supergraph },
        "http": {
            "host": settings.listen.ip().to_string(),
            "port": settings.listen.port(),
            "shutdown_timeout": "15s",
        },
        // It loads its scripts from elsewhere; ours is served beside it.
        "laboratory": { "enabled": false },
        "introspection": open,
        "limits": {
            "max_depth": { "n": MAX_DEPTH, "flatten_fragments": true },
            "max_aliases": { "n": MAX_ALIASES },
            "max_tokens": { "n": MAX_TOKENS },
            "max_directives": { "n": MAX_DIRECTIVES },
            "max_request_body_size": "100kB",
        },
        "traffic_shaping": {
            // Off: two tenants must never share an answer.
            "all": { "dedupe_enabled": false, "request_timeout": OPERATION },
            "router": {
                "dedupe": { "enabled": false },
                "request_timeout": OPERATION,
                "max_long_lived_clients": LISTENERS,
            },
            "subgraphs": by_name(|_| json!({
                "dedupe_enabled": false,
                "request_timeout": OPERATION,
            })),
        },
        "override_subgraph_urls": { "subgraphs": by_name(|url| json!({ "url": url })) },
        "headers": { "all": { "request": [
            { "propagate": { "named": FORWARDED } },
            { "insert": { "name": PROOF_HEADER.as_str(), "value": settings.proof.secret() } },
        ] } },
        // Our own hook masks, by code; the router's would mask every text.
        "error_masking": { "enabled": false },
        "subscriptions": { "enabled": true },
        "telemetry": { "metrics": { "exporters": [
            { "kind": "prometheus", "enabled": settings.metrics, "path": "/metrics" },
        ] } },
        "plugins": { plugin::NAME: { "config": { "number": settings.number } } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(mode: Mode) -> HiveRouterConfig {
        let file = tempfile::NamedTempFile::new().unwrap();
        let settings = Settings {
            mode,
            listen: ([127, 0, 0, 1], 8080).into(),
            supergraph: file.path(),
            metrics: false,
            remote: vec![("billing".to_owned(), "http://billing:8080/graphql".to_owned())],
            proof: &Proof::new("secret".into()),
            number: 1,
        };
        router(&settings).unwrap()
    }

    #[test]
    fn nobody_shares_an_answer_with_anybody() {
        let config = made(Mode::Production);
        assert!(!config.traffic_shaping.all.dedupe_enabled);
        assert!(!config.traffic_shaping.router.dedupe.enabled);
        let billing = config.traffic_shaping.subgraphs.get("billing").unwrap();
        assert_eq!(billing.dedupe_enabled, Some(false));
    }

    #[test]
    fn the_proof_is_not_among_the_headers_a_client_can_send_on() {
        assert!(!FORWARDED.contains(&PROOF_HEADER.as_str()));
    }

    #[test]
    fn every_limit_is_on() {
        let limits = made(Mode::Embedded).limits;
        assert_eq!(limits.max_depth.unwrap().n, 15);
        assert_eq!(limits.max_aliases.unwrap().n, 30);
        assert_eq!(limits.max_tokens.unwrap().n, 5000);
        assert_eq!(limits.max_directives.unwrap().n, 50);
        assert_eq!(limits.max_request_body_size.to_bytes(), 100_000);
    }
}
