//! The same through the database: bills are issued as a run does it, everything else is asked of
//! the graph.

use super::{Dice, naive::Naive, operations, seeds};
use crate::{
    accounts,
    bills::{self, NewBill, NewLine, apply_prepayments},
    charges::{BillingMonth, PayerKind},
    estates, fees,
    ids::{BillId, BillingAccountId},
    ledger,
    stage::{Scene, scene},
};
use chrono::{Days, NaiveDate};
use contracts::residents::PartyName;
use money::Fen;
use serde_json::{Value, json};
use std::collections::HashMap;
use testkit::run;

const DEBTORS: usize = 4;
/// So many operations between two looks.
const BATCH: usize = 50;

struct Run {
    scene: Scene,
    seed: u64,
    dice: Dice,
    model: Naive,
    accounts: Vec<BillingAccountId>,
    /// The ids of the model's bills and payments, in its order.
    bills: Vec<BillId>,
    payments: Vec<String>,
    acts: usize,
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
            acts: 0,
        }
    }

    fn key(&mut self) -> String {
        self.acts += 1;
        format!("model-{}-{}", self.seed, self.acts)
    }

    /// A bill, and what was paid ahead meets it, as in a run.
    async fn charge(&mut self) {
        let of = self.dice.below(DEBTORS);
        let amount = self.dice.between(1, 60_000);
        // No two of a debtor fall due on one day: of one day ids decide, which the model has not.
        let due = i64::try_from(self.bills.len()).unwrap() * 7919 % 10_007;
        let scope =
            self.scene.stage.world.db("billing").write(self.scene.company.tenant).await.unwrap();
        let estate = estates::lock(&scope, self.scene.estate).await.unwrap().unwrap();
        let item = fees::item_by_code(&scope, estate.id, "SERVICE").await.unwrap().unwrap();
        let today = estate.today(scope.clock());
        let line = NewLine {
            item: item.id,
            source: format!("model/{}", self.bills.len()),
            standard: None,
            payer: PayerKind::Owner,
            month: BillingMonth::of(today).unwrap(),
            from: today,
            to: today,
            amount: Fen(amount),
            explanation: None,
            description: None,
        };
        let bill = NewBill {
            estate: estate.id,
            account: self.accounts[of],
            unit: None,
            building: None,
            run: None,
            replaces: None,
            issued_on: today,
            due: day(due),
            currency: estate.currency,
            lines: vec![(line, item.income_account())],
        };
        self.bills.extend(bills::issue(&scope, vec![bill]).await.unwrap());
        self.model.charge(of, due, amount);
        apply_prepayments(&scope, &estate, &[self.accounts[of]], today).await.unwrap();
        self.model.apply(of);
        scope.commit().await.unwrap();
    }

    async fn pay(&mut self) {
        let of = self.dice.below(DEBTORS);
        let owed = self.model.owed(of);
        let amount = match self.dice.below(3) {
            0 => self.dice.between(1, 50_000),
            1 => (owed / 2).max(1),
            _ => owed + self.dice.between(1, 5_000),
        };
        let open = self.model.open_of(of);
        let designated =
            (!open.is_empty() && self.dice.once_in(3)).then(|| open[self.dice.below(open.len())]);
        let till = ["CASH", "CARD", "TRANSFER"][self.dice.below(3)];
        let named: Vec<String> =
            designated.into_iter().map(|bill| self.bills[bill].to_string()).collect();
        let input = json!({
            "accountId": self.accounts[of].to_string(), "amount": Fen(amount).to_string(), "till": till,
            "billIds": named, "idempotencyKey": self.key(),
        });
        let data = self.scene.take_as(&self.scene.cashier, input.clone()).await.ok();
        if self.dice.once_in(10) {
            // The same again is the same.
            let again = self.scene.take_as(&self.scene.cashier, input).await.ok();
            assert_eq!(again, data, "seed {}", self.seed);
        }
        self.payments.push(data["takePayment"]["payment"]["id"].as_str().unwrap().to_owned());
        self.model.pay(of, amount, designated);
    }

    async fn refund(&mut self) {
        if self.payments.is_empty() {
            return;
        }
        let payment = self.dice.below(self.payments.len());
        let most = self.model.refundable(payment);
        if most == 0 {
            return;
        }
        let amount = self.dice.between(1, most);
        let (ask, approve) = (self.key(), self.key());
        let money = Fen(amount).to_string();
        let asked =
            self.scene.ask_refund(&self.scene.desk, &self.payments[payment], &money, &ask).await;
        let refund = asked.ok()["requestRefund"]["refund"]["id"].as_str().unwrap().to_owned();
        self.scene.approve(&self.scene.finance, &refund, &approve).await.ok();
        self.model.refund(payment, amount);
    }

    /// A wrong bill is voided; one that a payment has met is refused, and nothing changes.
    async fn void(&mut self) {
        if self.bills.is_empty() {
            return;
        }
        let bill = self.dice.below(self.bills.len());
        let it = self.model.bills[bill].clone();
        let input = json!({ "id": self.bills[bill].to_string(), "reason": "录入错误",
            "idempotencyKey": self.key() });
        let text =
            "mutation($input: VoidBillInput!) { voidBill(input: $input) { bill { status } } }";
        let variables = json!({ "input": input });
        let answer = self.scene.finance.send("billing", text, variables).await;
        if it.void || it.settled() > it.prepaid {
            assert_eq!(answer.code(), "CONFLICT", "seed {}", self.seed);
        } else {
            answer.ok();
            self.model.void(bill);
        }
    }

    async fn step(&mut self) {
        match self.dice.below(10) {
            0..4 => self.charge().await,
            4..7 => self.pay().await,
            7..9 => self.refund().await,
            _ => self.void().await,
        }
    }

    async fn compare(&self) {
        let scene = &self.scene;
        let scope = scene.stage.world.db("billing").read(scene.company.tenant).await.unwrap();
        let all = self.accounts.iter().map(|account| (scene.estate, *account));
        let standings = ledger::standings(&scope, all).await.unwrap();
        for (of, account) in self.accounts.iter().enumerate() {
            let kept = standings.get(account).copied().unwrap_or_default();
            let want = (Fen(self.model.owed(of)), Fen(self.model.ahead[of]));
            assert_eq!((kept.owed, kept.ahead), want, "debtor {of}, seed {}", self.seed);
        }
        // Of many bills every so manyth, another one each time.
        let apart = (self.bills.len() / 200).max(1);
        let all = self.model.bills.iter().zip(&self.bills);
        for (bill, id) in all.skip(self.acts % apart).step_by(apart) {
            let kept = bills::find(&scope, *id).await.unwrap().unwrap();
            let want = (Fen(bill.open()), bill.void);
            let seen = (kept.outstanding(), kept.voided_on.is_some());
            assert_eq!(seen, want, "{id}, seed {}", self.seed);
        }
        drop(scope);
        let text = "query($id: ID!) { verifyLedger(estateId: $id) { agrees } \
                    trialBalance(estateId: $id, on: \"2099-12-31\") { debit { amount } credit { amount } } }";
        let variables = json!({ "id": scene.estate.to_string() });
        let books = scene.finance.send("billing", text, variables).await.ok();
        assert_eq!(books["verifyLedger"]["agrees"], true, "seed {}", self.seed);
        let sides: &Value = &books["trialBalance"];
        assert_eq!(sides["debit"], sides["credit"], "seed {}", self.seed);
    }
}

fn day(due: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(due.unsigned_abs())
}

#[test]
fn random_operations_through_the_database_agree_with_the_model() {
    run(async {
        let seeds = seeds();
        let each = operations(2_000) / seeds.len();
        for seed in seeds {
            let mut run = Run::new(seed).await;
            for n in 1..=each {
                run.step().await;
                if n % BATCH == 0 {
                    run.compare().await;
                }
            }
            assert!(run.payments.len() > each / 10, "seed {seed}");
        }
    });
}
