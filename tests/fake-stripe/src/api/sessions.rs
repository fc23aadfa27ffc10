//! Checkout sessions: what the hosted page shows and does.

use super::{Refusal, Tx, payments, positive, required};
use crate::{form::Params, state::Kind};
use serde_json::{Value, json};

const KNOWN: [&str; 3] = ["card", "alipay", "wechat_pay"];
const DAY: i64 = 24 * 60 * 60;

/// Opens a session in `payment` mode with priced lines, or one in `setup` mode that saves a card.
pub(super) fn create(tx: &mut Tx<'_>, params: &Params) -> Result<Value, Refusal> {
    let mode = params.get("mode").unwrap_or_default().to_owned();
    let priced = match mode.as_str() {
        "payment" => Some(priced_lines(params)?),
        "setup" => None,
        _ => {
            let message = "only `payment` and `setup` mode are played here";
            return Err(Refusal::invalid(Some("parameter_invalid"), Some("mode"), message));
        }
    };
    let amount = priced.as_ref().map(|(amount, ..)| *amount);
    let currency = match &priced {
        Some((_, currency, _)) => currency.clone(),
        None => required(params, "currency")?.to_lowercase(),
    };
    let methods = methods(params)?;
    let success_url = required(params, "success_url")?;
    let expires_at = positive(params, "expires_at")?.unwrap_or_else(|| tx.now() + DAY);
    let fields = json!({
        "amount_subtotal": amount,
        "amount_total": amount,
        "automatic_tax": {"enabled": false, "status": null},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "currency": currency,
        "custom_fields": [],
        "custom_text": {},
        "customer": params.get("customer"),
        "expires_at": expires_at,
        "locale": params.get("locale"),
        "metadata": params.map("metadata"),
        "mode": mode,
        "payment_intent": null,
        "payment_method_types": methods,
        "payment_status": if priced.is_some() { "unpaid" } else { "no_payment_required" },
        "setup_intent": null,
        "shipping_options": [],
        "status": "open",
        "success_url": success_url,
    });
    let session = tx.create(Kind::CheckoutSession, fields);
    let id = session["id"].as_str().expect("has an id");
    let url = format!("{}/pay/{id}", tx.base_url);
    let name = priced.map(|(_, _, name)| name).unwrap_or_default();
    let hidden = json!({
        "description": params.get("payment_intent_data[description]").unwrap_or(&name),
        "metadata": params.map("payment_intent_data[metadata]"),
    });
    Ok(tx.own().set(id, json!({"url": url, "payment_intent_data": hidden})))
}

/// The payer saves a card on the page; `decline` saves one that is declined when it is charged.
fn save_card(tx: &mut Tx<'_>, id: &str, method: &str) -> Value {
    let customer = tx.create(Kind::Customer, json!({"metadata": {}}));
    let card = match method {
        "decline" => "pm_card_chargeDeclined",
        _ => "pm_card_visa",
    };
    let intent = tx.create(
        Kind::SetupIntent,
        json!({
            "customer": customer["id"],
            "metadata": {},
            "payment_method": card,
            "payment_method_types": ["card"],
            "status": "succeeded",
            "usage": "off_session",
        }),
    );
    let done = json!({
        "status": "complete", "url": null, "customer": customer["id"], "setup_intent": intent["id"],
    });
    let session = tx.own().set(id, done);
    tx.emit("checkout.session.completed", &session);
    session
}

fn priced_lines(params: &Params) -> Result<(i64, String, String), Refusal> {
    let mut total = 0_i64;
    let mut first = None;
    for line in 0_usize.. {
        let key = |tail: &str| format!("line_items[{line}]{tail}");
        let Some(price) = positive(params, &key("[price_data][unit_amount]"))? else { break };
        let quantity = positive(params, &key("[quantity]"))?.unwrap_or(1);
        let line_total = price.checked_mul(quantity).and_then(|sum| total.checked_add(sum));
        total = line_total.ok_or_else(|| {
            Refusal::invalid(Some("amount_too_large"), Some("line_items"), "amount too large")
        })?;
        if first.is_none() {
            let currency = required(params, &key("[price_data][currency]"))?.to_lowercase();
            let name = required(params, &key("[price_data][product_data][name]"))?;
            first = Some((currency, name.to_owned()));
        }
    }
    let (currency, name) = first.ok_or_else(|| {
        let message = "Missing required param: line_items.";
        Refusal::invalid(Some("parameter_missing"), Some("line_items"), message)
    })?;
    Ok((total, currency, name))
}

/// The methods offered: those asked for, or all that are played here.
fn methods(params: &Params) -> Result<Vec<String>, Refusal> {
    let mut asked = params.list("payment_method_types");
    asked.extend(params.list("allowed_payment_method_types"));
    if asked.is_empty() {
        asked = KNOWN.map(str::to_owned).to_vec();
    }
    if let Some(odd) = asked.iter().find(|method| !KNOWN.contains(&method.as_str())) {
        let message = format!("The payment method type `{odd}` is invalid.");
        return Err(Refusal::invalid(
            Some("parameter_invalid"),
            Some("payment_method_types"),
            message,
        ));
    }
    Ok(asked)
}

/// Closes the open sessions whose time has run out, as the real service does by itself.
pub(super) fn expire_due(tx: &mut Tx<'_>) {
    let now = tx.now();
    let is_due = |session: &&Value| {
        session["status"] == "open" && session["expires_at"].as_i64().is_some_and(|at| at <= now)
    };
    let due: Vec<String> = tx
        .own()
        .newest(Kind::CheckoutSession)
        .filter(is_due)
        .filter_map(|session| session["id"].as_str().map(str::to_owned))
        .collect();
    for id in due {
        // Found open just now; nothing can refuse.
        let _ = expire(tx, &id);
    }
}

/// Closes an open session, so that nobody pays it any more.
pub(super) fn expire(tx: &mut Tx<'_>, id: &str) -> Result<Value, Refusal> {
    let session = tx.find(Kind::CheckoutSession, id)?;
    if session["status"] != "open" {
        let message = format!("This Session has a status of {}.", session["status"]);
        return Err(Refusal::invalid(None, None, message));
    }
    let session = tx.own().set(id, json!({"status": "expired", "url": null}));
    tx.emit("checkout.session.expired", &session);
    Ok(session)
}

/// What the payer does on the hosted page; a second payment of a session is refused.
pub(crate) fn pay(tx: &mut Tx<'_>, id: &str, method: &str) -> Result<Value, Refusal> {
    let session = tx.find(Kind::CheckoutSession, id)?;
    if session["status"] == "open" && session["expires_at"].as_i64() <= Some(tx.now()) {
        return expire(tx, id);
    }
    if session["status"] != "open" {
        return Err(Refusal::invalid(None, None, "This session can no longer be paid."));
    }
    if session["mode"] == "setup" {
        return Ok(save_card(tx, id, method));
    }
    let declined = method == "decline";
    let allowed = session["payment_method_types"].as_array().into_iter().flatten();
    if !declined && !allowed.into_iter().any(|known| known == method) {
        return Err(Refusal::invalid(
            Some("parameter_invalid"),
            None,
            "This method is not offered.",
        ));
    }
    let intent = intent_of(tx, id, &session)?;
    if declined {
        return Err(payments::decline(tx, &intent, "card", "generic_decline"));
    }
    payments::take_money(tx, &intent, method)?;
    let done = json!({"status": "complete", "payment_status": "paid", "url": null});
    let session = tx.own().set(id, done);
    tx.emit("checkout.session.completed", &session);
    Ok(session)
}

/// The session's intent, opened at the first attempt to pay.
fn intent_of(tx: &mut Tx<'_>, id: &str, session: &Value) -> Result<Value, Refusal> {
    if let Some(intent) = session["payment_intent"].as_str() {
        return tx.find(Kind::PaymentIntent, intent);
    }
    let amount = session["amount_total"].as_i64().expect("a session has an amount");
    let currency = session["currency"].as_str().unwrap_or_default();
    let methods: Vec<String> =
        serde_json::from_value(session["payment_method_types"].clone()).unwrap_or_default();
    let mut details = session["payment_intent_data"].clone();
    details["customer"] = session["customer"].clone();
    let intent = payments::open(tx, amount, currency, &methods, details);
    tx.own().set(id, json!({"payment_intent": intent["id"]}));
    Ok(intent)
}
