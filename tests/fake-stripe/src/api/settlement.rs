//! Balance movements, disputes and payouts.

use super::{Refusal, Tx};
use crate::state::Kind;
use serde_json::{Value, json};

/// What a lost or open dispute costs, in minor units.
const DISPUTE_FEE: i64 = 1500;
const TWO_DAYS: i64 = 2 * 24 * 60 * 60;

/// Records a movement of the balance; answers its id.
pub(super) fn book(
    tx: &mut Tx<'_>,
    kind: &str,
    source: &str,
    currency: &str,
    amount: i64,
    fee: i64,
) -> String {
    let details = match fee {
        0 => json!([]),
        _ => json!([{"amount": fee, "currency": currency, "type": "stripe_fee",
                     "description": "Stripe processing fees"}]),
    };
    let category = if kind == "adjustment" { "dispute" } else { kind };
    let available_on = tx.now() + TWO_DAYS;
    let movement = tx.create(
        Kind::BalanceTransaction,
        json!({
            "amount": amount,
            "available_on": available_on,
            "balance_type": "payments",
            "currency": currency,
            "fee": fee,
            "fee_details": details,
            "net": amount - fee,
            "reporting_category": category,
            "source": source,
            "status": "pending",
            "type": kind,
        }),
    );
    movement["id"].as_str().expect("has an id").to_owned()
}

/// The payer objects to a payment: the money and a fee leave the balance.
pub(crate) fn open_dispute(tx: &mut Tx<'_>, intent: &str) -> Result<Value, Refusal> {
    let intent = tx.find(Kind::PaymentIntent, intent)?;
    let charge = tx.find(Kind::Charge, intent["latest_charge"].as_str().unwrap_or_default())?;
    if charge["paid"] != true || charge["disputed"] == true {
        return Err(Refusal::invalid(None, None, "This payment cannot be disputed."));
    }
    let dispute = tx.create(
        Kind::Dispute,
        json!({
            "amount": charge["amount"],
            "balance_transactions": [],
            "charge": charge["id"],
            "currency": charge["currency"],
            "enhanced_eligibility_types": [],
            "evidence": {"enhanced_evidence": {}},
            "evidence_details": {
                "enhanced_eligibility": {}, "has_evidence": false, "past_due": false,
                "submission_count": 0,
            },
            "is_charge_refundable": false,
            "metadata": {},
            "payment_intent": intent["id"],
            "reason": "general",
            "status": "needs_response",
        }),
    );
    let id = dispute["id"].as_str().expect("has an id").to_owned();
    let dispute =
        move_for(tx, &dispute, &id, -charge["amount"].as_i64().unwrap_or_default(), DISPUTE_FEE);
    tx.own().set(charge["id"].as_str().expect("has an id"), json!({"disputed": true}));
    tx.emit("charge.dispute.created", &dispute);
    Ok(dispute)
}

/// Decides a dispute; a won one returns the money, not the fee.
pub(crate) fn close_dispute(tx: &mut Tx<'_>, id: &str, won: bool) -> Result<Value, Refusal> {
    let dispute = tx.find(Kind::Dispute, id)?;
    if dispute["status"] != "needs_response" {
        return Err(Refusal::invalid(None, None, "This dispute is closed already."));
    }
    if won {
        move_for(tx, &dispute, id, dispute["amount"].as_i64().unwrap_or_default(), 0);
    }
    let dispute = tx.own().set(id, json!({"status": if won { "won" } else { "lost" }}));
    tx.emit("charge.dispute.closed", &dispute);
    Ok(dispute)
}

fn move_for(tx: &mut Tx<'_>, dispute: &Value, id: &str, amount: i64, fee: i64) -> Value {
    let currency = dispute["currency"].as_str().unwrap_or_default();
    let moved = book(tx, "adjustment", id, currency, amount, fee);
    let moved = tx.own().objects[&moved].clone();
    let mut all = dispute["balance_transactions"].as_array().cloned().unwrap_or_default();
    all.push(moved);
    tx.own().set(id, json!({"balance_transactions": all}))
}

/// Sends what is in the balance of one currency to the bank.
pub(crate) fn pay_out(tx: &mut Tx<'_>, currency: &str) -> Result<Value, Refusal> {
    let own = tx.own();
    let carried: Vec<Value> = own
        .newest(Kind::BalanceTransaction)
        .filter(|m| m["currency"] == currency)
        .filter(|m| !own.paid_out.contains_key(m["id"].as_str().unwrap_or_default()))
        .cloned()
        .collect();
    let amount: i64 = carried.iter().filter_map(|m| m["net"].as_i64()).sum();
    if amount <= 0 {
        return Err(Refusal::invalid(Some("balance_insufficient"), None, "Nothing to pay out."));
    }
    let arrival_date = tx.now();
    let payout = tx.create(
        Kind::Payout,
        json!({
            "amount": amount,
            "arrival_date": arrival_date,
            "automatic": true,
            "currency": currency,
            "metadata": {},
            "method": "standard",
            "reconciliation_status": "completed",
            "source_type": "card",
            "status": "paid",
            "type": "bank_account",
        }),
    );
    let id = payout["id"].as_str().expect("has an id").to_owned();
    let own_movement = book(tx, "payout", &id, currency, -amount, 0);
    let payout = tx.own().set(&id, json!({"balance_transaction": own_movement}));
    let carried = carried.iter().filter_map(|m| m["id"].as_str().map(str::to_owned));
    for movement in carried.chain([own_movement]) {
        tx.own().set(&movement, json!({"status": "available"}));
        tx.own().paid_out.insert(movement, id.clone());
    }
    tx.emit("payout.paid", &payout);
    Ok(payout)
}
