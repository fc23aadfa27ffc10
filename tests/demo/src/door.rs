//! The public address of an installation, and people at it.

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, RequestBuilder, header};
use serde_json::{Value, json};
use std::{
    sync::{Arc, LazyLock, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// What presses buttons. One for all, as each new client reads every root certificate again; it keeps
/// no connections, which would not outlive the runtime of the test that opened them.
static BROWSER: LazyLock<Client> = LazyLock::new(|| {
    let no_redirects = reqwest::redirect::Policy::none();
    let client = Client::builder().redirect(no_redirects).pool_max_idle_per_host(0);
    client.build().expect("the options of a client")
});

/// How long one request may take on a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The pauses of whoever asks again and again.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_millis(1_600);

/// Where people sign in whose client is no browser.
const SIGN_IN: &str = "/auth/session?mode=token";

/// An installation as the world sees it.
#[derive(Clone, Debug)]
pub struct Door {
    base: String,
    http: Client,
}

/// Somebody who is signed in; cheap to clone.
#[derive(Clone, Debug)]
pub struct Session {
    door: Door,
    token: Arc<RwLock<String>>,
    /// What they sign in with once the token has run out; who just opened an account has nothing.
    credentials: Option<Arc<Value>>,
}

/// What the graph answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, as sent.
    pub body: Value,
}

impl Answer {
    /// The code of the first error; empty without one.
    pub fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }

    /// The data of an answer without errors.
    ///
    /// # Errors
    /// When it has errors or no data.
    pub fn data(mut self) -> Result<Value> {
        if self.body["errors"].as_array().is_some_and(|errors| !errors.is_empty()) {
            bail!("refused: {}", self.body["errors"]);
        }
        match self.body["data"].take() {
            Value::Null => bail!("answered {} without data: {}", self.status, self.body),
            data => Ok(data),
        }
    }
}

impl Door {
    /// The installation at this address, e.g. `http://localhost:8080`.
    pub fn new(base: impl Into<String>) -> Self {
        Self {
            base: base.into().trim_end_matches('/').to_owned(),
            http: service_http::client(PATIENCE),
        }
    }

    /// Its address, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Waits until the installation is ready to serve.
    ///
    /// # Errors
    /// When it is not in time.
    pub async fn ready(&self, patience: Duration) -> Result<()> {
        eventually("the installation is ready", patience, || async {
            let answer = self.http.get(format!("{}/readyz", self.base)).send().await?;
            Ok(answer.status().is_success().then_some(()))
        })
        .await
    }

    /// Posts JSON to a path; the status and what was answered, `null` without a body.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn post(&self, path: &str, body: &Value) -> Result<(u16, Value)> {
        json_of(self.request(path).json(body)).await
    }

    /// Begins a POST to a path.
    pub(crate) fn request(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.base))
    }

    /// Signs somebody in.
    ///
    /// # Errors
    /// When they are not let in.
    pub async fn sign_in(&self, company: &str, login: &str, password: &str) -> Result<Session> {
        let body = json!({ "company": company, "login": login, "password": password });
        let session = self.session(SIGN_IN, &body).await;
        let session = session.with_context(|| format!("signing in as {login} of {company}"))?;
        Ok(Session { credentials: Some(Arc::new(body)), ..session })
    }

    /// Opens a resident's account with the code of their invitation.
    ///
    /// # Errors
    /// When the code is not good.
    pub async fn sign_up(&self, company: &str, code: &str, password: &str) -> Result<Session> {
        let body = json!({ "company": company, "code": code, "password": password });
        self.session("/auth/sign-up?mode=token", &body).await.context("opening an account")
    }

    async fn session(&self, path: &str, body: &Value) -> Result<Session> {
        let token = Arc::new(RwLock::new(self.access_token(path, body).await?));
        Ok(Session { door: self.clone(), token, credentials: None })
    }

    async fn access_token(&self, path: &str, body: &Value) -> Result<String> {
        let (status, answer) = self.post(path, body).await?;
        let token = answer["accessToken"].as_str();
        Ok(token.with_context(|| format!("{status}: {answer}"))?.to_owned())
    }

    /// Sets the password that a one-time token allows to set.
    ///
    /// # Errors
    /// When the token is not good.
    pub async fn set_password(&self, token: &str, password: &str) -> Result<()> {
        let body = json!({ "token": token, "password": password });
        let (status, answer) = self.post("/auth/password-reset", &body).await?;
        if status == 204 { Ok(()) } else { bail!("setting a password: {status}: {answer}") }
    }

    /// Fills in a form as a browser does and says whether it was taken.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn press(page: &str, action: &str) -> Result<bool> {
        let form = BROWSER.post(page).body(format!("action={action}"));
        let form = form.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        Ok(form.send().await?.status().is_redirection())
    }
}

impl Session {
    /// What requests prove who this is with.
    pub fn token(&self) -> String {
        self.token.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where this is.
    pub const fn door(&self) -> &Door {
        &self.door
    }

    /// Runs a document of the graph, with a new token when the old one has run out.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn send(&self, document: &str, variables: &Value) -> Result<Answer> {
        let answer = self.send_once(document, variables).await?;
        match &self.credentials {
            Some(credentials) if answer.code() == "UNAUTHENTICATED" => {
                let token = self.door.access_token(SIGN_IN, credentials).await?;
                *self.token.write().unwrap_or_else(PoisonError::into_inner) = token;
                self.send_once(document, variables).await
            }
            _ => Ok(answer),
        }
    }

    async fn send_once(&self, document: &str, variables: &Value) -> Result<Answer> {
        let body = json!({ "query": document, "variables": variables });
        let request = self.door.request("/graphql").bearer_auth(self.token()).json(&body);
        let (status, body) = json_of(request).await?;
        Ok(Answer { status, body })
    }

    /// Runs a document that must be answered without errors. A question that a service was too busy
    /// to answer in time is asked again; an act is not.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn ask(&self, document: &str, variables: Value) -> Result<Value> {
        let mut answer = self.send(document, &variables).await?;
        let tries = if document.starts_with("mutation") { 0 } else { 20 };
        for _ in 0..tries {
            if answer.code() != "UNAVAILABLE" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            answer = self.send(document, &variables).await?;
        }
        let name = document.split(['{', '(']).find(|part| part.trim().len() > 8);
        answer.data().with_context(|| name.unwrap_or(document).trim().to_owned())
    }

    /// Uploads a file to a service; its id.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn upload(&self, service: &str, name: &str, file: &[u8]) -> Result<String> {
        const BOUNDARY: &str = "commonhold-upload-7d2f1c";
        let mut body = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = self.door.request(&format!("/files/{service}")).bearer_auth(self.token());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let (status, answer) =
            json_of(request.header(header::CONTENT_TYPE, kind).body(body)).await?;
        let id = answer["id"].as_str().map(str::to_owned);
        id.with_context(|| format!("uploading {name}: {status}: {answer}"))
    }
}

async fn json_of(request: RequestBuilder) -> Result<(u16, Value)> {
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    let text = answer.text().await?;
    let body = if text.is_empty() { Ok(Value::Null) } else { serde_json::from_str(&text) };
    Ok((status, body.unwrap_or(Value::String(text))))
}

/// Asks again until there is an answer, less often the longer it is refused, as whoever asks too often
/// is not heard at all; gives up after `patience`, with the last error.
///
/// # Errors
/// When there was none in time.
pub async fn eventually<T, F: Future<Output = Result<Option<T>>>>(
    what: &str,
    patience: Duration,
    ask: impl Fn() -> F,
) -> Result<T> {
    let begun = Instant::now();
    let mut last = None;
    let mut pause = SHORTEST;
    while begun.elapsed() < patience {
        match ask().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => (last, pause) = (None, SHORTEST),
            Err(error) => (last, pause) = (Some(error), (pause * 2).min(LONGEST)),
        }
        tokio::time::sleep(pause).await;
    }
    match last {
        Some(error) => Err(error.context(format!("waited in vain: {what}"))),
        None => bail!("waited in vain: {what}"),
    }
}
