//! S10: a tap is changed in the evening. The desk quotes it, the resident agrees to it, billing is
//! asked for its price, and what is paid at the counter comes back to the order.

use super::{
    acts::{part, parts},
    office::{ENGINEER, FINANCE, Office, SUPERVISOR, text},
    opening::{item, taxed},
    parking::{HOME, WIFE},
};
use serde_json::{Value, json};

const ORDER: &str = "specialOrder { id version state quote { night total { amount } } }";

/// 31 July: 30.00 of labour at night are 45.00, with 68.00 of material 113.00; paid by WeChat, with
/// an invoice.
pub async fn a_tap_is_changed(it: &Office) {
    let fee = item(it, "SPECIAL", "特约服务费", "OTHER").await;
    taxed(it, &fee, "3070401000000000000", "*居民日常服务*维修费").await;
    let mut order = is_quoted(it).await;
    assert_eq!(order["quote"], json!({ "night": true, "total": { "amount": "113.00" } }));
    order = step(it, WIFE, ("confirm", &order), json!({})).await;
    let workers = json!({ "workerIds": [it.id(ENGINEER)] });
    order = step(it, SUPERVISOR, ("schedule", &order), workers).await;
    it.minutes_pass(10 * 60 + 25);
    order = step(it, ENGINEER, ("start", &order), json!({})).await;
    order = step(it, ENGINEER, ("finish", &order), json!({ "result": "更换水龙头一个" })).await;
    order = step(it, WIFE, ("accept", &order), json!({})).await;
    assert_eq!(order["state"], "ACCEPTED");
    it.becomes("billing has put it on a bill", json!(true), || async {
        json!(charge(it, &order).await["charge"]["billId"].is_string())
    })
    .await;
    is_paid(it, &order).await;
}

async fn is_quoted(it: &Office) -> Value {
    let service = json!({ "estateId": it.estate.to_string(), "code": "TAP",
        "effectiveFrom": it.today(), "nameZh": "换水龙头", "nameEn": "Tap change", "unit": "次",
        "pricing": "FIXED", "labourPrice": "30.00", "feeItemCode": "SPECIAL", "listed": true,
        "materials": [{ "code": "TAP20", "name": "水龙头", "price": "68.00" }] });
    let made = it.serves(SUPERVISOR, "saveSpecialService", service, "specialService { id }").await;
    let request = json!({ "serviceId": made["specialService"]["id"], "unitId": it.id(HOME),
        "wantedAt": format!("{}T12:30:00Z", it.today()) });
    let order = it.serves(WIFE, "requestSpecialOrder", request, ORDER).await;
    let work = json!({ "appointment": format!("{}T12:30:00Z", it.today()),
        "materials": [{ "name": "TAP20", "quantity": 1 }] });
    step(it, SUPERVISOR, ("quote", &order["specialOrder"]), work).await
}

/// A step of the order as it was read.
async fn step(it: &Office, who: &str, (name, order): (&str, &Value), mut input: Value) -> Value {
    input["orderId"] = order["id"].clone();
    input["expectedVersion"] = order["version"].clone();
    it.serves(who, &format!("{name}SpecialOrder"), input, ORDER).await["specialOrder"].take()
}

/// What the resident sees of the order and its price.
async fn charge(it: &Office, order: &Value) -> Value {
    let query =
        "query($id: ID!) { specialOrder(id: $id) { state charge { billId paid { amount } } } }";
    let seen = it.send(WIFE, "service-desk", query, json!({ "id": order["id"] })).await;
    seen.ok()["specialOrder"].take()
}

async fn is_paid(it: &Office, order: &Value) {
    let bill = it.bill(WIFE, HOME, "2026-07", "113.00").await;
    assert_eq!(charge(it, order).await["charge"]["billId"], bill["id"]);
    let paid = it.pays((WIFE, HOME), "113.00", ("CARD", "微信 4200010"), &[&bill]).await;
    assert_eq!(parts(&paid), [part(&bill, "PRINCIPAL", "113.00")]);
    let expected = json!({ "state": "PAID",
        "charge": { "billId": bill["id"], "paid": { "amount": "113.00" } } });
    it.becomes("the desk has heard of it", expected, || async { charge(it, order).await }).await;
    let sums = "invoice { gross { amount } net { amount } tax { amount } }";
    let made = it.does(WIFE, "requestInvoice", json!({ "billIds": [bill["id"]] }), sums).await;
    let sums = ["gross", "net", "tax"].map(|of| text(&made["invoice"][of]["amount"]));
    assert_eq!(sums, ["113.00", "106.60", "6.40"]);
    let export = json!({ "estateId": it.estate.to_string(), "format": "CSV" });
    it.does(FINANCE, "exportInvoices", export, "__typename").await;
}
