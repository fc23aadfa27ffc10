//! The same act from 64 clients at once is one act.

use super::first_month::Home;
use anyhow::{Result, ensure};
use demo::{
    Answer, Company, Session,
    acts::{nodes, text},
};
use futures::future::try_join_all;
use serde_json::{Value, json};

const CLIENTS: usize = 64;

/// Cash and an online payment, each with one key from 64 clients.
pub async fn sixty_four_clients_with_one_key_are_one_payment(
    company: &Company,
    home: &Home,
) -> Result<()> {
    let cash = "mutation($input: TakePaymentInput!) { takePayment(input: $input) { payment { id status amount { amount } receipts { number } parts { billId amount { amount } } } } }";
    let input = json!({
        "accountId": home.account, "amount": "20.00", "till": "CASH", "idempotencyKey": "once-cash",
    });
    let taken = all_at_once(company.session("cashier"), cash, &input).await?;
    let cash = text(&taken, "/takePayment/payment/id")?.to_owned();
    let online = "mutation($input: PayBillsInput!) { payBills(input: $input) { payment { id status checkoutUrl amount { amount } } } }";
    let input = json!({
        "billIds": [home.bill], "amount": "30.00", "idempotencyKey": "once-online",
        "returnUrl": format!("{}/paid", company.door.base()),
    });
    let begun = all_at_once(company.session("desk"), online, &input).await?;
    ensure!(begun["payBills"]["payment"]["status"] == "PENDING", "{begun}");
    let online = text(&begun, "/payBills/payment/id")?.to_owned();
    let document =
        "query($id: ID!) { payments(accountId: $id, first: 100) { edges { node { id } } } }";
    let seen = company.session("desk").ask(document, json!({ "id": home.account })).await?;
    let mut there: Vec<&str> =
        nodes(&seen["payments"]).filter_map(|payment| payment["id"].as_str()).collect();
    there.sort_unstable();
    let mut wanted = [cash.as_str(), online.as_str()];
    wanted.sort_unstable();
    ensure!(there == wanted, "{there:?} instead of {wanted:?}");
    Ok(())
}

/// Sends the same from every client at the same time; the one answer that all got.
async fn all_at_once(who: &Session, document: &str, input: &Value) -> Result<Value> {
    let variables = json!({ "input": input });
    let answers = try_join_all((0..CLIENTS).map(|_| who.send(document, &variables))).await?;
    let first: &Answer = &answers[0];
    ensure!(answers.iter().all(|answer| answer == first), "unequal answers: {answers:?}");
    first.clone().data()
}
