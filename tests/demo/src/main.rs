//! Loads the demo companies into a running installation and says what to try.

use anyhow::{Context as _, Result};
use clap::Parser;
use demo::{Door, Operator, greeting, load};
use std::time::Instant;

/// Loads the demo companies; `OPERATOR_PASSWORD` is the operator's password.
#[derive(Parser)]
struct Options {
    /// The installation's public address.
    #[arg(long, default_value = "http://localhost:8080")]
    url: String,
    /// An operator registered with `identity operator add`.
    #[arg(long)]
    operator: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let begun = Instant::now();
    let options = Options::parse();
    let password = std::env::var("OPERATOR_PASSWORD").context("OPERATOR_PASSWORD")?;
    let operator = Operator { name: options.operator, password };
    load(&Door::new(&options.url), &operator).await?;
    println!("{}", greeting(&options.url, begun.elapsed()));
    Ok(())
}
