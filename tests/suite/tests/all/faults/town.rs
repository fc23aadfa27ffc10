//! An installation of separate processes with an estate whose owners have bills to pay.

use crate::installation::{PATIENCE, Place, SETTINGS, programs};
use anyhow::{Context as _, Result, ensure};
use chrono::{Datelike as _, Months, NaiveDate};
use demo::{
    Company,
    acts::{self, month, nodes},
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use servers::{Plan, Split, Storage};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// A month of the demo estate (handbook Part 2 (d)).
pub const MONTH: &str = "214870.98";

/// Leases and retries are short, so that a test sees what follows a crash.
const SHORT: [(&str, &str); 1] = [("JOB_LEASE_SECONDS", "2")];

/// Somebody's debt.
#[derive(Clone, Debug)]
pub struct Debt {
    pub account: String,
    pub bill: String,
}

/// The installation and the company in it.
pub struct Town {
    pub split: Arc<Mutex<Split>>,
    pub company: Company,
    /// The first day of the first month that can be billed.
    pub first: NaiveDate,
}

/// What the graph says of a payment in these tests.
pub const PAYMENT: &str = "id status amount { amount } checkoutUrl receipts { number }";

impl Town {
    /// The demo estate, imported and priced, without a bill.
    pub async fn found(storage: Storage, settings: &[(&str, &str)]) -> Result<Self> {
        let town = Self::empty(storage, settings).await?;
        demo::load_estate(&town.company, town.first).await?;
        acts::until_billable(&town.company, &month(town.first), 768).await?;
        Ok(town)
    }

    /// An estate without homes.
    pub async fn empty(storage: Storage, settings: &[(&str, &str)]) -> Result<Self> {
        let plan = Plan::new(programs()?, storage)?.with_log_files();
        let plan = plan.with_all(&SETTINGS).with_all(&SHORT).with_all(settings);
        let mut split = Split::start(plan)?;
        let place = Place::split(&mut split)?;
        let company = place.company("town", ("FCH", "翡翠湖畔花园")).await?;
        let today = clock::Clock::system().now().date_naive();
        let first = today.with_day(1).and_then(|day| day.checked_add_months(Months::new(1)));
        let first = first.context("a next month")?;
        Ok(Self { split: Arc::new(Mutex::new(split)), company, first })
    }

    /// A month to bill: the first, the one after it, …
    pub fn month(&self, after: u32) -> String {
        month(self.first.checked_add_months(Months::new(after)).unwrap_or(self.first))
    }

    /// Bills the first month to its end.
    pub async fn bill(&self) -> Result<()> {
        let id = acts::start_run(&self.company, &self.month(0), "first-run-of-town").await?;
        self.run_ends(&id).await
    }

    /// Waits until a run is done, and looks at its total.
    pub async fn run_ends(&self, id: &str) -> Result<()> {
        let run = acts::run_ends(&self.company, id).await?;
        ensure!(run["amount"]["amount"] == MONTH, "{run}");
        Ok(())
    }

    /// The unpaid bills of some homes of the estate.
    pub async fn debts(&self, homes: usize) -> Result<Vec<Debt>> {
        let document = "query($id: ID!, $after: String) { units(estateId: $id, first: 10, after: $after) { pageInfo { hasNextPage endCursor } edges { node { bills(first: 1) { edges { node { id account { id } } } } } } } }";
        let (desk, of) = (self.company.session("desk"), json!({ "id": self.company.estate }));
        let mut debts = Vec::new();
        for unit in acts::all_nodes(desk, document, of, "/units").await?.iter().take(homes) {
            let bill = nodes(&unit["bills"]).next().with_context(|| format!("a bill: {unit}"))?;
            let (account, bill) = (acts::text(bill, "/account/id")?, acts::text(bill, "/id")?);
            debts.push(Debt { account: account.to_owned(), bill: bill.to_owned() });
        }
        Ok(debts)
    }

    /// Every payment of these accounts by its id.
    pub async fn payments(&self, debts: &[Debt]) -> Result<BTreeMap<String, Value>> {
        let mut all = BTreeMap::new();
        let desk = self.company.session("desk");
        let document = format!(
            "query($id: ID!, $after: String) {{ payments(accountId: $id, first: 100, after: $after) {{ pageInfo {{ hasNextPage endCursor }} edges {{ node {{ {PAYMENT} }} }} }} }}"
        );
        for debt in debts {
            let of = json!({ "id": debt.account });
            for payment in acts::all_nodes(desk, &document, of, "/payments").await? {
                let id = acts::text(&payment, "/id")?.to_owned();
                ensure!(all.insert(id, payment).is_none(), "a payment is listed twice");
            }
        }
        Ok(all)
    }

    /// The books balance, and what they keep is what their lines say.
    pub async fn books_balance(&self) -> Result<Value> {
        let document = "query($id: ID!, $on: NaiveDate!) {
            verifyLedger(estateId: $id) { agrees differences { code } }
            trialBalance(estateId: $id, on: $on) { debit { amount } credit { amount } rows { code nameEn debit { amount } credit { amount } } } }";
        let on = clock::Clock::system().now().date_naive() + chrono::Days::new(1);
        let variables = json!({ "id": self.company.estate, "on": on });
        let mut seen = self.company.session("finance").ask(document, variables).await?;
        ensure!(seen["verifyLedger"]["agrees"] == true, "{}", seen["verifyLedger"]);
        let trial = seen["trialBalance"].take();
        ensure!(trial["debit"] == trial["credit"], "the ledger's sum is not 0: {trial}");
        Ok(trial)
    }

    /// Steers the fake Stripe; its answer.
    pub async fn stripe(&self, command: &str, fields: &Value) -> Result<Value> {
        let url = format!("{}/_control/{command}", self.split.lock().plan().stripe_url());
        let answer =
            service_http::client(Duration::from_secs(10)).post(url).json(fields).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// Every object of a kind in the company's account at the fake Stripe.
    pub async fn at_stripe(&self, kind: &str) -> Result<Vec<Value>> {
        let seen = self.company.session("finance");
        let seen = seen.ask("{ merchantAccount { account } }", json!({})).await?;
        let account = acts::text(&seen, "/merchantAccount/account")?;
        let stripe = self.split.lock().plan().stripe_url();
        let answer = reqwest::get(format!("{stripe}/_control/objects/{account}/{kind}")).await?;
        Ok(answer.error_for_status()?.json().await?)
    }
}

/// Kills a service and starts it again.
pub fn strike(split: &Mutex<Split>, service: &str) -> Result<()> {
    let mut split = split.lock();
    split.kill(service)?;
    split.start_again(service)?;
    split.wait_ready(PATIENCE)
}

/// Money of the graph in fen.
pub fn fen(amount: &Value) -> Result<i64> {
    let text = amount["amount"].as_str().with_context(|| format!("money: {amount}"))?;
    let (yuan, fen) = text.split_once('.').unwrap_or((text, "00"));
    Ok(yuan.parse::<i64>()? * 100 + fen.parse::<i64>()?)
}

/// Receipt numbers of one month count from 1 without a gap.
pub fn without_gap<'v>(payments: impl Iterator<Item = &'v Value>) -> Result<()> {
    let mut numbers = Vec::new();
    for payment in payments {
        let receipts = payment["receipts"].as_array().context("receipts")?;
        ensure!(receipts.len() == 1, "one receipt each: {payment}");
        numbers.push(acts::text(&receipts[0], "/number")?.to_owned());
    }
    numbers.sort_unstable();
    let counted = |number: &String| number.rsplit('-').next().and_then(|n| n.parse::<usize>().ok());
    let counts: Vec<Option<usize>> = numbers.iter().map(counted).collect();
    let wanted: Vec<Option<usize>> = (1..=numbers.len()).map(Some).collect();
    ensure!(counts == wanted, "a gap or a double in {numbers:?}");
    Ok(())
}
