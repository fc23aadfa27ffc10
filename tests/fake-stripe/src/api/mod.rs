//! The operations, each a function of the state; nothing here knows HTTP.

mod connect;
mod lists;
mod money_back;
mod payments;
mod sessions;
mod settlement;

use crate::{
    form::Params,
    peer::Fees,
    state::{Account, Kind, State},
};
use clock::Clock;
use serde_json::{Value, json};

pub(crate) use connect::finish_onboarding;
pub(crate) use money_back::finish_refund;
pub(crate) use sessions::pay;
pub(crate) use settlement::{close_dispute, open_dispute, pay_out};

/// A refusal, in Stripe's form.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub status: u16,
    pub error: Value,
}

impl Refusal {
    /// 400 `invalid_request_error`.
    pub fn invalid(code: Option<&str>, param: Option<&str>, message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", code, param, message)
    }

    /// 404, also for objects of another account.
    pub fn missing(kind: Kind, id: &str) -> Self {
        let message = format!("No such {}: '{id}'", kind.tag());
        Self::new(404, "invalid_request_error", Some("resource_missing"), Some("id"), message)
    }

    /// Any status, type and code.
    pub fn new(
        status: u16,
        kind: &str,
        code: Option<&str>,
        param: Option<&str>,
        message: impl Into<String>,
    ) -> Self {
        let message = message.into();
        let mut error = json!({"type": kind, "message": message});
        for (name, value) in [("code", code), ("param", param)] {
            if let Some(value) = value {
                error[name] = value.into();
            }
        }
        Self { status, error }
    }

    /// Wrong parameters are not remembered under the idempotency key, decisions are.
    pub fn is_remembered(&self) -> bool {
        let wrong = ["resource_missing", "parameter_missing", "parameter_invalid"];
        !self.error["code"].as_str().is_some_and(|code| wrong.contains(&code))
    }

    /// The response body.
    pub fn body(&self) -> Value {
        json!({"error": self.error})
    }
}

/// One operation's view: the state, and the account it acts for.
pub(crate) struct Tx<'a> {
    pub state: &'a mut State,
    pub account: String,
    pub clock: &'a Clock,
    pub fees: &'a Fees,
    pub base_url: &'a str,
}

impl Tx<'_> {
    /// The objects of the account acted for.
    pub fn own(&mut self) -> &mut Account {
        self.state.accounts.entry(self.account.clone()).or_default()
    }

    /// A new id of that kind.
    pub fn new_id(&self, kind: Kind) -> String {
        format!("{}_{}", kind.prefix(), self.clock.uuid().simple())
    }

    /// Seconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now().timestamp()
    }

    /// An object of the account, or 404.
    pub fn find(&mut self, kind: Kind, id: &str) -> Result<Value, Refusal> {
        self.own().get(kind, id).cloned().ok_or_else(|| Refusal::missing(kind, id))
    }

    /// Stores a new object with the fields every object has.
    pub fn create(&mut self, kind: Kind, mut fields: Value) -> Value {
        fields["id"] = self.new_id(kind).into();
        fields["object"] = kind.tag().into();
        fields["created"] = self.now().into();
        fields["livemode"] = false.into();
        self.own().insert(kind, fields.clone());
        fields
    }

    /// Records an event and queues it for the endpoints that listen to this account.
    pub fn emit(&mut self, kind: &str, object: &Value) {
        let mut event = json!({
            "type": kind,
            "api_version": "2026-01-28.clover",
            "data": {"object": object},
            "pending_webhooks": self.state.endpoints.len(),
            "request": null,
        });
        if self.own().platform.is_some() {
            event["account"] = self.account.clone().into();
        }
        let event = self.create(Kind::Event, event);
        let id = event["id"].as_str().expect("just set").to_owned();
        crate::webhooks::enqueue(self.state, &self.account, &id);
    }
}

/// A whole number above zero.
fn positive(params: &Params, key: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = params.get(key) else { return Ok(None) };
    let wrong = || Refusal::invalid(Some("parameter_invalid"), Some(key), "must be at least 1");
    text.parse().ok().filter(|n| *n > 0).map(Some).ok_or_else(wrong)
}

fn required<'p>(params: &'p Params, key: &str) -> Result<&'p str, Refusal> {
    params.get(key).filter(|text| !text.is_empty()).ok_or_else(|| {
        let message = format!("Missing required param: {key}.");
        Refusal::invalid(Some("parameter_missing"), Some(key), message)
    })
}

/// Finds and carries out the operation behind a method and path.
pub(crate) fn dispatch(
    tx: &mut Tx<'_>,
    method: &str,
    path: &[&str],
    params: &Params,
) -> Result<Value, Refusal> {
    sessions::expire_due(tx);
    let answer = match (method, path) {
        ("POST", ["customers"]) => Ok(create_customer(tx, params)),
        ("POST", ["payment_intents"]) => payments::create(tx, params),
        ("POST", ["payment_intents", id, "confirm"]) => payments::confirm(tx, id, params),
        ("POST", ["payment_intents", id, "cancel"]) => payments::cancel(tx, id),
        ("POST", ["checkout", "sessions"]) => sessions::create(tx, params),
        ("POST", ["checkout", "sessions", id, "expire"]) => sessions::expire(tx, id),
        ("POST", ["refunds"]) => money_back::create(tx, params),
        ("POST", ["accounts"]) => Ok(connect::create(tx, params)),
        ("POST", ["account_links"]) => connect::link(tx, params),
        ("GET", ["account"]) => Ok(connect::own(tx)),
        ("GET", ["checkout", "sessions"]) => lists::list(tx, Kind::CheckoutSession, path, params),
        ("GET", ["checkout", "sessions", id]) => tx.find(Kind::CheckoutSession, id),
        ("GET", [plural]) if kind_of(plural).is_some() => {
            let kind = kind_of(plural).expect("just asked");
            lists::list(tx, kind, path, params)
        }
        ("GET", [plural, id]) if kind_of(plural).is_some() => {
            tx.find(kind_of(plural).expect("just asked"), id)
        }
        _ => {
            let message = format!("Unrecognized request URL ({method}: /v1/{}).", path.join("/"));
            Err(Refusal::new(404, "invalid_request_error", None, None, message))
        }
    };
    let mut answer = answer?;
    for path in params.list("expand") {
        lists::expand(&mut answer, &path.split('.').collect::<Vec<_>>(), tx.own());
    }
    Ok(answer)
}

fn kind_of(plural: &str) -> Option<Kind> {
    Some(match plural {
        "customers" => Kind::Customer,
        "payment_intents" => Kind::PaymentIntent,
        "setup_intents" => Kind::SetupIntent,
        "refunds" => Kind::Refund,
        "charges" => Kind::Charge,
        "balance_transactions" => Kind::BalanceTransaction,
        "payouts" => Kind::Payout,
        "disputes" => Kind::Dispute,
        "events" => Kind::Event,
        "accounts" => Kind::Account,
        _ => return None,
    })
}

fn create_customer(tx: &mut Tx<'_>, params: &Params) -> Value {
    tx.create(
        Kind::Customer,
        json!({
            "name": params.get("name"),
            "email": params.get("email"),
            "phone": params.get("phone"),
            "description": params.get("description"),
            "metadata": params.map("metadata"),
        }),
    )
}
