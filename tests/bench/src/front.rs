//! The front door: signing in and asking, for what is set up before it is measured.

use crate::load::{Connection, post};
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// How long something may take that only has to happen.
const PATIENCE: Duration = Duration::from_mins(1);

/// A client of the public origin. Every request has a connection of its own: the gateway closes
/// those that rest while rows are written.
#[derive(Clone, Copy, Debug)]
pub struct Front {
    /// Where it connects.
    pub port: u16,
}

impl Front {
    async fn post(self, request: Vec<u8>) -> Result<(u16, Value)> {
        let mut connection = Connection::open(self.port).await?;
        let (status, body) = connection.call(&request).await?;
        let body = serde_json::from_slice(body);
        Ok((status, body.with_context(|| format!("an answer with status {status}"))?))
    }

    /// Signs in and returns the access token.
    pub async fn sign_in(self, company: &str, login: &str, password: &str) -> Result<String> {
        let body = json!({ "company": company, "login": login, "password": password });
        self.token("/auth/session?mode=token", &body).await
    }

    /// Opens a resident's account with the code of an invitation and returns the access token.
    pub async fn sign_up(self, company: &str, code: &str, password: &str) -> Result<String> {
        let body = json!({ "company": company, "code": code, "password": password });
        self.token("/auth/sign-up?mode=token", &body).await
    }

    /// Everybody comes from one address here, which soon has to wait: as long as it is told to.
    async fn token(self, path: &str, body: &Value) -> Result<String> {
        loop {
            let (_, answer) = self.post(post(path, None, body)).await?;
            if let Some(seconds) = answer["error"]["retryAfterSeconds"].as_u64() {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                continue;
            }
            let token = answer["accessToken"].as_str().map(str::to_owned);
            return token.with_context(|| format!("{path}: {answer}"));
        }
    }

    /// The data of a document's answer; errors are an error.
    pub async fn ask(self, token: &str, document: &str, variables: Value) -> Result<Value> {
        let body = json!({ "query": document, "variables": variables });
        let (_, mut answer) = self.post(post("/graphql", Some(token), &body)).await?;
        if answer["errors"].as_array().is_some_and(|errors| !errors.is_empty()) {
            bail!("{}", answer["errors"]);
        }
        Ok(answer["data"].take())
    }

    /// Asks until the answer is as wanted: what happened in one service reaches the others a
    /// moment later.
    pub async fn ask_until(
        self,
        what: &str,
        (token, document, variables): (&str, &str, Value),
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let begun = Instant::now();
        loop {
            let answer = self.ask(token, document, variables.clone()).await;
            match answer {
                Ok(answer) if wanted(&answer) => return Ok(answer),
                answer if begun.elapsed() > PATIENCE => bail!("waited in vain: {what}: {answer:?}"),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}
