//! Many people at once who report work and move it on, the same few orders among them: each act
//! happens once or is refused as a conflict, and nothing that was accepted is lost.

mod history;

use crate::{
    company::{CODE, PASSWORD},
    load::{Connection, post},
    report::Row,
    stats::Sample,
    town::Town,
};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Mutex, task::JoinSet};

const CREATE: &str = "mutation($input: CreateWorkOrderInput!) { done: createWorkOrder(input: $input) { workOrder { id number version state } } }";
const ASSIGN: &str = "mutation($input: AssignWorkOrderInput!) { done: assignWorkOrder(input: $input) { workOrder { id version state } } }";
const ADVANCE: &str = "mutation($input: AdvanceWorkOrderInput!) { done: advanceWorkOrder(input: $input) { workOrder { id version state } } }";
const READ: &str = "query($id: ID!) { workOrder(id: $id) { version state } }";

/// How many of the newest orders are moved, so that people are in each other's way.
const WANTED: usize = 64;

/// Who comes, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// How many at once.
    pub clients: usize,
    /// How long each goes on.
    pub lasts: Duration,
}

/// An order as its last reader saw it, and what was accepted of it.
#[derive(Debug)]
struct Order {
    id: String,
    number: String,
    /// Its version when it had been reported.
    first: i64,
    version: i64,
    state: String,
    /// The note of each move that was accepted, with the version it made.
    moves: Vec<(String, i64)>,
}

/// What everybody shares.
#[derive(Debug)]
struct Desk {
    port: u16,
    reporter: String,
    mover: String,
    hands: Vec<String>,
    orders: Mutex<Vec<Order>>,
}

/// What one of them saw.
#[derive(Debug, Default)]
struct Seen {
    took: Vec<f64>,
    conflicts: usize,
    reads: usize,
    /// Answers that are neither done nor a conflict.
    failed: Vec<String>,
}

/// Lets the crowd in, then looks at the history of every order.
pub async fn measure(town: &Town, hands: &[String], crowd: Crowd) -> Result<Vec<Row>> {
    let token = async |login| {
        Ok::<_, anyhow::Error>(town.door.sign_in(CODE, login, PASSWORD).await?.token())
    };
    let desk = Arc::new(Desk {
        port: town.port,
        reporter: token("desk").await?,
        mover: token("supervisor").await?,
        hands: hands.to_vec(),
        orders: Mutex::default(),
    });
    let begun = Instant::now();
    let mut people = JoinSet::new();
    for number in 0..crowd.clients {
        let (desk, company) = (Arc::clone(&desk), town.company.clone());
        people.spawn(async move {
            let mut person = Person { desk, number, turn: 0, seen: Seen::default() };
            let mut connection = Connection::open(person.desk.port).await?;
            while begun.elapsed() < crowd.lasts {
                person.act(&mut connection, |number, key| company.report(number, key)).await?;
            }
            Ok::<_, anyhow::Error>(person.seen)
        });
    }
    let mut seen = Seen::default();
    while let Some(ended) = people.join_next().await {
        let one = ended??;
        seen.took.extend(one.took);
        seen.conflicts += one.conflicts;
        seen.reads += one.reads;
        seen.failed.extend(one.failed);
    }
    let lasted = begun.elapsed();
    let desk = Arc::into_inner(desk).context("everybody has gone home")?;
    let orders = desk.orders.into_inner();
    history::is_whole((town.port, &desk.mover), &orders).await?;
    rows(crowd, (seen, lasted), &orders)
}

/// One of the crowd.
struct Person {
    desk: Arc<Desk>,
    number: usize,
    turn: usize,
    seen: Seen,
}

impl Person {
    /// Reports something every fifth time, else moves something on.
    async fn act(
        &mut self,
        connection: &mut Connection,
        report: impl Fn(u32, &str) -> Value,
    ) -> Result<()> {
        self.turn += 1;
        if self.turn % 5 == 1 {
            let key = format!("crowd-{}-{}", self.number, self.turn);
            let home = u32::try_from(self.number * 131 + self.turn * 17)?;
            let input = report(home, &key);
            let answer = self.ask(connection, (CREATE, json!({ "input": input })), true).await?;
            if let Some(done) = answer {
                self.desk.orders.lock().await.push(reported(&done)?);
            }
            return Ok(());
        }
        self.move_on(connection).await
    }

    async fn move_on(&mut self, connection: &mut Connection) -> Result<()> {
        let chosen = {
            let orders = self.desk.orders.lock().await;
            let many = orders.len().min(WANTED);
            if many == 0 {
                return Ok(());
            }
            let place = orders.len() - 1 - (self.number * 7 + self.turn * 13) % many;
            let order = &orders[place];
            (place, order.id.clone(), order.version, order.state.clone())
        };
        let (place, id, version, state) = chosen;
        let note = format!("{}-{}", self.number, self.turn);
        let mut input = json!({ "workOrderId": id, "expectedVersion": version, "note": note });
        let step = next_step(&state).filter(|_| !self.turn.is_multiple_of(4));
        let document = if let Some(step) = step {
            input["step"] = json!(step);
            ADVANCE
        } else {
            input["assigneeId"] = json!(self.desk.hands[self.turn % self.desk.hands.len()]);
            ASSIGN
        };
        let answer = self.ask(connection, (document, json!({ "input": input })), false).await?;
        if let Some(done) = answer {
            let order = &done["data"]["done"]["workOrder"];
            let made = order["version"].as_i64().context("a version")?;
            let mut orders = self.desk.orders.lock().await;
            orders[place].moves.push((note, made));
            orders[place].was_seen(order)?;
            return Ok(());
        }
        let read = (READ, json!({ "id": id }));
        self.seen.reads += 1;
        if let Some(found) = self.ask(connection, read, false).await? {
            self.desk.orders.lock().await[place].was_seen(&found["data"]["workOrder"])?;
        }
        Ok(())
    }

    /// The answer, if it is a clean one; what else it was is counted.
    async fn ask(
        &mut self,
        connection: &mut Connection,
        (document, variables): (&str, Value),
        reports: bool,
    ) -> Result<Option<Value>> {
        let token = if reports { &self.desk.reporter } else { &self.desk.mover };
        let body = json!({ "query": document, "variables": variables });
        let asked = Instant::now();
        let (status, answer) = connection.call(&post("/graphql", Some(token), &body)).await?;
        self.seen.took.push(asked.elapsed().as_secs_f64() * 1e3);
        let text = String::from_utf8_lossy(answer);
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        match answer["errors"][0]["extensions"]["code"].as_str() {
            None if status == 200 && answer["data"].is_object() => return Ok(Some(answer)),
            Some("CONFLICT") if status < 500 => self.seen.conflicts += 1,
            _ => {
                let begins: String = text.chars().take(300).collect();
                self.seen.failed.push(format!("{status}: {begins}"));
            }
        }
        Ok(None)
    }
}

/// How who has an order moves it on from a state; nothing where it is given to somebody instead.
fn next_step(state: &str) -> Option<&'static str> {
    match state {
        "DISPATCHED" => Some("ACCEPT"),
        "ACCEPTED" | "WAITING_PARTS" => Some("START"),
        "WORKING" => Some("WAIT_FOR_PARTS"),
        _ => None,
    }
}

fn reported(answer: &Value) -> Result<Order> {
    let order = &answer["data"]["done"]["workOrder"];
    let text = |field: &str| order[field].as_str().map(str::to_owned).context("a text");
    let version = order["version"].as_i64().context("a version")?;
    let (id, number, state) = (text("id")?, text("number")?, text("state")?);
    Ok(Order { id, number, first: version, version, state, moves: Vec::new() })
}

impl Order {
    /// Somebody saw it so; an older sight than the last is nothing new.
    fn was_seen(&mut self, order: &Value) -> Result<()> {
        let version = order["version"].as_i64().context("a version")?;
        if version > self.version {
            self.version = version;
            order["state"].as_str().context("a state")?.clone_into(&mut self.state);
        }
        Ok(())
    }
}

fn rows(crowd: Crowd, (seen, lasted): (Seen, Duration), orders: &[Order]) -> Result<Vec<Row>> {
    ensure!(!orders.is_empty(), "nothing was reported: {:?}", seen.failed.first());
    if let Some(first) = seen.failed.first() {
        bail!("{} answers were neither done nor a conflict, e.g. {first}", seen.failed.len());
    }
    let moves: usize = orders.iter().map(|order| order.moves.len()).sum();
    let answers = seen.took.len();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let per_second = answers as f64 / lasted.as_secs_f64();
    let took: Sample = seen.took.into_iter().collect();
    let name = format!(
        "{} clients reporting and moving work for {:.0} s",
        crowd.clients,
        crowd.lasts.as_secs_f64()
    );
    Ok(vec![
        Row::judged(
            format!("{name}: reported, moved, refused as conflicts, failed"),
            format!("{}, {moves}, {}, 0", orders.len(), seen.conflicts),
            "nothing lost, no 5xx",
            true,
        ),
        Row::told(
            format!("{name}: requests a second, {} reads after a conflict among them", seen.reads),
            format!("{per_second:.0}"),
        ),
        Row::told(
            format!("{name}: p50, p95 and p99"),
            format!("{:.0}, {:.0} and {:.0} ms", took.median(), took.at(0.95), took.at(0.99)),
        ),
    ])
}
