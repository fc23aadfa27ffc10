//! The same through the database: bills are issued as a run does it, everything else is asked of
//! the graph, on a clock that months go by on.

mod acts;
mod deposits;
mod look_repo;

use super::{Dice, naive::Naive, operations, seeds};
use crate::{
    accounts,
    charges::BillingMonth,
    ids::{BillId, BillingAccountId},
    stage::{Scene, scene},
};
use contracts::residents::PartyName;
use deposits::Held;
use look_repo::Figures;
use std::collections::{BTreeMap, HashMap};
use testkit::run;

const DEBTORS: usize = 4;
/// So many operations between two looks.
const BATCH: usize = 100;

/// Every kind of operation, and how often in a hundred it is rolled.
const KINDS: [(&str, usize); 12] = [
    ("charge", 26),
    ("split", 5),
    ("pay", 27),
    ("refund", 10),
    ("waive", 8),
    ("unwaive", 4),
    ("void", 6),
    ("take a deposit", 6),
    ("keep of a deposit", 2),
    ("return a deposit", 3),
    ("close a month", 1),
    ("post late", 2),
];

struct Run {
    scene: Scene,
    seed: u64,
    dice: Dice,
    model: Naive,
    accounts: Vec<BillingAccountId>,
    /// The ids of the model's bills and payments, in its order.
    bills: Vec<BillId>,
    payments: Vec<String>,
    /// Waivers that stand: the id, the bill, and how much.
    waivers: Vec<(String, usize, i64)>,
    deposits: Vec<Held>,
    /// What the model said at the end of each month; so many of them are closed.
    ended: Vec<(BillingMonth, Figures)>,
    closed: usize,
    acts: usize,
    /// How often each kind came to something.
    done: BTreeMap<&'static str, usize>,
}

impl Run {
    async fn new(seed: u64) -> Self {
        let scene = scene().await;
        let scope = scene.stage.world.db("billing").write(scene.company.tenant).await.unwrap();
        let mut accounts = Vec::new();
        for _ in 0..DEBTORS {
            let party = contracts::PersonId::from_uuid(scope.new_id());
            let debtor = accounts::Debtor { party, unit: None };
            let name = PartyName { full: "王芳".to_owned(), shown: "王*".to_owned() };
            let wanted = HashMap::from([(debtor, (name, None))]);
            let opened = accounts::open(&scope, scene.estate, &wanted).await.unwrap();
            accounts.push(opened[&debtor].id);
        }
        scope.commit().await.unwrap();
        Self {
            scene,
            seed,
            dice: Dice::new(seed),
            model: Naive::new(DEBTORS),
            accounts,
            bills: Vec::new(),
            payments: Vec::new(),
            waivers: Vec::new(),
            deposits: Vec::new(),
            ended: Vec::new(),
            closed: 0,
            acts: 0,
            done: BTreeMap::new(),
        }
    }

    fn key(&mut self) -> String {
        self.acts += 1;
        format!("model-{}-{}", self.seed, self.acts)
    }

    async fn step(&mut self) {
        let mut rolled = self.dice.below(KINDS.iter().map(|(_, weight)| weight).sum());
        let rolled = KINDS.into_iter().find(|(_, weight)| {
            let here = rolled < *weight;
            rolled = rolled.saturating_sub(*weight);
            here
        });
        let (kind, _) = rolled.unwrap();
        let came_to_something = match kind {
            "charge" => self.charge().await,
            "split" => self.split().await,
            "pay" => self.pay().await,
            "refund" => self.refund().await,
            "waive" => self.waive().await,
            "unwaive" => self.unwaive().await,
            "void" => self.void().await,
            "take a deposit" => self.take_deposit().await,
            "keep of a deposit" => self.keep_of_deposit().await,
            "return a deposit" => self.return_deposit().await,
            "close a month" => self.close().await,
            _ => self.post_late().await,
        };
        *self.done.entry(kind).or_default() += usize::from(came_to_something);
    }

    /// So many operations, with a look after every batch.
    async fn steps(mut self, count: usize) {
        for n in 1..=count {
            self.step().await;
            if n % BATCH == 0 {
                self.compare().await;
            }
        }
        // Not a test of nothing.
        for (kind, weight) in KINDS {
            let times = self.done.get(kind).copied().unwrap_or_default();
            assert!(times * 400 > weight * count, "{kind}: {times}, seed {}", self.seed);
        }
    }
}

#[test]
fn random_operations_through_the_database_agree_with_the_model() {
    run(async {
        let seeds = seeds();
        let each = operations(2_000) / seeds.len();
        let runs = seeds.into_iter().map(|seed| {
            println!("seed {seed}, {each} operations");
            tokio::spawn(async move { Run::new(seed).await.steps(each).await })
        });
        for done in runs.collect::<Vec<_>>() {
            done.await.unwrap();
        }
    });
}
