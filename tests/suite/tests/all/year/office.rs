//! The company's office: who works there, what day it is, and how somebody acts.

use crate::{
    stage::{self, PLAIN, Place, register_operator, send_file, sign_in},
    town,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use events::Event;
use ids::EstateId;
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use testkit::{Answer, World};

pub const ADMIN: &str = "admin";
pub const DIRECTOR: &str = "director";
pub const FINANCE: &str = "finance";
pub const SUPERVISOR: &str = "supervisor";
pub const DESK: &str = "desk";
pub const CASHIER: &str = "cashier";
pub const ENGINEER: &str = "engineer";

/// Who is hired on the first day, and as what.
const STAFF: [(&str, &str); 6] = [
    (DIRECTOR, "DIR"),
    (FINANCE, "CFIN"),
    (SUPERVISOR, "SUP"),
    (DESK, "DESK"),
    (CASHIER, "CASH"),
    (ENGINEER, "ENG"),
];

/// Office hours begin at ten in Shanghai.
const TEN: &str = "T02:00:00Z";
/// How long services may take to hear of each other.
const PATIENCE: Duration = Duration::from_secs(20);

/// A property company with one estate.
pub struct Office {
    world: Arc<World>,
    company: stage::Company,
    pub estate: EstateId,
    /// The day of the story.
    today: Mutex<NaiveDate>,
    /// What people sign in with.
    logins: Mutex<BTreeMap<String, String>>,
    /// Who has signed in, and when.
    tokens: Mutex<BTreeMap<String, (DateTime<Utc>, String)>>,
    /// Ids of what was entered, by what people call it.
    pub known: Mutex<BTreeMap<String, String>>,
    keys: AtomicU32,
}

/// Whoever reads that the story failed wants to know when.
impl Drop for Office {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the story ended on {}", self.today.lock());
        }
    }
}

impl Office {
    /// A company with its estate and staff, opened in the morning of a day.
    pub async fn opens(day: &str, (code, name): (&str, &str)) -> Self {
        let world = town::start_on(town::services(), &format!("{day}{TEN}")).await;
        register_operator(&world).await;
        let place = Place::new([PLAIN; 3]);
        let company = stage::Company::open(&world, &place, "cuihu", &[]).await;
        let create = "mutation($input: CreateEstateInput!) { createEstate(input: $input) { estate { id } } }";
        let input = json!({ "code": code, "name": name, "address": "合肥市经济技术开发区(演示)" });
        let made = company.administer(&world, create, input).await;
        let estate: EstateId = text(&made["createEstate"]["estate"]["id"]).parse().unwrap();
        let mut logins = BTreeMap::from([(ADMIN.to_owned(), ADMIN.to_owned())]);
        let mut known = BTreeMap::new();
        for (who, role) in STAFF {
            let estate = stage::is_bound(role).then_some(estate);
            let hired = company.hire(&world, &place, Some(role), estate, &[]).await;
            logins.insert(who.to_owned(), hired.login);
            known.insert(who.to_owned(), text(&hired.user));
        }
        Self {
            world,
            company,
            estate,
            today: Mutex::new(day.parse().unwrap()),
            logins: Mutex::new(logins),
            tokens: Mutex::default(),
            known: Mutex::new(known),
            keys: AtomicU32::new(1),
        }
    }

    /// Lets the days pass, one after the other, until ten in the morning of `day`.
    pub fn on(&self, day: &str) {
        let day: NaiveDate = day.parse().unwrap();
        let mut today = self.today.lock();
        assert!(*today <= day, "{day} comes after {today}: the calendar is out of order");
        while *today < day {
            *today = *today + Days::new(1);
            let ten: DateTime<Utc> = format!("{today}{TEN}").parse().unwrap();
            self.world.clock.set(ten);
        }
    }

    /// Lets the work come round that is done every half an hour.
    pub fn half_an_hour_passes(&self) {
        self.minutes_pass(31);
    }

    pub fn minutes_pass(&self, minutes: i64) {
        self.world.clock.advance(chrono::Duration::minutes(minutes));
    }

    pub fn today(&self) -> NaiveDate {
        *self.today.lock()
    }

    /// Remembers what something is called.
    pub fn name(&self, name: &str, id: &Value) -> String {
        let id = text(id);
        self.known.lock().insert(name.to_owned(), id.clone());
        id
    }

    /// The id of what was entered under a name.
    #[track_caller]
    pub fn id(&self, name: &str) -> String {
        let found = self.known.lock().get(name).cloned();
        found.unwrap_or_else(|| panic!("nobody entered {name}"))
    }

    /// Somebody of the estate opens an account with the code that the desk gave them.
    pub async fn signs_up(&self, name: &str, code: &str, phone: &str) {
        let token = self.company.resident(&self.world, code).await;
        self.logins.lock().insert(name.to_owned(), phone.to_owned());
        self.tokens.lock().insert(name.to_owned(), (self.world.clock.now(), token));
    }

    /// Everybody signs in again whenever time has passed.
    async fn token(&self, who: &str) -> String {
        let now = self.world.clock.now();
        let last = self.tokens.lock().get(who).cloned();
        if let Some((_, token)) = last.filter(|(at, _)| *at == now) {
            return token;
        }
        let login = self.logins.lock().get(who).cloned();
        let login = login.unwrap_or_else(|| panic!("{who} has no account"));
        let token = sign_in(&self.world, &self.company.code, &login).await;
        self.tokens.lock().insert(who.to_owned(), (now, token.clone()));
        token
    }

    /// Sends a document once.
    pub async fn send(&self, who: &str, service: &str, document: &str, variables: Value) -> Answer {
        let headers = stage::Stage::bearer(&self.token(who).await);
        self.world.send(service, headers, document, variables).await
    }

    /// Sends a document, again and again while the service has not heard of what it names.
    async fn patiently(
        &self,
        who: &str,
        service: &str,
        (document, variables): (&str, Value),
    ) -> Value {
        let begun = Instant::now();
        loop {
            let answer = self.send(who, service, document, variables.clone()).await;
            let code = answer.errors.first().map(|error| error["extensions"]["code"].clone());
            let waits = code.is_some_and(|code| code == "NOT_FOUND" || code == "PROJECTION_BEHIND");
            if !waits || begun.elapsed() > PATIENCE {
                assert!(answer.errors.is_empty(), "{who}: {document} {variables}: {answer:?}");
                return answer.data;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What somebody sees in billing.
    pub async fn sees(&self, who: &str, document: &str, variables: Value) -> Value {
        self.patiently(who, "billing", (document, variables)).await
    }

    /// What somebody sees of the estate in billing; the query calls it `$estate`.
    pub async fn sees_of_estate(&self, who: &str, query: &str) -> Value {
        let document = format!("query($estate: ID!) {{ {query} }}");
        self.sees(who, &document, json!({ "estate": self.estate.to_string() })).await
    }

    /// Somebody does something in a service; answers what the mutation answers.
    pub async fn does_in(
        &self,
        (who, service): (&str, &str),
        name: &str,
        input: Value,
        answer: &str,
    ) -> Value {
        let document = mutation(name, answer);
        let input = json!({ "input": input });
        self.patiently(who, service, (&document, input)).await[name].take()
    }

    /// Somebody does something in billing that no repeat could double.
    pub async fn sets(&self, who: &str, name: &str, input: Value, answer: &str) -> Value {
        self.does_in((who, "billing"), name, input, answer).await
    }

    /// Somebody does something in billing, under a key of its own.
    pub async fn does(&self, who: &str, name: &str, input: Value, answer: &str) -> Value {
        self.sets(who, name, self.keyed(input), answer).await
    }

    /// Somebody does something at the service desk, under a key of its own.
    pub async fn serves(&self, who: &str, name: &str, input: Value, answer: &str) -> Value {
        self.does_in((who, "service-desk"), name, self.keyed(input), answer).await
    }

    /// Somebody tries something in billing; the code of the refusal.
    pub async fn is_refused(&self, who: &str, name: &str, input: Value) -> String {
        let input = json!({ "input": self.keyed(input) });
        let document = mutation(name, "__typename");
        self.send(who, "billing", &document, input).await.code().to_owned()
    }

    fn keyed(&self, mut input: Value) -> Value {
        let n = self.keys.fetch_add(1, Ordering::Relaxed);
        input["idempotencyKey"] = json!(format!("year-{n:06}"));
        input
    }

    /// A service that is not built yet tells billing something, as its contract says.
    pub async fn tells<E: Event>(&self, service: &'static str, event: &E) {
        let world = Arc::clone(&self.world);
        let company = testkit::Company { world, tenant: self.company.tenant };
        company.tell(service, "billing", event).await;
    }

    /// Somebody uploads a file; its id.
    pub async fn uploads(&self, who: &str, file: (&str, &[u8])) -> String {
        send_file(&self.world, &self.token(who).await, file).await.expect("an upload")
    }

    /// Waits until something is seen as expected.
    ///
    /// # Panics
    /// When it never is; the text shows what is seen instead.
    pub async fn becomes<F: Future<Output = Value>>(
        &self,
        what: &str,
        expected: Value,
        seen: impl Fn() -> F,
    ) {
        let begun = Instant::now();
        loop {
            let now = seen().await;
            if now == expected {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{what}: {now} is not {expected}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn mutation(name: &str, answer: &str) -> String {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ {answer} }} }}")
}

/// A text of an answer.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The amounts of a list, e.g. of the lines of a bill.
pub fn amounts(list: &Value) -> Vec<String> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|it| text(&it["amount"]["amount"])).collect()
}
