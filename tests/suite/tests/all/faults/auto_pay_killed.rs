//! `kill -9` of billing while due bills are charged to saved cards and their receipts go out by
//! e-mail: each is charged once, and each receipt is one mail, however often its sending was begun.

use super::{
    chance::Chance,
    payers::persevere,
    town::{Town, fen, strike},
};
use anyhow::{Context as _, Result, bail, ensure};
use demo::{
    Door, Session,
    acts::{self, nodes, text},
};
use serde_json::{Value, json};
use servers::{Durability, Servers, Storage};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use testkit::mail::Sink;
use tokio::net::TcpListener;

/// How many residents have saved a card.
const PAYERS: usize = 12;
/// How often billing is killed meanwhile.
const KILLS: usize = 15;
/// How long the work may take once billing is left alone.
const PATIENCE: Duration = Duration::from_mins(3);
const PASSWORD: &str = "correct horse battery";

/// Somebody who is charged by card, and the bill that is due.
struct Payer {
    session: Session,
    account: String,
    bill: String,
    fen: i64,
}

#[test]
#[ignore = "starts servers of its own; `cargo xtask test faults`"]
fn cards_and_mails_of_a_killed_billing_on_postgresql_come_once() -> Result<()> {
    let servers = Servers::start(Durability::Durable)?;
    let storage = Storage::on(&servers)?;
    testkit::run(killed(storage, Chance::new("auto-pay killed on PostgreSQL")))?;
    drop(servers);
    Ok(())
}

#[test]
#[ignore = "starts servers of its own; `cargo xtask test faults`"]
fn cards_and_mails_of_a_killed_billing_on_sqlite_come_once() -> Result<()> {
    testkit::run(killed(Storage::Files, Chance::new("auto-pay killed on SQLite")))
}

async fn killed(storage: Storage, mut chance: Chance) -> Result<()> {
    let post = TcpListener::bind("127.0.0.1:0").await?;
    let smtp = format!("smtp://{}", post.local_addr()?);
    let mail = Sink::default();
    tokio::spawn(mail.clone().serve(post));
    let settings = [("SMTP_URL", smtp.as_str()), ("MAIL_FROM", "Estate <mail@estate.example>")];
    let town = Town::found(storage, &settings).await?;
    due_at_once(&town).await?;
    town.bill().await?;
    let payers = payers(&town).await?;
    let mut pages = Vec::with_capacity(payers.len());
    for payer in &payers {
        pages.push(consents(payer).await?);
    }
    let begun = Instant::now();
    let killer = {
        let split = Arc::clone(&town.split);
        let pauses: Vec<Duration> =
            (0..KILLS).map(|_| chance.within(Duration::from_millis(1_500))).collect();
        tokio::task::spawn_blocking(move || -> Result<()> {
            for pause in pauses {
                thread::sleep(pause);
                strike(&split, "billing")?;
            }
            Ok(())
        })
    };
    for page in &pages {
        ensure!(persevere(|| Door::press(page, "card")).await?, "{page} does not save the card");
    }
    killer.await.context("the killer")??;
    town.stripe("retry_now", &json!({})).await?;
    charged_once(&town, &payers).await?;
    println!("{KILLS} kills, all charged after {:.1} s", begun.elapsed().as_secs_f64());
    mailed_once(&town, &payers, &mail).await?;
    println!("all mailed after {:.1} s", begun.elapsed().as_secs_f64());
    town.books_balance().await.map(drop)
}

/// What is billed today is due today.
async fn due_at_once(town: &Town) -> Result<()> {
    let document =
        "mutation($input: SetBillingTermsInput!) { setBillingTerms(input: $input) { __typename } }";
    let input = json!({ "estateId": town.company.estate, "cycle": "MONTH", "dueAfterDays": 0 });
    town.company.session("finance").ask(document, json!({ "input": input })).await.map(drop)
}

/// Residents who open their accounts, each with a bill to pay.
async fn payers(town: &Town) -> Result<Vec<Payer>> {
    let document = "query($id: ID!, $after: String) { units(estateId: $id, first: 20, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id household { payer { id phone } } bills(first: 1) { edges { node { id total { amount } account { id } } } } } } } }";
    let (desk, of) = (town.company.session("desk"), json!({ "id": town.company.estate }));
    let units = acts::all_nodes(desk, document, of, "/units").await?;
    let invited = units.iter().filter(|unit| unit["household"]["payer"]["phone"].is_string());
    let mut codes = Vec::with_capacity(PAYERS);
    for unit in invited.take(PAYERS) {
        let person = text(unit, "/household/payer/id")?;
        codes.push((unit, acts::invite(&town.company, text(unit, "/id")?, person).await?));
    }
    // When the last invitation is known all are: nobody is slowed down for trying too early.
    let mut payers = Vec::with_capacity(PAYERS);
    for (unit, code) in codes.iter().rev() {
        let bill = nodes(&unit["bills"]).next().with_context(|| format!("a bill: {unit}"))?;
        payers.push(Payer {
            session: acts::open_account(&town.company, code, PASSWORD).await?,
            account: text(bill, "/account/id")?.to_owned(),
            bill: text(bill, "/id")?.to_owned(),
            fen: fen(&bill["total"])?,
        });
    }
    ensure!(payers.len() == PAYERS, "{} payers with a phone", payers.len());
    Ok(payers)
}

/// Wants receipts by e-mail and agrees to be charged; the page on which the card is saved.
async fn consents(payer: &Payer) -> Result<String> {
    let who = &payer.session;
    let mails =
        "mutation($input: SetReceiptMailInput!) { setReceiptMail(input: $input) { __typename } }";
    let address = format!("{}@example.com", payer.account);
    let input = json!({ "accountId": payer.account, "address": address, "language": "EN" });
    who.ask(mails, json!({ "input": input })).await?;
    let save = "mutation($input: SaveAutoPayCardInput!) { saveAutoPayCard(input: $input) { autoPay { card { checkoutUrl } } } }";
    let input = json!({ "accountId": payer.account, "limit": "5000", "consentVersion": 1,
        "returnUrl": format!("{}/me", who.door().base()), "idempotencyKey": format!("card-{}", payer.account) });
    let made = who.ask(save, json!({ "input": input })).await?;
    text(&made, "/saveAutoPayCard/autoPay/card/checkoutUrl").map(str::to_owned)
}

/// Waits until something is true of every payer.
async fn all_become(
    payers: &[Payer],
    what: &str,
    is_true: impl AsyncFn(&Payer) -> Result<bool>,
) -> Result<()> {
    let begun = Instant::now();
    for payer in payers {
        while !persevere(|| is_true(payer)).await? {
            if begun.elapsed() > PATIENCE {
                bail!("not every account {what}: {}", payer.account);
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
    Ok(())
}

/// One try, one payment, one receipt and one charge at the provider for each bill.
async fn charged_once(town: &Town, payers: &[Payer]) -> Result<()> {
    let document = "query($id: ID!) { autoPay(accountId: $id) { tries { billId status } } }";
    let tries = async |payer: &Payer| -> Result<Value> {
        let seen = payer.session.ask(document, json!({ "id": payer.account })).await?;
        Ok(seen["autoPay"]["tries"].clone())
    };
    all_become(payers, "is charged", async |payer: &Payer| {
        Ok(tries(payer).await?[0]["status"] == "SUCCEEDED")
    })
    .await?;
    for payer in payers {
        let all = tries(payer).await?;
        let once = json!([{ "billId": payer.bill, "status": "SUCCEEDED" }]);
        ensure!(all == once, "{all}");
    }
    let mut at_provider: BTreeMap<i64, usize> = BTreeMap::new();
    for charge in town.at_stripe("charge").await? {
        *at_provider.entry(charge["amount"].as_i64().context("an amount")?).or_default() += 1;
    }
    let mut wanted: BTreeMap<i64, usize> = BTreeMap::new();
    for payer in payers {
        *wanted.entry(payer.fen).or_default() += 1;
    }
    ensure!(at_provider == wanted, "{at_provider:?} charged instead of {wanted:?}");
    Ok(())
}

/// The receipts of a payer, each of a payment of its own.
async fn receipts(payer: &Payer) -> Result<Vec<String>> {
    let document = "{ myPayments(first: 10) { nodes { amount { amount } receipts { id } } } }";
    let seen = payer.session.ask(document, json!({})).await?;
    let payments = seen["myPayments"]["nodes"].as_array().context("payments")?;
    let all = payments.iter().filter_map(|payment| payment["receipts"].as_array()).flatten();
    all.map(|receipt| text(receipt, "/id").map(str::to_owned)).collect()
}

/// One receipt each, and one mail of it: what was sent again has the same id, by which mail servers
/// and readers know it.
async fn mailed_once(town: &Town, payers: &[Payer], mail: &Sink) -> Result<()> {
    let document =
        "query($id: ID!) { receiptDeliveries(accountId: $id) { edges { node { state } } } }";
    let finance = town.company.session("finance");
    all_become(payers, "has its receipt by e-mail", async |payer: &Payer| {
        let seen = finance.ask(document, json!({ "id": payer.account })).await?;
        let states: Vec<&Value> =
            nodes(&seen["receiptDeliveries"]).map(|node| &node["state"]).collect();
        Ok(states == ["SENT"])
    })
    .await?;
    let arrived = mail.arrived();
    for payer in payers {
        let receipts = receipts(payer).await?;
        ensure!(receipts.len() == 1, "one receipt each: {receipts:?}");
        let to = format!("RCPT TO:<{}@example.com>", payer.account);
        let mine = arrived.iter().filter(|one| one.to == to);
        let ids: BTreeSet<&str> = mine.map(|one| one.header("Message-ID")).collect();
        let wanted = format!("<{}@estate.example>", receipts[0]);
        ensure!(ids.iter().eq([&wanted.as_str()]), "{ids:?} instead of {wanted}");
    }
    println!("{} mails under {} ids", arrived.len(), payers.len());
    Ok(())
}
