//! Payment intents and the charges they make.

use super::{Refusal, Tx, positive, required, settlement};
use crate::{faults, form::Params, state::Kind};
use serde_json::{Value, json};

/// Creates an intent, and confirms it at once if asked.
pub(super) fn create(tx: &mut Tx<'_>, params: &Params) -> Result<Value, Refusal> {
    let amount = positive(params, "amount")?.ok_or_else(|| {
        Refusal::invalid(
            Some("parameter_missing"),
            Some("amount"),
            "Missing required param: amount.",
        )
    })?;
    let currency = required(params, "currency")?.to_lowercase();
    let mut methods = params.list("allowed_payment_method_types");
    methods.extend(params.list("payment_method_types"));
    if methods.is_empty() {
        methods.push("card".to_owned());
    }
    let details = json!({
        "customer": params.get("customer"),
        "description": params.get("description"),
        "metadata": params.map("metadata"),
    });
    let intent = open(tx, amount, &currency, &methods, details);
    if params.get("confirm") == Some("true") {
        return confirm(tx, intent["id"].as_str().expect("has an id"), params);
    }
    Ok(intent)
}

/// Stores an intent that waits for a payment method.
pub(super) fn open(
    tx: &mut Tx<'_>,
    amount: i64,
    currency: &str,
    methods: &[String],
    details: Value,
) -> Value {
    let secret = tx.clock.uuid().simple().to_string();
    let mut fields = json!({
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": format!("secret_{secret}"),
        "confirmation_method": "automatic",
        "currency": currency,
        "last_payment_error": null,
        "latest_charge": null,
        "payment_method": null,
        "payment_method_types": methods,
        "status": "requires_payment_method",
    });
    for (name, value) in details.as_object().expect("details are an object") {
        fields[name] = value.clone();
    }
    let intent = tx.create(Kind::PaymentIntent, fields);
    tx.emit("payment_intent.created", &intent);
    intent
}

/// Takes the money with the method given (`pm_card_visa`, `pm_card_chargeDeclined`, …).
pub(super) fn confirm(tx: &mut Tx<'_>, id: &str, params: &Params) -> Result<Value, Refusal> {
    let intent = tx.find(Kind::PaymentIntent, id)?;
    if !is_open(&intent) {
        return Err(wrong_state(&intent, "confirm"));
    }
    let method = required(params, "payment_method")?.to_owned();
    if method.contains("Declined") {
        return Err(decline(tx, &intent, "card", "generic_decline"));
    }
    take_money(tx, &intent, "card")
}

/// Withdraws an intent that has not taken money.
pub(super) fn cancel(tx: &mut Tx<'_>, id: &str) -> Result<Value, Refusal> {
    let intent = tx.find(Kind::PaymentIntent, id)?;
    if !is_open(&intent) {
        return Err(wrong_state(&intent, "cancel"));
    }
    let now = tx.now();
    let intent = tx.own().set(id, json!({"status": "canceled", "canceled_at": now}));
    tx.emit("payment_intent.canceled", &intent);
    Ok(intent)
}

fn is_open(intent: &Value) -> bool {
    intent["status"] == "requires_payment_method" || intent["status"] == "requires_confirmation"
}

fn wrong_state(intent: &Value, act: &str) -> Refusal {
    let message = format!(
        "You cannot {act} this PaymentIntent because it has a status of {}.",
        intent["status"]
    );
    Refusal::invalid(Some("payment_intent_unexpected_state"), None, message)
}

/// Charges an open intent: it succeeds unless a decline is pending.
pub(super) fn take_money(tx: &mut Tx<'_>, intent: &Value, method: &str) -> Result<Value, Refusal> {
    if let Some(code) = faults::take_decline(&mut tx.state.rules) {
        return Err(decline(tx, intent, method, &code));
    }
    let amount = intent["amount"].as_i64().expect("an intent has an amount");
    let charge = new_charge(tx, intent, method, true);
    let charge_id = charge["id"].as_str().expect("has an id").to_owned();
    let currency = intent["currency"].as_str().unwrap_or_default();
    let fee = tx.fees.of(amount);
    let moved = settlement::book(tx, "charge", &charge_id, currency, amount, fee);
    let charge = tx.own().set(&charge_id, json!({"balance_transaction": moved}));
    tx.emit("charge.succeeded", &charge);
    let id = intent["id"].as_str().expect("has an id");
    let paid = json!({
        "status": "succeeded", "amount_received": amount, "latest_charge": charge_id,
        "last_payment_error": null,
    });
    let intent = tx.own().set(id, paid);
    tx.emit("payment_intent.succeeded", &intent);
    Ok(intent)
}

/// Records a declined attempt and builds its 402.
pub(super) fn decline(tx: &mut Tx<'_>, intent: &Value, method: &str, code: &str) -> Refusal {
    let charge = new_charge(tx, intent, method, false);
    tx.emit("charge.failed", &charge);
    let mut refusal =
        Refusal::new(402, "card_error", Some("card_declined"), None, "Your card was declined.");
    refusal.error["decline_code"] = code.into();
    refusal.error["charge"] = charge["id"].clone();
    let id = intent["id"].as_str().expect("has an id");
    let fields = json!({
        "status": "requires_payment_method", "latest_charge": charge["id"],
        "last_payment_error": refusal.error,
    });
    let intent = tx.own().set(id, fields);
    tx.emit("payment_intent.payment_failed", &intent);
    refusal.error["payment_intent"] = intent;
    refusal
}

fn new_charge(tx: &mut Tx<'_>, intent: &Value, method: &str, paid: bool) -> Value {
    let details = match method {
        "card" => json!({"type": "card", "card": {
            "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2040,
        }}),
        other => json!({"type": other, other: {}}),
    };
    let charge = json!({
        "amount": intent["amount"],
        "amount_captured": if paid { intent["amount"].clone() } else { 0.into() },
        "amount_refunded": 0,
        "balance_transaction": null,
        "billing_details": {},
        "captured": paid,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": false,
        "metadata": intent["metadata"],
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method_details": details,
        "refunded": false,
        "status": if paid { "succeeded" } else { "failed" },
    });
    tx.create(Kind::Charge, charge)
}
