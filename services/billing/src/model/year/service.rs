//! The same year through the service, its database and its provider: four homes, twelve months.
//! The pure rules say first what happens and what it comes to; then people do it at the front door,
//! where answers are lost, announcements come twice, late or never, and everything is asked twice.

use super::estate::{Estate, Home, number};
use crate::{
    accounts::{self, Debtor},
    bills,
    charges::{BillingMonth, Cycle, Formula, Payer, PayerKind, PayerSpan},
    closing::tests::closed,
    fees::Scope,
    ids::BillingAccountId,
    ledger::{Account, Till},
    model::{Dice, front},
    payments::Fact,
    seed::{self, Price},
    stage::{Scene, scene},
    testing::member,
};
use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Asia::Shanghai;
use contracts::{
    BuildingId, PersonId, UnitId,
    residents::{MemberKind, MembersChanged, UnitFact, UnitMembers, UnitUse, UnitsChanged},
};
use fake_stripe::{Fault, WebhookFaults};
use money::{Area, Fen};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::{Signed, eventually};

const AREAS: [i64; 4] = [1_185_600, 1_037_500, 1_428_800, 674_100];
/// Since when somebody pays for each.
const SINCE: [&str; 4] = ["2026-06-11", "2020-01-01", "2020-01-01", "2020-01-01"];

#[derive(Clone, Debug)]
enum Step {
    Run(BillingMonth),
    Take(usize, Till, Fen),
    /// The bill of a month, with its late fee.
    Online(usize, BillingMonth),
    Deposit(usize, Till, Fen),
    /// Of the so manyth deposit.
    DepositBack(usize, Fen),
    Close(BillingMonth),
}

/// What each account of the chart comes to: the provider's fees are still with its money.
type Figures = BTreeMap<&'static str, Fen>;

fn figure(code: &str) -> Option<&'static str> {
    Some(match code {
        "1001" => "cash",
        "1002" => "bank",
        "1012" | "6603" => "provider",
        "1122" => "owed",
        "2203" => "ahead",
        "2241" => "deposits",
        "6001" => "earned",
        _ => return None,
    })
}

fn account(home: usize) -> BillingAccountId {
    super::outside::account(home)
}

fn ten_o_clock(day: NaiveDate) -> DateTime<Utc> {
    Shanghai.from_local_datetime(&day.and_hms_opt(10, 0, 0).unwrap()).unwrap().with_timezone(&Utc)
}

/// The year on the pure rules: what is done on which day, and what it all comes to.
struct Rehearsal {
    dice: Dice,
    estate: Estate,
    steps: Vec<(NaiveDate, Step)>,
}

impl Rehearsal {
    fn new(seed: u64) -> Self {
        let home = |n: usize| Home {
            area: Area(AREAS[n]),
            payers: vec![PayerSpan {
                payer: Payer { account: account(n), kind: PayerKind::Owner },
                from: SINCE[n].parse().unwrap(),
                to: None,
            }],
            cycle: Cycle::Month,
        };
        let estate = Estate::new(Shanghai, (0..AREAS.len()).map(home).collect());
        Self { dice: Dice::new(seed), estate, steps: Vec::new() }
    }

    fn year(mut self) -> (Vec<(NaiveDate, Step)>, Figures) {
        let first: BillingMonth = "2026-08".parse().unwrap();
        let mut month = first;
        for _ in 0..12 {
            self.does(month.first(), Step::Run(month));
            if month > first {
                let before = BillingMonth::of(month.first().pred_opt().unwrap()).unwrap();
                self.does(month.day(3), Step::Close(before));
            }
            let mut days: Vec<(u32, usize)> = (0..AREAS.len())
                .map(|home| (u32::try_from(self.dice.between(5, 27)).unwrap(), home))
                .collect();
            days.sort_unstable();
            for (day, home) in days {
                self.somebody(month.day(day), home);
            }
            month = month.next();
        }
        let mut figures = Figures::new();
        for (account, amount) in &self.estate.balances {
            if let Some(name) = figure(account.code()) {
                *figures.entry(name).or_default() += *amount;
            }
        }
        figures.retain(|_, amount| !amount.is_zero());
        (self.steps, figures)
    }

    fn somebody(&mut self, day: NaiveDate, home: usize) {
        let till = [Till::Cash, Till::Card, Till::Transfer][self.dice.below(3)];
        let open = self.estate.open_of(account(home), day);
        let owed: Fen = open.iter().map(|bill| bill.principal + bill.late_fee).sum();
        let oldest = open.iter().find(|bill| bill.principal.is_positive());
        match (self.dice.below(8), oldest) {
            (0, _) => {}
            (1 | 2, Some(_)) => self.does(day, Step::Take(home, till, Fen(owed.0 / 2 + 1))),
            (3..6, Some(bill)) => {
                let month = self.estate.bills[number(bill.id)].first;
                self.does(day, Step::Online(home, month));
            }
            (6, _) => {
                let amount = Fen(self.dice.between(1, 200_000));
                self.does(day, Step::Deposit(home, till, amount));
            }
            (7, _) if !self.estate.deposits.is_empty() => {
                let deposit = self.dice.below(self.estate.deposits.len());
                let left = self.estate.deposits[deposit].left;
                if left.is_positive() {
                    self.does(day, Step::DepositBack(deposit, left));
                }
            }
            _ => {
                let more = Fen(self.dice.between(1, 50_000));
                self.does(day, Step::Take(home, till, owed + more));
            }
        }
    }

    fn does(&mut self, day: NaiveDate, step: Step) {
        let at = ten_o_clock(day);
        self.estate.open_shift(at).unwrap();
        let estate = &mut self.estate;
        match &step {
            Step::Run(month) => {
                let run = estate.start_run(*month, at).unwrap();
                while estate.chunk(run).unwrap() {}
            }
            Step::Take(home, till, amount) => {
                estate.take((account(*home), *till, *amount), &[], at).unwrap();
            }
            Step::Online(home, month) => {
                let open = estate.open_of(account(*home), day);
                let of_month =
                    |bill: &&crate::ledger::OpenBill| estate.bills[number(bill.id)].first == *month;
                let bill = open.iter().find(of_month).unwrap();
                let amount = bill.principal + bill.late_fee;
                let money = (account(*home), Till::Online, amount);
                let payment = estate.begin(money, &[number(bill.id)], None);
                estate.learn(payment, Fact::Received { amount }, at).unwrap();
            }
            Step::Deposit(home, till, amount) => {
                estate.take_deposit((account(*home), *till, *amount), at).unwrap();
            }
            Step::DepositBack(deposit, _) => {
                estate.give_back(*deposit, at).unwrap();
            }
            Step::Close(_) => {}
        }
        let cash = self.estate.balance(Account::Cash);
        self.estate.lock_shift(cash, at).unwrap();
        if let Step::Close(_) = step {
            self.estate.close("2026-08".parse().unwrap(), at).unwrap();
        }
        self.steps.push((day, step));
    }
}

/// The year at the front door.
struct Play {
    seed: u64,
    dice: Dice,
    scene: Scene,
    merchant: String,
    homes: Vec<(UnitId, PersonId, Signed)>,
    deposits: Vec<String>,
}

impl Play {
    async fn new(seed: u64) -> Self {
        let scene = scene().await;
        let merchant = scene.connect().await;
        let company = scene.company.clone();
        let mut homes = vec![(scene.unit, scene.person, scene.owner.clone())];
        let uuid = || scene.stage.world.clock.uuid();
        let building = BuildingId::from_uuid(uuid());
        for (n, area) in AREAS.iter().enumerate().skip(1) {
            let (unit, person) = (UnitId::from_uuid(uuid()), PersonId::from_uuid(uuid()));
            let fact = UnitFact {
                unit,
                building,
                building_code: "3".to_owned(),
                label: format!("3-1-120{n}"),
                gross_area: Area(*area),
                used_as: UnitUse::Residential,
            };
            let estate = scene.estate;
            company.tell("residents", "billing", &UnitsChanged { estate, units: vec![fact] }).await;
            let members = vec![member(person, "李明", MemberKind::Owner, SINCE[n], None)];
            let units = vec![UnitMembers { unit, members }];
            company.tell("residents", "billing", &MembersChanged { estate, units }).await;
            homes.push((unit, person, company.resident(person.as_uuid()).await));
        }
        let play =
            Self { seed, dice: Dice::new(!seed), scene, merchant, homes, deposits: Vec::new() };
        play.contract().await;
        play
    }

    /// A price for every home, and what the contract says about paying late.
    async fn contract(&self) {
        let scene = &self.scene;
        let estate = scene.estate.to_string();
        let text = "mutation($input: CreateFeeItemInput!) { createFeeItem(input: $input) { feeItem { id } } }";
        let input = json!({ "estateId": estate, "code": "PROPERTY", "nameZh": "物业费",
            "nameEn": "Property fee", "kind": "PROPERTY_FEE" });
        let made = scene.director.send("billing", text, json!({ "input": input })).await.ok();
        let item = made["createFeeItem"]["feeItem"]["id"].as_str().unwrap().to_owned();
        let scope = scene.stage.world.db("billing").write(scene.company.tenant).await.unwrap();
        let price = Price {
            item: item.parse().unwrap(),
            place: Scope::default(),
            formula: Formula::AreaRate { rate: "2.35".parse().unwrap(), surcharge: Fen::ZERO },
            from: "2020-01-01".parse().unwrap(),
        };
        seed::price(&scope, scene.estate, &price).await.unwrap();
        scope.commit().await.unwrap();
        let text = "mutation($input: SetLateFeeTermsInput!) { setLateFeeTerms(input: $input) { terms { from } } }";
        let input = json!({ "estateId": estate, "from": "2020-01-01" });
        scene.finance.send("billing", text, json!({ "input": input })).await.ok();
    }

    async fn account(&self, home: usize) -> BillingAccountId {
        let scene = &self.scene;
        let (unit, party, _) = &self.homes[home];
        let debtor = Debtor { party: *party, unit: Some(*unit) };
        let scope = scene.stage.world.db("billing").read(scene.company.tenant).await.unwrap();
        accounts::of_debtors(&scope, scene.estate, [debtor].into_iter()).await.unwrap()[&debtor].id
    }

    async fn does(&mut self, day: NaiveDate, step: Step) {
        self.scene.stage.world.clock.set(ten_o_clock(day));
        match step {
            Step::Run(month) => self.run(month).await,
            Step::Take(home, till, amount) => {
                let input = json!({ "accountId": self.account(home).await.to_string(),
                    "amount": amount.to_string(), "till": front::word(till), "billIds": [],
                    "idempotencyKey": self.scene.stage.world.clock.uuid().to_string() });
                // The answer is lost, or somebody is impatient: the same twice, also at once.
                let take = || self.scene.take_as(&self.scene.cashier, input.clone());
                let (one, other) = futures::join!(take(), take());
                assert_eq!(one.ok(), other.ok(), "seed {}", self.seed);
            }
            Step::Online(home, month) => self.online(home, month).await,
            Step::Deposit(home, till, amount) => {
                let account = self.account(home).await.to_string();
                let id = front::deposit(&self.scene, &account, till, amount).await;
                self.deposits.push(id);
            }
            Step::DepositBack(deposit, amount) => {
                front::deposit_back(&self.scene, &self.deposits[deposit], amount).await;
            }
            Step::Close(month) => closed(&self.scene, &month.to_string()).await,
        }
    }

    /// Two people start it at once, one of them twice, and one again when it has ended.
    async fn run(&self, month: BillingMonth) {
        let scene = &self.scene;
        let start = |key: &'static str| async move {
            let text = "mutation($input: StartBillRunInput!) { startBillRun(input: $input) { billRun { id } } }";
            let input = json!({ "estateId": scene.estate.to_string(), "startMonth": month.to_string(),
                "idempotencyKey": format!("{key}-{month}") });
            let data = scene.director.send("billing", text, json!({ "input": input })).await.ok();
            data["startBillRun"]["billRun"]["id"].clone()
        };
        let (one, other) = futures::join!(start("somebody"), start("somebody-else"));
        let again = start("somebody").await;
        assert_eq!(one, again, "seed {}", self.seed);
        for id in [one, other] {
            self.ended(&id).await;
        }
        self.ended(&start("afterwards").await).await;
    }

    async fn ended(&self, run: &Value) {
        let text = "query($id: ID!) { billRun(id: $id) { state } }";
        eventually("the run ends", || async {
            let seen = self.scene.director.send("billing", text, json!({ "id": run })).await.ok();
            seen["billRun"]["state"] == "DONE"
        })
        .await;
    }

    async fn online(&mut self, home: usize, month: BillingMonth) {
        let account = self.account(home).await;
        let scene = &self.scene;
        let scope = scene.stage.world.db("billing").read(scene.company.tenant).await.unwrap();
        let open = bills::open_page(&scope, &[account], None, 100).await.unwrap();
        drop(scope);
        let bill = open.iter().find(|bill| bill.first_month == month).unwrap().id.to_string();
        let stripe = &scene.stage.stripe;
        let fault = match self.dice.below(4) {
            0 => Some(Fault::DropAfterEffect),
            1 => Some(Fault::ServerError),
            _ => None,
        };
        let is_faulty = fault.is_some();
        if let Some(fault) = fault {
            stripe.fault("POST /v1/checkout/sessions", fault, 1);
        }
        let unannounced = self.dice.once_in(3);
        stripe.pause(unannounced);
        stripe.webhook_faults(Some(WebhookFaults {
            seed: self.seed,
            copies: 3,
            window: std::time::Duration::from_millis(20),
            lost_once_percent: 30,
        }));
        let key = scene.stage.world.clock.uuid().to_string();
        let (_, _, payer) = &self.homes[home];
        let begun = scene.pay(payer, &[&bill], &key).await.ok();
        let again = scene.pay(payer, &[&bill], &key).await.ok();
        let id = begun["payBills"]["payment"]["id"].as_str().unwrap().to_owned();
        assert_eq!(again["payBills"]["payment"]["id"], id.as_str(), "seed {}", self.seed);
        if is_faulty {
            self.becomes_in_time(20, &id, "PENDING").await;
        }
        stripe.pay(&scene.page(&self.merchant), "card").unwrap();
        if unannounced {
            // Nobody says so; it is asked for.
            self.becomes_in_time(60, &id, "SUCCEEDED").await;
        } else {
            scene.becomes(&id, "SUCCEEDED").await;
        }
        stripe.pause(false);
        stripe.retry_now();
        stripe.wait_idle().await;
        scene.acted_upon().await;
    }

    /// Lets time go by, so many seconds at once, until a payment is found to be so: a look that is
    /// under way when time moves comes back only later.
    async fn becomes_in_time(&self, seconds: i64, payment: &str, status: &str) {
        const A_MOMENT: std::time::Duration = std::time::Duration::from_secs(1);
        for _ in 0..20 {
            self.scene.later(seconds);
            if tokio::time::timeout(A_MOMENT, self.scene.becomes(payment, status)).await.is_ok() {
                return;
            }
        }
        self.scene.becomes(payment, status).await;
    }

    /// What the books come to.
    async fn figures(&self) -> Figures {
        let text = "query($id: ID!) { verifyLedger(estateId: $id) { agrees } \
                    trialBalance(estateId: $id, on: \"2099-12-31\") { rows { code debit { amount } credit { amount } } } }";
        let id = json!({ "id": self.scene.estate.to_string() });
        let books = self.scene.finance.send("billing", text, id).await.ok();
        assert_eq!(books["verifyLedger"]["agrees"], true, "seed {}", self.seed);
        let mut figures = Figures::new();
        for row in books["trialBalance"]["rows"].as_array().unwrap() {
            let side = |side: &str| match &row[side]["amount"] {
                Value::String(text) => text.parse::<Fen>().unwrap(),
                _ => Fen::ZERO,
            };
            let name = figure(row["code"].as_str().unwrap());
            let name = name.unwrap_or_else(|| panic!("{row}, seed {}", self.seed));
            *figures.entry(name).or_default() += side("debit") - side("credit");
        }
        figures.retain(|_, amount| !amount.is_zero());
        figures
    }
}

/// One seed, on the pure rules and through the service.
pub(super) async fn both_agree(seed: u64) {
    let (steps, want) = Rehearsal::new(seed).year();
    let mut play = Play::new(seed).await;
    let online = steps.iter().filter(|(_, step)| matches!(step, Step::Online(..))).count();
    assert!(online > 3, "{online} payments online, seed {seed}");
    for (day, step) in steps {
        play.does(day, step).await;
    }
    assert_eq!(play.figures().await, want, "seed {seed}");
}
