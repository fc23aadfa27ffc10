//! Whether the services behind HTTP are alive, asked beside the requests: a query may take as long
//! as an operation, but nobody waits for a service that has stopped answering.

use reqwest::Client;
use std::{mem, time::Duration};
use tokio::{runtime::Handle, sync::watch, time};

/// The pause between two questions.
const PAUSE: Duration = Duration::from_millis(150);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_millis(250);
/// How many answers in a row must be missing. Together: 0.8 s from the end of a service at most.
const MISSES: u32 = 2;

/// One service's pulse; cheap to clone.
#[derive(Clone)]
pub(crate) struct Pulse(watch::Receiver<bool>);

impl Pulse {
    /// Starts asking the service whose GraphQL endpoint is `url`, until nobody listens any more.
    /// Any answer counts, whatever it says.
    pub(crate) fn watch(service: String, url: &str, runtime: &Handle) -> Self {
        let (tell, hear) = watch::channel(true);
        let probe = format!("{}/healthz", url.trim_end_matches("/graphql"));
        runtime.spawn(async move {
            let client = service_http::client(PATIENCE);
            let mut missed = 0;
            while !tell.is_closed() {
                missed = if answers(&client, &probe).await { 0 } else { missed + 1 };
                let now = missed < MISSES;
                if tell.send_if_modified(|alive| mem::replace(alive, now) != now) {
                    tracing::warn!(service, alive = now, "a service's pulse changed");
                }
                time::sleep(PAUSE).await;
            }
        });
        Self(hear)
    }

    /// Whether the service answered lately.
    pub(crate) fn is_there(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the service has stopped answering.
    pub(crate) async fn stopped(mut self) {
        if self.0.wait_for(|alive| !alive).await.is_err() {
            // Nobody asks any more, so nothing is known.
            std::future::pending::<()>().await;
        }
    }
}

async fn answers(client: &Client, probe: &str) -> bool {
    client.get(probe).send().await.is_ok()
}
