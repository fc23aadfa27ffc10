//! The stage of the generated suites: two companies with everything in them that can be made, every
//! text of it marked, and somebody in every role.

mod ask;
mod log;
mod objects;
mod people;
mod place;
mod programs;

pub use ask::{Outcome, Secrets, acted, missing, shows, without};
pub use log::size as log_size;
pub use objects::{OWNER, send_file};
pub use people::{Actor, Company, PASSWORD, http, register_operator, sign_in};
pub use place::{PLAIN, Place, bare_id};
pub use programs::{groups, permissions, reads};

use crate::town;
use authz::role_templates;
use fake_stripe::FakeStripe;
use ids::EstateId;
use place::{FOREIGN, NEXT_DOOR, OUTSIDE};
use programs::Programs;
use serde_json::json;
use std::{
    path::Path,
    sync::{Arc, Mutex as Ledger},
};
use suite::{Cases, Document, Documents};
use testkit::World;
use tokio::{
    net::TcpListener,
    sync::{Mutex, OnceCell},
};

pub const PUBLIC_URL: &str = "https://estate.example";

/// The accounts of both companies at the payment provider, each with its key.
pub fn stripe_account(foreign: bool) -> (&'static str, &'static str) {
    if foreign { ("acct_theirs", "sk_test_theirs") } else { ("acct_ours", "sk_test_ours") }
}

/// Roles that belong to the company rather than to one estate.
const COMPANY_ROLES: [&str; 3] = ["CADM", "CFIN", "QA"];
/// Whether a role is held in one estate only.
pub fn is_bound(role: &str) -> bool {
    !COMPANY_ROLES.contains(&role) && role != "PLAT"
}

/// Who makes things; each works in every estate of its company.
const MAKERS: [&str; 7] = ["CADM", "DIR", "SUP", "DESK", "CFIN", "CASH", "QA"];

/// Two companies and everybody in ours.
pub struct Stage {
    pub world: Arc<World>,
    pub documents: Vec<Document>,
    pub ours: Company,
    pub theirs: Company,
    /// Our first estate: the building of the zone, the home of the residents.
    pub inside: Place,
    /// Another building and household of the same estate.
    pub outside: Place,
    /// Another estate of our company.
    pub next_door: Place,
    /// The other company's.
    pub foreign: Place,
    /// One in every role, in the order of the matrix of rights.
    pub actors: Vec<Actor>,
    /// Made when somebody asks for them, see [`Stage::program`].
    programs: Programs,
    /// Whoever changes things waits for whoever else does.
    pub turn: Mutex<()>,
    leaks: Ledger<Vec<String>>,
    secrets: Ledger<Vec<Arc<Secrets>>>,
}

/// What every service of a world says of its operations.
///
/// # Panics
/// When nobody knows the arguments of an operation; the text names it.
pub fn documents(world: &World) -> Vec<Document> {
    let mut all = Vec::new();
    let mut wrong = Vec::new();
    for part in &world.running.subgraphs {
        let folder = town::repository(&format!("services/{}/src", part.name()));
        let cases = Cases::below(Path::new(&folder));
        match Documents::new(part.name(), &part.sdl(), cases).all() {
            Ok(documents) => all.extend(documents),
            Err(unknown) => wrong.extend(unknown.into_iter().map(|unknown| unknown.0)),
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "say it in the feature's cases.graphql");
    all
}

impl Stage {
    /// The stage of this test binary.
    pub async fn get() -> Arc<Self> {
        static STAGE: OnceCell<Arc<Stage>> = OnceCell::const_new();
        Arc::clone(STAGE.get_or_init(|| async { Arc::new(Self::build().await) }).await)
    }

    async fn build() -> Self {
        log::capture();
        let world = town::world().await;
        register_operator(&world).await;
        let documents = documents(&world);
        let inside = Place::new([PLAIN; 3]);
        let outside = Place::new([PLAIN, PLAIN, OUTSIDE]);
        let next_door = Place::new([PLAIN, NEXT_DOOR, NEXT_DOOR]);
        let foreign = Place::new([FOREIGN; 3]);
        let ours = Company::open(&world, &inside, "ours", &MAKERS).await;
        let theirs = Company::open(&world, &foreign, "theirs", &MAKERS).await;
        let estate = ours.estate(&world, &inside).await;
        outside.keep("estate", estate);
        ours.estate(&world, &next_door).await;
        theirs.estate(&world, &foreign).await;
        let mut stage = Self {
            world,
            documents,
            ours,
            theirs,
            inside,
            outside,
            next_door,
            foreign,
            actors: Vec::new(),
            programs: Programs::default(),
            turn: Mutex::default(),
            leaks: Ledger::default(),
            secrets: Ledger::default(),
        };
        stage.make_all(&stage.ours, &stage.inside, None).await;
        stage.make_all(&stage.ours, &stage.outside, Some(&stage.inside)).await;
        stage.make_all(&stage.ours, &stage.next_door, None).await;
        stage.make_all(&stage.theirs, &stage.foreign, None).await;
        stage.actors = stage.everybody().await;
        stage
    }

    /// One in every role.
    async fn everybody(&self) -> Vec<Actor> {
        let (world, ours, place) = (&self.world, &self.ours, &self.inside);
        let estate: EstateId = place.text("estate").parse().expect("an id");
        let mut all = Vec::new();
        for role in role_templates() {
            let name = role.code.as_str();
            let bound = is_bound(name);
            let zone = role.permissions.iter().any(|right| right.reach == "zone");
            let zone: Vec<String> = zone.then(|| place.text("building")).into_iter().collect();
            let token = match name {
                "PLAT" => ours.support(world, place).await,
                OWNER => self.owner(ours, place).await.token,
                "OCC" => ours.resident(world, &place.text("lesseesInvitation")).await,
                // Not given to staff; whoever works for a contractor gets its rights as a role.
                "CTR" => {
                    let rights = role
                        .permissions
                        .iter()
                        .map(|right| json!({ "permission": right.permission, "reach": "OWN" }));
                    ours.role(world, "LIKE_CTR", rights.collect()).await;
                    ours.hire(world, place, Some("LIKE_CTR"), Some(estate), &[]).await.token
                }
                _ => {
                    let estate = bound.then_some(estate);
                    ours.hire(world, place, Some(name), estate, &zone).await.token
                }
            };
            let resident = [OWNER, "OCC"].contains(&name);
            let upload = self.upload(&token, place).await;
            all.push(Actor { name: name.to_owned(), token, bound, resident, upload });
        }
        all
    }

    /// What was seen that nobody may see, since the start of the process.
    pub fn leaks(&self) -> Vec<String> {
        let mut found = self.leaks.lock().unwrap().clone();
        found.extend(log::lines_with(&FOREIGN.canaries()));
        found
    }
}

/// A payment provider of both companies, served for the life of the process; its address.
pub async fn serve_stripe(clock: clock::Clock) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let api = format!("http://{}", listener.local_addr().expect("an address"));
    let mut stripe =
        FakeStripe::builder(clock).key("sk_test_platform", "acct_platform").base_url(&api);
    for foreign in [false, true] {
        let (account, key) = stripe_account(foreign);
        stripe = stripe.key(key, account);
    }
    tokio::spawn(stripe.start().expect("a provider").serve(listener));
    api
}
