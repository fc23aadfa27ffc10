//! People who pay and do not give up: the same key again until there is an answer.

use super::town::{Debt, PAYMENT, Town};
use anyhow::{Context as _, Result, bail, ensure};
use demo::{
    Door, Session,
    acts::{pay_online, text},
};
use futures::future::try_join_all;
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    future::Future,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// How long somebody tries before the test fails.
const PERSEVERANCE: Duration = Duration::from_secs(90);

/// What was acknowledged: payment and amount in fen.
pub type Acknowledged = BTreeMap<String, i64>;

/// How far people who pay have come, for those who make their life difficult.
#[derive(Default)]
pub struct Progress {
    made: AtomicUsize,
    over: AtomicBool,
}

impl Progress {
    /// One more was acknowledged.
    pub fn one_more(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    /// How many were acknowledged.
    pub fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    /// Nobody pays any more, be it that all have paid or that they gave up.
    pub fn over(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Whether nobody pays any more.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}

/// `count` payments online by `clients` people at the same time; a payment counts as acknowledged
/// once the provider's page took the money.
pub async fn pay_all(
    town: &Town,
    debts: &[Debt],
    count: usize,
    clients: usize,
    progress: &Progress,
) -> Result<Acknowledged> {
    let next = AtomicUsize::new(0);
    let acknowledged = Mutex::new(Acknowledged::new());
    let client = || async {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count {
                return Ok(());
            }
            let debt = &debts[n % debts.len()];
            let fen = 100 + i64::try_from(n % 7)?;
            let id = pay(town.company.session("desk"), debt, n, fen).await?;
            ensure!(acknowledged.lock().insert(id, fen).is_none(), "payment {n} is another's");
            progress.one_more();
        }
    };
    try_join_all((0..clients).map(|_| client())).await?;
    Ok(acknowledged.into_inner())
}

/// One payment to its end at the provider's page; its id.
async fn pay(who: &Session, debt: &Debt, n: usize, fen: i64) -> Result<String> {
    let amount = format!("{}.{:02}", fen / 100, fen % 100);
    let key = format!("crash-payment-{n}");
    let bills = [debt.bill.as_str()];
    let begun = persevere(|| pay_online(who, &bills, Some(&amount), &key)).await?;
    let id = text(&begun, "/id")?.to_owned();
    let page = page(who, &begun).await?;
    let took = persevere(|| Door::press(&page, "card")).await?;
    ensure!(took, "the page of {id} does not take the money");
    Ok(id)
}

/// The payer's page, at once or when the follow-up has opened it.
async fn page(who: &Session, begun: &Value) -> Result<String> {
    if let Some(page) = begun["checkoutUrl"].as_str() {
        return Ok(page.to_owned());
    }
    let document = format!("query($id: ID!) {{ payment(id: $id) {{ {PAYMENT} }} }}");
    persevere(|| async {
        let seen = who.ask(&document, json!({ "id": begun["id"] })).await?;
        text(&seen, "/payment/checkoutUrl").map(str::to_owned)
    })
    .await
}

/// Tries again until it works.
pub async fn persevere<T, F: Future<Output = Result<T>>>(act: impl Fn() -> F) -> Result<T> {
    let begun = Instant::now();
    loop {
        match act().await {
            Ok(done) => return Ok(done),
            Err(error) if begun.elapsed() > PERSEVERANCE => {
                return Err(error.context("still, after long perseverance"));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}

/// Nobody may be left in doubt for longer.
const DOUBT: Duration = Duration::from_mins(1);

/// How long the announcements of an hour's payments in a few minutes may take to be worked off.
const BACKLOG: Duration = Duration::from_mins(6);

/// Waits until every acknowledged payment has succeeded, none of them unknown for long; how long it
/// took.
pub async fn settle(town: &Town, debts: &[Debt], acknowledged: &Acknowledged) -> Result<Duration> {
    let begun = Instant::now();
    loop {
        let all = town.payments(debts).await?;
        let open: Vec<&Value> =
            all.values().filter(|payment| payment["status"] != "SUCCEEDED").collect();
        if open.is_empty() {
            let ids: Vec<&String> = all.keys().collect();
            let wanted: Vec<&String> = acknowledged.keys().collect();
            ensure!(ids == wanted, "payments that nobody made, or lost ones");
            return Ok(begun.elapsed());
        }
        let unknown = open.iter().find(|payment| payment["status"] == "UNKNOWN");
        if begun.elapsed() > DOUBT
            && let Some(unknown) = unknown
        {
            bail!("still unknown after {DOUBT:?}: {unknown}");
        }
        if begun.elapsed() > BACKLOG {
            bail!("{} payments are not decided, e.g. {}", open.len(), open[0]);
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

/// The provider's charges are our payments, both ways and to the fen.
pub async fn same_at_the_provider(town: &Town, acknowledged: &Acknowledged) -> Result<()> {
    let mut charges = Acknowledged::new();
    for charge in town.at_stripe("charge").await? {
        let of = text(&charge, "/metadata/reference")?.to_owned();
        let amount = charge["amount"].as_i64().context("an amount")?;
        ensure!(charges.insert(of, amount).is_none(), "charged twice: {charge}");
    }
    ensure!(&charges == acknowledged, "the provider's list is not ours");
    Ok(())
}
