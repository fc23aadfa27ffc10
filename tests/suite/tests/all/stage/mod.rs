//! The stage of the generated suites: two companies with everything in them that can be made, every
//! text of it marked, and somebody in every role.

mod ask;
mod log;
mod objects;
mod people;
mod place;

pub use ask::{Outcome, acted, missing, shows, without};
pub use log::size as log_size;
pub use objects::send_file;
pub use people::{Actor, Company, PASSWORD, http, register_operator, sign_in};
pub use place::{PLAIN, Place, bare_id};

use crate::town;
use authz::role_templates;
use fake_stripe::FakeStripe;
use ids::EstateId;
use place::{FOREIGN, NEXT_DOOR, OUTSIDE};
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
const MAKERS: [&str; 6] = ["CADM", "DIR", "SUP", "DESK", "CFIN", "CASH"];

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
    /// Programs for every permission there is.
    pub clients: Vec<Program>,
    /// A program with every right to read.
    pub reader: Actor,
    /// Whoever changes things waits for whoever else does.
    pub turn: Mutex<()>,
    leaks: Ledger<Vec<String>>,
}

/// Programs with one permission.
pub struct Program {
    pub permission: String,
    /// In the whole company.
    pub everywhere: Actor,
    /// In the first estate only.
    pub here: Actor,
    /// In the whole company, with every right to read beside it.
    pub reading: Actor,
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
            clients: Vec::new(),
            reader: Actor::nobody(),
            turn: Mutex::default(),
            leaks: Ledger::default(),
        };
        for place in [&stage.inside, &stage.outside, &stage.next_door] {
            stage.make_all(&stage.ours, place).await;
        }
        stage.make_all(&stage.theirs, &stage.foreign).await;
        stage.actors = stage.everybody().await;
        (stage.reader, stage.clients) = stage.programs().await;
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
                "OWN" => ours.resident(world, &place.text("ownersInvitation")).await,
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
            let resident = ["OWN", "OCC"].contains(&name);
            let upload = self.upload(&token, place).await;
            all.push(Actor { name: name.to_owned(), token, bound, resident, upload });
        }
        all
    }

    /// A program with every right to read, and programs for every permission there is.
    async fn programs(&self) -> (Actor, Vec<Program>) {
        let rights = role_templates().into_iter().flat_map(|role| role.permissions);
        let mut permissions: Vec<String> = rights.map(|right| right.permission).collect();
        permissions.sort();
        permissions.dedup();
        let reads = |name: &&str| name.rsplit_once('.').is_some_and(|(_, act)| act == "read");
        let reads: Vec<&str> = permissions.iter().map(String::as_str).filter(reads).collect();
        let estate = self.inside.text("estate");
        let reader = self.program("READER", &reads, None).await;
        let mut all = Vec::new();
        for (n, permission) in permissions.iter().enumerate() {
            let only = [permission.as_str()];
            let others = reads.iter().copied().filter(|name| name != permission);
            let with_reads: Vec<&str> = others.chain(only).collect();
            all.push(Program {
                permission: permission.clone(),
                everywhere: self.program(&format!("ONLY_{n}"), &only, None).await,
                here: self.program(&format!("HERE_{n}"), &only, Some(&estate)).await,
                reading: self.program(&format!("READING_{n}"), &with_reads, None).await,
            });
        }
        (reader, all)
    }

    /// A program with a role of its own.
    async fn program(&self, role: &str, permissions: &[&str], estate: Option<&str>) -> Actor {
        let rights = permissions.iter().map(|name| json!({ "permission": name, "reach": "ALL" }));
        self.ours.role(&self.world, role, rights.collect()).await;
        let token = self.ours.client(&self.world, role, estate).await;
        let upload = self.upload(&token, &self.inside).await;
        let (name, bound) = (role.to_owned(), estate.is_some());
        Actor { name, token, bound, resident: false, upload }
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
