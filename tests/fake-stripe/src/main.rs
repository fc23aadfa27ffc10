//! The fake Stripe as a process of its own, steered over `POST /_control/…`.

use clap::Parser;
use fake_stripe::{Endpoint, FakeStripe};

/// A stateful peer that answers as Stripe does. For tests: `/_control` is open to everybody.
#[derive(Debug, Parser)]
struct Arguments {
    /// Address to listen on; port 0 picks a free one, which is printed.
    #[arg(long, default_value = "127.0.0.1:8420")]
    listen: String,
    /// A secret key and its account: `sk_test_x=acct_platform`. May be given several times.
    #[arg(long = "key", required = true)]
    keys: Vec<String>,
    /// A connected account of the first key's account. May be given several times.
    #[arg(long = "connected")]
    connected: Vec<String>,
    /// Where the first key's account receives webhooks, its own and its connected accounts'.
    #[arg(long, requires = "webhook_secret")]
    webhook_url: Option<String>,
    /// What webhooks are signed with.
    #[arg(long)]
    webhook_secret: Option<String>,
    /// File that keeps the state; without it the state ends with the process.
    #[arg(long)]
    file: Option<std::path::PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let listener = tokio::net::TcpListener::bind(&arguments.listen).await?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let mut builder = FakeStripe::builder(clock::Clock::system()).base_url(&base_url).control();
    let mut platform = None;
    for pair in &arguments.keys {
        let (key, account) = pair
            .split_once('=')
            .ok_or_else(|| anyhow::anyhow!("--key must be <secret key>=<account>"))?;
        platform.get_or_insert(account);
        builder = builder.key(key, account);
    }
    let platform = platform.unwrap_or_default();
    if let (Some(url), Some(secret)) = (&arguments.webhook_url, &arguments.webhook_secret) {
        for connect in [false, true] {
            let (account, url, secret) = (platform.to_owned(), url.clone(), secret.clone());
            builder = builder.endpoint(Endpoint { account, url, secret, connect });
        }
    }
    if let Some(file) = arguments.file {
        builder = builder.file(file);
    }
    let stripe = builder.start()?;
    for account in &arguments.connected {
        stripe.add_connected(platform, account);
    }
    println!("fake Stripe, where payments are made: {base_url}");
    stripe.serve(listener).await?;
    Ok(())
}
