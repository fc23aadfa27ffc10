//! Loading the demo companies into this process, from outside like everybody else.

use anyhow::{Context as _, Result};
use demo::{Door, Operator, greeting, load};
use identity::Passwords;
use runtime::Running;
use std::time::Instant;

/// The operator of the platform that loads the demo; its password is another one at every start.
const NAME: &str = "demo-loader";

/// Registers the operator that the loader signs in as.
pub async fn operator(running: &Running) -> Result<Operator> {
    let context = &running.contexts["identity"];
    let passwords = Passwords::from_config(&context.config)?;
    let password = context.clock.uuid().simple().to_string();
    identity::seed::operator(&context.db, &passwords, NAME, &password)
        .await
        .context("registering the operator that loads the demo")?;
    Ok(Operator { name: NAME.to_owned(), password })
}

/// Loads what is missing and says how to sign in and what to try.
pub async fn fill(url: String, operator: Operator, begun: Instant) -> Result<()> {
    load(&Door::new(&url), &operator).await.context("loading the demo companies")?;
    println!("{}", greeting(&url, begun.elapsed()));
    Ok(())
}
