//! Two documents that people wait for, against the speed at which PostgreSQL answers the same
//! statements alone.

use crate::{
    company::{self, CODE, PASSWORD, Resident, unit_id},
    load::{self, CONNECTIONS, post},
    postgres::{self, Listening, Transaction},
    processes::Watched,
    report::Row,
    stats::Sample,
    town::Town,
};
use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// A resident opens the app: their units, what they have to pay, what they paid last.
const APP: &str = "query App($estate: ID!) {
  units(estateId: $estate, first: 10) { edges { node { id label grossArea } } }
  myBills(estateId: $estate, first: 12) { edges { node {
    id firstMonth lastMonth due status total { amount currency } outstanding { amount currency }
  } } }
  myPayments(first: 3) { edges { node { id status amount { amount currency } receivedAt } } }
}";

/// The front desk opens a household card: who lives there, who pays, what is owed.
const CARD: &str = "query Card($unit: ID!) {
  unit(id: $unit) {
    id label grossArea usedAs state
    household {
      members { person { id name phone } occupancy { kind relation from to pays } }
      payer { id name }
      vehicles { id plate }
    }
    balance { amount currency }
    bills(first: 3) { edges { node { id firstMonth due status outstanding { amount currency } } } }
  }
}";

/// The services that both documents ask, each with the role under which it reads.
const DATABASES: [(&str, &str); 2] = [("residents_app", "residents"), ("billing_app", "billing")];

/// What is compared with PostgreSQL.
#[derive(Clone, Copy, Debug)]
pub struct Document {
    /// What people would call it.
    pub name: &'static str,
    /// The roles under which services read for it, and in which databases.
    pub databases: &'static [(&'static str, &'static str)],
    /// The share of pgbench's rate that is aimed at, in per cent and in words.
    pub goal: (f64, &'static str),
}

impl Document {
    const fn of_two(name: &'static str) -> Self {
        Self { name, databases: &DATABASES, goal: (25.0, "≥ 25 %") }
    }
}

/// How many different requests are listened to for pgbench.
const LISTENED: usize = 24;

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Rounds of ours and pgbench in turn.
    pub rounds: u32,
    /// One turn.
    pub turn: Duration,
}

/// Measures both documents.
pub async fn measure(town: &Town, residents: &[Resident], effort: Effort) -> Result<Vec<Row>> {
    let desk = town.door.sign_in(CODE, "desk", PASSWORD).await?;
    let cashier = town.door.sign_in(CODE, "cashier", PASSWORD).await?;
    let estate = town.company.estate.to_string();
    let mut app = Vec::new();
    let who = (&town.door, &town.company);
    for resident in company::sign_up(town.split.plan(), who, residents).await? {
        company::pay(&cashier, &resident, 3).await?;
        let body = json!({ "query": APP, "variables": { "estate": estate } });
        app.push(post("/graphql", Some(&resident.token()), &body));
    }
    // Units that are far from each other, so that not all stand in the same few pages.
    let apart = (town.company.units / 2_000).max(1) as usize;
    let cards = (0..town.company.units).step_by(apart).map(|number| {
        let body = json!({ "query": CARD, "variables": { "unit": unit_id(number) } });
        post("/graphql", Some(&desk.token()), &body)
    });
    let cards: Vec<_> = cards.collect();
    let mut rows = compare(town, Document::of_two("resident opens the app"), app, effort).await?;
    rows.extend(compare(town, Document::of_two("household card"), cards, effort).await?);
    Ok(rows)
}

/// What PostgreSQL alone would do for one request, in one database.
struct Share {
    role: &'static str,
    database: &'static str,
    transactions: Vec<Transaction>,
    /// Transactions of one request.
    per_request: f64,
    /// Statements of one request, `BEGIN` and the like among them.
    statements: f64,
}

/// Measures one document, asked by these requests in turn.
pub async fn compare(
    town: &Town,
    document: Document,
    requests: Vec<Vec<u8>>,
    effort: Effort,
) -> Result<Vec<Row>> {
    let Document { name, databases, goal: (aim, goal) } = document;
    let requests: Arc<[Vec<u8>]> = requests.into();
    let server = &town.servers.as_ref().context("PostgreSQL")?.postgres;
    let port = town.port;
    // Caches and prepared statements first.
    load::eager(port, &requests, effort.turn / 2).await?;
    let shares = listen(town, databases, &requests).await?;
    let watched = town.watched()?;
    let (mut ours, mut alone, mut ratio) =
        (Sample::default(), Sample::default(), Sample::default());
    let (mut cpu, mut cpu_alone) = (Sample::default(), Sample::default());
    let (mut half, mut most) = (Sample::default(), Sample::default());
    for _ in 0..effort.rounds {
        let before = watched.seconds()?;
        let seen = load::eager(port, &requests, effort.turn).await?;
        let used = watched.seconds()?.since(before);
        let answers = seen.per_second * effort.turn.as_secs_f64();
        ours.add(seen.per_second);
        half.add(seen.took.median());
        most.add(seen.took.at(0.99));
        cpu.add((used.ours + used.postgres) * 1e6 / answers);
        let (limit, used) = limit(server, &shares, &watched, effort.turn)?;
        alone.add(limit);
        cpu_alone.add(used * 1e6);
        ratio.add(seen.per_second / limit * 100.0);
    }
    let steady = steady(port, &requests, ours.median() / 2.0, effort.turn * 2).await?;
    let statements: f64 = shares.iter().map(|share| share.statements).sum();
    Ok(vec![
        Row::judged(
            format!("{name}: share of pgbench's rate"),
            format!("{} %", ratio.words(1)),
            goal,
            ratio.median() >= aim,
        ),
        Row::told(
            format!("{name}: requests a second, ours and pgbench"),
            format!("{} and {}", ours.words(0), alone.words(0)),
        ),
        Row::told(
            format!("{name}: p50 and p99 of {CONNECTIONS} eager clients"),
            format!("{} and {} ms", half.words(1), most.words(1)),
        ),
        Row::told(
            format!("{name}: p50 and p99 at half that rate"),
            format!("{:.1} and {:.1} ms", steady.took.median(), steady.took.at(0.99)),
        ),
        Row::told(
            format!(
                "{name}: processor time of a request (gateway, services, PostgreSQL), and of pgbench's PostgreSQL"
            ),
            format!("{} and {} µs ({statements:.0} statements)", cpu.words(0), cpu_alone.words(0)),
        ),
    ])
}

async fn steady(
    port: u16,
    requests: &Arc<[Vec<u8>]>,
    per_second: f64,
    lasts: Duration,
) -> Result<load::Seen> {
    let stop = CancellationToken::new();
    let ending = async {
        tokio::time::sleep(lasts).await;
        stop.cancel();
    };
    let (seen, ()) = tokio::join!(load::steady(port, requests, per_second, &stop), ending);
    seen
}

/// Has a few requests done and takes down what the services ask of PostgreSQL for them.
async fn listen(
    town: &Town,
    databases: &'static [(&'static str, &'static str)],
    requests: &Arc<[Vec<u8>]>,
) -> Result<Vec<Share>> {
    let server = &town.servers.as_ref().context("PostgreSQL")?.postgres;
    let mut connection = load::Connection::open(town.port).await?;
    let mut shares = Vec::new();
    for &(role, database) in databases {
        let listening = Listening::begin(server)?;
        for request in requests.iter().cycle().take(LISTENED) {
            connection.call(request).await?;
        }
        let mut transactions = listening.end(role)?;
        // What works in the background may have written something meanwhile.
        let reads = |said: &String| said.contains("transaction_read_only");
        transactions.retain(|transaction| transaction.iter().any(reads));
        ensure!(!transactions.is_empty(), "{database} was not asked");
        #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
        let (count, statements) =
            (transactions.len() as f64, transactions.iter().map(Vec::len).sum::<usize>() as f64);
        #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
        let of = LISTENED as f64;
        let (per_request, statements) = (count / of, statements / of);
        shares.push(Share { role, database, transactions, per_request, statements });
    }
    Ok(shares)
}

/// Requests a second that pgbench would do, had it to do the statements of all services one after
/// the other on the same cores; and PostgreSQL's processor time for one, in seconds.
fn limit(
    server: &servers::Postgres,
    shares: &[Share],
    watched: &Watched,
    turn: Duration,
) -> Result<(f64, f64)> {
    let (mut seconds, mut cpu) = (0.0, 0.0);
    for share in shares {
        let place = (share.role, share.database);
        let before = watched.seconds()?;
        let tps = postgres::pgbench(server, place, &share.transactions, (CONNECTIONS, turn))?;
        let used = watched.seconds()?.since(before).postgres;
        seconds += share.per_request / tps;
        cpu += used / (tps * turn.as_secs_f64()) * share.per_request;
    }
    Ok((1.0 / seconds, cpu))
}
