//! The real services together, without sockets.

use crate::stage::{PUBLIC_URL, serve_stripe};
use gateway::compose;
use runtime::Service;
use std::{path::PathBuf, sync::Arc};
use testkit::{Backend, World};
use tokio::sync::OnceCell;

/// Every service of the graph.
pub fn services() -> Vec<Service> {
    vec![identity::service(), residents::service(), billing::service(), service_desk::service()]
}

/// The world of this test binary.
pub async fn world() -> Arc<World> {
    static WORLD: OnceCell<Arc<World>> = OnceCell::const_new();
    Arc::clone(WORLD.get_or_init(|| start_on(services(), "2026-07-31T04:00:00Z")).await)
}

/// A world of its own that begins at an instant, for who moves the time.
pub async fn start_on(services: Vec<Service>, now: &str) -> Arc<World> {
    let stripe = serve_stripe(clock::Clock::system()).await;
    let extra = [
        ("ARGON2_MEMORY_KIB", "8"),
        ("ARGON2_PASSES", "1"),
        ("PUBLIC_URL", PUBLIC_URL),
        ("STRIPE_SECRET_KEY", "sk_test_platform"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_platform"),
        ("STRIPE_API_URL", &format!("{stripe}/")),
    ];
    Arc::new(World::start_on(Backend::from_env(), services, &extra, now).await)
}

/// Name, address and SDL of every service, as composition reads them.
pub async fn parts() -> Vec<(String, String, String)> {
    let world = world().await;
    let part =
        |name: &str, sdl: String| (name.to_owned(), format!("http://{name}.local/graphql"), sdl);
    world.running.subgraphs.iter().map(|s| part(s.name(), s.sdl())).collect()
}

/// The composed graph.
pub async fn supergraph() -> String {
    compose(&parts().await).expect("the services compose")
}

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
