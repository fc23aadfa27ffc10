//! Following identity's policy.

use authz::{PolicyPage, PolicyStore};
use service_http::Peers;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Keeps the copy fresh until `stop`: asks identity for what is newer, which answers at once when
/// there is something and after a while when there is not.
pub(crate) async fn follow(
    service: &'static str,
    store: PolicyStore,
    peers: Peers,
    stop: CancellationToken,
) {
    let follow = async {
        loop {
            if let Err(error) = ask(&store, &peers).await {
                tracing::warn!(error, age = ?store.age(), "the policy cannot be refreshed");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            metrics::gauge!("commonhold_policy_age_seconds", "service" => service)
                .set(store.age().map_or(f64::INFINITY, |age| age.as_secs_f64()));
        }
    };
    tokio::select! { () = stop.cancelled() => {}, () = follow => {} }
}

async fn ask(store: &PolicyStore, peers: &Peers) -> Result<(), String> {
    let identity = peers.get("identity").ok_or("identity is not configured")?;
    let path = format!("/internal/policy?after={}", store.version());
    let answer = identity.get(&path).await.map_err(|e| e.to_string())?;
    if !answer.status().is_success() {
        return Err(format!("identity answered {}", answer.status()));
    }
    let page: PolicyPage = serde_json::from_slice(answer.body()).map_err(|e| e.to_string())?;
    store.apply(page);
    Ok(())
}
