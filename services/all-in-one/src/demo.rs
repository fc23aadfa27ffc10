//! The demo companies, loaded through the front door: the same sign-in, import and operations that
//! a person would use.

use anyhow::{Context as _, Result, bail};
use chrono::{Datelike as _, Months, NaiveDate};
use identity::{
    Passwords,
    seed::{SeedCompany, SeedEstate, SeedStaff, Seeded, company},
};
use runtime::Running;
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};

const PASSWORD: &str = "demo-2026-demo";

/// Sign-in name, name, role and whether it is held in the one estate only.
const STAFF: [(&str, &str, &str, bool); 6] = [
    ("admin", "吴静", "CADM", false),
    ("finance", "何明", "CFIN", false),
    ("director", "周敏", "DIR", true),
    ("supervisor", "李倩", "SUP", true),
    ("cashier", "林涛", "CASH", true),
    ("desk", "高洁", "DESK", true),
];

/// What a fee costs in the demo estate: the building, or all of them, and yuan per m² and month.
const RATES: [(Option<&str>, &str); 4] =
    [(None, "2.35"), (Some("6"), "2.85"), (Some("7"), "2.85"), (Some("S"), "4.50")];

/// Loads the demo companies unless they are there.
pub async fn load(running: &Running) -> Result<()> {
    let cuihu = seed(running, "cuihu", "翠湖物业服务有限公司(演示)", "FCH", "翡翠湖畔花园").await?;
    seed(running, "anju", "安居物业(演示)", "AJ", "安居苑").await?;
    let estate = cuihu.estates["FCH"].to_string();
    let director = sign_in(running, "cuihu", "director").await?;
    let priced = "query($id: ID!) { estate: _entities(representations: [{ __typename: \"Estate\", id: $id }]) { ... on Estate { feeItems { id } } } }";
    let known = poll("billing knows the estate", || async {
        let answer = ask(running, "billing", &director, priced, json!({ "id": estate })).await?;
        let items = answer.pointer("/estate/0/feeItems").cloned();
        Ok(items.filter(|items| !items.is_null()))
    })
    .await?;
    if known.as_array().is_some_and(|items| !items.is_empty()) {
        return Ok(());
    }
    println!("loading the demo estate: 768 units …");
    let today = running.contexts["residents"]
        .clock
        .today(chrono::FixedOffset::east_opt(8 * 3600).context("a zone")?);
    let next = next_month(today);
    import(running, &cuihu, next).await?;
    price(running, &estate, &director, today).await?;
    take_online(running).await?;
    bill(running, &estate, next).await
}

async fn seed(
    running: &Running,
    code: &str,
    name: &str,
    estate: &str,
    estate_name: &str,
) -> Result<Seeded> {
    let context = &running.contexts["identity"];
    let passwords = Passwords::from_config(&context.config)?;
    let staff = STAFF.iter().map(|(login, name, role, in_estate)| SeedStaff {
        login,
        name,
        password: PASSWORD,
        roles: vec![(role, in_estate.then_some(estate))],
    });
    let wanted = SeedCompany {
        code,
        name,
        estates: vec![SeedEstate {
            code: estate,
            name: estate_name,
            address: "合肥市经济技术开发区(演示)",
        }],
        staff: staff.collect(),
    };
    company(&context.db, &passwords, &wanted).await.with_context(|| format!("company {code}"))
}

async fn import(running: &Running, company: &Seeded, cut_over: NaiveDate) -> Result<()> {
    let context = &running.contexts["residents"];
    let estate = company.estates["FCH"];
    let file = residents::seed::demo_roster()?;
    let importer = residents::importer(context)?;
    let by = company.staff["admin"].to_string();
    importer
        .import_bytes(company.tenant, estate, ("demo.xlsx", &file), cut_over, &by)
        .await
        .context("importing the demo roster")?;
    Ok(())
}

/// Fee item and prices: proposed by the director, approved by finance.
async fn price(running: &Running, estate: &str, director: &str, from: NaiveDate) -> Result<()> {
    let buildings = "query($id: ID!) { buildings(estateId: $id) { id code } }";
    let found = ask(running, "residents", director, buildings, json!({ "id": estate })).await?;
    let building = |code: &str| {
        let all = found["buildings"].as_array().into_iter().flatten();
        all.clone().find(|b| b["code"] == code).map(|b| b["id"].clone())
    };
    let create =
        "mutation($input: CreateFeeItemInput!) { createFeeItem(input: $input) { feeItem { id } } }";
    let input = json!({ "estateId": estate, "code": "PROPERTY", "nameZh": "物业费", "nameEn": "Property fee", "kind": "PROPERTY_FEE" });
    let item = ask(running, "billing", director, create, json!({ "input": input })).await?;
    let item = item["createFeeItem"]["feeItem"]["id"].clone();
    let finance = sign_in(running, "cuihu", "finance").await?;
    let propose = "mutation($input: ProposeFeeStandardInput!) { proposeFeeStandard(input: $input) { feeStandard { id } } }";
    let approve =
        "mutation($id: ID!) { approveFeeStandard(input: { id: $id }) { feeStandard { id } } }";
    for (of, rate) in RATES {
        let place = match of {
            None => Value::Null,
            Some(code) => building(code).with_context(|| format!("building {code}"))?,
        };
        let input = json!({
            "feeItemId": item, "buildingId": place, "formula": "AREA_RATE", "rate": rate, "effectiveFrom": from,
        });
        let proposed = poll("billing knows the building", || async {
            Ok(ask(running, "billing", director, propose, json!({ "input": input })).await.ok())
        })
        .await?;
        let id = &proposed["proposeFeeStandard"]["feeStandard"]["id"];
        ask(running, "billing", &finance, approve, json!({ "id": id })).await?;
    }
    Ok(())
}

/// The company's account at the fake provider, so that residents can pay; with a real key the
/// company opens its own.
async fn take_online(running: &Running) -> Result<()> {
    let config = &running.contexts["billing"].config;
    if config.text("STRIPE_API_URL").is_none() {
        return Ok(());
    }
    let admin = sign_in(running, "cuihu", "admin").await?;
    let connect = "mutation($input: ConnectStripeAccountInput!) { connectStripeAccount(input: $input) { merchantAccount { id } } }";
    let input = json!({ "country": "HK", "returnUrl": config.required("PUBLIC_URL")? });
    ask(running, "billing", &admin, connect, json!({ "input": input })).await?;
    Ok(())
}

/// The bills of the month that begins with `month`, once every unit is known.
async fn bill(running: &Running, estate: &str, month: NaiveDate) -> Result<()> {
    let finance = sign_in(running, "cuihu", "finance").await?;
    let month = month.format("%Y-%m").to_string();
    let preview = "query($id: ID!, $month: String!) { previewBillRun(estateId: $id, startMonth: $month) { bills total { amount } } }";
    let variables = json!({ "id": estate, "month": month });
    poll("every unit has a payer", || async {
        let seen = ask(running, "billing", &finance, preview, variables.clone()).await?;
        Ok(seen["previewBillRun"]["bills"].as_i64().filter(|bills| *bills >= 760))
    })
    .await?;
    let start =
        "mutation($input: StartBillRunInput!) { startBillRun(input: $input) { billRun { id } } }";
    let input =
        json!({ "estateId": estate, "startMonth": month, "idempotencyKey": "demo-first-run" });
    ask(running, "billing", &finance, start, json!({ "input": input })).await?;
    Ok(())
}

fn next_month(today: NaiveDate) -> NaiveDate {
    let first = today.with_day(1).unwrap_or(today);
    first.checked_add_months(Months::new(1)).unwrap_or(first)
}

async fn sign_in(running: &Running, company: &str, login: &str) -> Result<String> {
    let body = json!({ "company": company, "login": login, "password": PASSWORD });
    let answer = post(running, "identity", "/auth/session?mode=token", None, &body).await?;
    let token = answer["accessToken"].as_str();
    token.map(str::to_owned).with_context(|| format!("signing in as {login}: {answer}"))
}

/// Runs a document at a service and returns its data; errors are an error.
async fn ask(
    running: &Running,
    service: &str,
    token: &str,
    document: &str,
    variables: Value,
) -> Result<Value> {
    let body = json!({ "query": document, "variables": variables });
    let mut answer = post(running, service, "/graphql", Some(token), &body).await?;
    if answer["errors"].as_array().is_some_and(|errors| !errors.is_empty()) {
        bail!("{service}: {}", answer["errors"]);
    }
    Ok(answer["data"].take())
}

async fn post(
    running: &Running,
    service: &str,
    path: &str,
    token: Option<&str>,
    body: &Value,
) -> Result<Value> {
    let mut request = http::Request::post(path).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let peer = running.peers.get(service).context("a service of this process")?;
    let answer = peer.call(request.body(body.to_string().into())?).await?;
    serde_json::from_slice(answer.body())
        .with_context(|| format!("{service}{path}: {}", answer.status()))
}

/// Asks again until there is an answer; gives up after a minute.
async fn poll<T, F: Future<Output = Result<Option<T>>>>(
    what: &str,
    ask: impl Fn() -> F,
) -> Result<T> {
    for _ in 0..600 {
        match ask().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, what, "not yet"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("waited in vain: {what}")
}

/// Says where to go and what to try.
pub fn greet(listen: SocketAddr, took: Duration) {
    println!(
        "\nCommonhold runs on http://localhost:{port}  (ready after {seconds:.1} s, Ctrl-C ends it)\n\n\
         Sign in with company `cuihu` (or `anju`, to see that it sees nothing of the other), password `{PASSWORD}`:\n\
         {logins}\n\n\
         Three things to try there:\n\
         1. as cashier: press /, type 1201, choose a household; P takes a payment, then its receipt\n\
         2. as finance: Bill runs, New: the totals of a month with the arithmetic of any unit\n\
         3. as director propose a fee standard, as finance approve it\n\
         The API is at http://localhost:{port}/graphql; the README has queries ready to copy.\n",
        port = listen.port(),
        seconds = took.as_secs_f64(),
        logins =
            STAFF.map(|(login, name, role, _)| format!("  {login:<11}{name} {role}")).join("\n"),
    );
}
