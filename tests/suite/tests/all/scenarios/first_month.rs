//! A company takes over an estate with the spreadsheet it has, bills a month and is paid.

use super::{month_after, strangers::sees_nothing, today};
use crate::installation::{PATIENCE, Place};
use anyhow::{Context as _, Result, ensure};
use chrono::Days;
use demo::{
    Company, Door, Session,
    acts::{
        approve_price, enter_property_fee, import_roster, month, move_in, nodes, pay_online,
        preview, propose_price, read_roster, run_ends, start_run, take_cash, take_online_payments,
        text, until_billable,
    },
    eventually,
};
use serde_json::{Value, json};

/// The import template of another property system, with its sample rows.
const ROSTER: &[u8] = include_bytes!("../../../samples/legacy-estate.xlsx");

/// 94.56 m² at 2.35 yuan are 222.216 yuan.
const FEE: &str = "222.22";

/// A unit somebody pays for.
pub struct Home {
    pub unit: String,
    pub person: String,
    pub bill: String,
    pub account: String,
    pub total: String,
}

/// The whole story; the company and its paying homes, the first two of which have paid.
pub async fn a_company_bills_its_first_month_and_is_paid(
    place: &Place,
) -> Result<(Company, Vec<Home>)> {
    let company = place.company("first-month", ("LEG", "旧小区")).await?;
    let stranger = place.company("strangers", ("AJ", "安居苑")).await?;
    let first = month_after(today(), 1);
    import(&company).await?;
    price(&company).await?;
    take_online_payments(&company).await?;
    let homes = bill(&company, &month(first)).await?;
    let [online, counter, ..] = homes.as_slice() else { anyhow::bail!("two paying homes") };
    let (resident, payment) = pay_on_the_page(&company, online).await?;
    let cash =
        take_cash(company.session("cashier"), &counter.account, "100.00", "cash-0001").await?;
    ensure!(cash["status"] == "SUCCEEDED" && cash["parts"][0]["billId"] == counter.bill, "{cash}");
    let numbers = (text(&payment, "/receipts/0/number")?, text(&cash, "/receipts/0/number")?);
    ensure!(
        numbers.0.ends_with("-000001") && numbers.1.ends_with("-000002"),
        "receipts without a gap: {numbers:?}"
    );
    refund(&company, text(&payment, "/id")?).await?;
    books_agree(&company, online).await?;
    let seen = [&company.estate, &online.unit, &online.person, &online.bill, &online.account];
    sees_nothing(&stranger, &company.estate, &seen, text(&payment, "/id")?).await?;
    let other = bill_of(&resident, &counter.bill).await?;
    ensure!(other.code() == "NOT_FOUND", "a neighbour's bill: {other:?}");
    Ok((company, homes))
}

async fn import(company: &Company) -> Result<()> {
    // From this month on, so that the owners are in today; next month is billed.
    let read = read_roster(company, "legacy-estate.xlsx", ROSTER, month_after(today(), 0)).await?;
    ensure!(read["errors"] == 0, "the file imports without being edited: {read}");
    let at = |wanted: &str| -> Vec<Value> {
        let found = nodes(&read["findings"]).filter(|finding| finding["code"] == wanted);
        found.map(|finding| json!([finding["sheet"], finding["row"]])).collect()
    };
    let rows: Vec<Value> = (7..=9).map(|row| json!(["房屋信息", row])).collect();
    ensure!(at("DANGLING_OWNER") == rows, "owners nowhere in the file are named: {read}");
    let choices = json!([
        { "code": "DANGLING_OWNER", "choice": "IMPORT_AS_VACANT" },
        { "code": "DOUBTFUL_IDENTITY", "choice": "IMPORT_WITHOUT_IDENTITY" },
    ]);
    import_roster(company, &read, choices).await
}

async fn price(company: &Company) -> Result<()> {
    let item = enter_property_fee(company, "WUYE").await?;
    let price = propose_price(company, &item, None, "2.35", month_after(today(), 1)).await?;
    let alone = approve_price(company.session("director"), &price).await;
    ensure!(alone.is_err(), "who proposes a price does not approve it");
    approve_price(company.session("finance"), &price).await
}

/// Previews and runs the month; the homes that got a bill.
async fn bill(company: &Company, month: &str) -> Result<Vec<Home>> {
    until_billable(company, month, 5).await?;
    let fields = "bills total { amount } byFeeItem { feeItem { code } amount { amount } } units(first: 10) { edges { node { lines { feeItem { code } amount { amount } wordsEn } } } }";
    let seen = preview(company, month, fields).await?;
    let mut items = seen["byFeeItem"].as_array().into_iter().flatten();
    let item = items.find(|item| item["feeItem"]["code"] == "WUYE").context("our item")?;
    ensure!(item["amount"]["amount"] == "1111.10", "5 × {FEE}: {item}");
    let lines = nodes(&seen["units"]).filter_map(|unit| unit["lines"].as_array()).flatten();
    let words: Vec<&str> = lines
        .filter(|line| line["feeItem"]["code"] == "WUYE")
        .filter_map(|line| line["wordsEn"].as_str())
        .collect();
    ensure!(
        words.len() == 5 && words.iter().all(|w| w.starts_with("94.56 m² × 2.35 = 222.216")),
        "the arithmetic of every line: {words:?}"
    );
    let id = start_run(company, month, "first-run-ever").await?;
    let run = run_ends(company, &id).await?;
    ensure!(run["amount"] == seen["total"] && run["bills"] == seen["bills"], "{run} of {seen}");
    ensure!(start_run(company, month, "first-run-ever").await? == id, "the key names the run");
    homes(company).await
}

async fn homes(company: &Company) -> Result<Vec<Home>> {
    let document = "query($id: ID!) { units(estateId: $id, first: 100) { edges { node { id label household { payer { id phone } } bills(first: 10) { edges { node { id total { amount } account { id } } } } } } } }";
    let desk = company.session("desk");
    let seen = desk.ask(document, json!({ "id": company.estate })).await?;
    let paying = nodes(&seen["units"]).filter(|unit| !unit["household"]["payer"].is_null());
    let mut paying: Vec<&Value> = paying.collect();
    // Who can be invited comes first: the file has a placeholder for somebody's phone.
    paying.sort_by_key(|unit| unit["household"]["payer"]["phone"].is_null());
    let homes = paying.into_iter().map(|unit| {
        let bill = nodes(&unit["bills"]).next().with_context(|| format!("a bill of {unit}"))?;
        Ok(Home {
            unit: text(unit, "/id")?.to_owned(),
            person: text(unit, "/household/payer/id")?.to_owned(),
            bill: text(bill, "/id")?.to_owned(),
            account: text(bill, "/account/id")?.to_owned(),
            total: text(bill, "/total/amount")?.to_owned(),
        })
    });
    homes.collect()
}

/// The owner opens an account, sees the bill and pays it on the provider's page.
async fn pay_on_the_page(company: &Company, home: &Home) -> Result<(Session, Value)> {
    let resident = move_in(company, &home.unit, &home.person, "a resident's password").await?;
    let mine = "query($id: ID!) { myBills(estateId: $id, first: 10) { edges { node { id outstanding { amount } } } } }";
    eventually("the resident sees their bill", PATIENCE, || async {
        let seen = resident.ask(mine, json!({ "id": company.estate })).await?;
        Ok(nodes(&seen["myBills"]).any(|bill| bill["id"] == home.bill.as_str()).then_some(()))
    })
    .await?;
    let begun = pay_online(&resident, &[&home.bill], None, "resident-pays-1").await?;
    let page = text(&begun, "/checkoutUrl")?;
    ensure!(Door::press(page, "alipay").await?, "the page takes the money: {page}");
    let document = "query($id: ID!) { payment(id: $id) { id status method amount { amount } receipts { number payer lines { text } } } }";
    let paid = eventually("the payment is known", PATIENCE, || async {
        let seen = resident.ask(document, json!({ "id": begun["id"] })).await?;
        Ok((seen["payment"]["status"] == "SUCCEEDED").then(|| seen["payment"].clone()))
    })
    .await?;
    ensure!(
        paid["amount"]["amount"] == home.total.as_str() && paid["method"] == "alipay",
        "{paid}"
    );
    Ok((resident, paid))
}

/// The desk asks for 50 yuan back, may not decide it alone, and finance approves.
async fn refund(company: &Company, payment: &str) -> Result<()> {
    let ask = "mutation($input: RequestRefundInput!) { requestRefund(input: $input) { refund { id status } } }";
    let input = json!({
        "paymentId": payment, "amount": "50.00", "reason": "重复缴费", "idempotencyKey": "ask-back-1",
    });
    let (desk, finance) = (company.session("desk"), company.session("finance"));
    let asked = desk.ask(ask, json!({ "input": input })).await?;
    let id = text(&asked, "/requestRefund/refund/id")?;
    let approve = "mutation($input: ApproveRefundInput!) { approveRefund(input: $input) { refund { id status } } }";
    let input = json!({ "input": { "refundId": id, "idempotencyKey": "approve-back-1" } });
    let alone = desk.send(approve, &input).await?;
    ensure!(alone.code() == "FORBIDDEN", "a second person is needed: {alone:?}");
    finance.ask(approve, input).await?;
    let document = "query($id: ID!) { refund(id: $id) { status receipts { number } } }";
    let done = eventually("the money went back", PATIENCE, || async {
        let seen = finance.ask(document, json!({ "id": id })).await?;
        Ok((seen["refund"]["status"] == "SUCCEEDED").then(|| seen["refund"].clone()))
    })
    .await?;
    ensure!(text(&done, "/receipts/0/number")?.ends_with("-000001"), "its own numbers: {done}");
    Ok(())
}

/// Statement, trial balance and recomputation say the same.
async fn books_agree(company: &Company, home: &Home) -> Result<()> {
    let document = "query($account: ID!, $estate: ID!, $from: NaiveDate!, $to: NaiveDate!) {
        statement(accountId: $account, from: $from, to: $to, first: 100) { edges { node { kind amount { amount } balance { amount } } } }
        billingAccount(id: $account) { balance { amount } }
        trialBalance(estateId: $estate, on: $to) { debit { amount } credit { amount } rows { code } }
        verifyLedger(estateId: $estate) { agrees differences { code } } }";
    let (from, to) = (today() - Days::new(1), today() + Days::new(1));
    let variables =
        json!({ "account": home.account, "estate": company.estate, "from": from, "to": to });
    let seen = company.session("finance").ask(document, variables).await?;
    let lines: Vec<&Value> = nodes(&seen["statement"]).collect();
    let last = lines.last().context("a statement")?;
    ensure!(lines.len() == 3, "charge, payment, refund: {lines:?}");
    ensure!(last["balance"] == seen["billingAccount"]["balance"], "{seen}");
    ensure!(last["balance"]["amount"] == "50.00", "what went back is owed again: {last}");
    let trial = &seen["trialBalance"];
    ensure!(trial["debit"] == trial["credit"] && trial["debit"]["amount"] != "0.00", "{trial}");
    ensure!(seen["verifyLedger"]["agrees"] == true, "{seen}");
    Ok(())
}

async fn bill_of(who: &Session, bill: &str) -> Result<demo::Answer> {
    who.send("query($id: ID!) { bill(id: $id) { id } }", &json!({ "id": bill })).await
}
