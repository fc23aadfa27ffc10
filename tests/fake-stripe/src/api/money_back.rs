//! Refunds: never more than was taken.

use super::{Refusal, Tx, positive, settlement};
use crate::{faults, form::Params, state::Kind};
use serde_json::{Value, json};

/// Gives back part or all of a charge.
pub(super) fn create(tx: &mut Tx<'_>, params: &Params) -> Result<Value, Refusal> {
    let charge = charge_of(tx, params)?;
    let taken = charge["amount_captured"].as_i64().unwrap_or_default();
    let left = taken - charge["amount_refunded"].as_i64().unwrap_or_default();
    let asked = positive(params, "amount")?.unwrap_or(left);
    if left == 0 {
        let message = format!("Charge {} has already been refunded.", charge["id"]);
        return Err(Refusal::invalid(Some("charge_already_refunded"), None, message));
    }
    if asked > left {
        let message =
            format!("Refund amount ({asked}) is greater than unrefunded amount on charge ({left})");
        return Err(Refusal::invalid(None, Some("amount"), message));
    }
    let pending = faults::take_pending_refund(&mut tx.state.rules);
    let refund = tx.create(
        Kind::Refund,
        json!({
            "amount": asked,
            "balance_transaction": null,
            "charge": charge["id"],
            "currency": charge["currency"],
            "metadata": params.map("metadata"),
            "payment_intent": charge["payment_intent"],
            "reason": params.get("reason"),
            "status": if pending { "pending" } else { "succeeded" },
        }),
    );
    let id = refund["id"].as_str().expect("has an id").to_owned();
    let currency = charge["currency"].as_str().unwrap_or_default();
    let moved = settlement::book(tx, "refund", &id, currency, -asked, 0);
    let refund = tx.own().set(&id, json!({"balance_transaction": moved}));
    let charge = change_refunded(tx, &charge, asked);
    tx.emit("refund.created", &refund);
    tx.emit("charge.refunded", &charge);
    if !pending {
        tx.emit("refund.updated", &refund);
    }
    Ok(refund)
}

fn charge_of(tx: &mut Tx<'_>, params: &Params) -> Result<Value, Refusal> {
    let charge_id = match (params.get("charge"), params.get("payment_intent")) {
        (Some(charge), _) => charge.to_owned(),
        (None, Some(intent)) => {
            let intent = tx.find(Kind::PaymentIntent, intent)?;
            intent["latest_charge"].as_str().unwrap_or_default().to_owned()
        }
        (None, None) => {
            let message = "One of `charge` or `payment_intent` is required.";
            return Err(Refusal::invalid(Some("parameter_missing"), Some("charge"), message));
        }
    };
    let charge = tx.own().get(Kind::Charge, &charge_id).filter(|c| c["paid"] == true).cloned();
    charge.ok_or_else(|| {
        Refusal::invalid(
            None,
            Some("payment_intent"),
            "This payment has no successful charge to refund.",
        )
    })
}

fn change_refunded(tx: &mut Tx<'_>, charge: &Value, by: i64) -> Value {
    let refunded = charge["amount_refunded"].as_i64().unwrap_or_default() + by;
    let fields = json!({
        "amount_refunded": refunded,
        "refunded": charge["amount_captured"] == refunded,
    });
    tx.own().set(charge["id"].as_str().expect("has an id"), fields)
}

/// Decides a pending refund; a failed one puts the money back.
pub(crate) fn finish_refund(tx: &mut Tx<'_>, id: &str, succeeded: bool) -> Result<Value, Refusal> {
    let refund = tx.find(Kind::Refund, id)?;
    if refund["status"] != "pending" {
        return Err(Refusal::invalid(None, None, "This refund is decided already."));
    }
    if succeeded {
        let refund = tx.own().set(id, json!({"status": "succeeded"}));
        tx.emit("refund.updated", &refund);
        return Ok(refund);
    }
    let amount = refund["amount"].as_i64().unwrap_or_default();
    let currency = refund["currency"].as_str().unwrap_or_default();
    let returned = settlement::book(tx, "refund_failure", id, currency, amount, 0);
    let charge = tx.find(Kind::Charge, refund["charge"].as_str().unwrap_or_default())?;
    change_refunded(tx, &charge, -amount);
    let fields = json!({
        "status": "failed", "failure_reason": "declined", "failure_balance_transaction": returned,
    });
    let refund = tx.own().set(id, fields);
    tx.emit("refund.updated", &refund);
    tx.emit("refund.failed", &refund);
    Ok(refund)
}
