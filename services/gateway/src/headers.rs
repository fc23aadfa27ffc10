//! Which headers pass the door, and in which direction.

use hive_router::ntex::http::{HeaderMap, header::HeaderName};
use http::header;
use std::net::IpAddr;

/// Carries the client's address to the services; the gateway writes it, clients cannot.
pub const CLIENT_HEADER: &str = "x-commonhold-client";

/// Ours alone, in both directions.
const OWN_PREFIX: &str = "x-commonhold-";

/// What a GraphQL request passes on to services; the gateway adds its proof.
pub(crate) const FORWARDED: [&str; 7] = [
    "authorization",
    "cookie",
    "x-csrf-token",
    "accept-language",
    "traceparent",
    "tracestate",
    CLIENT_HEADER,
];

/// Said by a client about itself, believed by nobody.
const CLAIMS: [&str; 8] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "x-user-id",
    "x-tenant-id",
    "x-remote-user",
];

/// Between two neighbours only (RFC 9110 section 7.6.1); the length is written anew.
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "content-length",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Drops what a client may not say, and writes down where it called from.
pub(crate) fn arrive(headers: &mut HeaderMap, client: Option<IpAddr>) {
    let forged: Vec<HeaderName> = headers.keys().filter(|name| is_claim(name)).cloned().collect();
    for name in forged {
        headers.remove(name);
    }
    if let Some(value) = client.and_then(|ip| ip.to_string().parse().ok()) {
        headers.insert(HeaderName::from_static(CLIENT_HEADER), value);
    }
}

fn is_claim(name: &HeaderName) -> bool {
    name.as_str().starts_with(OWN_PREFIX) || CLAIMS.contains(&name.as_str())
}

/// What of a request goes on to a service's own routes.
pub(crate) fn to_peer(headers: &HeaderMap) -> http::HeaderMap {
    let named = nominated(headers.get_all("connection").filter_map(|v| v.to_str().ok()));
    let passes = |name: &str| passes(name, &named) && name != header::HOST.as_str();
    headers
        .iter()
        .filter(|(name, _)| passes(name.as_str()))
        .filter(|(name, _)| name.as_str() == CLIENT_HEADER || !is_claim(name))
        .map(|(name, value)| (name.clone(), http::HeaderValue::from(value)))
        .fold(http::HeaderMap::new(), |mut all, (name, value)| {
            all.append(name, value);
            all
        })
}

/// What of a service's answer goes back to the client.
pub(crate) fn to_client(headers: &http::HeaderMap) -> Vec<(HeaderName, http::HeaderValue)> {
    let connection = headers.get_all(header::CONNECTION);
    let named = nominated(connection.iter().filter_map(|v| v.to_str().ok()));
    headers
        .iter()
        .filter(|(name, _)| passes(name.as_str(), &named) && !name.as_str().starts_with(OWN_PREFIX))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The headers that `Connection` declares to be between two neighbours.
fn nominated<'v>(values: impl Iterator<Item = &'v str>) -> Vec<String> {
    values.flat_map(|v| v.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}

fn passes(name: &str, nominated: &[String]) -> bool {
    !HOP_BY_HOP.contains(&name) && !nominated.iter().any(|n| n == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hive_router::ntex::http::header::HeaderValue;

    fn sent(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn what_a_client_says_about_itself_is_replaced() {
        let mut headers = sent(&[
            ("x-commonhold-proof", "guess"),
            ("x-commonhold-client", "10.0.0.1"),
            ("x-forwarded-for", "10.0.0.1"),
            ("authorization", "Bearer t"),
        ]);
        arrive(&mut headers, Some([203, 0, 113, 7].into()));
        assert!(headers.get("x-commonhold-proof").is_none());
        assert!(headers.get("x-forwarded-for").is_none());
        assert_eq!(headers.get("x-commonhold-client").unwrap(), "203.0.113.7");
        assert_eq!(headers.get("authorization").unwrap(), "Bearer t");
    }

    #[test]
    fn neighbourly_headers_stay_with_the_neighbour() {
        let headers = sent(&[
            ("connection", "close, X-Secret"),
            ("x-secret", "1"),
            ("host", "a"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
        ]);
        let passed = to_peer(&headers);
        assert_eq!(passed.len(), 2);
        assert_eq!(passed.get_all("cookie").iter().count(), 2);
    }

    #[test]
    fn an_answer_keeps_every_cookie_and_loses_what_is_ours() {
        let mut headers = http::HeaderMap::new();
        headers.append("set-cookie", "a=1".parse().unwrap());
        headers.append("set-cookie", "b=2".parse().unwrap());
        headers.append("x-commonhold-proof", "secret".parse().unwrap());
        headers.append("transfer-encoding", "chunked".parse().unwrap());
        let passed = to_client(&headers);
        assert_eq!(passed.len(), 2);
        assert!(passed.iter().all(|(name, _)| name.as_str() == "set-cookie"));
    }
}
