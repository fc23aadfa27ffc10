//! Paying without an account: the fake Stripe of embedded mode.

use anyhow::{Context as _, Result};
use clock::Clock;
use config::Config;
use fake_stripe::{Endpoint, FakeStripe};
use std::path::Path;
use tokio::net::TcpListener;

const KEY: &str = "sk_test_embedded";
const SECRET: &str = "whsec_embedded";
/// The platform's own account in the fake.
const PLATFORM: &str = "acct_platform";

/// The configuration as it is when it names a Stripe key; otherwise with a fake Stripe that runs
/// in this process and keeps its state beside the data.
pub async fn or_fake(config: Config, data: &Path, clock: &Clock) -> Result<Config> {
    if config.secret("STRIPE_SECRET_KEY")?.is_some() {
        return Ok(config);
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.context("a port for the fake Stripe")?;
    let base = format!("http://{}", listener.local_addr()?);
    let hook = format!("{}/webhooks/stripe/platform", config.required("PUBLIC_URL")?);
    let mut fake = FakeStripe::builder(clock.clone())
        .base_url(&base)
        .key(KEY, PLATFORM)
        .file(data.join("fake-stripe.json"));
    for connect in [false, true] {
        let (account, url, secret) = (PLATFORM.to_owned(), hook.clone(), SECRET.to_owned());
        fake = fake.endpoint(Endpoint { account, url, secret, connect });
    }
    let fake = fake.start().context("starting the fake Stripe")?;
    tokio::spawn(async move {
        if let Err(error) = fake.serve(listener).await {
            tracing::error!(%error, "the fake Stripe ended");
        }
    });
    Ok(config.or_values([
        ("STRIPE_SECRET_KEY", KEY),
        ("STRIPE_WEBHOOK_SECRET", SECRET),
        ("STRIPE_API_URL", &format!("{base}/")),
    ]))
}
