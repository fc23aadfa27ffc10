//! What people do at the front door, one function an act.

use crate::{Company, Door, Session, eventually};
use anyhow::{Context as _, Result, bail, ensure};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::time::Duration;

/// How long the services may take to tell each other something on a slow machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A month as the graph writes it.
pub fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// The nodes of a connection.
pub fn nodes(connection: &Value) -> impl Iterator<Item = &Value> {
    connection["edges"].as_array().into_iter().flatten().map(|edge| &edge["node"])
}

/// Every node of a connection, page by page: the document has a variable `$after` and asks for
/// `pageInfo { hasNextPage endCursor }`.
///
/// # Errors
/// When a page is refused.
pub async fn all_nodes(
    who: &Session,
    document: &str,
    mut variables: Value,
    connection: &str,
) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    loop {
        let page = who.ask(document, variables.clone()).await?;
        let page = page.pointer(connection).with_context(|| format!("{connection} in {page}"))?;
        all.extend(nodes(page).cloned());
        if page["pageInfo"]["hasNextPage"] != true {
            return Ok(all);
        }
        variables["after"] = page["pageInfo"]["endCursor"].clone();
    }
}

/// The text at a JSON pointer.
///
/// # Errors
/// When there is none.
pub fn text<'v>(value: &'v Value, pointer: &str) -> Result<&'v str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.with_context(|| format!("{pointer} in {value}"))
}

/// Uploads a roster and has it read; the import with what is doubtful in it. Nothing is charged
/// before the month of `cut_over`.
///
/// # Errors
/// When it is refused.
pub async fn read_roster(
    company: &Company,
    name: &str,
    file: &[u8],
    cut_over: NaiveDate,
) -> Result<Value> {
    let admin = company.session("admin");
    let file = admin.upload("residents", name, file).await?;
    let start =
        "mutation($input: StartImportInput!) { startImport(input: $input) { import { id } } }";
    let input =
        json!({ "estateId": company.estate, "fileId": file, "cutOverMonth": month(cut_over) });
    let begun = eventually("residents knows the estate", PATIENCE, || async {
        admin.ask(start, json!({ "input": input })).await.map(Some)
    })
    .await?;
    let id = text(&begun, "/startImport/import/id")?;
    let read = "query($id: ID!) { import(id: $id) { id state errors undecided findings(first: 100) { edges { node { code sheet row choices } } } } }";
    eventually("the roster is read", PATIENCE, || async {
        let mut seen = admin.ask(read, json!({ "id": id })).await?;
        ensure!(seen["import"]["state"] != "UNREADABLE", "{name} cannot be read: {seen}");
        Ok((seen["import"]["state"] == "ANALYSED").then(|| seen["import"].take()))
    })
    .await
}

/// Imports all rows of a roster that was read, and waits for its end.
///
/// # Errors
/// When it is refused or does not come to its end.
pub async fn import_roster(company: &Company, import: &Value, choices: Value) -> Result<()> {
    let admin = company.session("admin");
    let confirm =
        "mutation($input: ConfirmImportInput!) { confirmImport(input: $input) { import { id } } }";
    let input = json!({ "id": import["id"], "rows": "ALL", "choices": choices });
    admin.ask(confirm, json!({ "input": input })).await?;
    let state = "query($id: ID!) { import(id: $id) { state failure } }";
    eventually("the roster is imported", PATIENCE, || async {
        let seen = admin.ask(state, json!({ "id": import["id"] })).await?;
        Ok((seen["import"]["state"] == "DONE").then_some(()))
    })
    .await
}

/// The director enters the property fee under a code; the fee item's id.
///
/// # Errors
/// When it is refused.
pub async fn enter_property_fee(company: &Company, code: &str) -> Result<String> {
    let create =
        "mutation($input: CreateFeeItemInput!) { createFeeItem(input: $input) { feeItem { id } } }";
    let input = json!({
        "estateId": company.estate, "code": code, "nameZh": "物业服务费",
        "nameEn": "Property fee", "kind": "PROPERTY_FEE",
    });
    let made = eventually("billing knows the estate", PATIENCE, || async {
        company.session("director").ask(create, json!({ "input": input })).await.map(Some)
    })
    .await?;
    text(&made, "/createFeeItem/feeItem/id").map(str::to_owned)
}

/// The director proposes yuan per m² and month for an item, in one building or everywhere; the
/// price's id.
///
/// # Errors
/// When it is refused.
pub async fn propose_price(
    company: &Company,
    item: &str,
    building: Option<&str>,
    rate: &str,
    from: NaiveDate,
) -> Result<String> {
    let propose = "mutation($input: ProposeFeeStandardInput!) { proposeFeeStandard(input: $input) { feeStandard { id } } }";
    let input = json!({
        "feeItemId": item, "buildingId": building, "formula": "AREA_RATE", "rate": rate,
        "effectiveFrom": from,
    });
    let proposed = eventually("billing knows the building", PATIENCE, || async {
        company.session("director").ask(propose, json!({ "input": input })).await.map(Some)
    })
    .await?;
    text(&proposed, "/proposeFeeStandard/feeStandard/id").map(str::to_owned)
}

/// Approves a price.
///
/// # Errors
/// When it is refused, e.g. to who proposed it.
pub async fn approve_price(who: &Session, price: &str) -> Result<()> {
    let approve =
        "mutation($id: ID!) { approveFeeStandard(input: { id: $id }) { feeStandard { id } } }";
    who.ask(approve, json!({ "id": price })).await.map(drop)
}

/// Who pays late owes 0.05 % of what is open a day from `from` on, at most 30 % of the bill.
///
/// # Errors
/// When it is refused.
pub async fn charge_late_fees(company: &Company, from: NaiveDate) -> Result<()> {
    let set =
        "mutation($input: SetLateFeeTermsInput!) { setLateFeeTerms(input: $input) { __typename } }";
    let input = json!({
        "estateId": company.estate, "from": from, "dailyRate": "0.0005", "cap": "0.30",
    });
    company.session("finance").ask(set, json!({ "input": input })).await.map(drop)
}

/// The company's own account at the payment provider; the page of the fake one is filled in, a
/// real one is left to a person.
///
/// # Errors
/// When it is refused.
pub async fn take_online_payments(company: &Company) -> Result<()> {
    let admin = company.session("admin");
    let document = "mutation($input: ConnectStripeAccountInput!) { connectStripeAccount(input: $input) { onboardingUrl } }";
    let input = json!({ "country": "HK", "returnUrl": format!("{}/", company.door.base()) });
    let made = admin.ask(document, json!({ "input": input })).await?;
    let page = text(&made, "/connectStripeAccount/onboardingUrl")?;
    let fake = ["http://127.0.0.1:", "http://localhost:"].iter().any(|here| page.starts_with(here));
    if !fake {
        println!("online payments begin once this page is filled in: {page}");
        return Ok(());
    }
    if Door::press(page, "finish").await? { Ok(()) } else { bail!("{page} was not completed") }
}

/// Invites a person of a unit; the code with which they open their account.
///
/// # Errors
/// When it is refused.
pub async fn invite(company: &Company, unit: &str, person: &str) -> Result<String> {
    let invite =
        "mutation($input: InviteResidentInput!) { inviteResident(input: $input) { code } }";
    let input = json!({ "unitId": unit, "personId": person });
    let invited = company.session("admin").ask(invite, json!({ "input": input })).await?;
    text(&invited, "/inviteResident/code").map(str::to_owned)
}

/// Opens the account of somebody who was invited; their session.
///
/// # Errors
/// When it is refused.
pub async fn open_account(company: &Company, code: &str, password: &str) -> Result<Session> {
    eventually("identity knows the invitation", PATIENCE, || async {
        company.door.sign_up(&company.code, code, password).await.map(Some)
    })
    .await
}

/// Invites a person of a unit and opens their account; their session.
///
/// # Errors
/// When it is refused.
pub async fn move_in(
    company: &Company,
    unit: &str,
    person: &str,
    password: &str,
) -> Result<Session> {
    open_account(company, &invite(company, unit, person).await?, password).await
}

/// What a run of a month would bring, as finance sees it.
///
/// # Errors
/// When it is refused.
pub async fn preview(company: &Company, month: &str, fields: &str) -> Result<Value> {
    let document = format!(
        "query($id: ID!, $month: String!) {{ previewBillRun(estateId: $id, startMonth: $month) {{ {fields} }} }}"
    );
    let variables = json!({ "id": company.estate, "month": month });
    Ok(company.session("finance").ask(&document, variables).await?["previewBillRun"].take())
}

/// Waits until a run of a month would bring this many bills, i.e. billing knows who pays.
///
/// # Errors
/// When it does not in time.
pub async fn until_billable(company: &Company, month: &str, bills: i64) -> Result<()> {
    eventually("billing knows every payer", PATIENCE, || async {
        let seen = preview(company, month, "bills").await?;
        Ok(seen["bills"].as_i64().filter(|seen| *seen >= bills))
    })
    .await
    .map(drop)
}

/// Finance starts the run of a month; its id.
///
/// # Errors
/// When it is refused.
pub async fn start_run(company: &Company, month: &str, key: &str) -> Result<String> {
    let document =
        "mutation($input: StartBillRunInput!) { startBillRun(input: $input) { billRun { id } } }";
    let input = json!({ "estateId": company.estate, "startMonth": month, "idempotencyKey": key });
    let started = company.session("finance").ask(document, json!({ "input": input })).await?;
    text(&started, "/startBillRun/billRun/id").map(str::to_owned)
}

/// A run with its figures.
///
/// # Errors
/// When it is refused.
pub async fn bill_run(company: &Company, id: &str) -> Result<Value> {
    let document = "query($id: ID!) { billRun(id: $id) { state bills lines done total failure amount { amount } } }";
    Ok(company.session("finance").ask(document, json!({ "id": id })).await?["billRun"].take())
}

/// Waits until a run is done; the run with its figures.
///
/// # Errors
/// When it is not in time.
pub async fn run_ends(company: &Company, id: &str) -> Result<Value> {
    eventually("the run is done", PATIENCE, || async {
        let run = bill_run(company, id).await?;
        Ok((run["state"] == "DONE").then_some(run))
    })
    .await
}

/// Takes cash at the counter; the payment.
///
/// # Errors
/// When it is refused.
pub async fn take_cash(who: &Session, account: &str, amount: &str, key: &str) -> Result<Value> {
    let document = "mutation($input: TakePaymentInput!) { takePayment(input: $input) { payment { id status amount { amount } prepaid { amount } receipts { id number amountInWords } parts { billId amount { amount } } } } }";
    let input = json!({
        "accountId": account, "amount": amount, "till": "CASH", "idempotencyKey": key,
    });
    Ok(who.ask(document, json!({ "input": input })).await?["takePayment"]["payment"].take())
}

/// Begins to pay bills online; the payment.
///
/// # Errors
/// When it is refused.
pub async fn pay_online(
    who: &Session,
    bills: &[&str],
    amount: Option<&str>,
    key: &str,
) -> Result<Value> {
    let document = "mutation($input: PayBillsInput!) { payBills(input: $input) { payment { id status checkoutUrl } } }";
    let input = json!({
        "billIds": bills, "amount": amount, "idempotencyKey": key,
        "returnUrl": format!("{}/paid", who.door().base()),
    });
    Ok(who.ask(document, json!({ "input": input })).await?["payBills"]["payment"].take())
}
