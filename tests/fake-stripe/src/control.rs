//! Steering the peer over HTTP, for tests whose peer is another process.

use crate::{
    faults::{FaultRule, WebhookFaults},
    peer::FakeStripe,
    state::{Endpoint, Kind},
    webhooks::Forgery,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// `POST /_control/<command>` with the fields as JSON.
#[derive(Debug, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
enum Command {
    Fault(FaultRule),
    WebhookFaults { faults: Option<WebhookFaults> },
    Pause { paused: bool },
    Endpoint(Endpoint),
    Connected { platform: String, account: String },
    Deliver { events: Vec<String> },
    Forge { event: String, forgery: Forgery },
    Pay { session: String, method: String },
    OpenDispute { payment_intent: String },
    CloseDispute { dispute: String, won: bool },
    FinishRefund { refund: String, succeeded: bool },
    PayOut { account: String, currency: String },
    ReleaseHeld {},
    RetryNow {},
    WaitIdle {},
}

/// Carries out one command.
pub(crate) async fn act(
    State(stripe): State<FakeStripe>,
    Path(command): Path<String>,
    Json(mut fields): Json<Value>,
) -> Response {
    if !fields.is_object() {
        return (StatusCode::BAD_REQUEST, "an object is expected").into_response();
    }
    fields["command"] = command.into();
    let command = match serde_json::from_value(fields) {
        Ok(command) => command,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    match carry_out(&stripe, command).await {
        Ok(answer) => Json(answer).into_response(),
        Err(message) => (StatusCode::CONFLICT, message).into_response(),
    }
}

async fn carry_out(stripe: &FakeStripe, command: Command) -> Result<Value, String> {
    match command {
        Command::Fault(rule) => stripe.fault(&rule.on, rule.fault, rule.times),
        Command::WebhookFaults { faults } => stripe.webhook_faults(faults),
        Command::Pause { paused } => stripe.pause(paused),
        Command::Endpoint(endpoint) => stripe.add_endpoint(endpoint),
        Command::Connected { platform, account } => stripe.add_connected(&platform, &account),
        Command::Deliver { events } => return Ok(json!(stripe.deliver_in_order(&events).await)),
        Command::Forge { event, forgery } => return Ok(json!(stripe.forge(&event, forgery).await)),
        Command::Pay { session, method } => return stripe.pay(&session, &method),
        Command::OpenDispute { payment_intent } => return stripe.open_dispute(&payment_intent),
        Command::CloseDispute { dispute, won } => return stripe.close_dispute(&dispute, won),
        Command::FinishRefund { refund, succeeded } => {
            return stripe.finish_refund(&refund, succeeded);
        }
        Command::PayOut { account, currency } => return stripe.pay_out(&account, &currency),
        Command::ReleaseHeld {} => stripe.release_held(),
        Command::RetryNow {} => stripe.retry_now(),
        Command::WaitIdle {} => stripe.wait_idle().await,
    }
    Ok(json!({}))
}

/// Every object of a kind, for reconciliation.
pub(crate) async fn objects(
    State(stripe): State<FakeStripe>,
    Path((account, kind)): Path<(String, Kind)>,
) -> Json<Vec<Value>> {
    Json(stripe.list(&account, kind))
}
